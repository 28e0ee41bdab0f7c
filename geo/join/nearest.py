"""Nearest site and runner-up on the ellipsoid: which port, how far, in which direction, and how surely.

Every site that can be nearest or second is measured with :class:`pyproj.Geod` (see :mod:`geo.join.search` for
why none is missed), so the answer is that of measuring all pairs.

**How surely.** A location recorded to within p metres may lie anywhere in a disc of that radius. The answer
could change if the disc reaches over the line on which some other site is equally near: the bisector. In space
that is a plane, and from a point at straight distances D1 and Dj from the two sites, which are L apart, it is
``(Dj² - D1²) / 2L`` metres away, less than along the surface. `port_certain` is true where this exceeds p for
every other site. That holds wherever the runner-up is more than 2p farther than the nearest, and also for many
points far inland, from where two ports lie in the same direction and no step of p metres swaps them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from geo import geodesy
from geo.errors import JoinError
from geo.join.identity import identity, names
from geo.join.search import TIE_M, ShortLists, Targets, first_smallest, in_chunks, short_lists
from geo.table import BoolArray, FloatArray, IntArray, numbers


@dataclass(frozen=True, eq=False)
class Nearest:
    """What :func:`nearest_sites` finds; one element a point."""

    site: IntArray
    """Index of the nearest site, -1 where the point has no place or there is no site."""
    distance_m: FloatArray
    bearing_deg: FloatArray
    """From the site to the point, clockwise from true north; NaN on the site."""
    second: IntArray
    """Index of the runner-up, -1 where there is none or it was not asked for."""
    second_distance_m: FloatArray
    certain: BoolArray
    """False where the precision could change the answer; means nothing where it is unknown."""


def nearest_sites(
    lon: FloatArray,
    lat: FloatArray,
    site_lon: FloatArray,
    site_lat: FloatArray,
    *,
    runner_up: bool = True,
    precision_m: FloatArray | None = None,
) -> Nearest:
    """Find for each point the geodesically nearest site and the runner-up.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, degrees; NaN where there is none.
    site_lon, site_lat : (m,) float64
        Sites, degrees; those with NaN are passed over.
    runner_up : bool
        False saves time where only the nearest is wanted.
    precision_m : (n,) float64, optional
        Radius within which each point truly lies; NaN where unknown.

    Notes
    -----
    Of sites equally far (within a millimetre) the first in their order is nearest.
    """
    n = len(lon)
    found = Nearest(
        site=np.full(n, -1, dtype=np.int64),
        distance_m=np.full(n, np.nan),
        bearing_deg=np.full(n, np.nan),
        second=np.full(n, -1, dtype=np.int64),
        second_distance_m=np.full(n, np.nan),
        certain=np.ones(n, dtype=bool),
    )
    placed = np.flatnonzero(np.isfinite(site_lon) & np.isfinite(site_lat))
    if len(placed) == 0:
        return found
    x, y = site_lon[placed], site_lat[placed]
    where = geodesy.ecef(x, y)
    targets = Targets(start=where, chord=np.zeros_like(where), stray_m=np.zeros(len(placed)))

    def work(rows: IntArray) -> None:
        precision = None if precision_m is None else np.nan_to_num(precision_m[rows], nan=0.0, posinf=4e7)
        points = geodesy.ecef(lon[rows], lat[rows])
        reach = None if precision is None else 2 * np.maximum(precision, 0.0)
        count = 2 if runner_up else 1
        wide = short_lists(points, targets, count=count, reach_m=reach)
        lists = wide if precision is None else wide.rivals(count)
        row, target = lists.row, lists.target
        away, _, distance = geodesy.inverse(x[target], y[target], lon[rows][row], lat[rows][row])
        best = first_smallest(distance, lists.first[:-1], row)
        found.site[rows] = placed[target[best]]
        found.distance_m[rows] = distance[best]
        found.bearing_deg[rows] = np.where(distance[best] > 0, away[best], np.nan)
        if precision is not None:
            found.certain[rows] = _certain(wide, where, target[best], precision)
        if runner_up and len(placed) > 1:
            nearest = distance[best]
            distance[best] = np.inf
            best = first_smallest(distance, lists.first[:-1], row)
            found.second[rows] = placed[target[best]]
            # Of two sites tied within TIE_M the later one may be nearer by less than that.
            found.second_distance_m[rows] = np.maximum(distance[best], nearest)

    in_chunks(lon, lat, work)
    return found


def _certain(lists: ShortLists, where: FloatArray, site: IntArray, precision_m: FloatArray) -> BoolArray:
    """Tell for which points no bisector towards another site lies within the precision."""
    row, target, distance = lists.row, lists.target, lists.distance_m
    own = site[row]
    is_own = target == own
    nearest = distance[is_own]
    # What the arcs could differ by where the chords are equal moves the bisector: count it against the point.
    far = nearest + precision_m
    doubt = geodesy.longest_rival_chord(far) - far + TIE_M
    gap = (distance - nearest[row]) * (distance + nearest[row]) - 2 * distance * doubt[row]
    apart = where[:, target] - where[:, own]
    width = 2 * np.sqrt((apart * apart).sum(axis=0))
    swaps = ~is_own & (gap <= precision_m[row] * width)
    return ~np.logical_or.reduceat(swaps, lists.first[:-1])


def nearest_port(
    lon: FloatArray, lat: FloatArray, ports: pa.Table, precision_m: FloatArray | None = None
) -> dict[str, pa.Array]:
    """Join each point to its nearest port of entry.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, WGS84 degrees; NaN where there is none.
    ports : pyarrow.Table
        Columns ``longitude``, ``latitude``, an identity (``port_code``, see :mod:`geo.join.identity`) and
        ``port_name`` or ``name``.
    precision_m : (n,) float64, optional
        Radius within which each location is known; NaN where unknown.

    Returns
    -------
    dict of n-row arrays
        ``port_code, port_name, port_distance_m, port_bearing_deg`` (from the port to the point, blank on the
        port), ``port_second_code, port_second_distance_m, port_certain`` (false where the location's precision
        could change the answer, blank where it is unknown).

    Raises
    ------
    JoinError
        If the table has no longitude and latitude.
    """
    missing = {"longitude", "latitude"} - set(ports.column_names)
    if missing:
        raise JoinError(f"the ports have no column {' and '.join(sorted(missing))}: name it with --column")
    found = nearest_sites(lon, lat, numbers(ports, "longitude"), numbers(ports, "latitude"), precision_m=precision_m)
    code, name = identity(ports, "port"), names(ports, "port")
    known = np.zeros(len(lon), dtype=bool) if precision_m is None else precision_m >= 0
    index = pa.array(found.site, mask=found.site < 0)
    second = pa.array(found.second, mask=found.second < 0)
    return {
        "port_code": code.take(index),
        "port_name": name.take(index),
        "port_distance_m": pa.array(found.distance_m, from_pandas=True),
        "port_bearing_deg": pa.array(found.bearing_deg, from_pandas=True),
        "port_second_code": code.take(second),
        "port_second_distance_m": pa.array(found.second_distance_m, from_pandas=True),
        "port_certain": pa.array(found.certain, mask=~known | (found.site < 0)),
    }
