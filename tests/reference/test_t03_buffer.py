"""T03: a geodesic buffer with round caps: its area, and which points it holds."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.geodesy import buffer, polygon_area_m2
from geo.join.corridor import nearest_corridor
from geo.table import Features, numbers


@pytest.fixture
def case(case_folder):
    return json.loads((case_folder / "t03_expected.json").read_text())


@pytest.fixture
def line(case, case_folder, stated):
    features = json.loads((case_folder / stated(r"(t\d\d_corridors\.geojson)", str)).read_text())["features"]
    chosen = next(f for f in features if f["properties"]["corridor_id"] == case["corridor_id"])
    return shapely.from_geojson(json.dumps(chosen["geometry"]))


def test_t03_area(case, line, stated):
    area_km2 = polygon_area_m2(buffer(line, case["buffer_m"])) / 1e6
    assert area_km2 == pytest.approx(case["area_km2"], rel=stated(r"area ([\d.]+) %") / 100)


def test_t03_membership(case, line, read_rows, in_order):
    points = in_order(read_rows("t03_points.csv"))
    lon, lat = numbers(points, "lon"), numbers(points, "lat")
    expected = points.select(["id"]).join(read_rows("t03_expected.csv"), "id").sort_by("id")
    member = numbers(expected, next(n for n in expected.column_names if n.startswith("within"))) == 1
    order = np.argsort(points["id"].to_pylist())

    corridor = Features(pa.table({"id": [case["corridor_id"]]}), np.array([line], dtype=object))
    distance = nearest_corridor(lon, lat, corridor)["corridor_distance_m"].to_numpy()
    np.testing.assert_array_equal((distance <= case["buffer_m"])[order], member)

    drawn = shapely.intersects_xy(buffer(line, case["buffer_m"]), lon, lat)
    np.testing.assert_array_equal(drawn[order], member)
