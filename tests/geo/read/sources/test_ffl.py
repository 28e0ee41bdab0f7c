"""Firearms licences by state: two measures of the same licences, with the population beside them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc

from geo.clean.convert import convert
from geo.read import read

MESSY = Path(__file__).parents[3] / "messy" / "firearm_licences.csv"


def test_sum_and_mean_are_measures_apart():
    reading = read(MESSY)
    assert reading.source == "ffl"
    found = convert(reading)
    values = {(r["area_code"], r["measure"]): r["value"] for r in found.table.to_pylist()}
    assert values == {
        ("TX", "LicCount"): 1200, ("TX", "LicCountMonthly"): 100,
        ("AZ", "LicCount"): 360, ("AZ", "LicCountMonthly"): 30,
    }  # fmt: skip
    first = found.table.to_pylist()[0]
    assert (first["country"], first["area_level"], first["population"]) == ("US", "state", 27862596)
    assert (first["period_start"], first["period_end"]) == ("2016-01-01", "2016-12-31")


def test_a_blank_count_is_not_zero_and_no_state_is_named():
    found = convert(read(MESSY))
    assert "DC" not in found.table["area_code"].to_pylist()
    assert found.problems.by_reason("dropped") == {"state_unknown": 1}


def test_the_real_file(public_data):
    table = convert(read(public_data / "trace" / "ffl_2016_per_capita_by_state.csv")).table
    texas = table.filter((pc.field("area_code") == "TX") & (pc.field("measure") == "LicCount"))
    assert texas["value"].to_pylist() == [75956]
    assert len(table) == 100
