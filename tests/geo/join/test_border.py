"""The side of the border: by the line beside it, by the polygons far from it, blank in third countries and at sea."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo import geodesy
from geo.errors import JoinError
from geo.join.border import side_of_border
from geo.join.lines import cut, nearest_on_lines
from geo.read import seeds
from geo.table import Features, numbers

PLACES = {
    "San Ysidro": (-117.03, 32.552, "US"),
    "Tijuana": (-117.02, 32.52, "MX"),
    "Tucson": (-110.97, 32.22, "US"),
    "El Paso": (-106.48, 31.76, "US"),
    "Juárez": (-106.48, 31.73, "MX"),
    "Big Bend, south of Juárez": (-103.3, 29.25, "US"),
    "Ojinaga": (-104.41, 29.555, "MX"),
    "Nuevo Laredo": (-99.51, 27.47, "MX"),
    "Miami, south of the line's eastern end": (-80.2, 25.76, "US"),
    "Key West": (-81.79, 24.56, "US"),
    "Seattle": (-122.33, 47.61, "US"),
    "Ensenada, a mile off the coast": (-116.66, 31.85, "MX"),
    "Mérida": (-89.62, 20.97, "MX"),
    "Tapachula": (-92.26, 14.9, "MX"),
    "the Gulf, 10 km off, north of the river": (-97.05, 26.05, "US"),
    "the Gulf, 10 km off, south of it": (-97.05, 25.85, "MX"),
    "the Pacific, 300 km off": (-121.0, 31.0, None),
    "the middle of the Gulf": (-92.0, 25.0, None),
    "Guatemala": (-90.52, 14.62, None),
    "Tecún Umán, across the river from Mexico": (-92.135, 14.68, None),
    "Belize City": (-88.19, 17.5, None),
    "Havana": (-82.37, 23.11, None),
    "Windsor, across the river from Detroit": (-83.02, 42.29, None),
    "Georgia, of the Caucasus": (44.8, 41.72, None),
    "nowhere": (np.nan, np.nan, None),
}


@pytest.fixture(scope="module")
def embedded():
    return [seeds.features(name) for name in ("border", "us_states", "mx_states")]


@pytest.fixture
def survey(public_data):
    text = (public_data / "context" / "ibwc_us_mexico_border.geojson").read_text()
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(text)["features"]]
    return Features(pa.table({"id": [str(i) for i in range(len(shapes))]}), np.array(shapes, dtype=object))


def border(*wkt):
    shapes = np.array([shapely.from_wkt(w) for w in wkt], dtype=object)
    return Features(pa.table({"id": [str(i) for i in range(len(wkt))]}), shapes)


def sides(lon, lat, *tables, **options):
    return side_of_border(np.asarray(lon, float), np.asarray(lat, float), *tables, **options)


@pytest.mark.parametrize(("lon", "lat", "side"), PLACES.values(), ids=PLACES)
def test_known_places(embedded, lon, lat, side):
    assert sides([lon], [lat], *embedded)["side"].to_pylist() == [side]


def test_every_embedded_place_lies_in_its_country(embedded):
    places = seeds.table("places")
    found = sides(numbers(places, "longitude"), numbers(places, "latitude"), *embedded)
    precision_m = numbers(embedded[0].table, "precision_p99_m").max()
    for place, side, distance in zip(places.to_pylist(), *(found[n].to_pylist() for n in list(found)[:2]), strict=True):
        assert side == place["country"] or distance <= precision_m, place["name"]


def test_columns_and_their_order(embedded):
    assert list(sides([-106.48], [31.76], *embedded)) == ["side", "border_distance_m", "side_certain"]


def test_distance_is_to_the_line(embedded):
    line = embedded[0].geometry[0]
    lon, lat = shapely.get_coordinates(shapely.line_interpolate_point(line, [0.2, 0.5, 0.8], normalized=True)).T
    away_lon, away_lat, _ = geodesy.direct(lon, lat, 0.0, 5.0)
    assert sides(lon, lat, *embedded)["border_distance_m"].to_numpy().max() < 1
    assert sides(away_lon, away_lat, *embedded)["border_distance_m"].to_numpy().max() < 6


def test_the_embedded_border_against_the_survey_line(embedded, survey):
    """Beyond its stated precision the line gives the side that the survey gives.

    And its distance is off by no more than that nearly everywhere.
    """
    rng = np.random.default_rng(11)
    x, y = shapely.get_coordinates(survey.geometry[0]).T
    land = np.flatnonzero((x > -117.12) & (x < -97.15))
    at = rng.choice(land, 3000)
    lon, lat, _ = geodesy.direct(x[at], y[at], rng.uniform(0, 360, 3000), rng.uniform(100, 5_000, 3000))

    ours, theirs = sides(lon, lat, *embedded), sides(lon, lat, survey)

    precision_m = numbers(embedded[0].table, "precision_p99_m").max()
    off = np.abs(ours["border_distance_m"].to_numpy() - theirs["border_distance_m"].to_numpy())
    agree = np.array(ours["side"].to_pylist()) == np.array(theirs["side"].to_pylist())
    assert np.quantile(off, 0.97) <= precision_m
    assert agree[ours["border_distance_m"].to_numpy() > precision_m].mean() > 0.999
    assert agree.mean() > 0.98


def test_crossings_lie_on_the_survey_line(survey):
    crossings = seeds.table("crossings")
    lon, lat = numbers(crossings, "longitude"), numbers(crossings, "latitude")
    distance = sides(lon, lat, survey)["border_distance_m"].to_numpy(zero_copy_only=False)
    known = np.isfinite(lon)
    assert np.nanmedian(distance[known]) < 500


def test_without_polygons_the_line_alone_decides(embedded):
    found = sides([-106.48, -106.48, -90.52], [31.76, 31.73, 14.62], embedded[0])
    assert found["side"].to_pylist() == ["US", "MX", "MX"]


def test_beside_the_line_it_overrules_polygons_that_are_badly_drawn():
    """The states meet 5 km too far south, and end 50 km from the line, where there is another country."""
    line = border("LINESTRING (-110 31, -109 31)")
    north, south = (
        border("POLYGON ((-111 30.95, -108 30.95, -108 32, -111 32, -111 30.95))"),
        border("POLYGON ((-111 30.5, -108 30.5, -108 30.95, -111 30.95, -111 30.5))"),
    )
    found = sides([-109.5] * 5, [31.02, 30.98, 31.5, 30.6, 29.0], line, north, south)
    assert found["side"].to_pylist() == ["US", "MX", "US", "MX", None]
    found = sides([-109.5] * 2, [31.5, 30.6], line, south, north)
    assert found["side"].to_pylist() == ["MX", "US"], "far from the line the polygons decide, whatever it says"


def test_a_line_drawn_from_east_to_west_is_turned_round():
    for line in ("LINESTRING (-110 31, -109 31)", "LINESTRING (-109 31, -110 31)"):
        assert sides([-109.5, -109.5], [31.1, 30.9], border(line))["side"].to_pylist() == ["US", "MX"]


def test_a_border_in_several_lines_joins_up_at_its_corners():
    """The eastern line comes first in the file; at the corner both sides of the bend are one line's."""
    corner = border("LINESTRING (-109 31, -108 31)", "LINESTRING (-110 32, -109 31)")
    found = sides([-109.02, -108.95, -109.3, -109.0], [30.9, 31.1, 31.0, 31.2], corner)
    assert found["side"].to_pylist() == ["MX", "US", "MX", "US"]


