"""T08: empirical-Bayes rates of small populations, with a global and a spatial prior."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from geo.stats.rates import global_bayes, raw_rate, spatial_bayes
from geo.stats.weights import from_table

RATE_TOLERANCE = 1e-9  # events per person


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["file order", "shuffled", "shuffled again"])
def test_t08(case_folder, seed):
    lattice = json.loads((case_folder / "lattice.geojson").read_text())["features"]
    if seed is not None:
        np.random.default_rng(seed).shuffle(lattice)
    with (case_folder / "t08_expected.csv").open() as file:
        expected = {row["id"]: row for row in csv.DictReader(file)}
    with (case_folder / "lattice_queen_neighbors.csv").open() as file:
        pairs = [(row["focal"], row["neighbor"]) for row in csv.DictReader(file)]
    ids = [cell["properties"]["id"] for cell in lattice]
    assert len(expected) == len(ids)
    homicides, population = (
        np.array([cell["properties"][name] for cell in lattice], float) for name in ("homicides", "population")
    )

    found = {
        "raw_rate": raw_rate(homicides, population),
        "eb_global": global_bayes(homicides, population),
        "eb_spatial": spatial_bayes(homicides, population, from_table(*zip(*pairs, strict=True), ids)),
    }

    for name, rates in found.items():
        rows = [float(expected[i][name]) for i in ids]
        np.testing.assert_allclose(rates, rows, rtol=0, atol=RATE_TOLERANCE, err_msg=name)
