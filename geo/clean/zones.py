"""IANA zones by place: what a clock at a place shows on a date is in the zone's own history.

Mexico's border municipalities have zones of their own: they keep the clock of the US side (since 2010; the zones know
the years before), while inland Chihuahua, Coahuila, Nuevo León and Tamaulipas do not. The municipalities are those that
the Mexican government has named at the changes of the clock since 2010. Of three in Coahuila (Allende, Morelos,
Villa Unión) the lists differ: they have two zones, as a state has where nothing more is known. In Texas, El Paso and
Hudspeth keep Mountain time.

Several zones are given where several may be meant. Who reads a time may use it if all of them give the same instant.
States of the US that are parted in ways not known here (Kansas, North Dakota, ...) have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from geo.clean.regions import containing
from geo.read import seeds
from geo.table import BoolArray, FloatArray, IntArray, ObjectArray, numbers, texts

Zones: TypeAlias = tuple[str, ...]
"""Zones that may be meant, the likeliest first; empty where none is known."""

BORDER_ZONE_M = 30_000.0
"""A point this close to a port has its port's clock: the border municipalities reach farther everywhere but at
Anáhuac, which is narrow, and there both sides of its edge lie in ranch land."""

JUAREZ, OJINAGA, MATAMOROS = "America/Ciudad_Juarez", "America/Ojinaga", "America/Matamoros"
CHIHUAHUA, MONTERREY = "America/Chihuahua", "America/Monterrey"
CHICAGO, DENVER = "America/Chicago", "America/Denver"

_BORDER = {
    JUAREZ: "08005 08028 08035 08037 08053",
    OJINAGA: "08015 08042 08052",
    MATAMOROS: (
        "05002 05012 05013 05014 05022 05023 05025 05038 19003 19005"
        " 28007 28014 28015 28022 28024 28025 28027 28032 28033 28040"
    ),
}
"""Municipalities that keep the clock of the US side."""
_BOTH = dict.fromkeys(("05003", "05019", "05037"), (MONTERREY, MATAMOROS))
BAHIA_DE_BANDERAS = "18020"

_MUNICIPALITY: dict[str, Zones] = {
    **{code: (zone,) for zone, codes in _BORDER.items() for code in codes.split()},
    **_BOTH,
    BAHIA_DE_BANDERAS: ("America/Bahia_Banderas",),
}

_MEXICO: dict[str, Zones] = {
    "02": ("America/Tijuana",),
    "03": ("America/Mazatlan",),
    "04": ("America/Merida",),
    "05": (MONTERREY, MATAMOROS),
    "08": (CHIHUAHUA, JUAREZ, OJINAGA),
    "10": (MONTERREY,),
    "18": ("America/Mazatlan", "America/Bahia_Banderas"),
    "19": (MONTERREY, MATAMOROS),
    "23": ("America/Cancun",),
    "25": ("America/Mazatlan",),
    "26": ("America/Hermosillo",),
    "28": (MONTERREY, MATAMOROS),
    "31": ("America/Merida",),
}
"""Zones of the Mexican states that are not all on the clock of Mexico City; of several the inland one first."""
_INLAND = {code: zones[:1] for code, zones in _MEXICO.items()}

_UNITED_STATES: dict[str, Zones] = {
    **dict.fromkeys("CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV".split(), ("America/New_York",)),  # noqa: SIM905
    **dict.fromkeys("AL AR IA IL LA MN MO MS OK WI".split(), (CHICAGO,)),  # noqa: SIM905
    **dict.fromkeys("CO MT NM UT WY".split(), (DENVER,)),  # noqa: SIM905
    **dict.fromkeys("CA NV WA".split(), ("America/Los_Angeles",)),  # noqa: SIM905
    "AZ": ("America/Phoenix",),
    "TX": (CHICAGO, DENVER),
    "HI": ("Pacific/Honolulu",),
    "PR": ("America/Puerto_Rico",),
    "VI": ("America/Puerto_Rico",),
}
MOUNTAIN_COUNTIES = frozenset(("48141", "48229"))
"""El Paso and Hudspeth, Texas."""


def of_state(state: str) -> Zones:
    """Return the zones of a state such as ``US-TX`` or ``MX-08``.

    Examples
    --------
    >>> of_state("US-AZ"), of_state("MX-26"), of_state("US-TX"), of_state("US-KS")
    (('America/Phoenix',), ('America/Hermosillo',), ('America/Chicago', 'America/Denver'), ())
    """
    country, code = state[:2], state[3:]
    if country == "MX":
        return _MEXICO.get(code, ("America/Mexico_City",))
    return _UNITED_STATES.get(code, ())


def of_municipality(inegi_code: str) -> Zones:
    """Return the zones of a Mexican municipality.

    Examples
    --------
    >>> of_municipality("08037"), of_municipality("08019"), of_municipality("28041")
    (('America/Ciudad_Juarez',), ('America/Chihuahua',), ('America/Monterrey',))
    """
    state = inegi_code[:2]
    return _MUNICIPALITY.get(inegi_code) or _INLAND.get(state, ("America/Mexico_City",))


def of_county(fips: str) -> Zones:
    """Return the zones of a county of the four border states."""
    state = {"04": "AZ", "06": "CA", "35": "NM", "48": "TX"}.get(fips[:2])
    if state == "TX":
        return (DENVER,) if fips in MOUNTAIN_COUNTIES else (CHICAGO,)
    return _UNITED_STATES.get(state or "", ())


@lru_cache(maxsize=1)
def _ports() -> tuple[FloatArray, FloatArray, dict[str, ObjectArray], ObjectArray]:
    """Return longitude and latitude of the ports, their zones by country, and their codes."""
    table = seeds.table("ports")
    zones = {"US": texts(table, "tz_us"), "MX": texts(table, "tz_mx")}
    return numbers(table, "longitude"), numbers(table, "latitude"), zones, texts(table, "port_code")


def of_port(port_code: str, side: str | None = None) -> Zones:
    """Return the zone of a port on one side of the border, on its own where no side is named."""
    _, _, zones, codes = _ports()
    found = np.flatnonzero(codes == port_code)
    zone = zones[side or "US"][found[0]] if len(found) else None
    return () if zone is None else (zone,)


def of_points(lon: FloatArray, lat: FloatArray, side: Sequence[str | None]) -> list[Zones]:
    """Return the zones of points; see `zones_of_points`, which gives each distinct answer once."""
    found, codes = zones_of_points(lon, lat, side)
    return [found[code] for code in codes]


def zones_of_points(lon: FloatArray, lat: FloatArray, side: Sequence[str | None]) -> tuple[list[Zones], IntArray]:
    """Return the zones of points.

    Parameters
    ----------
    lon, lat : (n,) float64
        WGS84 degrees, all known.
    side : n of US, MX or None
        The country that the record names: it is believed before the map, whose line along the river is no better
        than the river.

    Returns
    -------
    zones
        Distinct answers.
    codes : (n,) int
        Which of them is whose.
    """
    states, codes = _states()
    index = containing(lon, lat, states)
    countries = np.array([*(code[:2] for code in codes), ""], dtype=object)[index]
    told = np.array([s or "" for s in side], dtype=object)
    country = np.where(told == "", countries, told)
    found: list[Zones] = [()]
    out = np.zeros(len(lon), dtype=np.int64)

    def put(rows: IntArray, zones: Zones) -> None:
        if zones not in found:
            found.append(zones)
        out[rows] = found.index(zones)

    known = (index >= 0) & (countries == country)
    for state in np.unique(index[known]):
        rows = np.flatnonzero(known & (index == state))
        zones = of_state(str(codes[state]))
        if codes[state] == "US-TX":
            zones = (CHICAGO,)
        put(rows, zones)
        if codes[state][:2] == "MX" and len(zones) > 1:
            for code, own in _by_nearest_seat(lon[rows], lat[rows], str(codes[state][3:])):
                put(rows[own], of_municipality(code))
    texas = np.flatnonzero(known & (codes[index] == "US-TX"))
    put(texas[_in_mountain_counties(lon[texas], lat[texas])], (DENVER,))
    # Near a port its zone decides where the state does not: in the states of two clocks, and across the river.
    several = np.array([len(of_state(str(code))) > 1 and code[:2] == "MX" for code in codes] + [False], dtype=bool)[
        index
    ]
    open_ = np.flatnonzero((country != "") & (~known | several))
    near, away = _nearest(lon[open_], lat[open_], *_ports()[:2])
    close = open_[away <= BORDER_ZONE_M]
    of_port_ = near[away <= BORDER_ZONE_M]
    for port in np.unique(of_port_):
        for nation in ("US", "MX"):
            zone = _ports()[2][nation][port]
            if zone is not None:
                put(close[(of_port_ == port) & (country[close] == nation)], (zone,))
    return found, out


def _states() -> tuple[ObjectArray, ObjectArray]:
    us, mx = seeds.features("us_states"), seeds.features("mx_states")
    codes = [f"US-{code}" for code in texts(us.table, "code")] + [f"MX-{code}" for code in texts(mx.table, "code")]
    return np.concatenate([us.geometry, mx.geometry]), np.array(codes, dtype=object)


def _in_mountain_counties(lon: FloatArray, lat: FloatArray) -> BoolArray:
    counties = seeds.features("us_counties")
    mountain = np.isin(texts(counties.table, "code").astype(str), list(MOUNTAIN_COUNTIES))
    return containing(lon, lat, counties.geometry[mountain]) >= 0


def _nearest(lon: FloatArray, lat: FloatArray, east: FloatArray, north: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the nearest of a few places to each point, and how far it is in metres, on a sphere."""

    def unit(x: FloatArray, y: FloatArray) -> FloatArray:
        lam, phi = np.radians(x), np.radians(y)
        return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])

    points, places = unit(lon, lat), unit(east, north)
    best = np.zeros(len(lon), dtype=np.int64)
    least = np.full(len(lon), np.inf)
    for at in range(len(east)):
        away = ((points - places[:, at : at + 1]) ** 2).sum(axis=0)
        closer = away < least
        best[closer], least[closer] = at, away[closer]
    return best, 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(least) / 2, 1))


EARTH_RADIUS_M = 6_371_008.8


@lru_cache(maxsize=1)
def _seats() -> tuple[ObjectArray, FloatArray, FloatArray]:
    from geo.clean.gazetteer import embedded

    places = [p for p, _ in embedded().entries if p.kind == "municipality" and p.longitude is not None]
    lon = np.array([p.longitude for p in places], dtype=np.float64)
    lat = np.array([p.latitude for p in places], dtype=np.float64)
    return np.array([p.code for p in places], dtype=object), lon, lat


def _by_nearest_seat(lon: FloatArray, lat: FloatArray, state: str) -> list[tuple[str, IntArray]]:
    """Return municipalities of a state and the points nearest to their seats: their outlines are not embedded."""
    codes, east, north = _seats()
    own = np.flatnonzero(np.array([code[:2] == state for code in codes], dtype=bool))
    nearest, _ = _nearest(lon, lat, east[own], north[own])
    return [(str(codes[own[at]]), np.flatnonzero(nearest == at)) for at in np.unique(nearest)]
