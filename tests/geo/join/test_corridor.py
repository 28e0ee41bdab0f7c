"""The corridor's columns, and whether precision or drawing could make another corridor the nearest."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo import geodesy
from geo.join.corridor import nearest_corridor
from geo.table import Features

SOUTH, NORTH = "LINESTRING (-110 31, -109 31)", "LINESTRING (-109 32, -110 32)"


def corridors(*wkt, **columns):
    own = {"corridor_id": [f"C{i}" for i in range(len(wkt))], "name": [f"corridor {i}" for i in range(len(wkt))]}
    shapes = np.array([shapely.from_wkt(w) for w in wkt], dtype=object)
    return Features(pa.table(own | columns), shapes)


def join(points, lines, precision_m=None):
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    precision = precision_m if precision_m is None else np.array(precision_m, dtype=float)
    return {name: values.to_pylist() for name, values in nearest_corridor(lon, lat, lines, precision).items()}


def test_columns_and_their_order():
    found = join([(-109.5, 31.2)], corridors(SOUTH, NORTH))
    assert list(found) == [
        "corridor_id", "corridor_name", "corridor_distance_m", "corridor_chainage_m", "corridor_side",
        "corridor_foot_lon", "corridor_foot_lat", "corridor_certain",
    ]  # fmt: skip
    assert (found["corridor_id"], found["corridor_name"]) == (["C0"], ["corridor 0"])
    assert found["corridor_side"] == ["left"]
    assert found["corridor_foot_lon"][0] == pytest.approx(-109.5, abs=1e-9)
    assert found["corridor_foot_lat"][0] == pytest.approx(31.00097, abs=1e-5), "north of the parallel"
    half = geodesy.distance_m(-110, 31, -109, 31) / 2
    assert found["corridor_chainage_m"][0] == pytest.approx(half, abs=1e-3)


def test_left_and_right_are_of_the_digitised_direction():
    found = join([(-109.5, 32.2), (-109.5, 31.8), (-109.5, 31.2), (-109.5, 30.8)], corridors(SOUTH, NORTH))
    assert found["corridor_id"] == ["C1", "C1", "C0", "C0"]
    assert found["corridor_side"] == ["right", "left", "left", "right"]


def test_on_a_vertex_there_is_no_side():
    found = join([(-109, 31)], corridors(SOUTH))
    assert found["corridor_distance_m"][0] < 1e-6
    assert found["corridor_side"] == [None]


def test_no_place_and_no_corridor_give_blanks():
    for points, lines in (([(np.nan, 31)], corridors(SOUTH)), ([(-110, 31)], corridors())):
        found = join(points, lines, [10.0])
        assert all(values == [None] for values in found.values())


class TestCertain:
    HERE = (-109.5, 31.2)

    def gap(self, lines):
        return float(
            join([self.HERE], lines.take(np.array([1])))["corridor_distance_m"][0]
            - join([self.HERE], lines.take(np.array([0])))["corridor_distance_m"][0]
        )

    def test_unknown_where_the_precision_is_unknown(self):
        lines = corridors(SOUTH, NORTH)
        assert join([self.HERE] * 3, lines, [np.nan, 1.0, -5.0])["corridor_certain"] == [None, True, None]
        assert join([self.HERE], lines)["corridor_certain"] == [None]

    @pytest.mark.parametrize(("share", "certain"), [(0.49, True), (0.51, False)])
    def test_false_from_half_the_gap_to_the_next(self, share, certain):
        lines = corridors(SOUTH, NORTH)
        assert join([self.HERE], lines, [share * self.gap(lines)])["corridor_certain"] == [certain]

    @pytest.mark.parametrize(("precision", "certain"), [(1_000.0, True), (6_000.0, False)])
    def test_what_the_lines_may_be_off_counts_too(self, precision, certain):
        """The gap is 66.5 km; both lines may be off by 5 and 50 km: 11.5 km are left, for twice the precision."""
        lines = corridors(SOUTH, NORTH, positional_accuracy_km=[5.0, 50.0])
        assert 66_000 < self.gap(lines) < 67_000
        assert join([self.HERE], lines, [precision])["corridor_certain"] == [certain]

    def test_a_badly_drawn_line_rivals_from_farther_away_than_the_next(self):
        third = "LINESTRING (-110 30, -109 30)"
        exact = corridors(SOUTH, NORTH, third)
        rough = corridors(SOUTH, NORTH, third, positional_accuracy_km=[None, 0.0, 120.0])
        assert join([self.HERE], exact, [10.0])["corridor_certain"] == [True]
        assert join([self.HERE], rough, [10.0])["corridor_certain"] == [False]

    def test_two_corridors_on_one_road_are_never_certain(self):
        found = join([self.HERE], corridors(SOUTH, "LINESTRING (-109 31, -110 31)"), [0.0])
        assert (found["corridor_id"], found["corridor_certain"]) == (["C0"], [False])

    def test_the_only_corridor_is_certain(self):
        assert join([self.HERE], corridors(SOUTH, positional_accuracy_km=[15.0]), [30_000.0])["corridor_certain"] == [
            True
        ]

    def test_as_the_distances_to_all_lines_say(self):
        rng = np.random.default_rng(7)
        accuracy = rng.choice([2.0, 5.0, 15.0], 8)
        lines = corridors(
            *(shapely.LineString(rng.uniform((-112, 29), (-104, 33), (4, 2))).wkt for _ in range(8)),
            positional_accuracy_km=accuracy,
        )
        lon, lat, precision = rng.uniform(-112, -104, 500), rng.uniform(29, 33, 500), rng.uniform(0, 20_000, 500)
        found = nearest_corridor(lon, lat, lines, precision)
        every = np.stack(
            [nearest_corridor(lon, lat, lines.take(np.array([i])))["corridor_distance_m"].to_numpy() for i in range(8)]
        )
        own, rows = every.argmin(axis=0), np.arange(500)
        nearer = every - 1000 * accuracy[:, None]
        nearer[own, rows] = np.inf
        room = nearer.min(axis=0) - every[own, rows] - 1000 * accuracy[own] - 2 * precision
        clear = np.abs(room) > 5
        certain = found["corridor_certain"].to_numpy(zero_copy_only=False)
        np.testing.assert_array_equal(certain[clear], room[clear] > 0)
        assert 0.05 < certain.mean() < 0.95


def test_the_embedded_corridors_join():
    from geo.read import seeds

    lines = seeds.features("corridors")
    lon, lat = np.array([-110.94, -106.48]), np.array([31.9, 30.6])  # on the roads from Nogales and from Juárez
    found = nearest_corridor(lon, lat, lines, np.full(2, 100.0))
    assert max(found["corridor_distance_m"].to_pylist()) < 15_000
    foot = geodesy.distance_m(lon, lat, found["corridor_foot_lon"].to_numpy(), found["corridor_foot_lat"].to_numpy())
    np.testing.assert_allclose(foot, found["corridor_distance_m"].to_numpy(), atol=1e-6)
