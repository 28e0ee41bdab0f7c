"""Which side of the border a point lies on, how far from it, and how surely.

**Distance** is geodesic, to the nearest place on the border line.

**Side.** Within 20 km of the line the line decides: left of its way from the Pacific to the Gulf is the US. Polygons
of states are drawn for maps and can be kilometres off there. Farther away the polygons decide, the only thing that
can: the line ends at the coasts, and Florida lies south of its eastern end. Beyond an end, at sea, the parallel
through it divides.

**Neither.** A point in no state of either country belongs to the country whose coast is within 12 nautical miles
(22,224 m), the width of the territorial sea; otherwise the side is blank. Polygons do not tell the sea from a third
country's land, so this is not done beside Canada (north of 41.6 N), nor beside Guatemala and Belize (south of 18.6 N
and between 92.3 and 87.4 W).

**How surely.** `side_certain` is false where the border is no farther than the location's precision and that of the
line together. That of the line alone settles it, too: beside the line no side is certain, however well the place is
known. Elsewhere it is blank where the location's precision is unknown, and wherever the side is.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.errors import JoinError
from geo.join.lines import Feet, cut, nearest_on_lines
from geo.join.polygon import first_polygon, valid_polygons
from geo.join.search import TIE_M
from geo.table import BoolArray, Features, FloatArray, IntArray, ObjectArray, numbers

STRIP_M = 20_000.0
"""Distance to the border within which the line decides, not the polygons."""
TERRITORIAL_SEA_M = 22_224.0
PRECISION = "precision_p99_m"
"""Column of the border that says how far 99 % of the line is from the surveyed one, at most."""

_US, _MX, _NEITHER = 1, -1, 0
_SIDES = pa.array(["MX", None, "US"])
_FOREIGN_LAND = ((-180.0, 41.6, -50.0, 90.0), (-92.3, 12.0, -87.4, 18.6))
"""Boxes (west, south, east, north) in which a point outside both countries can be on other land."""


def side_of_border(  # noqa: PLR0917 - points, line and two sets of polygons go in their natural order
    lon: FloatArray,
    lat: FloatArray,
    border: Features,
    us_states: Features | None = None,
    mx_states: Features | None = None,
    precision_m: FloatArray | None = None,
    *,
    line_precision_m: float | None = None,
) -> dict[str, pa.Array]:
    """Tell on which side of the US-Mexico border each point lies.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, WGS84 degrees; NaN where there is none.
    border : Features
        LineStrings from the Pacific to the Gulf. One that runs the other way is turned round.
    us_states, mx_states : Features, optional
        Polygons of the two countries. Without them the line alone decides, and no side is blank.
    precision_m : (n,) float64, optional
        Radius within which each location is known; NaN where unknown.
    line_precision_m : float, optional
        How far the line may be from the true border; else the largest ``precision_p99_m`` of `border`; else 0.

    Returns
    -------
    dict of n-row arrays
        ``side`` (US, MX or null), ``border_distance_m``, ``side_certain``; see the module notes.

    Raises
    ------
    JoinError
        If `border` has no line.
    """
    pieces = cut(_eastward(border.geometry))
    if len(pieces) == 0:
        raise JoinError("the border has no line: it must be LineStrings from west to east")
    feet = nearest_on_lines(lon, lat, pieces)
    side = _by_line(lat, feet, pieces.chainage_m[-1] + pieces.length_m[-1], int(pieces.line[-1]))
    if us_states is not None and mx_states is not None:
        far = np.flatnonzero(feet.distance_m > STRIP_M)
        side[far] = _by_polygons(lon[far], lat[far], us_states.geometry, mx_states.geometry)
    line_m = line_precision_m if line_precision_m is not None else _precision_m(border)
    known = np.full(len(lon), np.nan) if precision_m is None else np.where(precision_m >= 0, precision_m, np.nan)
    # Without a precision of its own a location is taken to be exact, where even that leaves the side open.
    certain = feet.distance_m > np.nan_to_num(known, nan=0.0) + line_m
    return {
        "side": _SIDES.take(pa.array(side + 1, mask=side == _NEITHER)),
        "border_distance_m": pa.array(feet.distance_m, from_pandas=True),
        "side_certain": pa.array(certain, mask=(side == _NEITHER) | (certain & np.isnan(known))),
    }


def _eastward(lines: ObjectArray) -> ObjectArray:
    """Return the lines, each from its western to its eastern end, the westernmost first."""
    import shapely

    parts = shapely.get_parts(lines[~shapely.is_missing(lines)])
    parts = parts[shapely.get_dimensions(parts) == 1]
    merged = shapely.line_merge(shapely.multilinestrings(parts))
    parts = shapely.get_parts(merged)
    turned = [line.reverse() if line.coords[0][0] > line.coords[-1][0] else line for line in parts]
    return np.array(sorted(turned, key=lambda line: line.coords[0][0]), dtype=object)


def _precision_m(border: Features) -> float:
    if PRECISION not in border.table.column_names:
        return 0.0
    return float(np.nan_to_num(np.nanmax(numbers(border.table, PRECISION), initial=0.0)))


def _by_line(lat: FloatArray, feet: Feet, length_m: float, last: int) -> IntArray:
    """Return the side of the line, and beyond its two ends the side of the parallel through them."""
    side = feet.side.copy()
    with np.errstate(invalid="ignore"):
        before, after = feet.chainage_m <= TIE_M, feet.chainage_m >= length_m - TIE_M
    beyond = np.flatnonzero((feet.line == 0) & before | (feet.line == last) & after)
    side[beyond] = np.sign(lat[beyond] - feet.lat[beyond])
    return side


def _by_polygons(lon: FloatArray, lat: FloatArray, us: ObjectArray, mx: ObjectArray) -> IntArray:
    """Return the country of each point by its polygon, else by the coast within the territorial sea."""
    states, _ = valid_polygons(np.concatenate([us, mx]))
    state = first_polygon(lon, lat, states)
    side = _country(state, len(us))
    stray = np.flatnonzero((side == _NEITHER) & ~_on_foreign_land(lon, lat))
    coast = _coast_near(states, lon[stray], lat[stray])
    feet = nearest_on_lines(lon[stray], lat[stray], cut(coast))
    with np.errstate(invalid="ignore"):
        at_sea = feet.distance_m <= TERRITORIAL_SEA_M
    side[stray[at_sea]] = _country(feet.line[at_sea], len(us))
    return side


def _coast_near(states: ObjectArray, lon: FloatArray, lat: FloatArray) -> ObjectArray:
    """Return the outlines of the states that have a point within half a degree of their box; None for the others."""
    import shapely

    outlines = np.full(len(states), None, dtype=object)
    for i, (west, south, east, north) in enumerate(shapely.bounds(states)):
        near = (lon >= west - 0.5) & (lon <= east + 0.5) & (lat >= south - 0.5) & (lat <= north + 0.5)
        if near.any():
            outlines[i] = shapely.boundary(states[i])
    return outlines


def _country(state: IntArray, us: int) -> IntArray:
    return np.where(state < 0, _NEITHER, np.where(state < us, _US, _MX))


def _on_foreign_land(lon: FloatArray, lat: FloatArray) -> BoolArray:
    inside = np.zeros(len(lon), dtype=bool)
    for west, south, east, north in _FOREIGN_LAND:
        inside |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside
