"""In which state a point lies, and how far from one it is.

States are polygons handed in, so that what is computed here depends on nothing but its arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo.table import BoolArray, Features, FloatArray, IntArray, ObjectArray, side_by_side, texts

OWN = frozenset(("US", "MX", "USA", "MEX", "PRI"))
"""Codes of what is not another country."""
FAR_STATES = (
    (-180.0, 51.0, -129.0, 72.0), (172.0, 51.0, 180.0, 54.0), (-179.0, 18.0, -154.0, 29.0), (-67.6, 17.4, -64.4, 18.8),
)  # fmt: skip
"""Boxes around Alaska (on either side of the antimeridian), Hawaii, and Puerto Rico with the Virgin Islands: west,
south, east, north. They are in the country, and their polygons are not at hand."""
EEZ_M = 370_400.0
"""200 nautical miles: a seizure at sea within them of either country is in its waters."""


@dataclass(frozen=True, eq=False)
class Regions:
    """States of both countries, and other countries where their polygons are at hand.

    Parameters
    ----------
    codes : (m,) object
        ``US-TX``, ``MX-08``.
    names : (m,) object
        Names in English.
    polygons : (m,) object array of shapely polygons
        WGS84 degrees.
    countries, country_names
        The same of the other countries of the world; empty where they are not known.
    """

    codes: ObjectArray
    names: ObjectArray
    polygons: ObjectArray
    countries: ObjectArray
    country_names: ObjectArray

    @classmethod
    def of(cls, us_states: Features, mx_states: Features, countries: Features | None = None) -> Regions:
        """Return the regions of the embedded layers.

        Parameters
        ----------
        us_states, mx_states
            With columns ``code``, ``name`` and ``country``.
        countries
            With columns ``code`` and ``name``; those of the two countries themselves do not count.
        """
        codes: list[str] = []
        names: list[str] = []
        for layer, country in ((us_states, "US"), (mx_states, "MX")):
            codes += [f"{country}-{code}" for code in texts(layer.table, "code")]
            names += list(texts(layer.table, "name"))
        polygons = np.concatenate([us_states.geometry, mx_states.geometry])
        others = np.empty(0, dtype=object)
        other_names = np.empty(0, dtype=object)
        if countries is not None:
            foreign = np.array([code not in OWN for code in texts(countries.table, "code")], dtype=bool)
            others, other_names = countries.geometry[foreign], texts(countries.table, "name")[foreign]
        return cls(np.array(codes, object), np.array(names, object), polygons, others, other_names)

    @cached_property
    def coarse(self) -> ObjectArray:
        """The states simplified by 5 km: enough to tell how far out at sea a point is, and much faster."""
        import shapely

        return np.asarray(shapely.simplify(self.polygons, COARSE_DEG), dtype=object)


def containing(lon: FloatArray, lat: FloatArray, polygons: ObjectArray) -> IntArray:
    """Return the index of the polygon that each point lies in, -1 where in none.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees; NaN lies in none.
    polygons : (m,) object array of shapely polygons
    """
    import shapely

    found = np.full(len(lon), -1, dtype=np.int64)
    if not len(polygons):
        return found
    west, south, east, north = shapely.total_bounds(polygons)
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    if len(near) < MANY:
        found[near] = _one_by_one(lon[near], lat[near], polygons)
        return found
    # Prepared geometries must not be shared between threads: each has its own.
    parts = np.array_split(near, 1 + len(near) // AT_ONCE)
    own = [polygons, *(shapely.from_wkb(shapely.to_wkb(polygons)) for _ in parts[1:])]

    def look(at: int) -> IntArray:
        return _by_cells(lon[parts[at]], lat[parts[at]], own[at])

    for rows, index in zip(parts, side_by_side(look, range(len(parts))), strict=True):
        found[rows] = index
    return found


def _one_by_one(lon: FloatArray, lat: FloatArray, polygons: ObjectArray) -> IntArray:
    import shapely

    found = np.full(len(lon), -1, dtype=np.int64)
    shapely.prepare(polygons)
    for index, (west, south, east, north) in enumerate(shapely.bounds(polygons)):
        rows = np.flatnonzero((found < 0) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        if len(rows):
            inside = shapely.contains_xy(polygons[index], lon[rows], lat[rows])
            found[rows[inside]] = index
    return found


def _by_cells(lon: FloatArray, lat: FloatArray, polygons: ObjectArray) -> IntArray:
    """Return the same of many points: a cell that lies in one polygon, or touches none, settles all points in it."""
    import shapely

    west, south, cell = _cells(lon, lat, CELL_DEG)
    # A hair wider than the cell, so that rounding puts no point outside its box.
    boxes = shapely.box(west - 1e-9, south - 1e-9, west + CELL_DEG + 1e-9, south + CELL_DEG + 1e-9)
    shapely.prepare(polygons)
    polygon, box = shapely.STRtree(boxes).query(polygons, predicate="intersects")
    within = shapely.covers(polygons[polygon], boxes[box])
    settled = np.full(len(boxes), -1, dtype=np.int64)
    settled[box[within]] = polygon[within]
    found = settled[cell]
    touched = np.bincount(box, minlength=len(boxes))
    open_ = (touched > 1) | ((touched == 1) & (settled < 0))
    rows = np.flatnonzero(open_[cell])
    found[rows] = -1
    here = np.zeros(len(boxes), dtype=bool)
    for index in np.unique(polygon[open_[box]]):
        here[:] = False
        here[box[polygon == index]] = True
        some = rows[here[cell[rows]] & (found[rows] < 0)]
        inside = shapely.contains_xy(polygons[index], lon[some], lat[some])
        found[some[inside]] = index
    return found


def _cells(lon: FloatArray, lat: FloatArray, size_deg: float) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return (west, south) of the distinct cells that points lie in, and the cell of each point."""
    column, row = (np.floor(v / size_deg).astype(np.int64) for v in (lon, lat))
    first_column, first_row = column.min(), row.min()
    across = int(column.max() - first_column) + 1
    key = (row - first_row) * across + (column - first_column)
    cells = int(key.max()) + 1
    if cells <= MOST_CELLS:
        # Looking cells up is faster than sorting the points.
        there = np.zeros(cells, dtype=bool)
        there[key] = True
        distinct = np.flatnonzero(there)
        number = np.zeros(cells, dtype=np.int64)
        number[distinct] = np.arange(len(distinct))
        back = number[key]
    else:
        distinct, back = np.unique(key, return_inverse=True)
    west = (distinct % across + first_column) * size_deg
    return west, (distinct // across + first_row) * size_deg, back


def distance_m(lon: FloatArray, lat: FloatArray, polygons: ObjectArray) -> FloatArray:
    """Return the distance in metres of each point from the polygon of its row, 0 inside.

    The nearest point is sought in degrees and its distance taken on the ellipsoid, which overstates by a
    quarter at most at these latitudes: enough for telling a near miss from a wrong place.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees.
    polygons : (n,) object array of shapely polygons
    """
    import shapely
    from pyproj import Geod

    points = shapely.points(lon, lat)
    ends = shapely.get_coordinates(shapely.shortest_line(polygons, points)).reshape(-1, 2, 2)
    _, _, away = Geod(ellps="WGS84").inv(ends[:, 0, 0], ends[:, 0, 1], lon, lat)
    return np.asarray(away, dtype=np.float64)


def nearest_m(lon: FloatArray, lat: FloatArray, polygons: ObjectArray) -> FloatArray:
    """Return the distance in metres of each point from the nearest of `polygons`."""
    import shapely

    tree = shapely.STRtree(polygons)
    nearest = tree.nearest(shapely.points(lon, lat))
    return distance_m(lon, lat, polygons[nearest])


def _roughly_nearest_m(lon: FloatArray, lat: FloatArray, polygons: ObjectArray, within_deg: float) -> FloatArray:
    """Return `nearest_m`, of many points by cells of `CELL_DEG` instead: good to its half diagonal.

    Of many points those in cells within `within_deg` have 0.
    """
    import shapely

    if len(lon) < MANY:
        return nearest_m(lon, lat, polygons)
    west, south, back = _cells(lon, lat, CELL_DEG)
    lon, lat = west + CELL_DEG / 2, south + CELL_DEG / 2
    away = np.zeros(len(lon))
    # Most are in a river or at a coast: nothing there has to be measured.
    far = np.ones(len(lon), dtype=bool)
    shapely.prepare(polygons)
    far[shapely.STRtree(shapely.points(lon, lat)).query(polygons, predicate="dwithin", distance=within_deg)[1]] = False
    if far.any():
        away[far] = nearest_m(lon[far], lat[far], polygons)
    return away[back]


def abroad(lon: FloatArray, lat: FloatArray, state: IntArray, regions: Regions) -> tuple[BoolArray, ObjectArray]:
    """Return which points lie outside the two countries and their waters, and where they lie instead.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, all known.
    state : (n,) int
        Index of the state each point lies in, -1 where in none.
    regions
        States, and other countries where known.

    Returns
    -------
    outside : (n,) bool
    country : (n,) object
        Name of the country, None where unknown or not outside.
    """
    outside = np.zeros(len(lon), dtype=bool)
    country = np.full(len(lon), None, dtype=object)
    rows = np.flatnonzero(state < 0)
    if not len(rows):
        return outside, country
    foreign = containing(lon[rows], lat[rows], regions.countries)
    away = np.zeros(len(rows))
    for some, within_deg in ((foreign >= 0, COARSE_DEG_AWAY), (foreign < 0, EEZ_DEG_AWAY)):
        away[some] = _roughly_nearest_m(lon[rows[some]], lat[rows[some]], regions.coarse, within_deg)
    # Country outlines are coarse: near the line the states, which are not, decide.
    foreign_land = (foreign >= 0) & (away > COARSE_M)
    out = foreign_land | ((away > EEZ_M) & ~within_boxes(lon[rows], lat[rows], FAR_STATES))
    outside[rows[out]] = True
    known = out & (foreign >= 0)
    country[rows[known]] = regions.country_names[foreign[known]]
    return outside, country


def within_boxes(lon: FloatArray, lat: FloatArray, boxes: Sequence[tuple[float, float, float, float]]) -> BoolArray:
    """Return which points lie in any of `boxes` (west, south, east, north); NaN in none."""
    inside = np.zeros(len(lon), dtype=bool)
    with np.errstate(invalid="ignore"):
        for west, south, east, north in boxes:
            inside |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


CELL_DEG = 0.1
MANY = 2_000
"""Points from which on cells of 10 km are looked at first: whoever is far out at sea, or well inside a state, is
there anyway."""
COARSE_DEG_AWAY, EEZ_DEG_AWAY = 0.2, 3.2
"""Degrees that are at most 22.4 and 358 km, less than `COARSE_M` and `EEZ_M`: nothing within has to be measured."""
AT_ONCE = 400_000
"""Points put into states by one thread."""
MOST_CELLS = 1 << 23
"""Cells of a grid that is kept whole (64 MB)."""
COARSE_DEG = 0.05
COARSE_M = 25_000.0
"""Error of country outlines drawn for a map of the world."""


def state_codes(index: IntArray, regions: Regions) -> ObjectArray:
    """Return the codes of the states at `index`, None for -1."""
    padded = np.concatenate([regions.codes, np.array([None], dtype=object)])
    return np.asarray(padded[index], dtype=object)
