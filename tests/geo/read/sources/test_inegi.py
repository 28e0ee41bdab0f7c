"""INEGI's cube of registered homicides: parts and no totals. Faults: messy/registered_homicides.csv, latin-1."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.errors import ReadError
from geo.read import read

MESSY = Path(__file__).parents[3] / "messy" / "registered_homicides.csv"


def total(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return pc.sum(table["value"]).as_py()


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_the_year_is_that_of_the_title(small):
    reading = read(MESSY)
    assert reading.source == "inegi"
    assert reading.titles[1] == "Año de registro : 2011"
    assert {start[:4] for start in small.table["period_start"].to_pylist()} == {"2011"}
    assert set(small.table["period_basis"].to_pylist()) == {"registration"}


def test_only_the_parts_are_counted(small):
    assert total(small.table) == 2 + 1_203 + 1 + 1 + 1 + 3
    assert total(small.table, area_code="08037") == 1_203
    assert small.problems.by_reason("dropped") == {"total_row": 4, "not_data": 1}


def test_a_state_that_its_municipalities_do_not_add_up_to_is_flagged(small):
    wrong = small.problems.table.filter(pc.equal(small.problems.table["reason"], "total_differs"))
    # The country says 1,210 where 1,211 are listed, and Michoacán 2 where Morelia's is the only one.
    assert wrong["row"].to_pylist() == [7, 12]
    assert set(wrong["action"].to_pylist()) == {"flagged"}


def test_blank_is_no_row(small):
    cities = small.table.filter(pc.equal(small.table["area_code"], "08019"))
    assert cities.select(["period_start", "period_end", "value"]).to_pylist() == [
        {"period_start": "2011-04-01", "period_end": "2011-04-30", "value": 2.0}
    ]
    assert "16102" not in small.table["area_code"].to_pylist()


def test_unknown_municipality_stays_in_the_sum_and_off_the_map(small):
    assert total(small.table, area_code="08999") == 1
    assert small.problems.by_reason("flagged")["municipality_unspecified"] == 1


def test_abroad_has_no_country_code_of_ours(small):
    abroad = small.table.filter(pc.equal(small.table["area_level"], "country"))
    assert abroad["area_code"].to_pylist() == ["33999", "34999"]
    assert abroad["country"].null_count == 2
    assert small.problems.by_reason("flagged")["abroad"] == 2


def test_a_formula_stays_text():
    assert read(MESSY).table.column(0).to_pylist()[1] == "=CONCATENAR(0,08) "


def test_without_a_year_the_error_says_what_to_do(tmp_path):
    lines = MESSY.read_bytes().split(b"\r\n")
    path = tmp_path / "export.csv"
    path.write_bytes(b"\r\n".join([lines[0], *lines[5:]]))
    with pytest.raises(ReadError, match=r"^export\.csv: no title line says which year .* name of the file$"):
        convert(read(path))
    named = tmp_path / "homicides_2012.csv"
    named.write_bytes(path.read_bytes())
    assert convert(read(named)).table["period_start"].to_pylist()[0].startswith("2012-")


def test_a_cube_of_years_has_a_row_a_year(tmp_path):
    path = tmp_path / "years.csv"
    lines = (
        '"Defunciones por homicidios"', '"","","Total","2009","2010",""', '" ","Total","1,300","1,200","100"',
        '"=CONCATENAR(0,08) ","Chihuahua","1,300","1,200","100"', '" 08 037 ","Juárez","1,290","1,195","95"',
        '" 08 019 ","Chihuahua","10","5","5"',
    )  # fmt: skip
    path.write_bytes("\r\n".join(lines).encode("latin-1"))
    table = convert(read(path)).table
    assert table.select(["period_start", "period_end", "value"]).to_pylist()[0] == {
        "period_start": "2009-01-01", "period_end": "2009-12-31", "value": 1195.0,
    }  # fmt: skip
    assert total(table) == 1_300


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "violence" / "inegi_homicides_registered_2010.csv")
    assert reading.source == "inegi"
    found = convert(reading)
    assert total(found.table) == 25_757
    unknown = pc.ends_with(found.table["area_code"], "999")
    assert pc.sum(found.table.filter(unknown)["value"]).as_py() == 21
    assert pc.sum(found.table.filter(pc.invert(unknown))["value"]).as_py() == 25_736
    assert total(found.table, area_code="08037") == 3_766
    assert total(found.table, area_code="02004") == 1_257
    assert pc.count_distinct(found.table["area_code"]).as_py() == 1_431 + 7
    assert found.problems.by_reason(None) == {"total_row": 33, "municipality_unspecified": 7, "not_data": 1}
    assert set(found.table["measure"].to_pylist()) == {"homicides"}
