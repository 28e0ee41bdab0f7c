"""Which polygon a point lies in: the first in file order that it touches, one row out for each row in.

The boundary belongs to the polygon, so a point on a border shared by two gets the first of them, and no point is
counted twice. Edges are straight in longitude and latitude, as GeoJSON defines them and as the polygons were drawn;
the test is exact in the coordinates as given (GEOS computes orientations without rounding), on edges, corners and
the rims of holes. Rings that cross or touch themselves are made valid first, and that is logged.
"""

from __future__ import annotations

import logging

import numpy as np
import pyarrow as pa

from geo.errors import JoinError
from geo.join.identity import identity, names
from geo.join.search import chunks
from geo.table import Features, FloatArray, IntArray, ObjectArray

_log = logging.getLogger(__name__)

_BLOCK = 4096
"""Neighbouring points tested together: few polygons reach into the box around them."""
_FEW = 100
"""Polygons near a block that are asked one by one."""
_POLYGON, _MULTIPOLYGON = 3, 6


def valid_polygons(shapes: ObjectArray) -> tuple[ObjectArray, int]:
    """Return the polygons (n,) with invalid ones made valid, and how many those were.

    What is no polygon becomes None.
    """
    import shapely

    valid = np.array(shapes, dtype=object)
    kind = shapely.get_type_id(valid)
    valid[(kind != _POLYGON) & (kind != _MULTIPOLYGON)] = None
    bad = np.flatnonzero(~shapely.is_missing(valid) & ~shapely.is_valid(valid))
    valid[bad] = shapely.make_valid(valid[bad], method="structure", keep_collapsed=False)
    return valid, len(bad)


def first_polygon(lon: FloatArray, lat: FloatArray, polygons: ObjectArray) -> IntArray:
    """Return for each point the index of the first polygon that holds it, boundary included; -1 for none.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, degrees; NaN where there is none.
    polygons : (m,) object array
        Valid polygons (:func:`valid_polygons`); None is passed over.
    """
    import shapely

    index = np.full(len(lon), -1, dtype=np.int64)
    bounds = shapely.bounds(polygons)
    west, south, east, north = bounds.T
    shapely.prepare(polygons)
    for rows in chunks(lon, lat, _BLOCK):
        x, y = lon[rows], lat[rows]
        with np.errstate(invalid="ignore"):  # the bounds of None are NaN
            near = (west <= x.max()) & (east >= x.min()) & (south <= y.max()) & (north >= y.min())
        among = np.flatnonzero(near)
        find = _one_by_one if len(among) <= _FEW else _by_tree
        found = find(x, y, polygons[among], bounds[among])
        index[rows] = np.where(found < 0, -1, among[found]) if len(among) else -1
    return index


def _one_by_one(x: FloatArray, y: FloatArray, polygons: ObjectArray, bounds: FloatArray) -> IntArray:
    """Ask one polygon after the other for the points in its box that none before it holds."""
    import shapely

    found = np.full(len(x), -1, dtype=np.int64)
    for i, (west, south, east, north) in enumerate(bounds):
        maybe = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north) & (found < 0))
        found[maybe[shapely.intersects_xy(polygons[i], x[maybe], y[maybe])]] = i
    return found


def _by_tree(x: FloatArray, y: FloatArray, polygons: ObjectArray, _: FloatArray) -> IntArray:
    """Ask every polygon for its points in a tree of them: quicker where points are few and polygons many."""
    import shapely

    found = np.full(len(x), len(polygons), dtype=np.int64)
    polygon, point = shapely.STRtree(shapely.points(x, y)).query(polygons, predicate="intersects")
    np.minimum.at(found, point, polygon)
    return np.where(found == len(polygons), -1, found)


def within_areas(lon: FloatArray, lat: FloatArray, areas: Features, prefix: str = "area") -> dict[str, pa.Array]:
    """Join each point to the first polygon in file order that it touches.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, WGS84 degrees; NaN where there is none.
    areas : Features
        Polygons, with an identity and a name (see :mod:`geo.join.identity`).
    prefix : str
        What the columns are called.

    Returns
    -------
    dict of n-row arrays
        ``area_id, area_name`` (or another prefix); null outside all polygons.

    Raises
    ------
    JoinError
        If there are areas, but no polygon among them.
    """
    polygons, repaired = valid_polygons(areas.geometry)
    if len(areas) and all(shape is None for shape in polygons):
        raise JoinError(f"{prefix}: none of the {len(areas)} shapes is a polygon: areas must be polygons")
    if repaired:
        _log.warning(
            "%s: %d of %d polygons crossed or touched themselves and were made valid", prefix, repaired, len(areas)
        )
    index = first_polygon(lon, lat, polygons)
    found = pa.array(index, mask=index < 0)
    return {
        f"{prefix}_id": identity(areas.table, prefix).take(found),
        f"{prefix}_name": names(areas.table, prefix).take(found),
    }
