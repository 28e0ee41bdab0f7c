"""T06: Getis-Ord Gi* hot spots with the false discovery rate under control."""

from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest

from geo.stats.gistar import gi_star
from geo.stats.weights import from_table, queen

Z_TOLERANCE = 1e-8


@pytest.fixture
def lattice(case_folder):
    return json.loads((case_folder / "lattice.geojson").read_text())["features"]


@pytest.fixture
def neighbour_pairs(case_folder):
    with (case_folder / "lattice_queen_neighbors.csv").open() as file:
        return [(row["focal"], row["neighbor"]) for row in csv.DictReader(file)]


@pytest.fixture
def expected(case_folder):
    with (case_folder / "t06_expected.csv").open() as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["file order", "shuffled", "shuffled again"])
def test_t06(lattice, neighbour_pairs, expected, seed):
    if seed is not None:
        np.random.default_rng(seed).shuffle(lattice)
    ids = [cell["properties"]["id"] for cell in lattice]
    guns = np.array([cell["properties"]["guns"] for cell in lattice], float)

    found = gi_star(guns, from_table(*zip(*neighbour_pairs, strict=True), ids))

    rows = [expected[i] for i in ids]
    assert len(expected) == len(ids)
    np.testing.assert_allclose(found.z, [float(r["gi_star_z"]) for r in rows], rtol=0, atol=Z_TOLERANCE)
    np.testing.assert_allclose(found.p, [float(r["p_two_sided"]) for r in rows], rtol=1e-8, atol=0)
    for name in (n for n in rows[0] if "_fdr" in n):
        kind, percent = re.fullmatch(r"(hot|cold)_fdr(\d+)", name).groups()
        decided = getattr(found, kind)(int(percent) / 100)
        assert decided.tolist() == [r[name] == "1" for r in rows], name


def test_the_polygons_have_the_neighbours_of_the_table(lattice, neighbour_pairs):
    import shapely

    ids = [cell["properties"]["id"] for cell in lattice]
    polygons = shapely.from_geojson([json.dumps(cell["geometry"]) for cell in lattice])
    found = queen(polygons)
    assert {(ids[a], ids[b]) for a, b in zip(found.focal, found.neighbour, strict=True)} == set(neighbour_pairs)
