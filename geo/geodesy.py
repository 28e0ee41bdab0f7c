"""Lengths, directions, offsets and areas on the WGS84 ellipsoid; arrays in, arrays out.

Answers come from Karney's algorithms (:class:`pyproj.Geod`), accurate to nanometres. To find out *which* of many
things to measure, the joins compare straight chords between earth-centred coordinates, which is far cheaper.
How far a chord may mislead is bounded on both sides.

**Chord and arc.** Let `s` be the length of the shortest path between two points of the ellipsoid and `c` that
of the straight chord. All radii of curvature of the surface lie between ``r = b²/a`` (6,335.4 km, along the
meridian at the equator) and ``R = a²/b`` (6,399.6 km, at the poles). Then ::

    2 R asin(c / 2R)  <=  s  <=  2 r asin(c / 2r)

*Upper bound*: a geodesic bends in space only as its surface does, at most by 1/r; by Schur's theorem the chord
of an arc of length s whose curvature is at most 1/r is no shorter than that of a circle of radius r.
*Lower bound*: as all curvatures are at least 1/R, the surface lies inside the ball of radius R that touches it
at any of its points (Blaschke). For a start point x and the end point p of an arc, with inward unit normal n at
p, being inside that ball says ``c² <= 2R (x - p)·n``; so the chord leaves the tangent plane at p by a sine of at
least c/2R, and the chord grows along the arc by ``dc/ds <= sqrt(1 - (c/2R)²)``, that is, ``c <= 2R sin(s/2R)``.
The two bounds are 2 cm apart at 100 km, 2.6 m at 500 km and 21 m at 1,000 km.

**Edges.** An edge of a line is the geodesic between its vertices. Cut into pieces of at most h metres, it
strays from the chords of its pieces by no more than the sagitta ``h²/8r``: 2 cm for 1 km, 2 m for 10 km.

References
----------
Karney, C.F.F. (2013). Algorithms for geodesics. Journal of Geodesy 87. doi:10.1007/s00190-012-0578-z
Chern, S.S. (1967). Curves and surfaces in Euclidean space. Studies in Global Geometry and Analysis (Schur).
Blaschke, W. (1916). Kreis und Kugel, section 24 (rolling theorem).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geo.errors import JoinError
from geo.table import FloatArray, IntArray, ObjectArray

if TYPE_CHECKING:
    from pyproj import Geod
    from shapely.geometry.base import BaseGeometry

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)
MIN_RADIUS_M = SEMI_MINOR_M**2 / SEMI_MAJOR_M
"""Smallest radius of curvature of the ellipsoid."""
MAX_RADIUS_M = SEMI_MAJOR_M**2 / SEMI_MINOR_M
"""Largest radius of curvature of the ellipsoid."""


@cache
def wgs84() -> Geod:
    """Return the ellipsoid; made once, because importing pyproj costs more than most joins."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def inverse(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Measure the shortest path between pairs of points.

    Parameters
    ----------
    lon1, lat1, lon2, lat2
        (n,) float64, degrees; a scalar goes with every element of the others.

    Returns
    -------
    azimuth_deg : (n,) float64
        Direction at the first point towards the second, clockwise from true north, 0 <= azimuth < 360.
    back_azimuth_deg : (n,) float64
        Direction at the second point towards the first, likewise.
    distance_m : (n,) float64
        NaN where a coordinate is NaN, and so are the azimuths.
    """
    a, b, c, d = (
        np.array(v, dtype=np.float64) for v in np.broadcast_arrays(lon1, lat1, lon2, lat2)
    )  # copies: pyproj works in place
    forth, back, distance = wgs84().inv(a, b, c, d, inplace=True)
    return np.mod(forth, 360.0), np.mod(back, 360.0), np.asarray(distance)


def distance_m(lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike) -> FloatArray:
    """Return the geodesic distance between pairs of points in metres; arguments as in :func:`inverse`."""
    return inverse(lon1, lat1, lon2, lat2)[2]


def direct(
    lon: npt.ArrayLike, lat: npt.ArrayLike, azimuth_deg: npt.ArrayLike, length_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Walk `length_m` metres along the geodesic that leaves each point at `azimuth_deg`.

    Returns
    -------
    lon, lat : (n,) float64, degrees
        Where each walk ends.
    azimuth_deg : (n,) float64
        The direction of walking there, clockwise from true north.
    """
    a, b, c, d = (np.array(v, dtype=np.float64) for v in np.broadcast_arrays(lon, lat, azimuth_deg, length_m))
    end_lon, end_lat, back = wgs84().fwd(a, b, c, d)
    return np.asarray(end_lon), np.asarray(end_lat), np.mod(np.asarray(back) + 180.0, 360.0)


