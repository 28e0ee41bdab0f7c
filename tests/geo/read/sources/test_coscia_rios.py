"""Organisations by municipality: a one is a mention, a zero is none found. Faults: messy/organisations_present.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read

MESSY = Path(__file__).parents[3] / "messy" / "organisations_present.csv"


def test_each_one_is_a_row_with_its_organisation():
    reading = read(MESSY)
    assert reading.source == "coscia_rios"
    found = convert(reading)
    rows = found.table.select(["area_code", "period_start", "organisation", "measure", "value"]).to_pylist()
    assert [(r["area_code"], r["period_start"][:4], r["organisation"]) for r in rows] == [
        ("08037", "2009", "Juarez"), ("08037", "2009", "Sinaloa"), ("08037", "2010", "Juarez"),
        ("08037", "2010", "Sinaloa"), ("08037", "2010", "Zetas"), ("02004", "2010", "Tijuana"),
    ]  # fmt: skip
    assert {(r["measure"], r["value"]) for r in rows} == {("presence", 1.0)}


def test_zeros_are_counted_and_said():
    found = convert(read(MESSY))
    zeros = next(guess for guess in found.guesses if guess.what == "zeros")
    assert zeros.value == "33 cells; 1 rows have no other"
    assert found.problems.by_reason("flagged") == {"cell_blank": 1}
    assert found.rows_read == 4


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "violence" / "coscia_rios_2012_organisations.csv")
    assert reading.source == "coscia_rios"
    assert len(reading) == 51_596
    found = convert(reading)
    assert len(found.table) == pc.sum(found.table["value"]).as_py() == 6_228
    last = found.table.filter(pc.equal(found.table["period_start"], "2010-01-01"))
    assert pc.count_distinct(last["area_code"]).as_py() == 709
    assert pc.count_distinct(found.table["organisation"]).as_py() == 10
