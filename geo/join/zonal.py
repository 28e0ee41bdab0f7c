"""Statistics of a raster in polygons, partial cells respected.

A cell on the edge of a polygon counts by the share of it that lies inside (exactextract), so that small polygons,
which no cell centre hits, get their part, and polygons that tile a region share every cell out in full.

What is computed, over the cells with data only: `covered_cells` is the sum of the shares (a number of cells, with
a fraction); `sum` adds value times share; `mean` is the sum over covered_cells; `min` and `max` are over all cells
touched, however little. `area_weighted_mean` weighs each share by the true area of its cell: on a grid in degrees
cells shrink towards the pole, so `mean` leans north, and on a projected grid they do as the projection does.
That area is computed on the WGS84 ellipsoid.

How precise. Shares are single precision: a sum is good to about 1e-7 of itself, and slivers thinner than that part
of a cell are lost. `sum` takes a value as spread evenly within its cell: right for counts per cell, meaningless for
rates, where `area_weighted_mean` is meant. A coarse raster cannot tell what happens inside one cell, however exact
the shares. Overlapping polygons count what they share twice; what no polygon covers, and what a cell at the coast
has beyond it, is in no sum: the sums of a tiling are the raster's total less that. It can be much: of the deaths
of 2004 to 2010 on half-degree cells, the states of Mexico get little more than half, because most of the cell that
holds Ciudad Juárez lies in Texas and New Mexico.

Edges of polygons are straight in the reference system they were drawn in. Brought to a raster in another one they
get intermediate points, close enough that the edge is off by less than a thousandth of a cell.

References
----------
Baston, D. exactextract. https://github.com/isciences/exactextract
Snyder, J. P. (1987). Map projections: a working manual. USGS Professional Paper 1395, eq. 3-12 (authalic area).
"""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import CRSError, JoinError
from geo.geodesy import MIN_RADIUS_M
from geo.join.identity import identity
from geo.join.raster import Band, opened
from geo.table import Features, ObjectArray, column

STATISTICS = ("covered_cells", "sum", "mean", "min", "max", "area_weighted_mean")
"""Columns of the result after `id`."""

_EDGE_ERROR_CELLS = 1e-3
"""How far, in cells, an edge may stray from its true course when it is brought to a projected raster."""

_WGS84 = "EPSG:4326"

_METRES_PER_DEGREE = 111_700.0
"""The longest degree on the ellipsoid."""


def zonal(areas: Features, path: str | PathLike[str], edges_crs: str | None = None, band: int = 1) -> pa.Table:
    """Return statistics of a raster in each polygon.

    Parameters
    ----------
    areas
        Polygons; invalid rings are made valid. A row without geometry, or with an empty one, is kept.
    path
        Any raster that GDAL reads, in any reference system, not rotated.
    edges_crs
        Reference system in which the edges of the polygons are straight lines: that of the file they were drawn
        in, whose vertices alone are brought to longitude and latitude when it is read. None: in degrees.
    band
        1-based number of the band.

    Returns
    -------
    pyarrow.Table
        `id` (text) and `STATISTICS` (float64), one row an area in their order. covered_cells is 0 where an area
        meets no data, and null where it has no geometry; the others are null in both cases, never 0.

    Raises
    ------
    ReadError, CRSError, JoinError
        As `geo.join.raster.opened`; JoinError also for a rotated raster and for areas that are not polygons;
        CRSError where a polygon has no place in the raster's reference system.
    """
    from geo.join._exact import statistics

    shapes = _polygons(areas)
    values = np.full((len(STATISTICS), len(areas)), np.nan)
    with opened(path, band) as raster:
        _upright(raster)
        rows = np.flatnonzero([shape is not None for shape in shapes])
        placed = _in_raster_crs(shapes[rows], edges_crs or _WGS84, raster)
        values[:, rows] = statistics(placed, raster).T
    table = {"id": identity(areas.table)}
    return pa.table(table | {name: column(v) for name, v in zip(STATISTICS, values, strict=True)})


