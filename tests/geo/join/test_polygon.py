"""One polygon a point: the first that it touches."""

from __future__ import annotations

import logging

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import JoinError
from geo.join.polygon import first_polygon, valid_polygons, within_areas
from geo.table import Features

WEST, EAST = shapely.box(-110, 30, -109, 31), shapely.box(-109, 30, -108, 31)
RING = shapely.box(-112, 30, -110, 32).difference(shapely.box(-111.5, 30.5, -110.5, 31.5))
BOW_TIE = shapely.Polygon([(-110, 30), (-109, 31), (-109, 30), (-110, 31)])


def areas(*shapes, **columns):
    own = {"area_id": [f"A{i}" for i in range(len(shapes))], "name": [f"area {i}" for i in range(len(shapes))]}
    return Features(pa.table(own | columns), np.array(shapes, dtype=object))


def join(points, shapes, **options):
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    return {name: values.to_pylist() for name, values in within_areas(lon, lat, shapes, **options).items()}


def test_inside_outside_and_nowhere():
    found = join([(-109.5, 30.5), (-100, 30.5), (np.nan, 30.5)], areas(WEST, EAST))
    assert found == {"area_id": ["A0", None, None], "area_name": ["area 0", None, None]}


def test_the_prefix_names_the_columns():
    assert list(join([(-109.5, 30.5)], areas(WEST), prefix="county")) == ["county_id", "county_name"]


@pytest.mark.parametrize("point", [(-109, 30.25), (-109, 30), (-109, 31)], ids=["edge", "corner", "other corner"])
def test_on_a_shared_border_the_first_in_file_order(point):
    assert join([point], areas(WEST, EAST))["area_name"] == ["area 0"]
    assert join([point], areas(EAST, WEST))["area_name"] == ["area 0"]


def test_where_polygons_overlap_the_first_in_file_order():
    assert join([(-109.5, 30.5)], areas(shapely.box(-120, 20, -100, 40), WEST))["area_id"] == ["A0"]


def test_a_hole_is_outside_and_its_rim_is_not():
    found = join([(-111, 31), (-111.5, 31), (-111.5, 31.5), (-111.75, 31)], areas(RING))
    assert found["area_id"] == [None, "A0", "A0", "A0"]


def test_boundaries_are_exact_where_arithmetic_with_rounding_is_not():
    """A point moved by the smallest step off a slanting edge changes sides."""
    triangle = areas(shapely.Polygon([(-117, 30), (-116, 30), (-116, 30.5)]))
    edge = (-116.5, 30.25)
    assert join([edge], triangle)["area_id"] == ["A0"]
    assert join([(edge[0], np.nextafter(edge[1], 40))], triangle)["area_id"] == [None]
    assert join([(edge[0], np.nextafter(edge[1], 20))], triangle)["area_id"] == ["A0"]


def test_rings_that_cross_themselves_are_made_valid_and_counted(caplog):
    caplog.set_level(logging.WARNING)
    found = join([(-109.9, 30.5), (-109.1, 30.5), (-109.5, 30.9)], areas(WEST.buffer(-0.45), BOW_TIE))
    assert found["area_id"] == ["A1", "A1", None]
    assert "1 of 2 polygons" in caplog.text


def test_valid_polygons_leaves_what_it_was_given():
    shapes = np.array([BOW_TIE, WEST, None, shapely.Point(0, 0)], dtype=object)
    valid, repaired = valid_polygons(shapes)
    assert repaired == 1
    assert shapes[0] is BOW_TIE
    assert [shape is None for shape in valid] == [False, False, True, True]
    assert shapely.is_valid(valid[:2]).all()


def test_points_among_the_areas_are_passed_over():
    assert join([(0, 0), (-109.5, 30.5)], areas(shapely.Point(0, 0), WEST))["area_id"] == [None, "A1"]


def test_shapes_of_which_none_is_a_polygon_are_refused():
    with pytest.raises(JoinError, match="none of the 1 shapes is a polygon"):
        join([(0, 0)], areas(shapely.Point(0, 0)))


def test_no_areas_give_blanks():
    assert join([(0, 0)], areas())["area_id"] == [None]


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([15, 150]))
def test_as_asking_every_polygon_for_every_point_in_any_order(seed, count):
    rng = np.random.default_rng(seed)
    grid = rng.integers(0, 8, (count, 4, 2)) / 8
    shapes = np.array([shapely.MultiPoint(corners).convex_hull for corners in grid], dtype=object)
    polygons, _ = valid_polygons(shapes)
    lon, lat = rng.integers(0, 65, 9000) / 64, rng.integers(0, 65, 9000) / 64
    hit = shapely.intersects_xy(polygons[:, None], lon, lat)
    expected = np.where(hit.any(axis=0), hit.argmax(axis=0), -1)
    np.testing.assert_array_equal(first_polygon(lon, lat, polygons), expected)
    shuffled = rng.permutation(9000)
    np.testing.assert_array_equal(first_polygon(lon[shuffled], lat[shuffled], polygons), expected[shuffled])
