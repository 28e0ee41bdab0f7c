"""The nearest polygon: none away inside it, else by the geodesic distance to its outline.

Only outlines that border on nothing need to be measured: a point outside of all polygons cannot be nearer to an
edge that has polygons on both sides than to the outer edge it would have to cross first. In a map of municipalities
that leaves the coast and the border, a few thousand edges of fifty thousand.

Which polygon a point lies in is decided in degrees, edges straight, as the polygons are drawn; the distance to an
edge is measured as if it were a geodesic. For edges of a few kilometres the two are the same to centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo.join.lines import Pieces, cut, nearest_on_lines
from geo.join.polygon import first_polygon, valid_polygons
from geo.table import BoolArray, FloatArray, IntArray, ObjectArray


@dataclass(frozen=True, eq=False)
class Outlines:
    """Polygons made ready to be searched.

    Parameters
    ----------
    shapes : (m,) object array of shapely polygons
        WGS84 degrees. Invalid rings are made valid; None, empty ones and what is no polygon are never nearest.
    """

    shapes: ObjectArray

    def nearest(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, FloatArray]:
        """Find the nearest polygon of each point.

        Parameters
        ----------
        lon, lat : (n,) float64
            Points, degrees; NaN where there is none.

        Returns
        -------
        index : (n,) int64
            The first in order of those that hold the point (boundary included), else of those nearest within a
            millimetre; -1 where the point has no place or there is no polygon.
        distance_m : (n,) float64
            0 inside; NaN where index is -1.
        """
        index = np.full(len(lon), -1, dtype=np.int64)
        distance = np.full(len(lon), np.nan)
        placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        index[placed] = first_polygon(lon[placed], lat[placed], self._valid)
        distance[index >= 0] = 0.0
        outside = placed[index[placed] < 0]
        if len(outside):
            feet = nearest_on_lines(lon[outside], lat[outside], self._pieces)
            index[outside], distance[outside] = feet.line, feet.distance_m
        return index, distance

    @cached_property
    def _valid(self) -> ObjectArray:
        return valid_polygons(self.shapes)[0]

    @cached_property
    def _pieces(self) -> Pieces:
        import shapely

        edges, owner = _outer_edges(self._valid)
        lines = np.full(len(self._valid), None, dtype=object)
        if len(edges):
            shapely.multilinestrings(shapely.linestrings(edges), indices=owner, out=lines)
        # Edges in a row become one line again: fewer parts to cut.
        return cut(shapely.line_merge(lines))


def _outer_edges(shapes: ObjectArray) -> tuple[FloatArray, IntArray]:
    """Return edges (k, 2, 2) that no other polygon has on its far side, and the polygon of each, in order.

    Neighbours that fit have common edges, which their rings, all turned the same way, run in opposite directions.
    Where they do not fit, an edge between them stays and costs time, but changes nothing.
    """
    import shapely

    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    _, vertex = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    a, b = vertex[start], vertex[start + 1]
    backwards = _runs_backwards(rings, part)[ring[start]]
    ahead = np.where(backwards, b, a) * len(xy) + np.where(backwards, a, b)
    back = np.where(backwards, a, b) * len(xy) + np.where(backwards, b, a)
    outer = start[~np.isin(ahead, back)]
    return np.stack([xy[outer], xy[outer + 1]], axis=1), owner[part[ring[outer]]]


def _runs_backwards(rings: ObjectArray, part: IntArray) -> BoolArray:
    """Tell which rings have their polygon to the right: clockwise shells, and holes that are not."""
    import shapely

    shell = np.r_[True, part[1:] != part[:-1]][: len(part)]
    return np.asarray(shapely.is_ccw(rings) != shell)
