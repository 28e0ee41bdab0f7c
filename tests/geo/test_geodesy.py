"""Lengths, bounds, offsets and areas on the ellipsoid, against closed forms and against pyproj.Geod."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import geodesy
from geo.errors import JoinError

MERIDIAN_QUADRANT_M = 10_001_965.729
SURFACE_M2 = 510_065_621_724_089.0  # of the WGS84 ellipsoid

longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
places = st.tuples(longitudes, latitudes)


def test_known_lengths_and_directions():
    azimuth, back, length = geodesy.inverse([0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 90.0])
    np.testing.assert_allclose(length, [np.radians(1) * geodesy.SEMI_MAJOR_M, MERIDIAN_QUADRANT_M], atol=1e-3)
    np.testing.assert_allclose(azimuth, [90.0, 0.0], atol=1e-9)
    assert back[0] == pytest.approx(270.0)


def test_inverse_broadcasts_and_leaves_its_arguments_alone():
    lon = np.array([1.0, 2.0])
    length = geodesy.distance_m(lon, np.zeros(2), 0.0, 0.0)
    assert length[1] == pytest.approx(2 * length[0])
    assert lon.tolist() == [1.0, 2.0]


def test_nowhere_has_no_distance():
    assert np.isnan(geodesy.inverse([np.nan], [0.0], [1.0], [1.0])).all()


@given(places, st.floats(0, 360), st.floats(1, 1e6))
def test_direct_undoes_inverse(start, azimuth, length):
    lon, lat, onward = geodesy.direct(*start, azimuth, length)
    _, back, again = geodesy.inverse(*start, lon, lat)
    assert again == pytest.approx(length, abs=1e-6)
    if abs(lat) < 89 and abs(start[1]) < 89:
        assert (back + 180 - onward + 180) % 360 - 180 == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("lon", "lat", "xyz"),
    [
        (0, 0, (geodesy.SEMI_MAJOR_M, 0, 0)),
        (90, 0, (0, geodesy.SEMI_MAJOR_M, 0)),
        (0, 90, (0, 0, geodesy.SEMI_MINOR_M)),
    ],
)
def test_ecef_of_the_axes(lon, lat, xyz):
    np.testing.assert_allclose(geodesy.ecef([lon], [lat])[:, 0], xyz, atol=1e-8)


@given(places)
def test_geodetic_undoes_ecef(place):
    lon, lat = geodesy.geodetic(geodesy.ecef(*([v] for v in place)))
    assert geodesy.distance_m(*place, lon, lat)[0] < 1e-6


def test_east_north_up_stand_square_on_the_surface():
    lon, lat = np.array([-110.0, 20.0, 179.0]), np.array([31.0, -60.0, 0.0])
    here = geodesy.ecef(lon, lat)
    east, north, up = geodesy.east_north_up(here)
    np.testing.assert_allclose((east * north).sum(0), 0, atol=1e-15)
    np.testing.assert_allclose(np.cross(east, north, axis=0), up, atol=1e-15)
    for azimuth, way in ((90.0, east), (0.0, north)):
        there = geodesy.ecef(*geodesy.direct(lon, lat, azimuth, 1.0)[:2])
        np.testing.assert_allclose(there - here, way, atol=1e-6)


@given(places, places)
def test_an_arc_lies_between_its_bounds(a, b):
    arc = geodesy.distance_m(*a, *b)
    chord = np.linalg.norm(geodesy.ecef(*a) - geodesy.ecef(*b))
    assert geodesy.shortest_arc_m(chord) <= arc + 1e-6
    half = chord / (2 * geodesy.MIN_RADIUS_M)
    assert half >= 1 or arc <= 2 * geodesy.MIN_RADIUS_M * np.arcsin(half) + 1e-6


@given(places, places, places)
def test_beyond_the_longest_rival_chord_nothing_is_nearer(origin, a, b):
    arc = [float(geodesy.distance_m(*origin, *p)) for p in (a, b)]
    chord = [float(np.linalg.norm(geodesy.ecef(*origin) - geodesy.ecef(*p))) for p in (a, b)]
    if chord[1] > geodesy.longest_rival_chord(np.array(chord[0])):
        assert arc[1] > arc[0]


def test_the_bounds_are_close_where_they_are_used():
    chord = np.array([1e5, 5e5, 1e6])
    slack = geodesy.longest_rival_chord(chord) - chord
    np.testing.assert_allclose(slack, [0.02, 2.6, 21.0], rtol=0.05)


@pytest.mark.parametrize("step_m", [1_000.0, 10_000.0, 300_000.0])
def test_pieces_of_an_edge_stay_within_the_sagitta(step_m):
    lon, lat = np.array([-114.9, -109.8, -97.0, -97.0]), np.array([31.6, 31.6, 25.9, 49.0])
    cut = geodesy.stations(lon, lat, step_m)
    assert cut.length_m.max() <= step_m
    assert cut.length_m.sum() == pytest.approx(geodesy.line_length_m(lon, lat))
    middle = geodesy.ecef(*geodesy.direct(cut.lon, cut.lat, cut.azimuth_deg, cut.length_m / 2)[:2])
    chord = (geodesy.ecef(cut.lon, cut.lat) + geodesy.ecef(cut.end_lon, cut.end_lat)) / 2
    stray = np.linalg.norm(middle - chord, axis=0)
    assert (stray <= geodesy.sagitta_m(cut.length_m) + 1e-6).all()
    assert stray.max() > 0.95 * geodesy.sagitta_m(cut.length_m.max()), "the bound is no looser than it must be"
    # Each piece walks on to where the next one starts, in the same direction within an edge.
    end = geodesy.direct(cut.lon, cut.lat, cut.azimuth_deg, cut.length_m)
    assert geodesy.distance_m(end[0], end[1], cut.end_lon, cut.end_lat).max() < 1e-6
    np.testing.assert_allclose(end[2], cut.end_azimuth_deg, atol=1e-9)


def test_edges_of_no_length_give_no_piece():
    lon, lat = np.array([-110.0, -110.0, -109.0, -109.0]), np.array([31.0, 31.0, 31.0, 31.0])
    cut = geodesy.stations(lon, lat, 1e9)
    assert cut.edge.tolist() == [1]
    assert geodesy.chainages_m(lon, lat)[[1, 3]].tolist() == [0.0, cut.length_m[0]]


def test_densify_keeps_the_vertices_and_adds_places_on_the_edges():
    lon, lat = np.array([-114.9, -109.8, -109.0]), np.array([31.6, 31.6, 25.9])
    x, y = geodesy.densify(lon, lat, 10_000.0)
    assert {(a, b) for a, b in zip(lon, lat, strict=True)} <= {(a, b) for a, b in zip(x, y, strict=True)}
    assert geodesy.distance_m(x[:-1], y[:-1], x[1:], y[1:]).max() <= 10_000.0
    assert geodesy.line_length_m(x, y) == pytest.approx(geodesy.line_length_m(lon, lat), abs=1e-6)
    middle = len(x) // 4
    assert y[middle] > 31.62, "a geodesic due east at first bends north of the parallel"


def test_an_octant_has_an_eighth_of_the_surface():
    octant = shapely.Polygon([(0, 0), (90, 0), (0, 90)])
    assert geodesy.polygon_area_m2(octant) == pytest.approx(SURFACE_M2 / 8, rel=1e-9)


def test_area_of_a_shape_with_a_hole_and_of_several_parts():
    outer, inner, other = (
        shapely.box(-111, 30, -109, 32),
        shapely.box(-110.5, 30.5, -109.5, 31.5),
        shapely.box(0, 0, 1, 1),
    )
    whole, hole, apart = (geodesy.polygon_area_m2(shape) for shape in (outer, inner, other))
    assert geodesy.polygon_area_m2(outer.difference(inner)) == pytest.approx(whole - hole)
    assert geodesy.polygon_area_m2(shapely.MultiPolygon([outer.reverse(), other])) == pytest.approx(whole + apart)
    assert geodesy.polygon_area_m2(shapely.Point(0, 0)) == 0


def test_the_buffer_of_a_point_is_a_circle():
    circle = geodesy.buffer(shapely.Point(-110, 31), 10_000.0)
    lon, lat = shapely.get_coordinates(circle).T
    np.testing.assert_allclose(geodesy.distance_m(-110, 31, lon, lat), 10_000.0, atol=1e-6)
    assert geodesy.polygon_area_m2(circle) == pytest.approx(np.pi * 1e8, rel=1e-4)


@pytest.mark.parametrize(
    "line",
    [
        shapely.LineString([(-114.9, 31.6), (-109.8, 31.6), (-110.0, 33.0)]),
        shapely.MultiLineString([[(-110, 31), (-110, 32)], [(-108, 31), (-108, 31.5), (-108.2, 31.2)]]),
        shapely.LineString([(179.5, 52), (-179.5, 51.5)]),
    ],
    ids=["long edges", "two parts", "across the antimeridian"],
)
def test_a_buffer_holds_what_is_near_and_nothing_else(line):
    from geo.join.lines import cut, nearest_on_lines

    radius_m = 25_000.0
    shape = geodesy.buffer(line, radius_m)
    west, south, east, north = shape.bounds
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(west, east, 4000), rng.uniform(south, north, 4000)
    distance = nearest_on_lines(lon, lat, cut(np.array([line], dtype=object))).distance_m
    clear = np.abs(distance - radius_m) > 0.5
    inside = shapely.intersects_xy(shape, lon, lat)
    np.testing.assert_array_equal(inside[clear], (distance <= radius_m)[clear])
    assert 0.2 < inside.mean() < 0.95


@pytest.mark.parametrize(("shape", "radius"), [(shapely.box(0, 0, 1, 1), 10.0), (shapely.Point(0, 0), 0.0)])
def test_a_buffer_of_something_else_is_refused(shape, radius):
    with pytest.raises(JoinError, match=r"points or lines and a positive radius"):
        geodesy.buffer(shape, radius)
