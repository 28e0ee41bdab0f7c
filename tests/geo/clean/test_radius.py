"""Radii: how well a place is known, as it is written."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from geo.clean import events, locate
from geo.clean.radius import radii_m
from geo.read import from_table


@pytest.mark.parametrize(
    ("written", "metres"),
    [
        ("250", 250), ("0.5", 0.5), ("5 km", 5000), ("5km.", 5000), ("1.5 mi", 2414.016), ("100 ft", 30.48),
        ("5,000", 5000), ("1,500.5 m", 1500.5), ("2 kilómetros", 2000), ("1e3", 1000), ("10 Metros", 10),
    ],
)  # fmt: skip
def test_radii_as_written(written, metres):
    assert radii_m([written]) == [pytest.approx(metres)]


@pytest.mark.parametrize("written", ["0", "-5", "1e400", "inf", "nan", "town", "5 leagues", "5 to 10", "", "km"])
def test_what_is_no_radius_is_not_known(written):
    assert math.isnan(radii_m([written])[0])


def test_the_column_decides_what_a_comma_is():
    assert radii_m(["1,5 km", "1,234"]) == [1500, pytest.approx(1.234)]


def test_a_radius_that_is_none_is_told_and_left_blank():
    table = pa.table({"lon": [-106.4] * 4, "lat": [31.7] * 4, "precision_m": ["100", "5 km", "-5", ""]})
    reading = from_table(table, "t.csv")
    found = events(reading, locate(reading))
    assert found.table["location_precision_m"].to_pylist() == [100, 5000, None, None]
    assert found.problems.by_reason("flagged") == {"precision_unreadable": 1}
    assert "row 3: '-5' in precision_m is no radius" in found.problems.table["message"][0].as_py()


def test_numbers_stay_exactly_what_they_are():
    metres = np.array([0.1, 123.456, 1e5, 2**53 + 0.0])
    reading = from_table(pa.table({"lon": [-106.4] * 4, "lat": [31.7] * 4, "precision_m": metres}), "t")
    assert events(reading, locate(reading)).table["location_precision_m"].to_pylist() == metres.tolist()
