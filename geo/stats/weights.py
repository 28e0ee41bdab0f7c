"""Who is whose neighbour: contiguity of polygons, a table of pairs, or the nearest sites on the ellipsoid.

A neighbourhood is a sorted list of ordered pairs (focal, neighbour) of row numbers, nothing else: binary, without
self. Smoothing and hot-spot statistics need sums over it, which `numpy.bincount` gives in one pass, so that no
weights library has to be imported on the way to the map. `Neighbours.to_graph` hands the same pairs to libpysal,
for esda and for anyone who wants another statistic.

A unit without neighbours is an island. Islands are never dropped silently: `Neighbours.islands` names them and
every statistic says what it does with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo import geodesy
from geo.errors import StatisticError
from geo.table import BoolArray, FloatArray, IntArray, ObjectArray

_TIE_M = 1e-3
"""Sites whose distances differ by less than this are equally far (a geodesic is good to nanometres)."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Ordered pairs of neighbours among `n` units: binary, without self, without repeats.

    Parameters
    ----------
    n
        Number of units (rows).
    focal, neighbour : (m,) int64
        Row numbers, sorted by focal, then neighbour. Build with `from_pairs`, which sorts and checks.
    """

    n: int
    focal: IntArray
    neighbour: IntArray

    @property
    def counts(self) -> IntArray:
        """(n,) int64: how many neighbours each unit has, self not counted."""
        return np.bincount(self.focal, minlength=self.n).astype(np.int64)

    @property
    def islands(self) -> BoolArray:
        """(n,) bool: units without a neighbour."""
        return np.asarray(self.counts == 0)

    def sums(self, values: FloatArray) -> FloatArray:
        """Return (n,) float64, the sum of `values` over the neighbours of each unit; 0 for an island."""
        return np.bincount(self.focal, weights=values[self.neighbour], minlength=self.n).astype(np.float64)

    def among(self, keep: BoolArray) -> Neighbours:
        """Return the neighbourhood of the units where `keep` is true, renumbered 0, 1, ... in their order."""
        number = np.cumsum(keep) - 1
        both = keep[self.focal] & keep[self.neighbour]
        return Neighbours(
            int(keep.sum()),
            number[self.focal[both]].astype(np.int64),
            number[self.neighbour[both]].astype(np.int64),
        )

    def symmetric(self) -> Neighbours:
        """Return the neighbourhood in which i and j are neighbours where either was the other's."""
        return from_pairs(
            np.concatenate([self.focal, self.neighbour]),
            np.concatenate([self.neighbour, self.focal]),
            self.n,
        )

    def to_graph(self) -> Any:
        """Return the same pairs as a binary `libpysal.graph.Graph` over 0 ... n-1, for esda and others."""
        from libpysal.graph import Graph

        islands = np.flatnonzero(self.islands)
        # libpysal writes an island as a pair with itself of weight 0.
        focal = np.concatenate([self.focal, islands])
        neighbour = np.concatenate([self.neighbour, islands])
        weight = np.concatenate([np.ones(len(self.focal)), np.zeros(len(islands))])
        order = np.lexsort((neighbour, focal))
        return Graph.from_arrays(focal[order], neighbour[order], weight[order])


