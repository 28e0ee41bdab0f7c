"""Feet on lines with geodesic edges: to the millimetre, at bends, at ends, on the line and around the earth."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import geodesy
from geo.join.lines import cut, nearest_on_lines

LEFT, RIGHT, NEITHER = 1, -1, 0


def lines(*shapes):
    return np.array([None if s is None else shapely.from_wkt(s) if isinstance(s, str) else s for s in shapes], object)


def nearest(points, *shapes, piece_m=10_000.0):
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    return nearest_on_lines(lon, lat, cut(lines(*shapes), piece_m))


def golden(lon, lat, line):
    """Return the distance to a line, by golden section on every edge with nothing but Geod."""
    x, y = shapely.get_coordinates(line).T
    azimuth, _, length = geodesy.inverse(x[:-1], y[:-1], x[1:], y[1:])

    def measure(along):
        a, b, _ = geodesy.direct(x[:-1], y[:-1], azimuth, along)
        return geodesy.distance_m(a, b, lon[:, None], lat[:, None])

    low, high = np.zeros((len(lon), len(length))), np.tile(length, (len(lon), 1))
    for _ in range(60):
        one, two = high - 0.618034 * (high - low), low + 0.618034 * (high - low)
        lower = measure(one) < measure(two)
        high, low = np.where(lower, two, high), np.where(lower, low, one)
    ends = np.zeros_like(low), np.tile(length, (len(lon), 1))
    return np.minimum.reduce([measure(along) for along in ((low + high) / 2, *ends)]).min(axis=1)


vertices = st.lists(
    st.tuples(st.floats(-118, -97), st.floats(24, 36)).map(lambda v: (round(v[0], 3), round(v[1], 3))),
    min_size=2, max_size=6,
).filter(lambda v: len(set(v)) > 1)  # fmt: skip
points = st.lists(st.tuples(st.floats(-124, -92), st.floats(16, 42)), min_size=1, max_size=20)


@settings(max_examples=60)
@given(vertices, points)
def test_as_golden_section(vertices, points):
    line = shapely.LineString(vertices)
    found = nearest(points, line)
    lon, lat = np.array(points).T
    np.testing.assert_allclose(found.distance_m, golden(lon, lat, line), rtol=0, atol=1e-4)
    np.testing.assert_allclose(geodesy.distance_m(lon, lat, found.lon, found.lat), found.distance_m, rtol=0, atol=1e-4)
    length = geodesy.line_length_m(*np.array(vertices).T)
    assert ((found.chainage_m >= 0) & (found.chainage_m <= length + 1e-6)).all()


@given(
    st.floats(-118, -97), st.floats(10, 50), st.floats(0, 360), st.floats(1_000, 1_500_000), st.floats(0.01, 0.99),
    st.floats(0.01, 800_000), st.sampled_from([LEFT, RIGHT]),
)  # fmt: skip
def test_the_foot_is_found_to_the_millimetre(lon, lat, azimuth, length, share, offset, side):  # noqa: PLR0917
    """Walk along an edge, turn square, walk on: the foot is where the turn was."""
    end = geodesy.direct(lon, lat, azimuth, length)
    foot_lon, foot_lat, onward = geodesy.direct(lon, lat, azimuth, share * length)
    point = geodesy.direct(foot_lon, foot_lat, onward - 90 * side, offset)[:2]

    found = nearest([point], shapely.LineString([(lon, lat), end[:2]]))

    assert found.distance_m[0] == pytest.approx(offset, abs=1e-5)
    assert found.chainage_m[0] == pytest.approx(share * length, abs=1e-3)
    assert geodesy.distance_m(foot_lon, foot_lat, found.lon[0], found.lat[0]) < 1e-3
    assert found.side[0] == side


@pytest.mark.parametrize("degrees_apart", [40, 70, 100, 130])
def test_points_far_around_the_earth(degrees_apart):
    line = shapely.LineString([(-110, 31), (-109.5, 31.4), (-109.0, 31.2), (-108.6, 31.25)])
    lon, lat, _ = geodesy.direct(-109.2, 31.3, np.arange(0, 360, 15.0), np.radians(degrees_apart) * 6.371e6)
    found = nearest(np.stack([lon, lat], axis=1), line)
    np.testing.assert_allclose(found.distance_m, golden(lon, lat, line), rtol=0, atol=1e-3)


def test_a_long_winding_line_is_searched_through_coarser_chords():
    rng = np.random.default_rng(8)
    turn = np.cumsum(rng.normal(0, 0.7, 400))
    x, y = -106 + np.cumsum(np.cos(turn)) * 3e-3, 30 + np.cumsum(np.sin(turn)) * 3e-3
    line = shapely.LineString(np.stack([x, y], axis=1))
    lon, lat = rng.uniform(x.min() - 1, x.max() + 1, 40), rng.uniform(y.min() - 1, y.max() + 1, 40)
    found = nearest(np.stack([lon, lat], axis=1), line)
    np.testing.assert_allclose(found.distance_m, golden(lon, lat, line), rtol=0, atol=1e-4)


@pytest.mark.parametrize("piece_m", [700.0, 1e7])
def test_the_length_of_the_pieces_changes_nothing(piece_m):
    rng = np.random.default_rng(6)
    line = shapely.LineString(np.stack([rng.uniform(-110, -100, 30), rng.uniform(26, 33, 30)], axis=1))
    spots = np.stack([rng.uniform(-111, -99, 500), rng.uniform(25, 34, 500)], axis=1)
    one, two = nearest(spots, line, piece_m=10_000.0), nearest(spots, line, piece_m=min(piece_m, 60_000.0))
    for name, within in (("distance_m", 1e-4), ("chainage_m", 1e-3), ("lon", 1e-8), ("lat", 1e-8), ("side", 0)):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=0, atol=within, err_msg=name)


def test_an_edge_is_a_geodesic_not_a_straight_line_in_degrees():
    found = nearest([(-112.35, 31.6)], "LINESTRING (-114.9 31.6, -109.8 31.6)")
    assert found.distance_m[0] == pytest.approx(2_820, abs=10)
    assert found.side[0] == RIGHT, "the parallel runs south of the geodesic due east"


class TestSide:
    BEND = "LINESTRING (-110 31, -109 31, -109 32)"  # east, then north: a turn to the left

    @pytest.mark.parametrize(
        ("point", "side"),
        [
            ((-109.5, 31.2), LEFT), ((-109.5, 30.8), RIGHT), ((-108.8, 31.5), RIGHT), ((-109.2, 31.5), LEFT),
            ((-108.9, 30.9), RIGHT), ((-109.001, 30.5), RIGHT), ((-108.5, 31.001), RIGHT),
        ],
    )  # fmt: skip
    def test_of_a_bend(self, point, side):
        assert nearest([point], self.BEND).side[0] == side

    @pytest.mark.parametrize("point", [(-108.9, 31.0), (-108.98, 31.01), (-108.98, 30.99), (-108.9, 31.05)])
    def test_beyond_a_sharp_bend_everything_is_on_its_outer_side(self, point):
        """The line turns back by nearly half a turn: some points lie left of one edge and right of the other."""
        found = nearest([point], "LINESTRING (-110 31, -109 31, -110 31.1)")
        assert found.side[0] == RIGHT

    @pytest.mark.parametrize(("lat", "side"), [(31.1, LEFT), (30.9, RIGHT)])
    @pytest.mark.parametrize("lon", [-112.0, -107.0])
    def test_beyond_the_ends_the_last_edge_goes_on(self, lon, lat, side):
        assert nearest([(lon, lat)], "LINESTRING (-110 31, -109 31)").side[0] == side

    def test_on_the_line_there_is_none(self):
        start, end = (-110.0, 31.0), (-109.0, 31.5)
        azimuth, _, length = geodesy.inverse(*start, *end)
        middle = geodesy.direct(*start, azimuth, length / 3)[:2]
        beyond = geodesy.direct(*start, azimuth, -500.0)[:2]
        found = nearest([start, end, middle, beyond], shapely.LineString([start, end]))
        assert found.side.tolist() == [NEITHER] * 4
        assert found.distance_m[:3].max() < 1e-5
        assert found.chainage_m[2] == pytest.approx(float(length) / 3, abs=1e-3)

    def test_at_the_tip_of_a_line_that_turns_back_on_itself_there_is_none(self):
        found = nearest([(-108.9, 31.0)], "LINESTRING (-110 31, -109 31, -110 31)")
        assert found.side[0] == NEITHER

    def test_turning_a_line_round_swaps_the_sides(self):
        rng = np.random.default_rng(12)
        line = shapely.LineString(np.stack([rng.uniform(-110, -100, 12), rng.uniform(26, 33, 12)], axis=1))
        spots = np.stack([rng.uniform(-111, -99, 800), rng.uniform(25, 34, 800)], axis=1)
        one, two = nearest(spots, line), nearest(spots, line.reverse())
        # Where the line crosses itself a foot belongs to one edge this way and to another that way.
        same = np.abs(one.lon - two.lon) + np.abs(one.lat - two.lat) < 1e-9
        assert same.mean() > 0.99
        np.testing.assert_array_equal(one.side[same], -two.side[same])
        length = geodesy.line_length_m(*shapely.get_coordinates(line).T)
        np.testing.assert_allclose((one.chainage_m + two.chainage_m)[same], length, atol=2e-3)

    def test_at_the_corner_where_a_closed_line_begins(self):
        """Round a narrow wedge to the left, from its western tip: all around the tip is to the right."""
        ring = "LINESTRING (-110 31, -109 30.95, -109 31.05, -110 31)"
        found = nearest([(-110.1, 31.02), (-110.1, 30.98), (-109.1, 31.0)], ring)
        assert found.side.tolist() == [RIGHT, RIGHT, LEFT]


def test_parts_of_a_line_are_counted_one_after_the_other():
    found = nearest([(-107.5, 31.01)], "MULTILINESTRING ((-110 31, -109 31), (-108 31, -107 31))")
    first, gap = (float(geodesy.distance_m(a, 31, b, 31)) for a, b in ((-110, -109), (-108, -107.5)))
    assert found.chainage_m[0] == pytest.approx(first + gap, abs=1)


def test_repeated_vertices_do_no_harm():
    plain = nearest([(-109.4, 31.3)], "LINESTRING (-110 31, -109 31, -109 32)")
    double = nearest([(-109.4, 31.3)], "LINESTRING (-110 31, -110 31, -109 31, -109 31, -109 32, -109 32)")
    assert (plain.distance_m, plain.chainage_m, plain.side) == (double.distance_m, double.chainage_m, double.side)


def test_heights_are_ignored():
    found = nearest([(-109.4, 31.3)], "LINESTRING Z (-110 31 900, -109 31 1200)")
    assert found.distance_m == nearest([(-109.4, 31.3)], "LINESTRING (-110 31, -109 31)").distance_m


def test_of_lines_on_one_road_the_first_in_file_order():
    road = shapely.LineString([(-110, 31), (-109.5, 31.4), (-109, 31.2)])
    rng = np.random.default_rng(1)
    spots = np.stack([rng.uniform(-111, -108, 500), rng.uniform(30, 32, 500)], axis=1)
    found = nearest(spots, "LINESTRING (-90 31, -89 31)", road.reverse(), road)
    assert (found.line == 1).all()


def test_lines_without_a_place_are_passed_over():
    found = nearest([(-109.5, 31.1)], None, "LINESTRING EMPTY", "POINT (-109.5 31.1)", "LINESTRING (-110 31, -109 31)")
    assert found.line.tolist() == [3]


@pytest.mark.parametrize("shapes", [(), (None,), ("LINESTRING (-110 31, -110 31)",)])
def test_no_line_at_all(shapes):
    found = nearest([(-109.5, 31.1)], *shapes)
    assert found.line.tolist() == [-1]
    assert np.isnan(found.distance_m).all()


def test_a_line_across_the_antimeridian():
    found = nearest([(180.0, 51.7), (-179.9, 51.6)], "LINESTRING (179 51.5, -179 51.5)")
    assert (found.distance_m < 25_000).all()
    assert found.side.tolist() == [LEFT, LEFT]


def test_points_without_a_place_keep_their_row():
    found = nearest([(np.nan, 31), (-109.5, 31.1), (-109.5, np.nan), (-109.5, 91.0)], "LINESTRING (-110 31, -109 31)")
    assert found.line.tolist() == [-1, 0, -1, -1]
    assert np.isnan(found.chainage_m).tolist() == [True, False, True, True]


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_the_order_of_the_points_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    shapes = [
        shapely.LineString(np.stack([rng.uniform(-117, -97, 9), rng.uniform(26, 33, 9)], axis=1)) for _ in range(4)
    ]
    spots = np.stack([rng.uniform(-118, -96, 200), rng.uniform(24, 34, 200)], axis=1)
    shuffled = rng.permutation(200)
    one, two = nearest(spots, *shapes), nearest(spots[shuffled], *shapes)
    for name in ("line", "distance_m", "chainage_m", "side", "lon", "lat"):
        np.testing.assert_array_equal(getattr(one, name)[shuffled], getattr(two, name), err_msg=name)


def test_many_points_are_joined_like_few():
    rng = np.random.default_rng(3)
    shapes = [
        shapely.LineString(np.stack([rng.uniform(-117, -97, 9), rng.uniform(26, 33, 9)], axis=1)) for _ in range(9)
    ]
    spots = np.stack([rng.uniform(-118, -96, 70_000), rng.uniform(24, 34, 70_000)], axis=1)
    some = rng.choice(len(spots), 2000, replace=False)
    many, few = nearest(spots, *shapes), nearest(spots[some], *shapes)
    for name in ("line", "distance_m", "chainage_m", "side", "lon", "lat"):
        np.testing.assert_array_equal(getattr(many, name)[some], getattr(few, name), err_msg=name)
