"""Violence: one year and measure, fixed classes, zero apart from no data, seats or the user's polygons."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SchemaError, UsageError
from geo.layer_check import check_schema
from geo.privacy.release import release
from geo.table import Features
from layers.violence import LAYER, LIMITS, NO_DATA, ZERO, Options, rate_class

TYPES = {"year": pa.int64(), "count": pa.int64(), "population": pa.int64()}
NUMBERS = ("longitude", "latitude", "rate_per_100k", "rate_smoothed_per_100k", "gi_star_z", "p")


def violence(*rows: dict) -> pa.Table:
    """Return a violence table; what a row leaves out is a plain municipality of 2010."""
    plain = {
        "inegi_code": "02004", "name": "Tijuana", "state": "Baja California", "longitude": -117.0, "latitude": 32.5,
        "year": 2010, "measure": "deaths", "count": 10, "population": 100_000, "rate_per_100k": 10.0,
        "rate_smoothed_per_100k": 11.0, "gi_star_z": 0.5, "p": 0.6, "hotspot": None,
    }  # fmt: skip
    full = [{**plain, **row} for row in rows]
    return pa.table(
        {
            name: pa.array(
                [row[name] for row in full],
                type=TYPES.get(name, pa.float64() if name in NUMBERS else pa.string()),
            )
            for name in plain
        }
    )


def build(table: pa.Table, areas: Features | None = None, **options):
    tables = {"violence": table} | ({} if areas is None else {"violence_areas": areas})
    return release(LAYER, LAYER.build(tables, Options(**options)))


def boxes(columns: dict) -> Features:
    table = pa.table(columns)
    return Features(table, np.array([shapely.box(x, 30, x + 1, 31) for x in range(len(table))], dtype=object))


SERIES = violence(
    {"year": 2010, "measure": "deaths"},
    {"year": 2011, "measure": "deaths"},
    {"year": 2016, "measure": "cases"},
    {"year": 2024, "measure": "cases"},
)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, (2024, "cases")),
        ({"year": 2010}, (2010, "deaths")),
        ({"measure": "deaths"}, (2011, "deaths")),
        ({"year": 2016, "measure": "cases"}, (2016, "cases")),
    ],
)
def test_one_year_and_one_measure_are_shown(asked, shown):
    released = build(SERIES, **asked)
    assert (released.parameters["year"], released.parameters["measure"]) == shown
    assert released.table.select(["year", "measure"]).to_pylist() == [
        dict(zip(("year", "measure"), shown, strict=True))
    ]
    assert str(shown[0]) in released.title["en"]


def test_deaths_and_cases_are_named_and_told_apart():
    deaths, cases = build(SERIES, year=2010), build(SERIES, year=2016)
    assert (deaths.title["en"], cases.title["es"]) == ("Homicide deaths, 2010", "Carpetas por homicidio, 2016")
    assert deaths.legend_notes[0] != cases.legend_notes[0]


@pytest.mark.parametrize("asked", [{"year": 2012}, {"year": 2010, "measure": "cases"}])
def test_a_year_or_measure_that_is_not_there_is_refused(asked):
    with pytest.raises(UsageError, match="there is deaths 2010, 2011; cases 2016, 2024"):
        build(SERIES, **asked)


@pytest.mark.parametrize(
    ("rate", "number"),
    [(0.1, 0), (9.99, 0), (10.0, 1), (24.9, 1), (25.0, 2), (50.0, 3), (99.9, 3), (100.0, 4), (900.0, 4)],
)
def test_rate_classes_include_their_lower_limit(rate, number):
    assert rate_class(np.array([5.0]), np.array([rate])).tolist() == [number]


@settings(max_examples=50, deadline=None)  # a busy machine is no failure
@given(st.lists(st.floats(0.01, 1e4), min_size=1), st.floats(1, 1e4))
def test_class_limits_do_not_depend_on_the_other_municipalities(rates, one):
    alone = rate_class(np.array([1.0]), np.array([one]))[0]
    together = rate_class(np.ones(len(rates) + 1), np.array([*rates, one]))[-1]
    assert alone == together == sum(one >= limit for limit in LIMITS)


def test_none_recorded_and_no_data_are_apart_from_each_other_and_from_the_rates():
    released = build(
        violence(
            {"inegi_code": "02001", "count": 0, "rate_smoothed_per_100k": 4.0},
            {"inegi_code": "02002", "count": None},
            {"inegi_code": "02003", "count": 3, "population": None, "rate_smoothed_per_100k": None},
            {"inegi_code": "02004", "count": 3},
            {"inegi_code": "02005", "year": 2009},
        ),
        year=2010,
    )
    rows = {row["inegi_code"]: row for row in released.table.to_pylist()}
    assert [rows[f"0200{n}"]["_class"] for n in range(1, 6)] == [ZERO, NO_DATA, NO_DATA, 1, NO_DATA]
    assert (rows["02001"]["count"], rows["02002"]["count"], rows["02005"]["count"]) == (0, None, None)
    keys = [made.key for made in released.classes]
    assert (keys[ZERO], keys[NO_DATA]) == ("zero", "no_data")
    assert [made.symbol.hatch for made in released.classes] == [False] * 6 + [True]


def test_a_disc_is_as_many_pixels_wide_as_the_square_root_of_its_count():
    counts = {"02001": 400, "02002": 1600, "02003": 1}
    released = build(violence(*({"inegi_code": code, "count": count} for code, count in counts.items())))
    assert released.table["_size"].to_pylist() == pytest.approx([20.0, 40.0, 3.0])
    assert [px for px, _ in released.size_legend] == pytest.approx([5.0, 15.81, 50.0], abs=0.01)


def test_hot_spots_have_one_outline_or_two():
    words = ["hot99", "hot95", "cold95", "cold99", None]
    released = build(violence(*({"inegi_code": f"0200{n}", "hotspot": word} for n, word in enumerate(words, 1))))
    symbols = [made.symbol for made in released.outlines]
    found = [
        None if n is None else (symbols[n].outline_color, symbols[n].outline)
        for n in released.table["_outline"].to_pylist()
    ]
    assert found == [("hot", "double"), ("hot", "single"), ("cold", "single"), ("cold", "double"), None]


def test_a_municipality_without_a_known_seat_is_counted():
    released = build(violence({"inegi_code": "02001", "longitude": None, "latitude": None}, {"inegi_code": "02002"}))
    assert len(released) == 1
    assert released.dropped == {"municipality without a known seat": 1}


@pytest.mark.parametrize(
    "columns",
    [
        {"CVEGEO": ["02004", "02002"]},
        {"inegi_code": [2004, 2002]},
        {"state_code": [2, 2], "mun_code": [4, 2]},
    ],
)
def test_with_the_users_polygons_it_is_a_choropleth(columns):
    rows = violence({"hotspot": "hot99"}, {"inegi_code": "02003"})
    released = build(rows, boxes({**columns, "owner": ["secret", "secret"]}))
    assert released.mark == "areas"
    assert released.table["inegi_code"].to_pylist() == ["02002", "02004"]
    assert released.table["_class"].to_pylist() == [NO_DATA, 1]
    assert released.table["_outline"].to_pylist() == [None, 0]
    assert released.table["population"].to_pylist() == [None, 100_000]
    assert released.geometry[1].bounds[0] == 0
    assert released.dropped == {"municipality without a polygon": 1}
    assert "owner" not in released.table.schema.names
    assert {made.symbol.shape for made in (*released.classes, *released.outlines)} == {"area"}
    assert released.size_legend == ()


def test_polygons_without_codes_are_refused_with_what_to_do():
    with pytest.raises(SchemaError, match="no column of INEGI codes; name it inegi_code or CVEGEO"):
        build(violence({}), boxes({"fips": ["04001", "04003"]}))


def test_a_users_own_counts_get_rates_and_hot_spots():
    side = 12
    table = pa.table(
        {
            "inegi_code": [f"{n // side + 1:02}{n % side + 1:03}" for n in range(side * side)],
            "longitude": [-110 + 0.1 * (n % side) for n in range(side * side)],
            "latitude": [25 + 0.1 * (n // side) for n in range(side * side)],
            "year": ["2012"] * side * side,
            "count": [str(40 if n % side < 3 and n // side < 3 else 2) for n in range(side * side)],
            "population": ["10000"] * side * side,
        }
    )
    released = build(check_schema(table, LAYER.schemas["violence"], "mine.csv"))
    rows = {row["inegi_code"]: row for row in released.table.to_pylist()}
    assert rows["02002"]["rate_per_100k"] == pytest.approx(400)
    assert rows["12012"]["rate_smoothed_per_100k"] == pytest.approx(20)
    assert rows["02002"]["hotspot"] == "hot99"
    assert rows["12012"]["hotspot"] is None
    assert released.title["en"] == "Homicides, 2012"


def test_the_embedded_year_2010(made):
    released = release(LAYER, LAYER.build(made.tables(LAYER), Options(year=2010)))
    rows = {row["inegi_code"]: row for row in released.table.to_pylist()}
    assert len(rows) + released.dropped["municipality without a known seat"] == 2475
    juarez = rows["08037"]
    assert juarez["name"] == "Juárez"
    assert juarez["hotspot"] == "hot99"
    assert juarez["rate_per_100k"] == pytest.approx(juarez["count"] / juarez["population"] * 1e5)
    assert juarez["count"] == max(row["count"] for row in rows.values())


@pytest.mark.data
def test_real_polygons_make_a_choropleth(made, public_data):
    import json

    collection = json.loads((public_data / "boundaries" / "mx_municipalities.geojson").read_text("utf-8"))
    table = pa.Table.from_pylist([feature["properties"] for feature in collection["features"]])
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in collection["features"]])
    tables = {**made.tables(LAYER), "violence_areas": Features(table, np.asarray(shapes, dtype=object))}
    released = release(LAYER, LAYER.build(tables, Options(year=2010)))
    assert released.mark == "areas"
    assert len(released) == 2436
    rows = {row["inegi_code"]: row for row in released.table.to_pylist()}
    assert rows["08037"]["name"] == "Juárez"
    assert shapely.contains_xy(released.geometry[list(rows).index("08037")], -106.43, 31.6)
    assert released.table["_class"].to_pylist().count(NO_DATA) < 20
