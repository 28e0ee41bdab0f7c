"""T17: points on shared borders, on corners and in holes: one polygon a point, the first in file order."""

from __future__ import annotations

import json

import pyarrow as pa
import shapely

from geo.join.polygon import within_areas
from geo.table import Features, numbers


def test_t17(case_folder, read_rows, in_order):
    features = json.loads((case_folder / "t17_polygons.geojson").read_text())["features"]
    areas = Features(
        pa.Table.from_pylist([feature["properties"] for feature in features]),
        shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features]),
    )
    points = in_order(read_rows("t17_points.csv"))
    assigned = dict(zip(*(read_rows("t17_expected.csv")[n].to_pylist() for n in ("id", "assigned")), strict=True))

    found = within_areas(numbers(points, "lon"), numbers(points, "lat"), areas)

    assert found["area_id"].to_pylist() == [assigned[i] for i in points["id"].to_pylist()]
    assert len(assigned) == len(points)