def ecef(lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Return earth-centred coordinates (3, n) in metres of points on the ellipsoid."""
    lam, phi = np.radians(lon), np.radians(lat)
    sin, cos = np.sin(phi), np.cos(phi)
    normal = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_2 * sin * sin)
    across = normal * cos
    return np.stack([across * np.cos(lam), across * np.sin(lam), normal * (1 - ECCENTRICITY_2) * sin])


def geodetic(xyz: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude of earth-centred points (3, n) that lie on the ellipsoid.

    A point h metres above it comes out up to ``0.0034 h`` metres off, no matter for the centimetres by which
    the pieces of :mod:`geo.join.lines` leave the surface.
    """
    x, y, z = xyz
    lon = np.degrees(np.arctan2(y, x))
    lat = np.degrees(np.arctan2(z, (1 - ECCENTRICITY_2) * np.sqrt(x * x + y * y)))
    return lon, lat


def east_north_up(xyz: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the unit vectors (3, n) that point east, north and up where earth-centred points (3, n) stand."""
    x, y, z = xyz
    across = np.sqrt(x * x + y * y)
    cos_lam, sin_lam = x / np.maximum(across, 1e-9), y / np.maximum(across, 1e-9)
    rise = z / (1 - ECCENTRICITY_2)
    slope = np.sqrt(across * across + rise * rise)
    cos_phi, sin_phi = across / slope, rise / slope
    east = np.stack([-sin_lam, cos_lam, np.zeros_like(x)])
    north = np.stack([-sin_phi * cos_lam, -sin_phi * sin_lam, cos_phi])
    return east, north, np.stack([cos_phi * cos_lam, cos_phi * sin_lam, sin_phi])


def longest_rival_chord(chord_m: FloatArray) -> FloatArray:
    """Return the longest chord whose arc could be as short as the arc over `chord_m`.

    Whoever is farther away than this in a straight line is farther away on the surface, too (module notes);
    infinite for chords near the diameter of the earth, where the bound says nothing.
    """
    half = np.asarray(chord_m) / (2 * MIN_RADIUS_M)
    with np.errstate(invalid="ignore"):
        angle = np.arcsin(np.minimum(half, 1.0)) * (MIN_RADIUS_M / MAX_RADIUS_M)
        bound = 2 * MAX_RADIUS_M * np.sin(angle)
    # A micrometre and 1e-12 for the rounding of coordinates of 6e6 m.
    return np.where(half < 1.0, bound * (1 + 1e-12) + 1e-6, np.inf)


def shortest_arc_m(chord_m: FloatArray) -> FloatArray:
    """Return the lower bound of the geodesic distance over chords of `chord_m` metres."""
    return np.asarray(2 * MAX_RADIUS_M * np.arcsin(np.minimum(np.asarray(chord_m) / (2 * MAX_RADIUS_M), 1.0)))


def sagitta_m(piece_m: FloatArray) -> FloatArray:
    """Return how far a geodesic of `piece_m` metres can stray from its chord, at most."""
    return np.asarray(piece_m) ** 2 / (8 * MIN_RADIUS_M)


def chainages_m(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the distance of each vertex (n,) from the first one, along the geodesic edges."""
    edges = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.concatenate([[0.0], np.cumsum(edges)]) if len(lon) else np.zeros(0)


def line_length_m(lon: FloatArray, lat: FloatArray) -> float:
    """Return the length of a polyline with geodesic edges in metres."""
    return float(chainages_m(lon, lat)[-1]) if len(lon) else 0.0


@dataclass(frozen=True, eq=False)
class Stations:
    """Pieces of the edges of a polyline, one element a piece."""

    lon: FloatArray
    """Degrees, at the start of the piece; so are `lat` and `azimuth_deg`, the way ahead."""
    lat: FloatArray
    azimuth_deg: FloatArray
    end_lon: FloatArray
    end_lat: FloatArray
    end_azimuth_deg: FloatArray
    length_m: FloatArray
    edge: IntArray
    """Index of the vertex at which the edge begins."""
    at_m: FloatArray
    """From that vertex to the start of the piece."""


def stations(lon: FloatArray, lat: FloatArray, step_m: float) -> Stations:
    """Cut the geodesic edges of a polyline (n,) into equal pieces of at most `step_m` metres.

    The chords of the pieces stray from the edges by ``sagitta_m(step_m)`` at most (module notes). An edge of no
    length gives no piece.
    """
    azimuth, back, length = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:])
    edges = np.flatnonzero(length > 0)
    cuts = np.ceil(length[edges] / step_m).astype(np.int64)
    edge = np.repeat(edges, cuts)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(cuts) - cuts, cuts)
    piece = length[edge] / np.repeat(cuts, cuts)
    first, last = number == 0, number == np.repeat(cuts, cuts) - 1
    start_lon, start_lat, way = direct(lon[edge], lat[edge], azimuth[edge], piece * number)
    arrival = np.mod(back + 180.0, 360.0)

    def ends(values: FloatArray, at_end: FloatArray) -> FloatArray:
        """Return what holds at the end of each piece: what the next one starts with, or the edge's end."""
        return np.where(last, at_end[edge], np.roll(values, -1))

    return Stations(
        lon=np.where(first, lon[edge], start_lon),
        lat=np.where(first, lat[edge], start_lat),
        azimuth_deg=np.where(first, azimuth[edge], way),
        end_lon=ends(start_lon, lon[1:]),
        end_lat=ends(start_lat, lat[1:]),
        end_azimuth_deg=ends(way, arrival),
        length_m=piece,
        edge=edge,
        at_m=piece * number,
    )