def test_beyond_its_ends_the_parallel_divides():
    slanting = border("LINESTRING (-110 31, -109 32)")
    found = sides([-111, -111, -108, -108], [31.1, 30.9, 32.1, 31.9], slanting)
    assert found["side"].to_pylist() == ["US", "MX", "US", "MX"]


def test_a_border_without_a_line_is_refused():
    for empty in (border(), border("POINT (-110 31)")):
        with pytest.raises(JoinError, match="border has no line"):
            sides([-110], [31], empty)


class TestCertain:
    LINE = "LINESTRING (-110 31, -109 31)"

    @pytest.mark.parametrize(
        ("offset", "precision", "line", "certain"),
        [
            (1_000, 800, 100, True), (1_000, 950, 100, False), (1_000, 2_000, 100, False), (1_000, 0, 100, True),
            (1_000, np.nan, 100, None), (50, 0, 100, False), (50, np.nan, 100, False), (1e6, np.nan, 100, None),
        ],
        ids=[
            "precise enough", "with the line's own precision not", "not precise enough", "exact", "unknown",
            "beside the line nothing helps", "not even not knowing", "unknown, however far",
        ],
    )  # fmt: skip
    def test_certain(self, offset, precision, line, certain):
        lon, lat, _ = geodesy.direct(-109.5, 31.0011, 0.0, float(offset))
        found = sides([lon], [lat], border(self.LINE), precision_m=np.array([precision]), line_precision_m=line)
        assert found["side_certain"].to_pylist() == [certain]

    def test_the_line_says_how_precise_it_is(self, embedded):
        stated = numbers(embedded[0].table, "precision_p99_m").max()
        line = cut(embedded[0].geometry)
        middle = nearest_on_lines(np.array([-111.0]), np.array([31.5]), line)
        lon, lat, _ = geodesy.direct(middle.lon, middle.lat, 0.0, np.array([stated - 5, stated + 5]))
        found = sides(lon, lat, *embedded, precision_m=np.zeros(2))
        assert found["side_certain"].to_pylist() == [False, True]

    def test_where_there_is_no_side_nothing_is_certain(self, embedded):
        found = sides([-121.0, np.nan], [31.0, np.nan], *embedded, precision_m=np.array([1.0, 1.0]))
        assert found["side_certain"].to_pylist() == [None, None]


def test_the_order_of_the_points_changes_nothing(embedded):
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(-119, -95, 2000), rng.uniform(22, 36, 2000)
    shuffled = rng.permutation(2000)
    one, two = sides(lon, lat, *embedded), sides(lon[shuffled], lat[shuffled], *embedded)
    for name, values in one.items():
        assert values.take(pa.array(shuffled)).equals(two[name]), name
