"""Rivalry deaths: no known municipality is still a death. Faults: messy/rivalry_deaths.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read

MESSY = Path(__file__).parents[3] / "messy" / "rivalry_deaths.csv"


def sums(table, name="measure"):
    found = table.group_by(name).aggregate([("value", "sum")]).to_pylist()
    return {row[name]: row["value_sum"] for row in found}


def test_kinds_of_deaths_are_measures_and_the_total_is_none():
    reading = read(MESSY)
    assert reading.source == "rivalry"
    found = convert(reading)
    assert sums(found.table) == {"Executions": 9, "Aggressions": 1, "Shootouts": 5}
    assert sums(found.table, "area_code") == {"08037": 11, "02004": 1, "08999": 3}
    assert found.problems.by_reason("flagged") == {"municipality_unspecified": 2, "total_differs": 1}


def test_months_and_names_of_the_places():
    table = convert(read(MESSY)).table
    first = table.slice(0, 1).to_pylist()[0]
    assert (first["period_start"], first["period_end"]) == ("2006-12-01", "2006-12-31")
    assert first["area_name"] == "Juárez"
    assert first["id"] == "8037"
    # A blank cell has no row; three measures of six rows less one.
    assert len(table) == 3 * 6 - 1
    assert table["area_name"].null_count == 6


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "violence" / "presidencia_rivalry_deaths_municipality_month.csv")
    assert reading.source == "rivalry"
    assert len(reading) == 121_226
    found = convert(reading)
    assert sums(found.table) == {"Executions": 30_913, "Aggressions": 546, "Shootouts": 3_153}
    assert pc.sum(found.table["value"]).as_py() == 34_612
    places = sums(found.table, "area_code")
    assert places["08037"] == 6_437
    assert sum(deaths for code, deaths in places.items() if code.endswith("999")) == 115
    assert found.problems.by_reason(None) == {"municipality_unspecified": 980}
    assert len(places) == 2_454 + 20
