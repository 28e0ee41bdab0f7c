"""The nearest polygon, against every edge measured."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from geo.geodesy import distance_m
from geo.join.lines import cut, nearest_on_lines
from geo.join.outline import Outlines, _outer_edges


def objects(*items):
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def nearest(shapes, *points):
    index, distance = Outlines(objects(*shapes)).nearest(*np.array(points, float).reshape(-1, 2).T)
    return list(zip(index.tolist(), distance.tolist(), strict=True))


def every_edge(shapes, lon, lat):
    """Return the same by containment and the whole outline of every polygon."""
    index, distance = np.full(len(lon), -1), np.full(len(lon), np.nan)
    feet = nearest_on_lines(lon, lat, cut(shapely.boundary(shapes)))
    for i, point in enumerate(shapely.points(lon, lat)):
        holding = np.flatnonzero(shapely.intersects(shapes, point))
        index[i] = holding[0] if len(holding) else feet.line[i]
        distance[i] = 0.0 if len(holding) else feet.distance_m[i]
    return index, distance


def test_zero_inside_and_on_the_boundary_of_the_first_that_holds_the_point():
    cells = box(0, 0, 1, 1), box(1, 0, 2, 1)
    assert nearest(cells, (0.5, 0.5), (1.5, 0.5), (1, 0.5), (0, 0)) == [(0, 0.0), (1, 0.0), (0, 0.0), (0, 0.0)]


def test_outside_the_geodesic_distance_to_the_outline():
    ((index, distance),) = nearest([box(0, 0, 1, 1), box(3, 0, 4, 1)], (1.5, 0.0))
    assert index == 0
    assert distance == pytest.approx(distance_m(1.5, 0.0, 1.0, 0.0).item(), abs=0.01)


def test_a_hole_is_outside_and_its_edge_is_outline():
    ring = box(0, 0, 3, 3) - box(1, 1, 2, 2)
    ((index, distance),) = nearest([ring], (1.5, 1.9))
    assert index == 0
    assert distance == pytest.approx(distance_m(1.5, 1.9, 1.5, 2.0).item(), rel=1e-3)
    # Unless another polygon fills it.
    assert nearest([ring, box(1, 1, 2, 2)], (1.5, 1.9)) == [(1, 0.0)]


def test_without_a_place_or_a_polygon_there_is_none():
    assert nearest([box(0, 0, 1, 1)], (np.nan, 0), (0, np.nan))[0][0] == -1
    assert nearest([None, Polygon(), shapely.Point(0, 0)], (0, 0))[0][0] == -1
    assert np.isnan(nearest([], (0, 0))[0][1])
    assert nearest([None, box(0, 0, 1, 1)], (0.5, 0.5)) == [(1, 0.0)]


def test_the_same_polygon_twice_keeps_its_outline():
    ((index, distance),) = nearest([box(0, 0, 1, 1), box(0, 0, 1, 1)], (1.5, 0.5))
    assert index == 0
    assert 55_000 < distance < 56_000


@pytest.mark.parametrize("turned", [False, True], ids=["as drawn", "rings turned the other way"])
def test_rings_may_run_either_way(turned):
    cells = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 2, 2) - box(0.5, 1.2, 0.7, 1.4)]
    if turned:
        cells[1:] = [shapely.reverse(cell) for cell in cells[1:]]
    lon, lat = np.array([2.5, -0.3, 1.0, 0.6]), np.array([0.5, 1.7, -0.2, 1.3])
    # The edge between the two lower cells is the only one that is common to two polygons.
    assert len(_outer_edges(objects(*cells))[0]) == 3 + 3 + 4 + 4
    index, distance = Outlines(objects(*cells)).nearest(lon, lat)
    expected = every_edge(objects(*cells), lon, lat)
    assert index.tolist() == expected[0].tolist()
    np.testing.assert_array_equal(distance, expected[1])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_it_is_that_of_measuring_every_edge(seed, fitting):
    """Neighbours that fit, and neighbours whose borders have gaps and overlaps."""
    rng = np.random.default_rng(seed)
    sites = shapely.multipoints(rng.uniform(0, 5, (12, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=box(-1, -1, 6, 6)))
    cells = cells[rng.random(len(cells)) < 0.6]
    if not fitting:
        cells = shapely.buffer(cells, rng.uniform(-0.05, 0.05, len(cells)), quad_segs=2)
    cells = cells[~shapely.is_empty(cells)]
    lon, lat = rng.uniform(-2, 7, (2, 40))
    index, distance = Outlines(cells).nearest(lon, lat)
    expected = every_edge(cells, lon, lat)
    np.testing.assert_allclose(distance, expected[1], atol=1e-3)
    assert (index == expected[0]).all()


@pytest.mark.data
def test_real_municipalities(public_data):
    """Quantised rings, some of them invalid: no outer edge is lost, and few edges are left."""
    features = json.loads((public_data / "boundaries" / "mx_municipalities.geojson").read_text())["features"]
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(-118, -97, 400), rng.uniform(25, 34, 400)
    outlines = Outlines(shapes)
    index, distance = outlines.nearest(lon, lat)
    assert len(outlines._pieces) < 0.1 * shapely.get_num_coordinates(shapes).sum()
    outside = distance > 0
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    feet = nearest_on_lines(lon[outside], lat[outside], cut(shapely.boundary(valid)))
    np.testing.assert_allclose(distance[outside], feet.distance_m, atol=1e-3)
    assert (index[outside] == feet.line).all()