def _polygons(areas: Features) -> ObjectArray:
    """Return valid polygons, None where there is none."""
    import shapely

    shapes = np.array(areas.geometry, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    kind = shapely.get_type_id(shapes)  # -1 for None
    other = np.flatnonzero((kind != -1) & (kind != 3) & (kind != 6))
    if len(other):
        what = shapes[other[0]].geom_type
        raise JoinError(f"area {other[0] + 1} is a {what}; zonal statistics need polygons, so leave it out")
    bad = np.flatnonzero((kind != -1) & ~shapely.is_valid(shapes))
    # "structure" keeps what is inside some ring and drops lines and points that rings collapse to.
    shapes[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    shapes[shapely.is_empty(shapes)] = None
    return shapes


def _upright(raster: Band) -> None:
    transform = raster.dataset.transform
    if transform.b or transform.d:
        raise JoinError(f"{raster.path}: is rotated; straighten it first, e.g. with gdalwarp")


def _in_raster_crs(shapes: ObjectArray, edges_crs: str, raster: Band) -> ObjectArray:
    """Return the polygons in the raster's reference system, with points added where edges would stray."""
    import shapely
    from pyproj import CRS

    degrees, own, theirs = CRS.from_user_input(_WGS84), CRS.from_user_input(edges_crs), raster.crs
    if own != theirs and not (own.is_geographic and theirs.is_geographic):
        drawn = shapes if own == degrees else _moved(shapes, degrees, own, raster)
        shapes = _moved(shapely.segmentize(drawn, _longest_edge(own, raster)), own, theirs, raster)
    else:
        shapes = _moved(shapes, degrees, theirs, raster)
    return _all_turns(shapes, raster) if theirs.is_geographic else shapes


def _moved(shapes: ObjectArray, source: Any, target: Any, raster: Band) -> ObjectArray:
    """Return polygons with their vertices in another reference system."""
    import shapely
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        transformer = Transformer.from_crs(source, target, always_xy=True)
    except ProjError as error:
        raise CRSError(f"{raster.path}: its reference system has no known relation to the areas': {error}") from error
    moved = shapely.transform(
        shapes, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], errcheck=False))
    )
    lost = np.flatnonzero(~np.isfinite(shapely.bounds(moved)).all(axis=1))
    if len(lost):
        raise CRSError(f"{raster.path}: area {lost[0] + 1} has no place in its reference system; leave it out")
    return np.asarray(moved)


def _longest_edge(own: Any, raster: Band) -> float:
    """Return the edge length, in units of the polygons, that keeps within `_EDGE_ERROR_CELLS`.

    A straight edge of L metres bends by about L² / 8r when one reference system is exchanged for another.
    """
    unit = raster.crs.axis_info[0].unit_conversion_factor
    cell_m = min(abs(raster.dataset.transform.a), abs(raster.dataset.transform.e)) * (
        _METRES_PER_DEGREE if raster.crs.is_geographic else unit
    )
    edge_m = float(np.sqrt(8 * MIN_RADIUS_M * _EDGE_ERROR_CELLS * cell_m))
    return edge_m / (_METRES_PER_DEGREE if own.is_geographic else own.axis_info[0].unit_conversion_factor)


def _all_turns(shapes: ObjectArray, raster: Band) -> ObjectArray:
    """Repeat polygons a turn to the east or west where the raster's longitudes leave -180 to 180."""
    import shapely

    west, _, east, _ = raster.extent
    if west >= -180 - 1e-6 and east <= 180 + 1e-6:
        return shapes
    turns = [shapely.transform(shapes, lambda xy, t=t: np.add(xy, [t, 0.0])) for t in (-360.0, 360.0)]
    return np.array([shapely.union_all(same) for same in zip(shapes, *turns, strict=True)], dtype=object)
