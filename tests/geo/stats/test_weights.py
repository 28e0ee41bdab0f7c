"""Neighbours: from polygons, from a table, from the nearest sites."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Polygon, box

from geo.errors import StatisticError
from geo.stats.weights import from_pairs, from_table, nearest_sites, queen


def pairs(neighbours):
    return set(zip(neighbours.focal.tolist(), neighbours.neighbour.tolist(), strict=True))


def objects(*items):
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def test_pairs_are_sorted_merged_and_without_self():
    found = from_pairs([2, 0, 2, 1, 2], [0, 1, 0, 1, 1], 4)
    assert found.focal.tolist() == [0, 2, 2]
    assert found.neighbour.tolist() == [1, 0, 1]
    assert found.counts.tolist() == [1, 0, 2, 0]
    assert found.islands.tolist() == [False, True, False, True]
    assert pairs(found.symmetric()) == {(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)}


def test_sums_run_over_neighbours_without_self():
    path = from_pairs([0, 1, 1, 2], [1, 0, 2, 1], 4)
    assert path.sums(np.array([1.0, 10.0, 100.0, 1000.0])).tolist() == [10.0, 101.0, 10.0, 0.0]


def test_among_keeps_the_pairs_of_the_kept_units():
    path = from_pairs([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 4)
    assert pairs(path.among(np.array([False, True, True, True]))) == {(0, 1), (1, 0), (1, 2), (2, 1)}


def test_no_units_and_no_pairs():
    assert from_pairs([], [], 0).counts.tolist() == []
    assert from_pairs([], [], 2).islands.all()


def test_a_row_that_is_not_there_is_refused():
    with pytest.raises(StatisticError, match="outside 0 to 2"):
        from_pairs([0], [3], 3)


def test_table_of_ids():
    assert pairs(from_table(["b", "b"], ["a", "c"], ["a", "b", "c"])) == {(1, 0), (1, 2)}


def test_table_names_the_ids_it_does_not_know():
    with pytest.raises(StatisticError, match=r"1 ids .* not among the units .*1001"):
        from_table(["01001"], ["1001"], ["01001", "01002"])
    with pytest.raises(StatisticError, match="unit 01001 is there more than once"):
        from_table([], [], ["01001", "01001"])


def test_queen_neighbours_share_an_edge_or_a_corner():
    cells = objects(box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(5, 5, 6, 6))
    found = queen(cells)
    assert pairs(found) == {(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)}
    assert found.islands.tolist() == [False, False, False, True]


def test_queen_sees_a_border_with_a_vertex_on_one_side_only():
    # The large cell has no vertex between its corners; libpysal's vertex method would lose the middle cell.
    column = [box(1, y, 2, y + 1) for y in range(3)]
    assert pairs(queen(objects(box(0, 0, 1, 3), *column))) >= {(0, 1), (0, 2), (0, 3)}


def test_queen_survives_invalid_missing_and_empty_polygons():
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    found = queen(objects(bow_tie, box(1, 0, 2, 1), None, Polygon()))
    assert pairs(found) == {(0, 1), (1, 0)}
    assert found.islands.tolist() == [False, False, True, True]


def test_queen_bridges_a_stated_gap():
    apart = objects(box(0, 0, 1, 1), box(1.001, 0, 2, 1))
    assert queen(apart).islands.all()
    assert pairs(queen(apart, gap_deg=0.01)) == {(0, 1), (1, 0)}


def brute_force(lon, lat, k):
    """Return the k nearest of every site by trying all pairs."""
    n = len(lon)
    a, b = (i.ravel() for i in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    distance = Geod(ellps="WGS84").inv(lon[a], lat[a], lon[b], lat[b])[2].reshape(n, n)
    np.fill_diagonal(distance, np.inf)
    limit = np.sort(distance, axis=1)[:, k - 1] + 1e-3
    return {(i, j) for i in range(n) for j in range(n) if distance[i, j] <= limit[i]}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=5, max_size=25),
    st.integers(1, 4),
)
def test_nearest_sites_are_those_of_all_pairs_anywhere_on_earth(places, k):
    lon, lat = np.array(places).T
    assert pairs(nearest_sites(lon, lat, k)) == brute_force(lon, lat, k)


def test_nearest_sites_measures_on_the_ellipsoid_and_not_in_degrees():
    # At 60 north, one degree of longitude is half a degree of latitude.
    lon, lat = np.array([0.0, 1.0, 0.0]), np.array([60.0, 60.0, 60.7])
    assert pairs(nearest_sites(lon, lat, 1)) == {(0, 1), (1, 0), (2, 0)}


def test_nearest_sites_takes_all_that_tie():
    lon, lat = np.array([0.0, 1.0, -1.0, 0.3]), np.zeros(4)
    assert pairs(nearest_sites(lon, lat, 1)) == {(0, 3), (1, 3), (2, 0), (3, 0)}
    assert pairs(nearest_sites(lon[:3], lat[:3], 1)) == {(0, 1), (0, 2), (1, 0), (2, 0)}


def test_sites_without_a_place_are_islands_and_nobodys_neighbour():
    lon, lat = np.array([0.0, np.nan, 1.0]), np.zeros(3)
    found = nearest_sites(lon, lat, 5)
    assert pairs(found) == {(0, 2), (2, 0)}
    assert nearest_sites(lon[:2], lat[:2], 1).islands.all()


def test_symmetric_adds_the_reverse():
    lon, lat = np.array([0.0, 1.0, 1.5]), np.zeros(3)
    assert pairs(nearest_sites(lon, lat, 1)) == {(0, 1), (1, 2), (2, 1)}
    assert pairs(nearest_sites(lon, lat, 1, symmetric=True)) == {(0, 1), (1, 0), (1, 2), (2, 1)}


def test_k_below_one_is_refused():
    with pytest.raises(StatisticError, match="0 nearest sites"):
        nearest_sites(np.zeros(2), np.zeros(2), 0)


def test_libpysal_sees_the_same_pairs_and_islands():
    found = from_pairs([0, 1, 1, 2], [1, 0, 2, 1], 4)
    graph = found.to_graph()
    assert graph.isolates.tolist() == [3]
    assert graph.cardinalities.tolist() == found.counts.tolist()
    assert graph.sparse.toarray()[1].tolist() == [1, 0, 1, 0]


@pytest.mark.data
def test_queen_of_the_real_municipalities(public_data):
    """Quantised rings, 164 of them invalid: every municipality of the mainland has a neighbour."""
    file = public_data / "boundaries" / "mx_municipalities.geojson"
    features = json.loads(file.read_text())["features"]
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    codes = [f"{f['properties']['state_code']:02d}{f['properties']['mun_code']:03d}" for f in features]
    assert (~shapely.is_valid(shapes)).any()

    found = queen(shapes)

    assert pairs(found) == {(b, a) for a, b in pairs(found)}
    assert 5 < found.counts.mean() < 7  # a planar map has fewer than 6 on average, plus corners
    juarez = codes.index("08037")
    assert {codes[j] for i, j in pairs(found) if i == juarez} == {"08001", "08028", "08005"}
    # Islands of the sea only: Cozumel and Isla Mujeres.
    assert {codes[i] for i in np.flatnonzero(found.islands)} <= {"23001", "23003"}
