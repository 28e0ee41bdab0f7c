"""Every messy file beside this one, read and cleaned, must give what is written down for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.clean import Regions, events, locate
from geo.errors import ContraflowError
from geo.read import ReadOptions, read
from geo.table import Features

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.expected.json"))


def boxes(*rows: tuple[str, str, tuple[float, float, float, float]]) -> Features:
    """Return rectangles for states: enough to tell Kansas from Texas."""
    codes, names, bounds = zip(*rows, strict=True)
    table = pa.table({"code": list(codes), "name": list(names)})
    return Features(table, np.array([shapely.box(*b) for b in bounds], dtype=object))


REGIONS = Regions.of(
    boxes(
        ("TX", "Texas", (-106.6, 25.8, -93.5, 36.5)),
        ("NM", "New Mexico", (-109.05, 31.3, -106.6, 37.0)),
        ("AZ", "Arizona", (-114.8, 31.3, -109.05, 37.0)),
        ("CA", "California", (-124.4, 32.5, -114.8, 42.0)),
        ("KS", "Kansas", (-102.0, 37.0, -94.6, 40.0)),
    ),
    boxes(
        ("08", "Chihuahua", (-109.05, 26.0, -103.5, 31.79)),
        ("26", "Sonora", (-115.0, 26.3, -109.05, 32.4)),
        ("05", "Coahuila", (-103.5, 25.0, -100.2, 29.8)),
        ("09", "Ciudad de México", (-99.4, 19.0, -98.9, 19.6)),
    ),
    boxes(("SI", "Slovenia", (13.4, 45.4, 16.6, 46.9))),
)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_messy_file(case):
    want = json.loads(case.read_text("utf-8"))
    stem = case.name.removesuffix(".expected.json")
    path = next(p for p in HERE.glob(f"{stem}.*") if p.suffix != ".json")
    options = ReadOptions(**want.get("options", {}))
    if "error" in want:
        with pytest.raises(ContraflowError, match=want["error"]) as caught:
            understood(path, options)
        assert "\n" not in str(caught.value)
        assert str(caught.value).startswith(path.name)
        return
    reading, located, found = understood(path, options)
    check_reading(reading, want)
    guesses = {guess.what: guess.value for guess in (*reading.guesses, *located.guesses, *found.guesses)}
    for what, value in want.get("guesses", {}).items():
        assert guesses.get(what) == value
    assert len(found.table) == len(reading)
    for name, values in want.get("events", {}).items():
        same(found.table[name].to_pylist(), values, name, want.get("tolerance", 1e-9))
    by_reason(reading, found, want)


def understood(path, options):
    reading = read(path, options)
    located = locate(reading, options, REGIONS)
    return reading, located, events(reading, located, options)


def check_reading(reading, want):
    if "format" in want:
        assert reading.format == want["format"]
    if "source" in want:
        assert reading.source == want["source"]
    if "rows" in want:
        assert reading.row_numbers.tolist() == want["rows"]
    if "columns" in want:
        assert reading.table.schema.names == want["columns"]
    for role, name in want.get("roles", {}).items():
        assert reading.roles.get(role) == name
    for name, values in want.get("table", {}).items():
        assert reading.table[name].to_pylist() == values


def same(got, want, name, tolerance):
    assert len(got) == len(want), name
    for row, (a, b) in enumerate(zip(got, want, strict=True)):
        if isinstance(b, int | float) and a is not None:
            assert abs(a - b) <= tolerance, (name, row)
        else:
            assert a == b, (name, row)


def by_reason(reading, found, want):
    both = [reading.problems, found.problems]
    for action in ("dropped", "flagged"):
        if action in want:
            counted: dict[str, int] = {}
            for part in both:
                for reason, n in part.by_reason(action).items():
                    counted[reason] = counted.get(reason, 0) + n
            assert counted == want[action]
    messages = [m for part in both for m in part.table["message"].to_pylist()]
    assert all(m.startswith(reading.name) for m in messages)
    for start in want.get("messages", []):
        assert any(m.removeprefix(f"{reading.name}, ").startswith(start) for m in messages), (start, messages)
