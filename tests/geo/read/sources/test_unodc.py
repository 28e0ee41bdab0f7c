"""UNODC seizures: kilograms of drugs, and crops apart. Faults: messy/national_seizures.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.commodity import commodities
from geo.clean.convert import convert
from geo.read import read
from geo.read.sources import unodc

MESSY = Path(__file__).parents[3] / "messy" / "national_seizures.csv"


def row(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table.to_pylist()


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_countries_and_kilograms(small):
    assert read(MESSY).source == "unodc"
    herb = row(small.table, Drug="Marijuana (herb)")[0]
    assert (herb["country"], herb["area_level"], herb["area_code"]) == ("MX", "country", "MEX")
    assert (herb["measure"], herb["commodity"], herb["value"], herb["unit"]) == ("quantity", "MARIJUANA", 1200.5, "kg")
    assert (herb["period_start"], herb["period_end"]) == ("2010-01-01", "2010-12-31")
    assert row(small.table, Drug="Cocaine salts")[0]["country"] == "US"


def test_plants_and_seeds_are_no_weight_of_a_drug(small):
    drugs = row(small.table, measure="quantity", country="MX", period_start="2010-01-01")
    assert [r["Drug"] for r in drugs] == ["Marijuana (herb)"]
    assert row(small.table, measure="Cannabis plants")[0]["commodity"] == "MARIJUANA_PLANTS"
    assert row(small.table, measure="Cannabis seed")[0]["value"] == 12
    # Plant-based substances are drugs.
    assert row(small.table, country="COL")[0]["measure"] == "quantity"


def test_two_rows_of_one_drug_are_parts(small):
    assert [r["value"] for r in row(small.table, commodity="METH")] == [10, 33]
    assert any(guess.what == "several rows of one drug" for guess in small.guesses)


def test_no_weight_is_not_zero(small):
    assert row(small.table, commodity="HEROIN") == row(small.table, commodity="OPIUM_GUM") == []
    assert row(small.table, country="BLZ")[0]["value"] == 0
    assert small.problems.by_reason("flagged") == {"cell_not_known": 1, "cell_blank": 1}
    assert small.problems.by_reason("dropped") == {"total_row": 1}


def test_every_code_is_a_commodity():
    assert set(unodc.CODES.values()) <= set(commodities())


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "seizures" / "unodc_seizures_by_country_year.csv")
    assert reading.source == "unodc"
    assert len(reading) == 2_710
    found = convert(reading)
    mexico = {"country": "MX", "period_start": "2010-01-01"}
    weights = {r["commodity"]: r["value"] for r in row(found.table, measure="quantity", **mexico)}
    assert weights["MARIJUANA"] == pytest.approx(2_313_115.188)
    assert weights["METH"] == pytest.approx(12_934.74, abs=0.005)
    assert weights["COCAINE"] == pytest.approx(9_892.916, abs=0.0005)
    assert weights["HEROIN"] == pytest.approx(373.575, abs=0.0005)
    # 25 rows without a weight and one that sums all drugs.
    assert len(found.table) == 2_710 - 25 - 1
    assert set(found.table["country"].to_pylist()) == {"US", "MX", "COL", "GTM", "HND", "SLV", "BLZ"}
