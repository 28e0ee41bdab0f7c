"""What one table says of another is there, and every point is in the country that its row names."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.read import seeds
from geo.table import numbers, texts

DEGREE_KM = 111.0


def values(name: str, column: str) -> set[str]:
    return set(seeds.table(name)[column].drop_null().to_pylist())


@pytest.mark.parametrize(
    ("name", "column", "target", "key"),
    [
        ("crossings", "port_code", "ports", "port_code"),
        ("port_traffic", "port_code", "ports", "port_code"),
        ("documented_seizures", "port_code", "ports", "port_code"),
        ("documented_seizures", "crossing_id", "crossings", "crossing_id"),
        ("documented_seizure_items", "event_id", "documented_seizures", "event_id"),
        ("documented_seizure_items", "commodity", "commodities", "code"),
        ("published_seizures", "commodity", "commodities", "code"),
        ("organisations", "state_code", "mx_states", "code"),
        ("organisations_by_municipality", "inegi_code", "homicides", "inegi_code"),
        ("us_counties", "state_code", "us_states", "code"),
    ],
)
def test_references_resolve(name, column, target, key):
    assert values(name, column) <= values(target, key)


def test_every_port_has_a_crossing_and_every_event_an_item():
    assert values("ports", "port_code") == values("crossings", "port_code")
    assert values("documented_seizures", "event_id") == values("documented_seizure_items", "event_id")


def test_an_event_at_a_crossing_is_at_the_port_of_that_crossing():
    port_of = dict(zip(*(texts(seeds.table("crossings"), c) for c in ("crossing_id", "port_code")), strict=True))
    for event in seeds.table("documented_seizures").to_pylist():
        if event["crossing_id"]:
            assert event["port_code"] == port_of[event["crossing_id"]], event["event_id"]


def test_items_are_in_the_canonical_unit_of_their_commodity():
    unit = dict(zip(*(texts(seeds.table("commodities"), c) for c in ("code", "canonical_unit")), strict=True))
    wrong = [
        item
        for item in seeds.table("documented_seizure_items").to_pylist()
        if item["quantity"] is not None and item["commodity"] != "OTHER" and item["unit"] != unit[item["commodity"]]
    ]
    assert wrong == []


def test_corridors_share_a_road_in_pairs_of_both_directions():
    pairs: dict[str, list[str]] = {}
    for row in seeds.table("corridors").to_pylist():
        if row["pair_id"]:
            pairs.setdefault(row["pair_id"], []).append(row["direction"])
    assert len(pairs) == 5
    assert all(sorted(directions) == ["north", "south"] for directions in pairs.values())


def test_states_of_municipalities_are_those_of_the_map():
    by_code = dict(zip(*(texts(seeds.table("mx_states"), c) for c in ("code", "name_es")), strict=True))
    found = {
        (r["inegi_code"][:2], r["state"]) for r in seeds.table("homicides").select(["inegi_code", "state"]).to_pylist()
    }
    assert found == set(by_code.items())


def country_of(name: str) -> np.ndarray:
    """Country that each row of a table with points says it is in."""
    column = {"ports": None, "crossings": None, "documented_seizures": "side"}.get(name, "country")
    table = seeds.table(name)
    return np.array(["US"] * len(table), dtype=object) if column is None else texts(table, column)


@pytest.mark.parametrize(
    ("name", "slack_km"),
    [
        ("ports", 0.1),
        ("crossings", 0.3),  # PedWest is placed to 300 m
        ("documented_seizures", 0.3),
        ("places", 0.1),
        ("enforcement", 0.0),
    ],
)
def test_points_lie_in_their_country(name, slack_km):
    table = seeds.table(name)
    longitude, latitude = numbers(table, "longitude"), numbers(table, "latitude")
    country = country_of(name)
    for code, areas in (("US", "us_states"), ("MX", "mx_states")):
        rows = np.flatnonzero((country == code) & np.isfinite(longitude))
        land = shapely.union_all(seeds.features(areas).geometry)
        away_km = shapely.distance(shapely.points(longitude[rows], latitude[rows]), land) * DEGREE_KM
        assert away_km.max(initial=0.0) <= slack_km, table["source"][int(rows[np.argmax(away_km)])]


def test_municipal_seats_lie_in_their_state():
    table = seeds.table("homicides")
    longitude, latitude, codes = numbers(table, "longitude"), numbers(table, "latitude"), texts(table, "inegi_code")
    states = seeds.features("mx_states")
    shape = dict(zip(states.table["code"].to_pylist(), states.geometry, strict=True))
    seats = {c: (x, y) for c, x, y in zip(codes, longitude, latitude, strict=True) if np.isfinite(x)}
    away_km = {c: shape[c[:2]].distance(shapely.Point(xy)) * DEGREE_KM for c, xy in seats.items()}
    assert len(seats) == 2454
    assert sum(away > 0 for away in away_km.values()) <= 45
    # Isla Mujeres is one of the islands that are left out.
    assert max(away for code, away in away_km.items() if code != "23003") < 5


def test_ports_and_crossings_lie_on_the_border():
    line = seeds.features("border").geometry[0]
    for name in ("ports", "crossings"):
        table = seeds.table(name)
        longitude, latitude = numbers(table, "longitude"), numbers(table, "latitude")
        known = np.isfinite(longitude)
        away_km = shapely.distance(shapely.points(longitude[known], latitude[known]), line) * DEGREE_KM
        assert away_km.max() < 1.5


def test_places_have_both_names_and_ranks():
    table = seeds.table("places")
    assert table["name"].null_count == table["name_es"].null_count == 0
    assert set(table["rank"].to_pylist()) == {1, 2, 3, 4}
    names = {(r["country"], r["name"]): r["name_es"] for r in table.to_pylist()}
    assert names["US", "Los Angeles"] == "Los Ángeles"
    assert names["US", "Philadelphia"] == "Filadelfia"
    assert names["MX", "Mexico City"] == "Ciudad de México"
    assert names["MX", "Ciudad Juárez"] == "Ciudad Juárez"
    # Names that exist on both sides are there for both.
    assert {("US", "Nogales"), ("MX", "Nogales"), ("US", "Naco"), ("MX", "Naco")} <= set(names)


def test_places_of_mexico_have_inegi_codes_and_not_those_of_geonames():
    state = {
        r["name"]: (r["state_code"], r["state"]) for r in seeds.table("places").to_pylist() if r["country"] == "MX"
    }
    assert state["Ciudad Juárez"] == ("08", "Chihuahua")  # 06 in GeoNames
    assert state["Saltillo"] == ("05", "Coahuila")  # 07 in GeoNames
    assert state["Tuxtla Gutiérrez"] == ("07", "Chiapas")  # 05 in GeoNames
