"""The border and the areas: whole, in order, near the survey line, and fitting together without gap or overlap."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.read import seeds

GEOD = Geod(ellps="WGS84")
BORDER = seeds.features("border").geometry[0]
AREAS = ("us_states", "us_counties", "mx_states")


def coordinates(geometry) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(geometry).tolist()))


def test_the_border_runs_from_the_pacific_to_the_gulf():
    (west, south_west), (east, south_east) = BORDER.coords[0], BORDER.coords[-1]
    assert (west, south_west) == pytest.approx((-117.125, 32.534), abs=0.001)
    assert (east, south_east) == pytest.approx((-97.146, 25.957), abs=0.001)
    assert BORDER.bounds == pytest.approx((-117.125, 25.837, -97.13, 32.72), abs=0.02)


def test_the_border_has_no_gap_no_repeat_and_does_not_cross_itself():
    xy = np.array(BORDER.coords)
    legs_m = GEOD.inv(*xy[:-1].T, *xy[1:].T)[2]
    assert len(coordinates(BORDER)) == len(xy)
    assert legs_m.min() > 0.5
    assert legs_m.max() < 48_000  # the straight lines of Arizona and New Mexico
    assert BORDER.is_simple
    length_km = legs_m.sum() / 1000
    assert length_km == pytest.approx(seeds.table("border")["length_km"][0].as_py(), abs=0.1)
    assert 3_100 < length_km < 3_160


@pytest.fixture(scope="module")
def survey(public_data):
    collection = json.loads((public_data / "context" / "ibwc_us_mexico_border.geojson").read_text(encoding="utf-8"))
    line = shapely.from_geojson(json.dumps(collection["features"][0]["geometry"]))
    return shapely.reverse(line)  # it runs east to west


SCALE = np.array([np.cos(np.radians(29.5)), 1.0])
"""Degrees to a plane with true proportions at 29.5 N."""


def feet(xy: np.ndarray, line: shapely.LineString) -> tuple[np.ndarray, np.ndarray]:
    """Return of points the distance in metres to a line, and how far along it (about, km) the nearest point is."""
    vertices = shapely.get_coordinates(line) * SCALE
    legs = shapely.linestrings(np.stack([vertices[:-1], vertices[1:]], axis=1))
    points = shapely.points(xy * SCALE)
    which, nearest = shapely.STRtree(legs).query_nearest(points, all_matches=False)
    assert which.tolist() == list(range(len(points)))
    on_leg = shapely.line_locate_point(legs[nearest], points)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(legs[nearest], on_leg)) / SCALE
    distance_m = np.asarray(GEOD.inv(xy[:, 0], xy[:, 1], foot[:, 0], foot[:, 1])[2])
    start = np.concatenate([[0.0], np.cumsum(shapely.length(legs))])[nearest]
    return distance_m, (start + on_leg) * 111


@pytest.mark.data
def test_the_border_is_as_near_to_the_survey_line_as_stated(survey):
    every = shapely.get_coordinates(shapely.segmentize(BORDER, 0.001))
    found, _ = feet(every, survey)
    stated = seeds.table("border").to_pylist()[0]
    assert np.percentile(found, 50) == pytest.approx(stated["precision_median_m"], abs=1)
    assert np.percentile(found, 99) == pytest.approx(stated["precision_p99_m"], abs=3)
    assert found.max() < 850


@pytest.mark.data
def test_no_part_of_the_survey_line_is_missing_from_the_border(survey):
    xy = shapely.get_coordinates(survey)
    between = (xy[:, 0] > BORDER.coords[0][0]) & (xy[:, 0] < BORDER.coords[-1][0])
    found, _ = feet(xy[between], BORDER)
    assert np.percentile(found, 50) < 16
    assert np.percentile(found, 99) < 150
    assert found.max() < 850


@pytest.mark.data
def test_the_border_follows_the_survey_line_in_order(survey):
    _, along_km = feet(np.array(BORDER.coords), survey)
    back_km = -np.diff(along_km).clip(max=0)
    # A bend that one of the two cuts off sets the foot back; nothing else does.
    assert back_km.max() < 2
    assert (back_km > 0.1).sum() <= 5


@pytest.mark.parametrize("name", AREAS)
def test_areas_are_valid_and_fit_together(name):
    shapes = seeds.features(name).geometry
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_both_countries_together_leave_no_gap_and_no_overlap():
    both = np.concatenate([seeds.features("us_states").geometry, seeds.features("mx_states").geometry])
    assert shapely.coverage_is_valid(both)
    land = shapely.coverage_union_all(both)
    # One piece of land from Oaxaca to Maine, and nothing left open along the border.
    mainland = max(shapely.get_parts(land), key=lambda part: part.area)
    holes = [shapely.Polygon(ring) for ring in mainland.interiors]
    assert not any(hole.intersects(BORDER) for hole in holes)


@pytest.mark.parametrize("name", AREAS)
def test_every_vertex_of_the_border_is_in_the_areas_that_end_there(name):
    assert coordinates(BORDER) <= coordinates(seeds.features(name).geometry)


def test_the_areas_of_the_two_sides_meet_exactly_at_the_border():
    us = shapely.coverage_union_all(seeds.features("us_states").geometry)
    mx = shapely.coverage_union_all(seeds.features("mx_states").geometry)
    shared = shapely.line_merge(shapely.intersection(shapely.boundary(us), shapely.boundary(mx)))
    assert shared.equals(BORDER)


AREA_KM2 = {
    # Land and inland water inside the shores, as the Census Bureau and INEGI give them, to a per cent or two.
    ("us_states", "TX"): 688_000, ("us_states", "CA"): 411_000, ("us_states", "AZ"): 295_200,
    ("us_states", "NM"): 314_900, ("us_states", "CO"): 269_600, ("us_states", "KS"): 213_100,
    ("mx_states", "08"): 247_460, ("mx_states", "26"): 179_360, ("mx_states", "05"): 151_600,
    ("mx_states", "02"): 71_450, ("mx_states", "19"): 64_160, ("mx_states", "28"): 80_250,
    ("us_counties", "48141"): 2_630, ("us_counties", "06073"): 10_980,
}  # fmt: skip


@pytest.mark.parametrize(("name", "code"), AREA_KM2)
def test_no_area_lost_a_part(name, code):
    found = seeds.features(name)
    shape = found.geometry[found.table["code"].to_pylist().index(code)]
    area_km2 = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(shape)) / 1e6
    assert area_km2 == pytest.approx(AREA_KM2[name, code], rel=0.025)


def test_counties_are_parts_of_their_state():
    counties, states = seeds.features("us_counties"), seeds.features("us_states")
    shape = dict(zip(states.table["code"].to_pylist(), states.geometry, strict=True))
    for code, state, county in zip(
        counties.table["code"].to_pylist(), counties.table["state_code"].to_pylist(), counties.geometry, strict=True
    ):
        outside = shapely.difference(county, shape[state]).area
        assert outside < 0.02 * county.area, code  # small islands, kept for counties only
    assert set(counties.table["state_code"].to_pylist()) == {"CA", "AZ", "NM", "TX"}


def test_the_base_map_is_small():
    size = sum(
        len(seeds.resources.files("seeds").joinpath(seeds.SEEDS[name].file).read_bytes()) for name in ("border", *AREAS)
    )
    assert size < 300_000


def test_corridors_run_where_they_say():
    corridors = seeds.features("corridors")
    for row, line in zip(corridors.table.to_pylist(), corridors.geometry, strict=True):
        xy = np.array(line.coords)
        legs_km = GEOD.inv(*xy[:-1].T, *xy[1:].T)[2] / 1000
        assert legs_km.sum() == pytest.approx(row["length_km"], rel=0.005)  # given on a sphere
        assert legs_km.max() == pytest.approx(row["max_leg_km"], abs=1 + 0.005 * row["max_leg_km"])
        assert len(row["waypoints"].split("|")) == row["vertices"] == len(xy)
        if row["direction"] != "both":
            northward = xy[-1, 1] > xy[0, 1]
            assert northward == (row["direction"] == "north"), row["corridor_id"]
