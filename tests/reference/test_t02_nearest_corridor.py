"""T02: the nearest corridor, distance, chainage and side, on edges that are geodesics."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from geo.geodesy import line_length_m
from geo.join.corridor import nearest_corridor
from geo.table import Features, numbers


@pytest.fixture
def corridors(case_folder, stated) -> Features:
    features = json.loads((case_folder / stated(r"(t\d\d_corridors\.geojson)", str)).read_text())["features"]
    table = pa.Table.from_pylist([feature["properties"] for feature in features])
    return Features(table, shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features]))


def test_t02(corridors, read_rows, stated, in_order):
    points = in_order(read_rows("t02_points.csv"))
    expected = points.select(["id"]).join(read_rows("t02_expected.csv"), "id").sort_by("id")

    found = nearest_corridor(numbers(points, "lon"), numbers(points, "lat"), corridors)

    found = {name: values.take(np.argsort(points["id"].to_pylist())) for name, values in found.items()}
    clear = numbers(expected, "margin_to_second_m") > stated(r"margin_to_second_m > ([\d.]+)")
    distance = numbers(expected, "distance_m")
    assert clear.any()
    assert pc.equal(found["corridor_id"], expected["corridor_id"]).to_numpy(zero_copy_only=False)[clear].all()

    off = np.abs(found["corridor_distance_m"].to_numpy() - distance)
    assert off[clear].max() <= stated(r"distance ([\d.]+) m")

    near = clear & (distance < 1000 * stated(r"distance < ([\d.]+) km"))
    off = np.abs(found["corridor_chainage_m"].to_numpy() - numbers(expected, "chainage_m"))
    assert off[near].max() <= stated(r"chainage ([\d.]+) m")

    interior = pc.equal(expected["foot_kind"], "interior").to_numpy()
    sided = clear & interior & (distance > stated(r"distance > ([\d.]+) m"))
    assert pc.equal(found["corridor_side"], expected["side"]).to_numpy(zero_copy_only=False)[sided].all()


def test_the_lengths_of_the_corridors(corridors, stated):
    for line, length in zip(corridors.geometry, numbers(corridors.table, "length_m"), strict=True):
        lon, lat = shapely.get_coordinates(line).T
        assert line_length_m(lon, lat) == pytest.approx(length, abs=stated(r"length_m property ([\d.]+) m"))