def from_pairs(focal: npt.ArrayLike, neighbour: npt.ArrayLike, n: int) -> Neighbours:
    """Return the neighbourhood that consists of the given pairs of row numbers.

    Pairs of a unit with itself are left out and repeats merged; a pair given in one direction only stays so.

    Raises
    ------
    StatisticError
        Where a row number is not one of 0 ... n-1.
    """
    a = np.asarray(focal, dtype=np.int64)
    b = np.asarray(neighbour, dtype=np.int64)
    if len(a) and (min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= n):
        raise StatisticError(f"a pair of neighbours names a row outside 0 to {n - 1}; rebuild the neighbours")
    key = np.unique((a * n + b)[a != b])
    return Neighbours(n, key // n if n else key, key % n if n else key)


def from_table(focal: Iterable[Any], neighbour: Iterable[Any], ids: Iterable[Any]) -> Neighbours:
    """Return the neighbourhood listed by a table of pairs of ids.

    Parameters
    ----------
    focal, neighbour
        One pair of ids a row. What one direction says is taken as it stands; see `Neighbours.symmetric`.
    ids
        The units, in the order of the rows that the statistics will get.

    Raises
    ------
    StatisticError
        Names the ids that repeat, and the ids of the table that are not among the units.
    """
    units = list(ids)
    row = {unit: i for i, unit in enumerate(units)}
    if len(row) < len(units):
        repeated = next(unit for i, unit in enumerate(units) if row[unit] != i)
        raise StatisticError(f"unit {repeated} is there more than once; neighbours need one row a unit")
    a, b = list(focal), list(neighbour)
    unknown = sorted({str(unit) for unit in (*a, *b) if unit not in row})
    if unknown:
        raise StatisticError(
            f"{len(unknown)} ids of the neighbour table are not among the units "
            f"(first {', '.join(unknown[:3])}); check that both write their codes alike"
        )
    return from_pairs([row[unit] for unit in a], [row[unit] for unit in b], len(units))


def queen(polygons: ObjectArray, gap_deg: float = 0.0) -> Neighbours:
    """Return the queen contiguity of polygons: neighbours share at least one point.

    Parameters
    ----------
    polygons : (n,) object array of shapely polygons
        One coordinate system; invalid rings are made valid first. None and empty polygons become islands.
    gap_deg
        Polygons no further apart than this (in the units of the coordinates) also count, for borders that do not
        fit exactly.

    Notes
    -----
    An STRtree gives the pairs whose boxes meet and GEOS decides each. Contiguity by common vertices, as in
    libpysal's default, is faster but loses neighbours where one side of a border has fewer vertices than the
    other; the tests compare the two on a lattice, where they must agree.
    """
    import shapely

    shapes = np.array(polygons, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    bad = np.flatnonzero(there & ~shapely.is_valid(shapes))
    shapes[bad] = shapely.make_valid(shapes[bad])
    rows = np.flatnonzero(there)
    tree = shapely.STRtree(shapes[rows])
    if gap_deg > 0:
        a, b = tree.query(shapes[rows], predicate="dwithin", distance=gap_deg)
    else:
        a, b = tree.query(shapes[rows], predicate="intersects")
    return from_pairs(rows[a], rows[b], len(shapes))


def nearest_sites(longitude: FloatArray, latitude: FloatArray, k: int, symmetric: bool = False) -> Neighbours:
    """Return the k nearest other sites of each site, by geodesic distance on WGS84.

    Parameters
    ----------
    longitude, latitude : (n,) float64, degrees
        NaN where a unit has no site: it becomes an island and nobody's neighbour.
    k
        Neighbours of each site. Sites exactly as far as the k-th (within 1 mm) are all taken, so that the answer
        does not hang on the order of the rows; with no more than k others, all others are.
    symmetric
        Add the reverse of every pair; a unit may then have more than k.

    Raises
    ------
    StatisticError
        Where k is below 1.

    Notes
    -----
    Candidates come from a KD-tree of earth-centred coordinates, in a ball that cannot miss one (the bound of
    `geo.geodesy.longest_rival_chord`); pyproj.Geod ranks them. Time grows as n (log n + k).
    """
    from scipy.spatial import cKDTree

    if k < 1:
        raise StatisticError(f"{k} nearest sites were asked for; take 1 or more")
    lon, lat = np.asarray(longitude, float), np.asarray(latitude, float)
    rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    others = min(k, len(rows) - 1)
    if others < 1:
        return from_pairs([], [], len(lon))
    xyz = geodesy.ecef(lon[rows], lat[rows]).T
    tree = cKDTree(xyz)
    chord_k_m = tree.query(xyz, k=others + 1)[0][:, -1]
    reach_m = np.minimum(geodesy.longest_rival_chord(chord_k_m), 2 * geodesy.SEMI_MAJOR_M) + _TIE_M
    found = tree.query_ball_point(xyz, reach_m)
    a = np.repeat(np.arange(len(rows)), [len(f) for f in found])
    b = np.concatenate([np.asarray(f, dtype=np.int64) for f in found])
    a, b = a[a != b], b[a != b]
    distance_m = geodesy.distance_m(lon[rows[a]], lat[rows[a]], lon[rows[b]], lat[rows[b]])
    order = np.lexsort((distance_m, a))
    a, b, distance_m = a[order], b[order], distance_m[order]
    start = np.searchsorted(a, np.arange(len(rows)))
    limit_m = distance_m[start + others - 1] + _TIE_M
    near = distance_m <= limit_m[a]
    pairs = from_pairs(rows[a[near]], rows[b[near]], len(lon))
    return pairs.symmetric() if symmetric else pairs
