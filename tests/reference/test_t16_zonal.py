"""T16: statistics of a raster in polygons, with partial cells, no data, a sliver and a zone outside."""

from __future__ import annotations

import csv
import json

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.join.zonal import STATISTICS, zonal
from geo.table import Features

TOLERANCE = 1e-5


@pytest.mark.parametrize("seed", [None, 1], ids=["file order", "shuffled"])
def test_t16(case_folder, seed):
    zones = json.loads((case_folder / "t16_zones.geojson").read_text())["features"]
    if seed is not None:
        np.random.default_rng(seed).shuffle(zones)
    with (case_folder / "t16_expected.csv").open() as file:
        expected = {row["id"]: row for row in csv.DictReader(file)}
    shapes = shapely.from_geojson([json.dumps(zone["geometry"]) for zone in zones])
    ids = pa.table({"id": [zone["properties"]["id"] for zone in zones]})

    found = zonal(Features(ids, shapes), case_folder / "t16_violence.tif").to_pylist()

    assert [row["id"] for row in found] == ids["id"].to_pylist()
    assert {row["id"] for row in found} == set(expected)
    for row in found:
        for name in STATISTICS:
            # Blank is blank, never 0, and the other way round.
            truth = expected[row["id"]][name]
            assert (row[name] is None) == (truth == ""), (row["id"], name)
            if truth:
                # Relative for sums and means; of the extremes, single-precision values as they are.
                kind = {"abs": TOLERANCE} if name in ("min", "max") else {"rel": TOLERANCE, "abs": 0}
                assert row[name] == pytest.approx(float(truth), **kind), (row["id"], name)
