"""The benchmarks run and say what they skip; no time is asserted."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == code, done.stderr
    return done


def test_made_data_are_the_same_each_time(tmp_path):
    sums = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        run("tests.benchmarks.data", folder, 50)
        sums.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()})
    assert sums[0] == sums[1]
    assert sorted(sums[0]) == ["corridors.geojson", "points_50.csv", "polygons.geojson", "ports.csv"]
    assert len((tmp_path / "a" / "points_50.csv").read_text().splitlines()) == 51


def test_a_case_compares_with_its_first_contender():
    done = run("tests.benchmarks", "start", "--runs", "1", "--json")
    found = json.loads(done.stdout)
    ours, peer = found["results"]
    assert ours["who"] == "contraflow --help"
    assert ours["ratio"] == 1
    assert peer["ratio"] > 0
    assert ours["peak_mib"] > 1
    assert found["machine"]["cores"] >= 1


def test_an_unknown_case_lists_those_there_are():
    assert "there are start, build, join" in run("tests.benchmarks", "everything", code=2).stderr


def test_what_is_missing_or_fails_is_said_and_stops_nothing():
    code = """
from tests.benchmarks.measure import Contender, measure
from tests.benchmarks.__main__ import report, table
import sys
py = sys.executable
print(table(report(measure([
    Contender("x", "good", (py, "-c", "print('{\\"ms\\": 7, \\"list\\": [1, 9], \\"word\\": \\"no\\"}')")),
    Contender("x", "absent", (py, "-c", ""), needs=("no_such_module",)),
    Contender("x", "bad", (py, "-c", "raise SystemExit('broken')")),
    Contender("x", "slow", (py, "-c", "import time; time.sleep(60)")),
], 2, 1.0))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "skipped: no_such_module not installed" in done.stdout
    assert "exit 1: broken" in done.stdout
    assert "stopped after 1 s" in done.stdout
    assert "x, good: ms 7, list 9" in done.stdout
