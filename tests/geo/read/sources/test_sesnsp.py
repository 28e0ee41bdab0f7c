"""SESNSP crimes: a month not yet published is no zero. Faults: messy/crimes_by_month.csv, latin-1."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read

MESSY = Path(__file__).parents[3] / "messy" / "crimes_by_month.csv"


def total(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return pc.sum(table["value"]).as_py()


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_columns_of_months_become_rows(small):
    reading = read(MESSY)
    assert reading.source == "sesnsp"
    assert reading.guess("encoding").value in ("latin-1", "cp1252")
    march = {"period_start": "2024-03-01", "area_code": "02004"}
    assert total(small.table, **march) == 8
    assert total(small.table, measure="Homicidio doloso", Modalidad="Con arma de fuego", area_code="02004") == 1057
    assert set(small.table["unit"].to_pylist()) == {"cases"}
    assert small.table["area_level"].unique().to_pylist() == ["municipality"]


def test_months_to_come_have_no_row_and_the_year_is_said_to_be_unfinished(small):
    starts = set(small.table["period_start"].to_pylist())
    assert max(starts) == "2025-03-01"
    # Five rows of 2025 less the repeated and the conflicting one, nine months each.
    assert small.problems.by_reason("flagged")["not_published"] == 3 * 9
    said = [guess for guess in small.guesses if guess.what == "unfinished year"]
    assert [guess.value for guess in said] == ["2025, published up to Marzo"]


def test_a_gap_within_a_year_is_something_else(small):
    assert small.problems.by_reason("flagged")["cell_blank"] == 1
    assert total(small.table, period_start="2024-04-01", area_code="02002") == 2


def test_zero_is_a_value(small):
    zero = small.table.filter(pc.equal(small.table["value"], 0))
    assert "2024-03-01" in zero["period_start"].to_pylist()


def test_identical_rows_count_once_and_of_conflicting_ones_the_last_holds(small):
    assert total(small.table, area_code="02999") == 1
    assert total(small.table, area_code="02002", period_start="2025-03-01") == 3
    assert small.problems.by_reason("dropped") == {"repeated": 1, "conflicting": 1}
    assert small.problems.by_reason("changed") == {"conflicting": 1}
    assert small.rows_read == 8


def test_a_file_of_states(tmp_path):
    path = tmp_path / "states.csv"
    lines = MESSY.read_bytes().decode("latin-1").splitlines()
    fields = [line.split(",") for line in lines[:2]]
    path.write_text("\n".join(",".join(f[:3] + f[5:]) for f in fields) + "\n", "utf-8")
    reading = read(path)
    assert reading.source == "sesnsp"
    found = convert(reading).table
    assert found["area_level"].unique().to_pylist() == ["state"]
    assert found["area_code"].unique().to_pylist() == ["02"]
    assert found["area_name"].unique().to_pylist() == ["Baja California"]


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "violence" / "sesnsp_idm_guanajuato_homicides_2020_2025.csv")
    found = convert(reading)
    assert reading.source == "sesnsp"
    assert total(found.table) == 22_581
    assert total(found.table, measure="Homicidio doloso") == 15_866
    assert total(found.table, measure="Homicidio doloso", Modalidad="Con arma de fuego") == 13_112
    assert pc.count_distinct(found.table["area_code"]).as_py() == 46
    assert len(found.table) == 12 * 2_484 - 414
    assert found.problems.by_reason(None) == {"not_published": 414}
    assert max(found.table["period_end"].to_pylist()) == "2025-11-30"
