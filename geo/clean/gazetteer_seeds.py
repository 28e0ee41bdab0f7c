"""What the embedded gazetteer holds: places of the embedded tables with all their names.

Radii are of what a name leaves open, not of how well the point is known: a thing in a town lies within 5 km of its
middle, one in a municipality within 25 km of the seat (its area is not embedded), one in a county within the circle
of the county's area. A bridge is as good as it was measured. What is known to its state, sector or field office
has no point: the seat of an office says nothing of where its officers looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from geo.clean.placed import MANY_PEOPLE, Place
from geo.clean.states import names_of, states_named
from geo.geodesy import distance_m, polygon_area_m2
from geo.read import seeds
from geo.table import BoolArray, FloatArray, numbers, texts

Entry: TypeAlias = tuple[Place, tuple[str, ...]]
Row: TypeAlias = Mapping[str, Any]

CITY_M = 5_000.0
PORT_M = 5_000.0
MUNICIPALITY_M = 25_000.0
SEAT_M = 8_000.0
"""How far from the seat of its municipality the middle of a large town may lie."""
BORDER_M = 150_000.0
"""How far from a port a place is known to whoever works on the border."""

_OTHER_NAMES: Mapping[tuple[str, str], str] = {
    ("port", "2305"): "Hidalgo/Pharr|Hidalgo Texas|McAllen Hidalgo",
    ("port", "2404"): "Tornillo-Fabens|Fabens|Marcelino Serna|Tornillo-Guadalupe",
    ("port", "2503"): "Calexico West",
    ("port", "2582"): "CBX|Otay Mesa CBX",
    ("port", "2408"): "Santa Teresa New Mexico",
    ("port", "2401"): "Ysleta Zaragoza",
    ("port", "2504"): "San Isidro",
    ("port", "2506"): "Otay",
    ("municipality", "26055"): "San Luis",
    ("crossing", "LRD-LRD-COLO"): "Colombia|Puente Colombia|Colombia Solidarity|Solidaridad Colombia",
    ("crossing", "ELP-ELP-PASO"): "Paso del Norte|Santa Fe Bridge",
    ("crossing", "TUC-NOG-DEC"): "Dennis DeConcini|DeConcini",
    ("crossing", "TUC-NOG-MAR"): "Mariposa",
    ("city", "3530597"): "Mexico DF|CDMX|Distrito Federal|Ciudad de Mexico",
}
"""Names in use that no table has, by kind and code."""

_FIELD_OFFICES = (
    "Atlanta|Baltimore|Boston|Buffalo|Chicago|Detroit|El Paso|Houston|Laredo|Los Angeles|Miami|New Orleans|New York"
    "|Portland|Preclearance|San Diego|San Francisco|San Juan|Seattle|Tampa|Tucson"
)
_SECTORS = (
    "Big Bend|Blaine|Buffalo|Del Rio|Detroit|El Centro|El Paso|Grand Forks|Havre|Houlton|Laredo|Miami|New Orleans|Ramey"
    "|Rio Grande Valley|San Diego|Spokane|Swanton|Tucson|Yuma"
)
_FORMER = {"Big Bend": "Marfa", "Rio Grande Valley": "McAllen"}


def entries() -> list[Entry]:
    """Return all places of the embedded tables."""
    ports = seeds.table("ports").to_pylist()
    municipalities = list(_municipalities())
    made = [
        *_ports(ports),
        *municipalities,
        *_cities([place for place, _ in municipalities], ports),
        *_crossings(),
        *_counties(),
        *_states(),
        *_offices(),
        *_countries(),
    ]
    return [(place, (*names, *_others(place))) for place, names in made]


def _others(place: Place) -> tuple[str, ...]:
    return tuple(name for name in _OTHER_NAMES.get((place.kind, place.code), "").split("|") if name)


def _near_border(longitude: FloatArray, latitude: FloatArray) -> BoolArray:
    """Tell which places are near a port; NaN is near none."""
    ports = seeds.table("ports")
    known = np.flatnonzero(np.isfinite(longitude))
    near = np.zeros(len(longitude), dtype=bool)
    least = np.full(len(known), np.inf)
    for lon, lat in zip(numbers(ports, "longitude"), numbers(ports, "latitude"), strict=True):
        there = np.full(len(known), lon), np.full(len(known), lat)
        least = np.minimum(least, distance_m(*there, longitude[known], latitude[known]))
    near[known] = least <= BORDER_M
    return near


def _mexican(name: str) -> str | None:
    return next((code[3:] for code in states_named(name) if code.startswith("MX-")), None)


def _ports(ports: Iterable[Row]) -> Iterator[Entry]:
    for row in ports:
        code, name = row["port_code"], row["port_name"]
        point = row["longitude"], row["latitude"], PORT_M
        place = Place(code, "port", "US", row["us_state"], name, *point, same=f"US port {code}")
        yield place, (row["port_name"], row["us_city"])


def _municipalities() -> Iterator[Entry]:
    table = seeds.table("homicides")
    # Of each municipality the row of the last year; the table is in the order of the years.
    codes = texts(table, "inegi_code")
    last = len(codes) - 1 - np.unique(codes[::-1].astype(str), return_index=True)[1]
    table = table.take(pa.array(last))
    lon, lat = numbers(table, "longitude"), numbers(table, "latitude")
    known = _near_border(lon, lat) | (np.nan_to_num(numbers(table, "population")) >= MANY_PEOPLE)
    for code, name, x, y, prominent in zip(
        texts(table, "inegi_code"), texts(table, "municipality"), lon, lat, known, strict=True
    ):
        seat = (None, None) if np.isnan(x) else (float(x), float(y))
        same = f"MX {code}"
        yield (
            Place(code, "municipality", "MX", code[:2], name, seat[0], seat[1], MUNICIPALITY_M, bool(prominent), same),
            (name,),
        )


def _cities(municipalities: list[Place], ports: list[dict[str, Any]]) -> Iterator[Entry]:
    """Return towns; one that is the seat of a municipality is the same place, as is one with a port of its name."""
    seats = [place for place in municipalities if place.longitude is not None]
    lon, lat = np.array([p.longitude for p in seats]), np.array([p.latitude for p in seats])
    state = np.array([p.state for p in seats])
    with_port = {(row["us_state"], row["port_name"]): row["port_code"] for row in ports}
    table = seeds.table("places")
    near = _near_border(numbers(table, "longitude"), numbers(table, "latitude"))
    for row, border in zip(table.to_pylist(), near, strict=True):
        country, code = row["country"], row["state_code"]
        # The capitals are states of their own.
        same = f"{country} state {code}" if (country, code) in (("MX", "09"), ("US", "DC")) else ""
        if country == "US" and (code, row["name"]) in with_port:
            same = f"US port {with_port[code, row['name']]}"
        elif country == "MX" and code != "09":
            own = np.flatnonzero(state == code)
            there = np.full(len(own), row["longitude"]), np.full(len(own), row["latitude"])
            away = distance_m(*there, lon[own], lat[own])
            if len(away) and away.min() <= SEAT_M:
                same = f"MX {seats[own[int(np.argmin(away))]].code}"
        known = (row["population"] or 0) >= MANY_PEOPLE or bool(border)
        # A few have no number of their own.
        own_code = row["place_id"] or f"{country}-{code} {row['name']}"
        place = Place(
            own_code, "city", country, code, row["name"], row["longitude"], row["latitude"], CITY_M, known, same
        )
        yield place, (row["name"], row["name_es"])


def _crossings() -> Iterator[Entry]:
    for row in seeds.table("crossings").to_pylist():
        names = [row["name"], *(row["name_es"] or "").split(" / "), *(row["aliases"] or "").split("|")]
        common = (row["name"], row["longitude"], row["latitude"], row["accuracy_m"])
        names = [name for name in names if name.strip()]
        # A bridge has two ends: whoever names its Mexican state means the same bridge.
        same, within = f"crossing {row['crossing_id']}", f"US port {row['port_code']}"
        for country, state in (("US", row["us_state"]), ("MX", _mexican(row["mx_state"]))):
            yield (
                Place(row["crossing_id"], "crossing", country, state, *common, same=same, within=within),
                tuple(names),
            )


def _counties() -> Iterator[Entry]:
    import shapely

    found = seeds.features("us_counties")
    for row, shape in zip(found.table.to_pylist(), found.geometry, strict=True):
        point = shapely.point_on_surface(shape)
        radius = float(np.sqrt(polygon_area_m2(shape) / np.pi))
        place = Place(row["code"], "county", "US", row["state_code"], row["name"], point.x, point.y, radius, True)
        yield place, (row["name"], row["name_es"])


def _states() -> Iterator[Entry]:
    for country, name in (("US", "us_states"), ("MX", "mx_states")):
        for row in seeds.table(name).to_pylist():
            code = f"{country}-{row['code']}"
            place = Place(
                row["code"], "state", country, row["code"], row["name"], same=f"{country} state {row['code']}"
            )
            yield place, (row["name"], row["name_es"], *names_of(code))


def _offices() -> Iterator[Entry]:
    for kind, names in (("sector", _SECTORS), ("field_office", _FIELD_OFFICES)):
        words = kind.replace("_", " ")
        for name in names.split("|"):
            code = f"{name} {words}".upper()
            former = (f"{_FORMER[name]} {words}",) if kind == "sector" and name in _FORMER else ()
            yield Place(code, kind, "US", None, f"{name} {words.title()}"), (f"{name} {words}", *former)  # type: ignore[arg-type]
    for row in seeds.table("enforcement").to_pylist():
        if row["type"] not in ("USBP sector", "CBP OFO field office"):
            yield Place(row["name"].upper(), "office", row["country"], None, row["name"]), (row["name"],)


def _countries() -> Iterator[Entry]:
    for code, country, names in (("USA", "US", ("United States", "USA", "Estados Unidos")), ("MEX", "MX", ("Mexico",))):
        yield Place(code, "country", country, None, names[0]), names
    for row in seeds.table("countries").to_pylist():
        if row["code"] not in ("USA", "MEX"):
            yield Place(row["code"], "country", row["code"], None, row["name"]), (row["name"],)
