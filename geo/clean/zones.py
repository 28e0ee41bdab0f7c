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
from geo.geodesy import distance_m
from geo.read import seeds
from geo.table import FloatArray, IntArray, ObjectArray, numbers, texts

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
    """Return the zones of points.

    Parameters
    ----------
    lon, lat : (n,) float64
        WGS84 degrees, all known.
    side : n of US, MX or None
        The country that the record names: it is believed before the map, whose line along the river is no better
        than the river.
    """
    states, codes = _states()
    index = containing(lon, lat, states)
    county = _counties(lon, lat, index, codes)
    near, away = _nearest_port(lon, lat)
    zones_of_ports = _ports()[2]
    found: list[Zones] = []
    for at in range(len(lon)):
        state = codes[index[at]] if index[at] >= 0 else None
        country = side[at] or (None if state is None else state[:2])
        by_port = zones_of_ports[country][near[at]] if country and away[at] <= BORDER_ZONE_M else None
        if state is None or state[:2] != country:
            found.append(() if by_port is None else (by_port,))
        elif state == "US-TX":
            found.append((DENVER,) if county[at] in MOUNTAIN_COUNTIES else (CHICAGO,))
        elif country == "MX" and len(of_state(state)) > 1:
            found.append((by_port,) if by_port is not None else _of_nearest_seat(lon[at], lat[at], state[3:]))
        else:
            found.append(of_state(state))
    return found


def _states() -> tuple[ObjectArray, ObjectArray]:
    us, mx = seeds.features("us_states"), seeds.features("mx_states")
    codes = [f"US-{code}" for code in texts(us.table, "code")] + [f"MX-{code}" for code in texts(mx.table, "code")]
    return np.concatenate([us.geometry, mx.geometry]), np.array(codes, dtype=object)


def _counties(lon: FloatArray, lat: FloatArray, index: IntArray, states: ObjectArray) -> ObjectArray:
    """Return the FIPS code of the Mountain county that each point in Texas lies in."""
    out = np.full(len(lon), None, dtype=object)
    rows = np.flatnonzero(np.array([i >= 0 and states[i] == "US-TX" for i in index], dtype=bool))
    counties = seeds.features("us_counties")
    codes = texts(counties.table, "code")
    mountain = np.flatnonzero(np.isin(codes, list(MOUNTAIN_COUNTIES)))
    within = containing(lon[rows], lat[rows], counties.geometry[mountain])
    out[rows[within >= 0]] = codes[mountain][within[within >= 0]]
    return out


def _nearest_port(lon: FloatArray, lat: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the nearest port with a zone on both sides, and how far it is in metres."""
    east, north, zones, _ = _ports()
    best = np.zeros(len(lon), dtype=np.int64)
    least = np.full(len(lon), np.inf)
    for port in range(len(east)):
        if zones["MX"][port] is None:
            continue
        away = distance_m(np.full(len(lon), east[port]), np.full(len(lon), north[port]), lon, lat)
        closer = away < least
        best[closer], least[closer] = port, away[closer]
    return best, least


@lru_cache(maxsize=1)
def _seats() -> tuple[ObjectArray, FloatArray, FloatArray]:
    from geo.clean.gazetteer import embedded

    places = [p for p, _ in embedded().entries if p.kind == "municipality" and p.longitude is not None]
    lon = np.array([p.longitude for p in places], dtype=np.float64)
    lat = np.array([p.latitude for p in places], dtype=np.float64)
    return np.array([p.code for p in places], dtype=object), lon, lat


def _of_nearest_seat(lon: float, lat: float, state: str) -> Zones:
    """Return the zones of the municipality whose seat is nearest: outlines of municipalities are not embedded."""
    codes, east, north = _seats()
    own = np.flatnonzero(np.array([code[:2] == state for code in codes], dtype=bool))
    away = distance_m(np.full(len(own), lon), np.full(len(own), lat), east[own], north[own])
    return of_municipality(str(codes[own[int(np.argmin(away))]]))
