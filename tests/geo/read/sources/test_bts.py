"""BTS border crossing entries: counts by port and month. Faults: messy/port_entries.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.errors import ReadError
from geo.read import read
from geo.read.reading import ReadOptions
from geo.schema import AREA_COLUMNS

MESSY = Path(__file__).parents[3] / "messy" / "port_entries.csv"


def rows(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_a_month_in_three_spellings(small):
    assert read(MESSY).source == "bts"
    assert small.kind == "area_values"
    assert small.table.schema.names[: len(AREA_COLUMNS)] == list(AREA_COLUMNS)
    trucks = rows(small.table, area_code="2304", measure="Trucks")
    # January, written as words and as numbers, is one row; numbers are month first.
    assert trucks.select(["period_start", "period_end", "value"]).to_pylist() == [
        {"period_start": "2004-01-01", "period_end": "2004-01-31", "value": 100},
        {"period_start": "2020-02-01", "period_end": "2020-02-29", "value": 1200},
    ]
    assert small.problems.by_reason("dropped") == {"repeated": 1, "conflicting": 1}
    assert rows(small.table, area_code="2301")["value"].to_pylist() == [9]


def test_measures_keep_the_words_of_the_source_and_are_not_added(small):
    laredo = rows(small.table, area_code="2304", period_start="2004-01-01")
    assert laredo["measure"].to_pylist() == ["Truck Containers Loaded", "Trucks"]
    assert laredo["value"].to_pylist() == [80, 100]
    assert any(guess.what == "measures" and "never added" in guess.value for guess in small.guesses)


def test_zero_is_a_count_and_blank_is_none(small):
    assert rows(small.table, area_code="2507")["value"].to_pylist() == [0]
    assert len(rows(small.table, area_code="2310")) == 0
    # Rows without a known port and month are no repeats of each other.
    assert small.problems.by_reason("flagged") == {"date_unreadable": 2, "port_unknown": 2, "cell_blank": 1}
    assert len(rows(small.table, area_name="Roma")) == 2


def test_the_border_with_canada_has_no_direction_across_the_other(small):
    assert set(rows(small.table, area_code="2304")["direction"].to_pylist()) == {"north"}
    buffalo = rows(small.table, area_code="0901")
    assert buffalo.select(["direction", "country", "port_longitude"]).to_pylist() == [
        {"direction": "unknown", "country": "US", "port_longitude": -78.884}
    ]
    said = {guess.what: guess.value for guess in small.guesses}
    assert said["another border"] == "2 rows"
    assert said["ports without a place"] == "0706"


def test_wrong_points_are_corrected_beside_the_file_s_own(small):
    calexico = rows(small.table, area_code="2503").to_pylist()[0]
    assert (calexico["port_longitude"], calexico["port_latitude"]) == (-115.495883, 32.664455)
    assert calexico["Longitude"] == "-115.388"
    assert rows(small.table, area_code="2507")["port_longitude"].to_pylist() == [-115.388018]
    moved = next(guess.value for guess in small.guesses if guess.what == "ports moved")
    assert moved == "Brownsville (2301) by 11 km, Calexico (2503) by 10 km"


def test_a_release_without_coordinates(tmp_path):
    path = tmp_path / "entries.csv"
    path.write_text(
        "Port Name,State,Port Code,Border,Date,Measure,Value\n"
        "El Paso,Texas,2402,US-Mexico Border,01/01/2004 12:00:00 AM,Trucks,3\n"
        "Portal,North Dakota,3403,US-Canada Border,01/01/2004 12:00:00 AM,Trucks,4\n"
    )
    reading = read(path)
    assert reading.source == "bts"
    found = convert(reading)
    assert found.table["port_latitude"].to_pylist() == [31.764363, None]
    assert found.table["period_start"].to_pylist() == ["2004-01-01"] * 2


def test_rows_that_sum_others_are_no_data(tmp_path):
    path = _entries(tmp_path, ("Jan 2004", "Feb 2004"))
    path.write_text(path.read_text() + "Grand Total,,,US-Mexico Border,,Trucks,1\n,,,,,,1\n")
    found = convert(read(path))
    assert found.table["value"].to_pylist() == [0, 1]
    assert found.problems.by_reason(None) == {"total_row": 2}
    assert found.rows_read == 4


@pytest.mark.parametrize(
    ("days", "order", "months"),
    [
        (("01/01/2004", "01/02/2004", "01/12/2004"), "DMY", ["2004-01-01", "2004-02-01", "2004-12-01"]),
        (("01/01/2004", "02/01/2004", "12/01/2004"), None, ["2004-01-01", "2004-02-01", "2004-12-01"]),
        (("01/31/2004", "02/29/2004", "12/31/2004"), None, ["2004-01-01", "2004-02-01", "2004-12-01"]),
    ],
)
def test_a_file_saved_in_a_country_that_writes_the_day_first(tmp_path, days, order, months):
    found = convert(read(_entries(tmp_path, days)))
    assert found.table["period_start"].to_pylist() == months
    said = [guess.value for guess in found.guesses if guess.what == "date order"]
    assert said == ([] if order is None else [order])


def test_an_order_that_nothing_tells_is_asked_for(tmp_path):
    path = _entries(tmp_path, ("02/03/2004", "04/05/2004"))
    with pytest.raises(ReadError, match="--date-order"):
        convert(read(path))
    table = convert(read(path), ReadOptions(date_order="DMY")).table
    assert table["period_start"].to_pylist() == ["2004-03-01", "2004-05-01"]


def _entries(tmp_path, days):
    path = tmp_path / "entries.csv"
    header = "Port Name,State,Port Code,Border,Date,Measure,Value"
    lines = [f"El Paso,Texas,2402,US-Mexico Border,{day},Trucks,{k}" for k, day in enumerate(days)]
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "ports" / "Border_Crossing_Entry_Data_usmx_2004_2014.csv")
    assert reading.source == "bts"
    found = convert(reading)
    assert len(found.table) == found.rows_read == 39_600
    assert len(found.problems) == 0
    assert pc.sum(found.table["value"]).as_py() == 3_078_616_649
    trucks = rows(found.table, measure="Trucks")
    assert pc.sum(trucks["value"]).as_py() == 53_306_681
    assert pc.sum(rows(found.table, measure="Pedestrians")["value"]).as_py() == 479_360_613
    assert pc.sum(rows(trucks, area_code="2304")["value"]).as_py() == 17_733_070
    assert len(rows(found.table, value=0)) == 12_945
    assert len(pc.unique(found.table["area_code"])) == 25
    assert len(pc.unique(found.table["measure"])) == 12
    assert len(pc.unique(found.table["period_start"])) == 132
    assert set(found.table["direction"].to_pylist()) == {"north"}
    moved = next(guess.value for guess in found.guesses if guess.what == "ports moved")
    assert moved == "Brownsville (2301) by 11 km, Calexico (2503) by 10 km"
