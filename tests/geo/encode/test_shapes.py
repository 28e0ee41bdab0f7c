"""Shapes come back to within rounding, without gaps between neighbours, and shared edges are written once."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box

from geo.encode.shapes import SCALE, decode_shapes, encode_shapes


def shapes(*geometries):
    out = np.empty(len(geometries), dtype=object)
    out[:] = geometries
    return out


def ring_key(ring) -> tuple:
    """Return a ring as a cycle: where it starts does not matter, its direction does."""
    points = [tuple(p) for p in np.rint(np.asarray(ring) * SCALE).astype(int).tolist()]
    assert points[0] == points[-1], "rings are closed"
    points = points[:-1]
    at = points.index(min(points))
    return tuple(points[at:] + points[:at])


def rings_of(polygon) -> list:
    parts = shapely.get_parts(polygon)
    return [
        ring_key(ring.coords)
        for part in parts
        for ring in (
            shapely.geometry.polygon.orient(part).exterior,
            *shapely.geometry.polygon.orient(part).interiors,
        )
    ]


def test_neighbours_share_their_edge():
    a = Polygon([(0, 0), (1, 0), (1, 0.5), (1, 1), (0, 1)])
    b = Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])
    encoded = encode_shapes(shapes(a, b), "areas")
    assert encoded.meta["arcs"] == 3, "two outer arcs and the common one"
    assert encoded.meta["references"] == 4
    rows = decode_shapes(encoded)
    assert [[ring_key(r) for r in row] for row in rows] == [rings_of(a), rings_of(b)]


def test_holes_islands_and_multipolygons_come_back():
    lake = Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 4, 4).exterior, box(6, 6, 8, 8).exterior])
    island = box(2, 2, 4, 4)  # fills one of the holes exactly
    far = MultiPolygon([box(20, 0, 21, 1), box(21, 1, 22, 2)])  # touch at a corner
    encoded = encode_shapes(shapes(lake, island, far), "areas")
    rows = decode_shapes(encoded)
    for row, geometry in zip(rows, (lake, island, far), strict=True):
        assert sorted(ring_key(r) for r in row) == sorted(rings_of(geometry))
    assert shapely.is_ccw(shapely.linearrings(rows[0][0]))
    assert not shapely.is_ccw(shapely.linearrings(rows[0][1])), "holes run the other way"


def test_lines_keep_their_direction():
    first = LineString([(0, 0), (1, 0), (2, 0), (3, 1)])
    back = LineString([(3, 1), (2, 0), (1, 0), (0, 2)])
    both = MultiLineString([[(5, 5), (6, 6)], [(6, 6), (5, 5)]])
    rows = decode_shapes(encode_shapes(shapes(first, back, both), "lines"))
    assert [[p.tolist() for p in row] for row in rows] == [
        [np.array(g.coords).tolist() for g in shapely.get_parts(geometry)] for geometry in (first, back, both)
    ]


def test_a_closed_line_comes_back_from_where_it_starts():
    loop = LineString([(1, 1), (2, 1), (2, 2), (1, 1)])
    assert decode_shapes(encode_shapes(shapes(loop), "lines"))[0][0].tolist() == [list(p) for p in loop.coords]


def test_nothing_stays_nothing():
    rows = decode_shapes(encode_shapes(shapes(None, Polygon(), box(0, 0, 1e-7, 1e-7), box(0, 0, 1, 1)), "areas"))
    assert [len(row) for row in rows] == [0, 0, 0, 1]
    assert decode_shapes(encode_shapes(shapes(), "areas")) == []
    assert decode_shapes(encode_shapes(shapes(None), "lines")) == [[]]


def test_only_the_parts_of_the_kind_are_taken():
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), LineString([(0, 0), (5, 5)]), shapely.Point(1, 1)])
    assert len(decode_shapes(encode_shapes(shapes(mixed), "areas"))[0]) == 1
    assert decode_shapes(encode_shapes(shapes(mixed), "lines"))[0][0].tolist() == [[0, 0], [5, 5]]


def test_the_same_shapes_give_the_same_bytes():
    cells = voronoi(60, seed=1)
    assert encode_shapes(cells, "areas") == encode_shapes(cells.copy(), "areas")


def voronoi(n: int, seed: int):
    points = np.random.default_rng(seed).uniform((-107, 30), (-105, 32), (n, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    return shapely.set_precision(shapely.segmentize(shapely.intersection(cells, box(-107, 30, -105, 32)), 0.1), 1e-5)


@given(st.integers(1, 40), st.integers(0, 1000))
@settings(max_examples=25)
def test_a_partition_stays_a_partition(n, seed):
    cells = voronoi(n, seed)
    rows = decode_shapes(encode_shapes(cells, "areas"))
    for row, cell in zip(rows, cells, strict=True):
        assert sorted(ring_key(r) for r in row) == sorted(rings_of(cell))


coordinate = st.integers(0, 6).map(lambda k: k / 2)


@given(st.lists(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=9), max_size=6))
def test_any_lines_come_back_vertex_by_vertex(paths):
    lines = [LineString(p) for p in paths]
    rows = decode_shapes(encode_shapes(shapes(*lines), "lines"))
    for row, path in zip(rows, paths, strict=True):
        kept = [p for k, p in enumerate(path) if k == 0 or p != path[k - 1]]
        assert [tuple(p) for part in row for p in part.tolist()] == (kept if len(kept) > 1 else [])


@pytest.mark.data
def test_real_municipalities_come_back_and_shrink(public_data):
    features = json.loads((public_data / "boundaries" / "mx_municipalities.geojson").read_text())["features"]
    geometry = shapes(*(shapely.geometry.shape(f["geometry"]) for f in features))
    encoded = encode_shapes(geometry, "areas")
    vertices = int(shapely.get_num_coordinates(geometry).sum())
    assert encoded.meta["vertices"] < 0.7 * vertices
    rows = decode_shapes(encoded)
    for row, polygon in zip(rows[::40], geometry[::40], strict=True):
        rings = {True: [], False: []}
        for ring in row:
            rings[bool(shapely.is_ccw(shapely.linearrings(ring)))].append(shapely.make_valid(Polygon(ring)))
        drawn = shapely.difference(shapely.union_all(rings[True]), shapely.union_all(rings[False]))
        lost = shapely.area(shapely.symmetric_difference(drawn, shapely.make_valid(polygon)))
        assert lost < 1e-5 * shapely.length(polygon)
