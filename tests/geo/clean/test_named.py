"""Rows without coordinates, put where the place is that they name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from geo.clean import events, locate
from geo.errors import ReadError
from geo.gather import gather
from geo.read import ReadOptions, from_table


def placed(required=False, **columns):
    reading = from_table(pa.table(columns), "t.csv")
    located = locate(reading, required=required)
    return located, events(reading, located, ReadOptions()).table


def one(**columns):
    """Return the event of a table of one row."""
    located, table = placed(**{name: [value] for name, value in columns.items()})
    row = table.to_pylist()[0]
    return row, located.problems.table.to_pylist()[0]


@pytest.mark.parametrize(
    ("record", "basis", "precision_m", "side"),
    [
        ({"place": "World Trade Bridge"}, "crossing", 100, None),
        ({"place": "Andrade POE"}, "port", 5000, "US"),
        ({"port_code": "2304"}, "port", 5000, "US"),
        ({"place": "Eagle Pass, TX"}, "city", 5000, "US"),
        ({"place": "Ciudad Juárez"}, "city", 5000, "MX"),
        ({"place": "Tijuana, B.C."}, "municipality", 25000, "MX"),
        ({"ciudad": "Tijuana", "estado": "B.C."}, "city", 5000, "MX"),
        ({"municipio": "TIJUANA, B.C."}, "municipality", 25000, "MX"),
        ({"municipio": "Nogales", "estado": "Son."}, "municipality", 25000, "MX"),
        ({"place": "somewhere on the river", "municipio": "Reynosa", "estado": "Tamps."}, "municipality", 25000, "MX"),
    ],
)
def test_placed_with_the_radius_of_its_place(record, basis, precision_m, side):
    row, problem = one(**record, agency="CBP")
    assert np.isfinite(row["longitude"])
    assert (row["location_basis"], row["location_precision_m"], row["side"]) == (basis, precision_m, side)
    assert (problem["reason"], problem["action"]) == ("placed_by_name", "changed")
    assert "placed by name" in problem["message"]


def test_a_county_is_a_circle_of_its_area():
    row, _ = one(county="Webb", state="Texas", n="1")
    assert row["location_basis"] == "county"
    # Webb County has 8,744 km2.
    assert row["location_precision_m"] == pytest.approx(np.sqrt(8_744e6 / np.pi), rel=0.02)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"place": "Nogales"}, "place_ambiguous"),
        ({"place": "Shelbyville"}, "place_unknown"),
        ({"place": "Nogales, AZ", "state": "Sonora"}, "place_unknown"),
        ({"place": "London", "state": "Ontario"}, "place_unknown"),
        ({"place": "Guadalupe", "country": "Costa Rica"}, "place_unknown"),
        ({"place": "Texas"}, "place_wide"),
        ({"place": "x", "state": "Texas"}, "place_unknown"),
        ({"place": "LAREDO SECTOR"}, "place_wide"),
        ({"place": "Guatemala"}, "place_wide"),
        ({"place": "s/d"}, "missing"),
    ],
)
def test_not_placed_and_why(record, reason):
    row, problem = one(**record, agency="CBP")
    assert row["longitude"] is None
    assert row["location_precision_m"] is None
    assert row["location_basis"] is None
    assert (problem["reason"], problem["action"]) == (reason, "dropped")


def test_a_state_alone_is_too_wide():
    located, _ = placed(place=["Laredo", None], state=["Texas", "Texas"], n=["1", "2"])
    assert located.problems.by_reason() == {"place_wide": 1}


def test_candidates_are_named():
    _, problem = one(place="Nogales", n="1")
    assert "2604" in problem["message"]
    assert "26043" in problem["message"]
    assert "name its state" in problem["message"]


def test_a_misspelling_has_a_reason_of_its_own():
    row, problem = one(place="Eagel Pass", n="1")
    assert row["location_basis"] == "city"
    assert problem["reason"] == "placed_by_close_name"
    assert "'Eagel Pass' read as Eagle Pass" in problem["message"]


def test_coordinates_come_first_and_wrong_ones_are_not_replaced():
    located, table = placed(
        place=["Laredo, TX"] * 4, lon=["-110.0", "", "0", "10"], lat=["31.9", "", "0", "45"], n=["1", "2", "3", "4"]
    )
    assert located.longitude[0] == -110.0
    assert table["location_basis"].to_pylist() == [None, "city", "city", None]
    assert np.isfinite(located.longitude).tolist() == [True, True, True, False]
    assert located.named.rows.tolist() == [1, 2]
    assert located.problems.by_reason() == {"outside": 1}
    assert located.problems.by_reason("changed") == {"placed_by_name": 2}


def test_each_row_has_one_problem_at_most_and_none_is_lost():
    names = ["Laredo, TX", "Nogales", "Shelbyville", "", "Texas"] * 20
    located, table = placed(place=names, n=[str(i) for i in range(100)])
    assert len(table) == 100
    rows = located.problems.table["row"].to_pylist()
    assert rows == sorted(set(rows))
    assert len(rows) == 100
    assert int(np.isfinite(located.longitude).sum()) == 20


def test_order_of_rows_does_not_matter():
    names = ["Laredo, TX", "Nogales", "Shelbyville", "Reynosa, Tamps."]
    forth, _ = placed(place=names, n=["1"] * 4)
    back, _ = placed(place=names[::-1], n=["1"] * 4)
    assert np.array_equal(forth.longitude, back.longitude[::-1], equal_nan=True)


def test_a_column_of_ports_means_ports():
    row, _ = one(**{"port of entry": "Nogales"}, n="1")
    assert (row["location_basis"], row["side"]) == ("port", "US")


def test_a_stated_radius_may_be_wider_than_the_place():
    row, _ = one(place="Laredo, TX", accuracy_m="20000")
    assert row["location_precision_m"] == 20_000


def test_a_file_of_unclear_places_is_refused():
    table = from_table(pa.table({"lugar": ["Nogales", "Naco", "Laredo, TX"], "n": [1, 2, 3]}), "t.csv")
    with pytest.raises(ReadError, match=r"t.csv: .*\(2 of 3 rows, such as 'Nogales', 'Naco'\); .*--column state=NAME"):
        locate(table)
    options = ReadOptions(columns={"place": "lugar"})
    with pytest.raises(ReadError, match="no row names a place"):
        locate(from_table(pa.table({"lugar": ["s/d", "s/d"], "n": [1, 2]}), "t.csv", options=options))


def test_known_to_its_sector_is_understood_though_not_drawn():
    located = locate(from_table(pa.table({"place": ["LAREDO SECTOR"], "n": [1]}), "t.csv"))
    assert located.problems.by_reason() == {"place_wide": 1}


def test_reference_points_are_never_placed_by_name():
    table = from_table(pa.table({"place": ["Laredo, TX"], "n": [1]}), "t.csv")
    with pytest.raises(ReadError, match="no columns of coordinates"):
        locate(table, named=False)


def test_what_joins_take(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("lugar,estado,fecha\nReynosa,Tamps.,2011-03-14\nNogales,,2011-03-14\nLaredo,TX,2011-03-15\n")
    points = gather([str(path)])
    assert points.named == 2
    assert np.isfinite(points.longitude).tolist() == [True, False, True]
    assert points.precision_m[[0, 2]].tolist() == [25_000, 5_000]
