"""SEDENA exchanges: names to codes, day first, hand-ins counted and nothing else. Faults: messy/gun_exchanges.csv."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read
from geo.schema import AREA_COLUMNS

MESSY = Path(__file__).parents[3] / "messy" / "gun_exchanges.csv"


def sums(table):
    found = table.group_by("measure").aggregate([("value", "sum")]).to_pylist()
    return {row["measure"]: row["value_sum"] for row in found}


def of(table, measure):
    return table.filter(pc.equal(table["measure"], measure))


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_the_file_is_known_and_its_rows_are_area_values(small):
    assert read(MESSY).source == "sedena"
    assert small.kind == "area_values"
    assert small.rows_read == 11
    assert small.table.schema.names[: len(AREA_COLUMNS)] == list(AREA_COLUMNS)
    assert set(small.table["period_basis"].to_pylist()) == {"calendar"}


def test_every_kind_of_goods_is_summed_apart_and_the_total_not_at_all(small):
    assert sums(small.table) == {
        "handguns_handed_in": 16,
        "long_guns_handed_in": 7,
        "magazines_handed_in": 1041,
        "grenades_handed_in": 1,
        "cartridges_handed_in": 2060,
    }
    goods = set(zip(*(small.table[n].to_pylist() for n in ("measure", "commodity", "unit")), strict=True))
    assert ("cartridges_handed_in", "AMMO", "rounds") in goods
    assert ("long_guns_handed_in", "LONG_GUN", "count") in goods
    assert len(goods) == 5


def test_equal_rows_are_separate_tables_and_said(small):
    guns = of(small.table, "handguns_handed_in").to_pylist()
    assert [row["value"] for row in guns[:2]] == [4, 4]
    assert [guess.value for guess in small.guesses if guess.what == "identical rows"] == ["1 repeat another"]


def test_municipalities_by_name(small):
    guns = of(small.table, "handguns_handed_in")
    assert guns["area_code"].to_pylist() == [
        "09007", "09007", "08019", "19021", "09004", "19038", None, None, "30189", "25018", "16053",
    ]  # fmt: skip
    assert guns["area_name"].to_pylist()[6:8] == ["SAN PEDRO MIXTEPEC, OAX.", "NUEVA ROSITA, COAH."]
    said = small.problems.by_reason("flagged")
    assert {reason: said[reason] for reason in said if not reason.startswith("cell")} == {
        "municipality_ambiguous": 1, "municipality_unknown": 1, "municipality_close": 1, "state_contradicted": 1,
        "date_unreadable": 1,
    }  # fmt: skip
    assert any("20318 or San Pedro Mixtepec 20319" in message for message in small.problems.messages())


def test_cells_that_are_no_number_are_told_apart(small):
    said = small.problems.by_reason("flagged")
    assert said["cell_not_known"] == 2
    assert said["cell_error"] == said["cell_formula"] == 1
    # The blank cell of row 5 has no row either, and no number is made of it.
    assert len(of(small.table, "cartridges_handed_in")) == 11 - 4 - 1


def test_the_day_stands_first_even_where_nothing_shows_it(small):
    days = of(small.table, "handguns_handed_in")["period_start"].to_pylist()
    assert days[:4] == ["2013-01-05", "2013-01-05", "2013-01-06", "2013-01-06"]
    assert days[-1] is None


def test_a_column_stands_only_beside_its_own_values(small):
    assert pc.sum(pc.cast(of(small.table, "handguns_handed_in")["CORTA"], "int64")).as_py() == 16
    assert of(small.table, "magazines_handed_in")["CARGS"].to_pylist()[2] == "1,039"
    assert of(small.table, "magazines_handed_in")["CORTA"].null_count == 11


def test_a_workbook_with_titles_and_whole_names(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["CANJE DE ARMAS"])
    sheet.append([])
    sheet.append(["FECHA EVENTO", "ESTADO", "MUNICIPIO", "CORTA", "LARGA", "TOTAL", "CARGS", "GDAS", "CARTS"])
    sheet.append([datetime(2021, 2, 3), "Baja California", "Tijuana, Baja California", 2, 1, 3, 0, 0, 10])
    sheet.append([datetime(2021, 2, 4), "Cd. de México", "Iztapalapa, Cd. de México", 1, 0, 1, "1,971", 0, None])
    path = tmp_path / "canje.xlsx"
    book.save(path)
    reading = read(path)
    assert reading.source == "sedena"
    found = convert(reading)
    guns = of(found.table, "handguns_handed_in")
    assert guns["area_code"].to_pylist() == ["02004", "09007"]
    assert guns["period_start"].to_pylist() == ["2021-02-03", "2021-02-04"]
    assert sums(found.table) == {
        "handguns_handed_in": 3, "long_guns_handed_in": 1, "magazines_handed_in": 1971, "grenades_handed_in": 0,
        "cartridges_handed_in": 10,
    }  # fmt: skip


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "seizures" / "sedena_canje_armas_330026424002055_2013_2018.csv")
    assert reading.source == "sedena"
    assert len(reading) == 18_679
    found = convert(reading)
    assert sums(found.table) == {
        "handguns_handed_in": 63_773,
        "long_guns_handed_in": 30_367,
        "magazines_handed_in": 46_594 + 1_039 + 1_971,
        "grenades_handed_in": 9_701,
        "cartridges_handed_in": 3_027_868,
    }
    assert len(found.table) == 5 * 18_679
    assert [g.value for g in found.guesses if g.what == "identical rows"] == ["133 repeat another"]
    guns = of(found.table, "handguns_handed_in")
    assert guns["area_code"].null_count == 25
    states = {code[:2] for code in guns["area_code"].to_pylist() if code}
    assert states == {f"{n:02d}" for n in range(1, 33)}
    assert found.table["period_start"].null_count == 0
    months = np.array([int(day[5:7]) for day in guns["period_start"].to_pylist()])
    # Read month first, no day after the twelfth could be read.
    assert set(months) == set(range(1, 13))
    assert max(day[8:] for day in guns["period_start"].to_pylist()) == "31"