def densify(lon: FloatArray, lat: FloatArray, step_m: float) -> tuple[FloatArray, FloatArray]:
    """Return the polyline with vertices added along its geodesic edges, none farther apart than `step_m`."""
    cut = stations(lon, lat, step_m)
    return np.append(cut.lon, lon[-1:]), np.append(cut.lat, lat[-1:])


def polygon_area_m2(geometry: BaseGeometry) -> float:
    """Return the area of a polygon or multipolygon whose edges are geodesics, holes left out, in m².

    Orientation of the rings does not matter. Lines and points have no area.
    """
    import shapely

    def ring(vertices: BaseGeometry) -> float:
        lon, lat = shapely.get_coordinates(vertices).T
        return abs(float(wgs84().polygon_area_perimeter(lon, lat)[0]))

    polygons = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and not p.is_empty]
    return sum(ring(p.exterior) - sum(ring(hole) for hole in p.interiors) for p in polygons)


def buffer(geometry: BaseGeometry, radius_m: float, tolerance_m: float = 0.5) -> BaseGeometry:
    """Return all places within `radius_m` of a point or a line with geodesic edges, caps round.

    Parameters
    ----------
    geometry
        Point, LineString or a Multi of them; WGS84 degrees.
    radius_m : float
        Up to about 500 km. Neither pole may lie inside; a result across the antimeridian has longitudes
        beyond 180.
    tolerance_m : float
        How far the outline may lie inside the true one.

    Raises
    ------
    JoinError
        For other geometries, or a radius that is not positive.

    Notes
    -----
    Circles about the vertices and strips of perpendicular geodesics beside the edges, united in longitude and
    latitude. Corners of the outline lie on the true one; between them it is straight in degrees, less than
    `tolerance_m` inside or outside because the corners are close.
    """
    import shapely

    parts = shapely.get_parts(geometry)
    if not radius_m > 0 or not all(p.geom_type in ("Point", "LineString") for p in parts):
        raise JoinError(f"a buffer needs points or lines and a positive radius, not {geometry.geom_type}, {radius_m}")
    pieces: list[ObjectArray] = []
    for part in parts:
        lon, lat = shapely.get_coordinates(part).T
        pieces.append(_circles(lon, lat, radius_m, tolerance_m))
        if len(lon) > 1:
            pieces.append(_strips(lon, lat, radius_m, tolerance_m))
    return shapely.union_all(np.concatenate(pieces)) if pieces else shapely.Polygon()


def _around(lon: FloatArray, centre: float) -> FloatArray:
    """Return longitudes within half a turn of `centre`, so that an outline does not jump by 360."""
    return np.asarray(centre + np.mod(lon - centre + 180.0, 360.0) - 180.0)


def _circles(lon: FloatArray, lat: FloatArray, radius_m: float, tolerance_m: float) -> ObjectArray:
    import shapely

    sides = max(16, int(np.ceil(np.pi / np.arccos(max(0.0, 1 - tolerance_m / radius_m)))))
    azimuth = np.arange(sides) * (360.0 / sides)
    x, y, _ = direct(lon[:, None], lat[:, None], azimuth, radius_m)
    return np.asarray(shapely.polygons(np.stack([_around(x, lon[0]), y], axis=-1)))


def _strips(lon: FloatArray, lat: FloatArray, radius_m: float, tolerance_m: float) -> ObjectArray:
    """Return one polygon a piece: its two ends, offset to the left and to the right."""
    import shapely

    # Straight in degrees strays from a geodesic of h metres by about h² tan(latitude) / 8 R.
    bend = max(0.1, float(np.abs(np.tan(np.radians(lat))).max()))
    cut = stations(lon, lat, float(np.sqrt(8 * MIN_RADIUS_M * tolerance_m / (2 * bend))))
    start, end = (cut.lon, cut.lat, cut.azimuth_deg), (cut.end_lon, cut.end_lat, cut.end_azimuth_deg)
    corners = []
    for (at_lon, at_lat, ahead), turn in ((start, -90.0), (start, 90.0), (end, 90.0), (end, -90.0)):
        x, y, _ = direct(at_lon, at_lat, ahead + turn, radius_m)
        corners.append(np.stack([_around(x, lon[0]), y], axis=-1))
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)))
