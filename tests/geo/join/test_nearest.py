"""The nearest port, the runner-up, the bearing, and whether a location's precision could change the answer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import geodesy
from geo.errors import JoinError
from geo.join.nearest import nearest_port, nearest_sites

SAN_YSIDRO, OTAY_MESA, TECATE = (-117.03, 32.543), (-116.938, 32.55), (-116.627, 32.5765)


def ports(*places, **columns):
    lon, lat = zip(*places, strict=True) if places else ((), ())
    codes = [f"25{i:02d}" for i in range(len(places))]
    names = [f"port {i}" for i in range(len(places))]
    own = {"port_code": pa.array(codes, pa.string()), "port_name": pa.array(names, pa.string())}
    return pa.table(own | {"longitude": pa.array(lon, pa.float64()), "latitude": pa.array(lat, pa.float64())} | columns)


def join(points, table, precision_m=None):
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    found = nearest_port(lon, lat, table, precision_m if precision_m is None else np.array(precision_m, dtype=float))
    return {name: values.to_pylist() for name, values in found.items()}


def test_columns_and_their_order():
    found = join([(-117.0, 32.5)], ports(SAN_YSIDRO, OTAY_MESA))
    assert list(found) == [
        "port_code", "port_name", "port_distance_m", "port_bearing_deg", "port_second_code", "port_second_distance_m",
        "port_certain",
    ]  # fmt: skip


def test_a_point_south_of_a_port():
    found = join([(SAN_YSIDRO[0], 32.4)], ports(TECATE, SAN_YSIDRO, OTAY_MESA))
    assert found["port_code"] == ["2501"]
    assert found["port_name"] == ["port 1"]
    assert found["port_second_code"] == ["2502"]
    assert found["port_bearing_deg"] == [pytest.approx(180.0)]
    assert found["port_distance_m"][0] == geodesy.distance_m(*SAN_YSIDRO, SAN_YSIDRO[0], 32.4)


@pytest.mark.parametrize(("east", "north", "bearing"), [(0, 1, 0), (1, 0, 90), (0, -1, 180), (-1, 0, 270)])
def test_the_bearing_is_from_the_port_clockwise_from_north(east, north, bearing):
    point = (TECATE[0] + east / 1e4, TECATE[1] + north / 1e4)
    assert join([point], ports(TECATE))["port_bearing_deg"][0] == pytest.approx(bearing, abs=1e-3)


def test_on_the_port_there_is_no_bearing():
    found = join([TECATE], ports(TECATE, OTAY_MESA))
    assert found["port_distance_m"] == [0.0]
    assert found["port_bearing_deg"] == [None]


def test_one_port_has_no_runner_up():
    found = join([(-117, 32)], ports(TECATE), [10.0])
    assert found["port_second_code"] == found["port_second_distance_m"] == [None]
    assert found["port_certain"] == [True]


@pytest.mark.parametrize("table", [ports(), ports((np.nan, 32.0), (-117.0, np.nan))], ids=["none", "none with a place"])
def test_no_port_at_all(table):
    found = join([(-117, 32)], table, [10.0])
    assert all(values == [None] for values in found.values())


def test_ports_without_a_place_are_passed_over():
    found = join([SAN_YSIDRO], ports((np.nan, np.nan), OTAY_MESA, (-117, np.nan), SAN_YSIDRO))
    assert (found["port_code"], found["port_second_code"]) == (["2503"], ["2501"])


def test_points_without_a_place_keep_their_row():
    found = join([(np.nan, np.nan), SAN_YSIDRO, (-117, np.nan)], ports(SAN_YSIDRO, TECATE), [1.0, 1.0, 1.0])
    for values in found.values():
        assert values[0] is None
        assert values[2] is None
    assert found["port_code"][1] == "2500"


def test_of_two_ports_equally_far_the_first_in_file_order():
    west, east = (-106.5, 31.0), (-105.5, 31.0)
    for table in (ports(west, east), ports(east, west)):
        found = join([(-106.0, 31.0)], table, [0.0])
        assert (found["port_code"], found["port_second_code"]) == (["2500"], ["2501"])
        assert found["port_second_distance_m"] >= found["port_distance_m"]
        assert found["port_certain"] == [False], "no precision tells them apart"


def test_ports_without_coordinates_columns_are_refused():
    with pytest.raises(JoinError, match="no column latitude and longitude"):
        nearest_port(np.zeros(1), np.zeros(1), pa.table({"port_code": ["1"]}))


coordinates = st.tuples(st.floats(-125, -90), st.floats(14, 45))


@given(st.lists(coordinates, min_size=1, max_size=40), st.lists(coordinates, min_size=2, max_size=12, unique=True))
def test_as_measuring_all_pairs(points, places):
    (lon, lat), (x, y) = np.array(points).T, np.array(places).T
    found = nearest_sites(lon, lat, x, y)
    every = geodesy.distance_m(lon[:, None], lat[:, None], x, y)
    rows = np.arange(len(points))
    np.testing.assert_allclose(found.distance_m, every.min(axis=1), rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.distance_m, every[rows, found.site], rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.second_distance_m, np.sort(every, axis=1)[:, 1], rtol=0, atol=1e-3)
    assert (found.site != found.second).all()


@given(st.integers(0, 1000))
def test_the_order_of_the_points_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-117, -97, 300), rng.uniform(24, 34, 300)
    lon[rng.random(300) < 0.1] = np.nan
    precision = rng.choice([np.nan, 10.0, 5000.0], 300)
    x, y = rng.uniform(-117, -97, 29), rng.uniform(26, 33, 29)
    shuffled = rng.permutation(300)
    whole = nearest_sites(lon, lat, x, y, precision_m=precision)
    again = nearest_sites(lon[shuffled], lat[shuffled], x, y, precision_m=precision[shuffled])
    for name in ("site", "distance_m", "bearing_deg", "second", "second_distance_m", "certain"):
        np.testing.assert_array_equal(getattr(whole, name)[shuffled], getattr(again, name), err_msg=name)


def test_many_points_are_joined_like_few():
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(-117, -97, 150_000), rng.uniform(24, 34, 150_000)
    x, y = rng.uniform(-117, -97, 29), rng.uniform(26, 33, 29)
    found = nearest_sites(lon, lat, x, y, precision_m=np.full(len(lon), 5000.0))
    some = rng.choice(len(lon), 2000, replace=False)
    few = nearest_sites(lon[some], lat[some], x, y, precision_m=np.full(len(some), 5000.0))
    for name in ("site", "distance_m", "second", "certain"):
        np.testing.assert_array_equal(getattr(found, name)[some], getattr(few, name))


class TestCertain:
    def test_unknown_where_the_precision_is_unknown(self):
        near = [(-117.0, 32.5)] * 3
        assert join(near, ports(SAN_YSIDRO, TECATE), [np.nan, 10.0, -1.0])["port_certain"] == [None, True, None]
        assert join(near, ports(SAN_YSIDRO, TECATE))["port_certain"] == [None, None, None]

    @pytest.mark.parametrize(("precision", "certain"), [(4_000.0, True), (5_000.0, False), (1e7, False)])
    def test_between_two_ports_half_the_gap_decides(self, precision, certain):
        west, east = (-106.5, 31.0), (-106.0, 31.0)
        lon, lat, _ = geodesy.direct(*west, 90.0, geodesy.distance_m(*west, *east) / 2 - 4_500)
        assert join([(lon, lat)], ports(west, east), [precision])["port_certain"] == [certain]

    def test_far_off_the_line_of_two_ports_the_gap_alone_would_be_too_strict(self):
        west, east = (-106.5, 31.7), (-106.4, 31.7)
        found = join([(-106.6, 28.7)], ports(west, east), [5_000.0])
        gap = found["port_second_distance_m"][0] - found["port_distance_m"][0]
        assert gap < 2 * 5_000, "so close that each might be the nearer"
        assert found["port_certain"] == [True], "but 15 km from where they are equally far"

    def test_it_need_not_be_the_runner_up_that_takes_over(self):
        """The second port stands close behind the first, the third on the other side of the point."""
        first, second, third = (-106.0, 31.0), (-106.01, 31.0), (-105.0, 31.0)
        lon, lat, _ = geodesy.direct(*first, 90.0, geodesy.distance_m(*first, *third) / 2 - 2_000)
        found = join([(lon, lat)], ports(first, second, third), [3_000.0])
        assert found["port_second_code"] == ["2501"]
        assert found["port_certain"] == [False]

    @pytest.mark.parametrize("precision", [100.0, 5_000.0, 60_000.0])
    def test_as_moving_the_point_about(self, precision):
        """Certain: no place within the precision has another port. Not certain: one just beyond it, at most, has."""
        rng = np.random.default_rng(9)
        x, y = rng.uniform(-117, -97, 29), rng.uniform(26, 33, 29)
        lon, lat = rng.uniform(-117, -97, 400), rng.uniform(24, 34, 400)
        found = nearest_sites(lon, lat, x, y, precision_m=np.full(400, precision))
        azimuth = np.arange(0, 360, 1.0)
        rings = [geodesy.direct(lon[:, None], lat[:, None], azimuth, precision * r)[:2] for r in (0.5, 1.0, 1.01)]
        swaps = [
            (nearest_sites(*(v.ravel() for v in ring), x, y).site.reshape(400, -1) != found.site[:, None]).any(axis=1)
            for ring in rings
        ]
        assert not (swaps[0] | swaps[1])[found.certain].any()
        assert swaps[2][~found.certain].all()
        assert 0 < found.certain.mean() < 1

    def test_a_gap_of_more_than_twice_the_precision_is_always_certain(self):
        rng = np.random.default_rng(4)
        x, y = rng.uniform(-117, -97, 29), rng.uniform(26, 33, 29)
        lon, lat = rng.uniform(-117, -97, 3000), rng.uniform(24, 34, 3000)
        precision = rng.uniform(10, 50_000, 3000)
        found = nearest_sites(lon, lat, x, y, precision_m=precision)
        gap = found.second_distance_m - found.distance_m
        assert found.certain[gap > 2 * precision + 0.1].all()
