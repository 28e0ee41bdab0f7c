"""The nearest municipality by seat and by polygon, its figures, years, and the nearest hot spot."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from shapely import box

from geo.errors import UsageError
from geo.geodesy import distance_m
from geo.join.violence import nearest_municipality
from geo.read import seeds
from geo.table import Features, numbers

COLUMNS = [
    "violence_code", "violence_name", "violence_distance_m", "violence_rate_per_100k", "violence_count",
    "violence_population", "violence_year", "violence_measure", "hotspot_code", "hotspot_name", "hotspot_distance_m",
]  # fmt: skip

# Four seats in a row, a degree apart; the year decides the figures and which one is hot.
SEATS = {"08001": -108.0, "08002": -107.0, "08003": -106.0, "08004": -105.0}


def figures(hot, measure="deaths", **years):
    """Return a violence table of the four seats; `hot` names the hot one of each year."""
    rows = [
        {
            "inegi_code": code,
            "name": f"Town {code[-1]}",
            "state": "Chihuahua",
            "longitude": lon,
            "latitude": 30.0,
            "year": year,
            "measure": measure,
            "count": year % 100 + i,
            "population": 1000 * (i + 1),
            "rate_per_100k": 1.0,
            "rate_smoothed_per_100k": year + i / 10,
            "gi_star_z": 0.0,
            "hotspot": "hot95" if code == hot.get(year) else "cold99" if i == 0 else None,
        }
        for year in hot
        for i, (code, lon) in enumerate(SEATS.items())
    ]
    return pa.Table.from_pylist(rows, schema=seeds.table("violence").select(list(rows[0])).schema)


TABLE = figures({2009: "08004", 2010: "08002", 2011: None})


def join(*points, violence=TABLE, areas=None, **options):
    lon, lat = np.array(points, float).reshape(-1, 2).T
    return pa.table(nearest_municipality(lon, lat, violence, areas, **options))


def areas(codes, *shapes, **columns):
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Features(pa.table({"inegi_code": pa.array(codes, pa.string()), **columns}), geometry)


def test_the_columns_of_the_interface():
    table = join((-107.1, 30.2), year=2010)
    assert table.column_names == COLUMNS
    (row,) = table.to_pylist()
    assert row.pop("violence_distance_m") == pytest.approx(distance_m(-107.1, 30.2, -107.0, 30.0).item())
    assert row.pop("hotspot_distance_m") == pytest.approx(distance_m(-107.1, 30.2, -107.0, 30.0).item())
    assert row == {
        "violence_code": "08002", "violence_name": "Town 2", "violence_rate_per_100k": 2010.1, "violence_count": 11,
        "violence_population": 2000, "violence_year": 2010, "violence_measure": "deaths",
        "hotspot_code": "08002", "hotspot_name": "Town 2",
    }  # fmt: skip


def test_the_latest_year_unless_one_is_given():
    assert join((-107, 30))["violence_year"].to_pylist() == [2011]
    assert join((-107, 30), year=2009)["violence_year"].to_pylist() == [2009]


def test_match_takes_each_events_own_year_or_else_the_latest():
    years = np.array([2010.0, 2009.0, 1999.0, np.nan])
    table = join(*[(-107, 30)] * 4, year="match", event_year=years)
    assert table["violence_year"].to_pylist() == [2010, 2009, 2011, 2011]
    assert table["violence_count"].to_pylist() == [11, 10, 12, 12]
    assert table["hotspot_code"].to_pylist() == ["08002", "08004", None, None]


def test_a_year_that_is_not_there_is_refused_and_the_others_named():
    with pytest.raises(UsageError, match="no year 2020; there are 2009, 2010, 2011"):
        join((-107, 30), year=2020)


def test_of_two_measures_of_a_year_deaths_are_taken_and_never_both():
    both = pa.concat_tables([figures({2010: None}, "cases"), TABLE])
    table = join((-107, 30), (-105, 30), violence=both, year=2010)
    assert table["violence_measure"].to_pylist() == ["deaths", "deaths"]
    assert set(table["hotspot_code"].to_pylist()) == {"08002"}


def test_a_year_without_hot_spots_is_blank_and_cold_ones_do_not_count():
    (row,) = join((-108, 30), year=2011).to_pylist()
    assert row["violence_code"] == "08001"
    assert row["hotspot_code"] is row["hotspot_name"] is row["hotspot_distance_m"] is None


def test_points_without_a_place_stay_blank_in_their_row():
    table = join((np.nan, np.nan), (-107, 30), (-107, np.nan))
    assert table["violence_code"].to_pylist() == [None, "08002", None]
    assert table.slice(0, 1).to_pylist() == [dict.fromkeys(COLUMNS)]


def test_a_municipality_without_a_seat_is_nobodys_nearest():
    lost = TABLE.set_column(
        4, "latitude", pa.array([None if x == -107 else 30.0 for x in TABLE["longitude"].to_pylist()])
    )
    assert join((-107.2, 30), violence=lost)["violence_code"].to_pylist() == ["08001"]


def test_a_total_is_no_place():
    total = TABLE.slice(0, 1).set_column(0, "inegi_code", pa.array([None], pa.string()))
    total = total.set_column(3, "longitude", pa.array([-107.3]))
    table = join((-107.3, 30), violence=pa.concat_tables([TABLE, total]), year=2009)
    assert table["violence_code"].to_pylist() == ["08002"]


def test_a_municipality_without_figures_is_nearest_with_blank_figures():
    blank = TABLE.set_column(
        TABLE.schema.get_field_index("rate_smoothed_per_100k"),
        "rate_smoothed_per_100k",
        pa.array([None if c == "08002" else 1.0 for c in TABLE["inegi_code"].to_pylist()]),
    )
    (row,) = join((-107, 30), violence=blank, year=2010).to_pylist()
    assert row["violence_code"] == "08002"
    assert row["violence_rate_per_100k"] is None
    assert row["violence_count"] == 11


def test_counts_given_as_decimals_are_whole_again():
    at = TABLE.schema.get_field_index("count")
    table = join((-107, 30), violence=TABLE.set_column(at, "count", TABLE["count"].cast(pa.float64())))
    assert table["violence_count"].to_pylist() == [12]
    assert table.schema.field("violence_count").type == pa.int64()


def test_by_polygon_where_there_are_polygons():
    # The seat of 08001 is nearer, but the point lies in 08002.
    shapes = areas(["08002", "08001"], box(-107.9, 29, -106.5, 31), box(-109, 29, -107.9, 31))
    inside, outside = join((-107.8, 30), (-107.0, 32.0), areas=shapes, year=2010).to_pylist()
    assert (inside["violence_code"], inside["violence_distance_m"]) == ("08002", 0.0)
    assert (inside["hotspot_code"], inside["hotspot_distance_m"]) == ("08002", 0.0)
    assert inside["violence_count"] == 11
    assert outside["violence_code"] == "08002"
    # The parallel of the polygon's edge, not the seat; geodesics bulge a little to the north of it.
    assert outside["violence_distance_m"] == pytest.approx(distance_m(-107, 32, -107, 31).item(), abs=600)


def test_those_without_a_polygon_count_by_their_seat():
    shapes = areas(["08001"], box(-109, 29, -107.9, 31))
    table = join((-106.9, 30.0), (-108.5, 30), (-105.2, 30), areas=shapes, year=2009)
    assert table["violence_code"].to_pylist() == ["08002", "08001", "08004"]
    assert table["hotspot_code"].to_pylist() == ["08004"] * 3


def test_a_polygon_that_the_table_does_not_know_is_nearest_with_blank_figures():
    shapes = areas(["26001", None], box(-112, 29, -111, 31), box(-110, 29, -109, 31), name=["Sahuaripa", "no code"])
    known, uncoded = join((-111.5, 30), (-109.5, 30), areas=shapes, year=2010).to_pylist()
    assert (known["violence_code"], known["violence_name"]) == ("26001", "Sahuaripa")
    assert known["violence_count"] is known["violence_year"] is None
    assert uncoded["violence_code"] == "26001"


def test_a_municipality_in_several_polygons():
    shapes = areas(["08002", "08002"], box(-107.5, 29.5, -106.5, 30.5), box(-104, 30, -103.9, 30.1))
    table = join((-103.95, 30.05), areas=shapes, year=2010)
    assert table["violence_code"].to_pylist() == ["08002"]
    assert table["violence_distance_m"].to_pylist() == [0.0]


def test_the_order_of_points_and_of_the_table_does_not_matter():
    rng = np.random.default_rng(8)
    points = np.column_stack([rng.uniform(-109, -104, 200), rng.uniform(29, 33, 200)])
    order, rows = rng.permutation(200), rng.permutation(len(TABLE))
    table = join(*points, year=2010)
    shuffled = join(*points[order], violence=TABLE.take(pa.array(rows)), year=2010)
    assert shuffled.equals(table.take(pa.array(order)))


def test_no_points_and_no_table():
    assert len(join()) == 0
    (row,) = join((-107, 30), violence=TABLE.slice(0, 0)).to_pylist()
    assert row == dict.fromkeys(COLUMNS)


def test_on_the_embedded_table():
    """El Paso looks across the river to Ciudad Juárez."""
    (row,) = join((-106.487, 31.76), violence=seeds.table("violence"), year=2010).to_pylist()
    assert (row["violence_code"], row["violence_name"], row["violence_count"]) == ("08037", "Juárez", 3766)
    assert row["hotspot_code"] == "08037"
    assert row["violence_distance_m"] < 5000
    hot = numbers(seeds.table("violence"), "year")
    assert hot.max() == join((-106, 31), violence=seeds.table("violence"))["violence_year"].to_pylist()[0]
