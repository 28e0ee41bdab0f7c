"""No target that could be nearest is ever struck off a list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geodesy import distance_m, ecef
from geo.join.search import Targets, chunks, first_smallest, gathered, short_lists, spatial_order


def sites(lon, lat):
    where = ecef(lon, lat)
    return Targets(where, np.zeros_like(where), np.zeros(len(lon)))


def scattered(rng, count, width):
    return -106 + rng.uniform(-width, width, count), 30 + rng.uniform(-width, width, count) / 2


@given(
    st.integers(0, 10_000), st.integers(1, 700), st.integers(1, 60), st.sampled_from([0.01, 1.0, 15.0, 100.0]),
    st.sampled_from([1, 2]),
)  # fmt: skip
def test_the_lists_hold_the_nearest_sites(seed, points, count, width, wanted):
    rng = np.random.default_rng(seed)
    lon, lat = scattered(rng, points, width)
    order = spatial_order(lon, lat)
    lon, lat = lon[order], lat[order]
    x, y = scattered(rng, count, width)

    lists = short_lists(ecef(lon, lat), sites(x, y), count=wanted)

    every = distance_m(lon[:, None], lat[:, None], x, y)
    for rank in range(min(wanted, count)):
        nearest = np.argsort(every, axis=1)[:, rank]
        listed = set(zip(lists.row.tolist(), lists.target.tolist(), strict=True))
        assert set(enumerate(nearest.tolist())) <= listed


def test_the_lists_are_short_and_in_file_order():
    rng = np.random.default_rng(1)
    lon, lat = scattered(rng, 5000, 5.0)
    order = spatial_order(lon, lat)
    lists = short_lists(ecef(lon[order], lat[order]), sites(*scattered(rng, 500, 5.0)))
    assert len(lists.target) < 1.01 * len(lon)
    assert (np.diff(lists.target)[np.diff(lists.row) == 0] > 0).all()


def test_reach_lists_what_is_a_little_farther():
    lon = np.array([-106.0])
    x = np.array([-106.1, -105.8, -105.0])
    targets = sites(x, np.full(3, 31.0))
    away = distance_m(lon, 31.0, x, 31.0)
    for reach_m, wanted in ((0.0, [0]), (away[1] - away[0] + 1, [0, 1]), (1e6, [0, 1, 2])):
        lists = short_lists(ecef(lon, np.full(1, 31.0)), targets, reach_m=np.array([reach_m]))
        assert lists.target.tolist() == wanted


def test_reach_is_each_points_own():
    lon, lat = np.full(50, -106.0), np.full(50, 31.0)
    targets = sites(np.array([-106.1, -105.8]), np.full(2, 31.0))
    reach = np.zeros(50)
    reach[7] = 1e5
    lists = short_lists(ecef(lon, lat), targets, reach_m=reach)
    assert np.diff(lists.first).tolist() == [1] * 7 + [2] + [1] * 42
    assert np.diff(lists.rivals(1).first).tolist() == [1] * 50


@given(st.integers(0, 1000), st.sampled_from([0.0, 50.0, 2_000.0]))
def test_coarser_targets_hold_all_of_their_pieces(seed, stray_m):
    """No piece, with its own stray, leaves the tube about the chord that stands for it."""
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.normal(0, 500, (3, 601)), axis=1)
    fine = Targets(x[:, :-1], np.diff(x), rng.uniform(0, stray_m, 600))
    target = gathered(fine, np.repeat([3, 4, 9], [200, 5, 395]))
    assert len(target) <= 64
    while target.finer is not None:
        own = np.repeat(np.arange(len(target)), np.diff(target.first))
        for place in (target.finer.start, target.finer.start + target.finer.chord):
            assert (target.distance_m(place, own) + target.finer.stray_m <= target.stray_m[own] + 1e-6).all()
        target = target.finer
    assert target is fine


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=50))
def test_spatial_order_is_an_order_of_all_points(points):
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    assert sorted(spatial_order(lon, lat).tolist()) == list(range(len(points)))


def test_chunks_leave_out_what_has_no_place():
    lon, lat = np.array([1.0, np.nan, 2.0, np.inf, 3.0]), np.array([1.0, 1.0, np.nan, 1.0, 90.5])
    assert [rows.tolist() for rows in chunks(lon, lat)] == [[0]]
    assert chunks(lon[1:], lat[1:]) == []


@pytest.mark.parametrize(("values", "position"), [([3.0, 1.0, 1.0], 1), ([1.0005, 1.0, 5.0], 0), ([1.1, 1.0, 5.0], 1)])
def test_of_equal_distances_the_first_is_taken(values, position):
    found = first_smallest(np.array(values), np.array([0]), np.zeros(3, dtype=int))
    assert found.tolist() == [position]
