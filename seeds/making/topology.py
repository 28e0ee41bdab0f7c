"""Areas that share edges: cut into arcs, simplified once per arc, and put together again.

All areas of a build (US states, counties, Mexican states) are one network of lines. An arc between two junctions
belongs to every area that it bounds, so whatever is done to it is done to all of them: no gap and no overlap
can open between neighbours. Vertices close to a line of reference (the border) are never moved or dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import shapely

from geo.table import BoolArray, FloatArray, IntArray, ObjectArray

OWN = 0.5
"""A face belongs to the area that covers more than this share of it; else it is water and is left out."""


def arcs(areas: ObjectArray, grid_deg: float) -> ObjectArray:
    """Return the lines between junctions of all `areas`, each once, as (n,) LineStrings.

    Vertices are on the grid already; noding on it resolves the rings that rounding has made touch themselves.
    """
    noded = shapely.unary_union(shapely.boundary(areas), grid_size=grid_deg)
    lines: ObjectArray = shapely.get_parts(shapely.line_merge(noded))
    return lines


def simplified(lines: ObjectArray, tolerance_deg: FloatArray, fixed: Callable[[FloatArray], BoolArray]) -> ObjectArray:
    """Return `lines` with fewer vertices; ends, and vertices for which `fixed` is true, stay as they are.

    Parameters
    ----------
    lines : (n,) LineStrings
    tolerance_deg : (n,) float64
        Largest shift of each line, degrees.
    fixed
        Of (k, 2) longitudes and latitudes: which must stay.

    Notes
    -----
    Runs of free vertices with one tolerance are simplified together by the topology-preserving
    Douglas-Peucker of GEOS, which keeps them from crossing one another. Runs of different tolerance may cross
    where they are closer than the coarser one: those go back to what they were.
    """
    kept: list[shapely.LineString] = []
    free: dict[float, list[shapely.LineString]] = {}
    for line, tolerance in zip(lines, tolerance_deg, strict=True):
        xy = shapely.get_coordinates(line)
        for start, stop, is_fixed in _runs(fixed(xy)):
            piece = shapely.LineString(xy[start : stop + 1])
            (kept if is_fixed or len(piece.coords) == 2 else free.setdefault(float(tolerance), [])).append(piece)
    before, after = [*kept], [*kept]
    for tolerance, pieces in sorted(free.items()):
        together = shapely.simplify(shapely.MultiLineString(pieces), tolerance, preserve_topology=True)
        before += pieces
        after += shapely.get_parts(together).tolist()
    original, result = np.array(before, dtype=object), np.array(after, dtype=object)
    while True:
        crossing = _crossing(result)
        moved = crossing[~shapely.equals_exact(result[crossing], original[crossing])]
        if len(moved) == 0:
            return result
        result[moved] = original[moved]


def _crossing(lines: ObjectArray) -> IntArray:
    """Return the rows of lines that meet another elsewhere than at an end of both."""
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shared = shapely.intersection(lines[a], lines[b])
    ends = shapely.intersection(shapely.boundary(lines[a]), shapely.boundary(lines[b]))
    bad = ~shapely.equals(shared, ends)
    rows: IntArray = np.unique(np.concatenate([a[bad], b[bad]]))
    return rows


def _runs(mask: BoolArray) -> list[tuple[int, int, bool]]:
    """Return (first, last, fixed) vertex of each run of edges; an edge is fixed where both its ends are."""
    edges = mask[:-1] & mask[1:]
    cuts = np.flatnonzero(np.diff(edges)) + 1
    bounds = [0, *cuts.tolist(), len(edges)]
    return [(a, b, bool(edges[a])) for a, b in pairwise(bounds)]


def faces(lines: ObjectArray) -> ObjectArray:
    """Return every polygon that `lines` enclose."""
    parts: ObjectArray = shapely.get_parts(shapely.polygonize(lines))
    return parts


def owners(polygons: ObjectArray, areas: ObjectArray) -> Sequence[int]:
    """Return for each polygon the index of the area that covers most of it, or -1 where none covers half."""
    # Rounding to the grid can make a ring touch itself.
    areas = shapely.make_valid(areas)
    tree = shapely.STRtree(areas)
    face, area = tree.query(polygons, predicate="intersects")
    shared = shapely.area(shapely.intersection(polygons[face], areas[area]))
    share = np.zeros(len(polygons))
    owner = np.full(len(polygons), -1)
    for f, a, s in zip(face, area, shared / shapely.area(polygons)[face], strict=True):
        if s > max(share[f], OWN):
            share[f], owner[f] = s, a
    return [int(v) for v in owner]


def assembled(polygons: ObjectArray, owner: Sequence[int], count: int, smallest_deg2: float) -> ObjectArray:
    """Return (count,) areas, each the union of its polygons; parts under `smallest_deg2` are left out.

    The largest part of an area always stays.
    """
    held = np.asarray(owner)
    areas = np.empty(count, dtype=object)
    for i in range(count):
        whole = shapely.coverage_union_all(polygons[held == i])
        parts = shapely.get_parts(shapely.normalize(whole))
        size = shapely.area(parts)
        areas[i] = shapely.MultiPolygon(parts[(size >= smallest_deg2) | (size == size.max())].tolist())
    return areas
