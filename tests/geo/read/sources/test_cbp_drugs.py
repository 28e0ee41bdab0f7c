"""CBP drug seizures: fiscal months, two measures a row. Faults: messy/drugs_by_area_and_month.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read
from geo.schema import AREA_ALLOWED, AREA_COLUMNS

MESSY = Path(__file__).parents[3] / "messy" / "drugs_by_area_and_month.csv"
LB = 0.45359237


def rows(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table


def sums(table):
    found = table.group_by("measure").aggregate([("value", "sum")]).to_pylist()
    return {row["measure"]: row["value_sum"] for row in found}


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_two_measures_of_each_row(small):
    assert read(MESSY).source == "cbp_drugs"
    assert small.kind == "area_values"
    assert small.rows_read == 12
    assert small.table.schema.names[: len(AREA_COLUMNS)] == list(AREA_COLUMNS)
    meth = rows(small.table, area_name="Laredo Field Office", commodity="METH")
    assert meth.select(["measure", "value", "unit"]).to_pylist() == [
        {"measure": "events", "value": 4, "unit": "events"},
        {"measure": "quantity", "value": 100 * LB, "unit": "kg"},
    ]
    # Each number of the file stands only beside its own value.
    assert meth["Count of Event"].to_pylist() == ["4", None]
    assert meth["Sum Qty (lbs)"].to_pylist() == [None, "100"]


def test_fiscal_months_are_calendar_months(small):
    first = rows(small.table, commodity="METH")
    assert set(zip(first["period_start"].to_pylist(), first["period_end"].to_pylist(), strict=True)) == {
        ("2018-10-01", "2018-10-31")
    }
    assert rows(small.table, commodity="COCAINE")["period_start"].to_pylist() == ["2019-01-01"] * 2
    assert rows(small.table, commodity="FENTANYL")["period_start"].to_pylist() == ["2025-09-01"] * 2
    # The fiscal year 2025 began in 2024, and one month is none.
    assert rows(small.table, area_name="Preclearance Field Office")["period_start"].to_pylist() == ["2024-12-01"] * 2
    assert rows(small.table, **{"Month (abbv)": "SMARCH"})["period_start"].null_count == 2
    assert set(small.table["period_basis"].to_pylist()) == {"calendar"}
    said = {guess.what: guess.value for guess in small.guesses}
    assert said["unfinished year"] == "2025 (FYTD)"
    assert said["adding events"] == "within one drug only"


def test_areas_of_one_name_are_two(small):
    laredo = rows(small.table, commodity="METH", measure="events")
    assert laredo.select(["area_level", "area_name", "value"]).to_pylist() == [
        {"area_level": "field_office", "area_name": "Laredo Field Office", "value": 4},
        {"area_level": "sector", "area_name": "Laredo Sector", "value": 2},
    ]
    assert rows(small.table, area_name="Laredo")["area_level"].null_count == 2
    assert rows(small.table, area_name="Preclearance Field Office")["country"].null_count == 2
    assert set(small.table["area_level"].to_pylist()) - {None} <= set(AREA_ALLOWED["area_level"])


def test_drugs_without_a_code_keep_their_word(small):
    other = rows(small.table, commodity="OTHER_DRUG", measure="events")
    assert other["Drug Type"].to_pylist() == ["Khat (Catha Edulis)", "Other Drugs**", "Lsd", "Moon Dust"]
    assert set(small.table["direction"].to_pylist()) == {"unknown"}


def test_no_pounds_blank_pounds_and_repeats_are_told_apart(small):
    assert small.problems.by_reason("flagged") == {
        "weight_zero": 1, "cell_blank": 1, "date_unreadable": 1, "commodity_unknown": 1, "word_unknown": 1,
    }  # fmt: skip
    assert rows(small.table, area_name="Preclearance Field Office", measure="quantity")["value"].to_pylist() == [0]
    assert len(rows(small.table, **{"Drug Type": "Other Drugs**"})) == 1
    assert rows(small.table, **{"Drug Type": "Moon Dust"}, measure="quantity")["value"][0].as_py() == 1000.5 * LB
    # Written 10 and 10.0, one row is the other; of two reports of September the later one holds.
    assert small.problems.by_reason("dropped") == {"repeated": 1, "conflicting": 1}
    assert small.problems.by_reason("changed") == {"conflicting": 1}
    assert rows(small.table, commodity="COCAINE")["value"].to_pylist() == [1, 10 * LB]
    assert rows(small.table, commodity="FENTANYL")["value"].to_pylist() == [5, 3 * LB]


def test_rows_that_sum_others_are_no_data(tmp_path):
    path = tmp_path / "drugs.csv"
    lines = MESSY.read_text().splitlines()[:3]
    path.write_text("\n".join([*lines, "2019 Total,,,,,,,6,150.5", ",,,,,,,6,150.5"]) + "\n")
    found = convert(read(path))
    assert sums(found.table) == {"events": 6, "quantity": pytest.approx(150.5 * LB)}
    assert found.problems.by_reason("dropped") == {"total_row": 2}
    assert found.rows_read == 4


def test_branches_of_air_and_marine(tmp_path):
    path = tmp_path / "amo.csv"
    path.write_text(
        "FY,Month (abbv),Component,Region,Land Filter,Branch,Drug Type,Count of Event,Sum Qty (lbs)\n"
        "2020,APR,Air and Marine Operations,Southwest Border,Land,Tucson Air Branch,Heroin,1,2\n"
        "2020,APR,Air and Marine Operations,Coastal/Interior,Other,Mexico City IAC,Cocaine,1,4\n"
    )
    reading = read(path)
    assert reading.source == "cbp_drugs"
    found = rows(convert(reading).table, measure="quantity")
    assert found["area_level"].to_pylist() == ["branch", "branch"]
    assert found["country"].to_pylist() == ["US", None]


@pytest.mark.data
def test_figures_of_the_nationwide_file(public_data):
    reading = read(public_data / "seizures" / "nationwide-drugs-fy19-fy22.csv")
    assert reading.source == "cbp_drugs"
    found = convert(reading)
    assert found.rows_read == 10_092
    assert len(found.table) == 2 * 10_092
    assert sums(found.table) == {"events": 282_492, "quantity": pytest.approx(3_529_670.347 * LB, abs=0.001)}
    border = rows(found.table, Region="Southwest Border")
    assert len(border) == 2 * 3_823
    assert sums(border) == {"events": 55_269, "quantity": pytest.approx(2_121_873.610 * LB, abs=0.001)}
    kilograms = {
        code: sums(rows(border, commodity=code))["quantity"] for code in ("FENTANYL", "MARIJUANA", "METH", "COCAINE")
    }
    assert kilograms["FENTANYL"] == pytest.approx(14_461.218, abs=0.001)
    assert kilograms["MARIJUANA"] == pytest.approx(1_318_011.114 * LB, abs=0.001)
    assert kilograms["METH"] == pytest.approx(644_127.437 * LB, abs=0.001)
    assert kilograms["COCAINE"] == pytest.approx(95_255.798 * LB, abs=0.001)
    assert found.problems.by_reason(None) == {"weight_zero": 34}
    assert pc.min(found.table["period_start"]).as_py() == "2018-10-01"
    assert pc.max(found.table["period_end"]).as_py() == "2022-09-30"
    levels = {r["values"]: r["counts"] for r in pc.value_counts(found.table["area_level"]).to_pylist()}
    assert levels == {"field_office": 2 * 6_984, "sector": 2 * 3_108}


@pytest.mark.data
def test_figures_of_the_air_and_marine_file(public_data):
    reading = read(public_data / "seizures" / "amo-drug-seizures-fy20-fy23.csv")
    assert reading.source == "cbp_drugs"
    found = convert(reading)
    assert len(found.table) == 2 * 1_762
    assert sums(found.table) == {"events": 4_207, "quantity": pytest.approx(1_675_749.77 * LB, abs=0.005)}
    border = sums(rows(found.table, Region="Southwest Border"))
    assert border["quantity"] == pytest.approx(274_892.59 * LB, abs=0.005)
    assert set(found.table["area_level"].to_pylist()) == {"branch"}
