"""Benchmarks against what else is installed: ``python -m tests.benchmarks [CASE ...]`` in the repository's folder.

Every contender runs in a fresh process, each in turn, on the same made data; the report gives the median, how much
longer than contraflow it took, peak memory and bytes written. A peer that is not installed is skipped and named.
Nothing here asserts a time: numbers depend on the machine, which the report states.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.cases import CASES, LARGE, Setting
from tests.benchmarks.measure import ROOT, Contender, Result, measure

VERSIONS = (
    "contraflow",
    "numpy",
    "pyarrow",
    "shapely",
    "pyproj",
    "pyogrio",
    "geopandas",
    "pandas",
    "folium",
    "lonboard",
)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n\n")[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all if none is given")
    parser.add_argument(
        "--sizes", type=int, nargs="+", metavar="N", help="numbers of points, instead of each case's own"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each contender (3)")
    parser.add_argument("--timeout", type=float, default=300, help="seconds after which a run is stopped (300)")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the made data and the outputs here")
    parser.add_argument("--peer-python", default=sys.executable, metavar="PYTHON", help="the Python that has the peers")
    parser.add_argument("--only", nargs="+", metavar="WHO", help="these contenders only")
    parser.add_argument("--json", action="store_true", help="print all numbers as JSON instead of a table")
    asked = parser.parse_args(given)
    if unknown := [c for c in asked.cases if c not in CASES]:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(CASES)}")
    return asked


def contenders(setting: Setting, names: list[str], sizes: list[int] | None) -> list[Contender]:
    """Return the commands of the cases, without repeats."""
    found: list[Contender] = []
    for name in names:
        case = CASES[name]
        for size in case.sizes if sizes is None or case.sizes == (0,) else sizes:
            found += case.contenders(setting, size)
    return found


def prepare(setting: Setting, names: list[str], sizes: list[int] | None) -> None:
    """Make the data that the cases need, in processes of their own, where they are not there yet."""
    needed = {s for n in names for s in (sizes or CASES[n].sizes) if s and CASES[n].sizes != (0,)}
    absent = [s for s in sorted(needed) if not setting.points(s).exists()]
    if absent or (needed and not (setting.folder / "polygons.geojson").exists()):
        making = [sys.executable, "-m", "tests.benchmarks.data", str(setting.folder), *map(str, absent)]
        subprocess.run(making, check=True, cwd=ROOT)
    if "read" in names:
        for size in (size for size in sorted(needed) if size < LARGE):
            for suffix in (".geojson", ".gpkg", ".parquet"):
                if not setting.points(size, suffix).exists():
                    paths = [str(setting.points(size)), str(setting.points(size, suffix))]
                    subprocess.run(
                        [sys.executable, "-m", "tests.benchmarks.ours", "write", *paths], check=True, cwd=ROOT
                    )


def machine(setting: Setting) -> dict[str, object]:
    """Return what the numbers depend on."""
    about: dict[str, object] = {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "versions": _versions(setting.python),
    }
    if setting.peers != setting.python:
        about["peers' versions"] = _versions(setting.peers)
    return about


def _versions(python: str) -> dict[str, str]:
    """Return the versions of what matters among the packages of a Python."""
    code = (
        "import sys, json; from importlib.metadata import distributions as d\n"
        "print(json.dumps({x.name: x.version for x in d() if x.name in sys.argv[1:]}))"
    )
    done = subprocess.run([python, "-c", code, *VERSIONS], capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, str] = json.loads(done.stdout)
    return {name: found[name] for name in VERSIONS if name in found}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def row(result: Result, base: float | None) -> dict[str, object]:
    """Return one line of the report. `base` is the median of the first contender of its case."""
    median = result.median()
    return {
        "case": result.contender.case,
        "who": result.contender.who,
        "median_s": median and round(median, 3),
        "least_s": round(min(result.seconds), 3) if result.seconds else None,
        "ratio": round(median / base, 2) if median and base else None,
        "peak_mib": round(max(result.peak_mib)) if result.peak_mib else None,
        "bytes": result.size,
        "runs": len(result.seconds),
        "more": {name: statistics.median(values) for name, values in result.extra.items()},
        "note": result.trouble or result.contender.note,
    }


def report(results: list[Result]) -> list[dict[str, object]]:
    """Return the lines of the report, each case measured by its first contender."""
    bases: dict[str, float | None] = {}
    for result in results:
        bases.setdefault(result.contender.case, result.median())
    return [row(result, bases[result.contender.case]) for result in results]


def table(rows: list[dict[str, Any]]) -> str:
    """Return the report as aligned text."""
    names = [name for name in rows[0] if name != "more"] if rows else []

    def text(value: object) -> str:
        return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)

    cells = [names, *([text(line.get(name)) for name in names] for line in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    left = {"case", "who", "note"}
    lines = (
        "  ".join(c.ljust(w) if n in left else c.rjust(w) for n, c, w in zip(names, line, widths, strict=True)).rstrip()
        for line in cells
    )
    more = (
        f"{line['case']}, {line['who']}: " + ", ".join(f"{name} {value:g}" for name, value in line["more"].items())
        for line in rows
        if line["more"]
    )
    return "\n".join([*lines, *more])


def main(given: list[str] | None = None) -> int:
    """Run the benchmarks; 1 where a contender failed."""
    asked = arguments(given)
    folder = asked.data or Path(tempfile.mkdtemp(prefix="contraflow-benchmarks-"))
    try:
        setting = Setting(folder.resolve(), peers=asked.peer_python)
        names = asked.cases or list(CASES)
        prepare(setting, names, asked.sizes)
        chosen = [c for c in contenders(setting, names, asked.sizes) if not asked.only or c.who in asked.only]
        about = machine(setting)
        results = measure(chosen, asked.runs, asked.timeout, lambda step: print(step, file=sys.stderr))
    finally:
        if asked.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    rows = report(results)
    if asked.json:
        print(json.dumps({"machine": about, "results": rows}, indent=1))
    else:
        for name, value in about.items():
            said = ", ".join(f"{n} {v}" for n, v in value.items()) if isinstance(value, dict) else value
            print(f"{name}: {said}")
        print(table(rows))
    return int(any(r.trouble and not r.trouble.startswith("skipped") for r in results))


if __name__ == "__main__":
    sys.exit(main())
