"""Crossings of Texas as sites: a BOM, commas in quoted addresses, a bridge without a place."""

from __future__ import annotations

from pathlib import Path

from geo.clean.convert import convert
from geo.read import read
from geo.schema import SITE_COLUMNS

MESSY = Path(__file__).parents[3] / "messy" / "texas_crossings.csv"


def test_each_crossing_with_a_place_is_a_site():
    reading = read(MESSY)
    assert reading.source == "txdot"
    found = convert(reading)
    assert found.kind == "sites"
    assert found.table.schema.names[: len(SITE_COLUMNS)] == list(SITE_COLUMNS)
    assert found.table["id"].to_pylist() == ["AAA-BBB-ONE", "AAA-BBB-DAM"]
    assert found.table["name"].to_pylist() == ["First Bridge", "Dam"]
    assert found.table["Address"].to_pylist()[0] == "1 Some St, El Paso, TX 79901"


def test_one_without_a_place_is_counted():
    found = convert(read(MESSY))
    assert found.rows_read == 3
    assert found.problems.by_reason("dropped") == {"missing": 1}


def test_the_real_file(public_data):
    found = convert(read(public_data / "ports" / "TX-MX-Border-Crossings-Coordinates.csv"))
    assert (found.kind, len(found.table), len(found.problems)) == ("sites", 34, 0)
