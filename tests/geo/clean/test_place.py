"""Places: where rows lie, and why some lie nowhere. The faults one by one are in tests/messy."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clean import Regions, locate
from geo.clean.regions import abroad, containing, nearest_m
from geo.clean.states import state_name, states_named
from geo.errors import CRSError, ReadError
from geo.read import ReadOptions, from_table
from geo.table import Features


def areas(*rows):
    codes, names, bounds = zip(*rows, strict=True)
    table = pa.table({"code": list(codes), "name": list(names)})
    return Features(table, np.array([shapely.box(*b) for b in bounds], dtype=object))


TEXAS, CHIHUAHUA = (-106.6, 25.8, -93.5, 36.5), (-109.0, 26.0, -106.7, 31.7)
REGIONS = Regions.of(areas(("TX", "Texas", TEXAS)), areas(("08", "Chihuahua", CHIHUAHUA)))


def reading(**columns):
    return from_table(pa.table(columns), "t.csv")


def test_states_of_the_points():
    located = locate(reading(lon=[-106.4, -108.0, -96.0, None], lat=[31.8, 29.0, 25.0, None]), None, REGIONS)
    assert located.state.tolist() == ["US-TX", "MX-08", None, None]


def test_without_polygons_a_box_is_checked():
    located = locate(reading(lon=[-106.4, 15.4, -157.8], lat=[31.8, 46.1, 21.3]))
    assert np.isfinite(located.longitude).tolist() == [True, False, True]
    assert located.state is None


def test_no_coordinates_at_all():
    table = reading(agency=["CBP", "DEA"], n=[1, 2])
    with pytest.raises(
        ReadError, match=r"t.csv: no columns of coordinates found among agency, n; .*--column longitude=NAME"
    ):
        locate(table)
    located = locate(table, required=False)
    assert located.problems.by_reason() == {"missing": 2}


def test_a_file_without_rows_is_told_as_that():
    with pytest.raises(ReadError, match=r"t.csv: holds no rows, only the header lon, lat"):
        locate(reading(lon=pa.array([], pa.string()), lat=pa.array([], pa.string())))
    with pytest.raises(ReadError, match=r"t.csv: holds no rows, and no header"):
        locate(reading())


def test_a_name_as_long_as_a_page_does_not_fill_the_message():
    with pytest.raises(ReadError) as error:
        locate(reading(**{"x" * 5000: ["a"], "n": [1]}))
    assert len(str(error.value)) < 300


def test_single_rows_are_never_exchanged():
    located = locate(reading(lon=[-106.4, 31.8, -106.5], lat=[31.8, -106.4, 31.7]), None, REGIONS)
    assert np.isfinite(located.longitude).tolist() == [True, False, True]
    assert located.problems.by_reason() == {"swapped": 1}


def test_whole_columns_are_but_not_against_the_user():
    swapped = {"lon": [31.8, 31.7, 31.6], "lat": [-106.4, -106.5, -106.6]}
    located = locate(reading(**swapped), None, REGIONS)
    assert located.longitude.tolist() == swapped["lat"]
    assert located.guesses[0].what == "axes"
    options = ReadOptions(columns={"longitude": "lon", "latitude": "lat"})
    told = from_table(pa.table(swapped), "t.csv", options=options)
    assert locate(told, options, REGIONS).problems.by_reason() == {"swapped": 3}


def test_the_records_own_precision_widens_the_state():
    columns = {"lon": [-106.9] * 2, "lat": [31.6] * 2, "state": ["TX"] * 2, "precision_m": [100, 60_000]}
    located = locate(reading(**columns), None, REGIONS)
    assert located.problems.by_reason("dropped") == {"other_state": 1}
    assert np.isfinite(located.longitude).tolist() == [False, True]


def test_state_of_two_countries_is_not_held_against_a_point():
    assert states_named("Mich.") == ("US-MI", "MX-16")
    assert states_named("New Mexico") == ("US-NM",)
    assert states_named("México") == ("MX-15",)
    assert states_named("Cd. de México") == ("MX-09",)
    assert states_named("TAMPS.") == ("MX-28",)
    assert states_named("tx") == ("US-TX",)
    assert states_named("Atlantis") == ()
    assert state_name("MX-08") == "Chihuahua"


def test_waters_are_not_abroad_but_far_away_is():
    lon, lat = np.array([-94.0, -90.0, -60.0]), np.array([25.0, 25.5, 20.0])
    state = containing(lon, lat, REGIONS.polygons)
    outside, country = abroad(lon, lat, state, REGIONS)
    assert outside.tolist() == [False, False, True]
    assert country.tolist() == [None, None, None]


def test_alaska_hawaii_and_neighbours():
    from geo.read import seeds

    regions = Regions.of(*(seeds.features(name) for name in ("us_states", "mx_states", "countries")))
    places = {
        "Honolulu": (-157.86, 21.31), "Anchorage": (-149.9, 61.2), "San Juan": (-66.1, 18.45),
        "Tapachula": (-92.26, 14.9), "Nuevo Laredo": (-99.51, 27.49), "Guatemala City": (-90.5, 14.6),
        "Toronto": (-79.4, 43.7),
    }  # fmt: skip
    lon, lat = (np.array(part) for part in zip(*places.values(), strict=True))
    outside, country = abroad(lon, lat, containing(lon, lat, regions.polygons), regions)
    assert [name for name, out in zip(places, outside, strict=True) if out] == ["Guatemala City", "Toronto"]
    assert country[outside].tolist() == ["Guatemala", "Canada"]


def test_distance_from_the_nearest_state():
    away = nearest_m(np.array([-93.5 + 1, -100.0]), np.array([30.0, 30.0]), REGIONS.polygons)
    assert away[0] == pytest.approx(96_486, rel=1e-3)
    assert away[1] == 0


def test_given_system_is_used():
    options = ReadOptions(crs="EPSG:32613")
    table = from_table(pa.table({"x": [359806.0], "y": [3512570.0]}), "t.csv", options=options)
    located = locate(table, options)
    assert located.longitude[0] == pytest.approx(-106.48, abs=1e-5)
    with pytest.raises(CRSError):
        locate(table)


def test_rounded_columns_beside_a_finer_geometry():
    columns = {"Longitude": ["-99.507", "-106.451"], "Latitude": ["27.500", "31.765"],
               "Point": ["POINT (-99.507412 27.499561)", "POINT (-106.451188 31.764816)"]}  # fmt: skip
    located = locate(reading(**columns))
    assert located.longitude.tolist() == [-99.507412, -106.451188]
    assert located.guesses[0].value == "Point"


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=30), seed=st.randoms())
def test_rows_are_judged_alone(rows, seed):
    """Each dropped row has one reason, and the order of rows changes nothing."""
    rows = [(-106.4, 31.8), *rows]
    order = list(range(len(rows)))
    seed.shuffle(order)

    def outcome(some):
        located = locate(reading(lon=[x for x, _ in some], lat=[y for _, y in some]), None, REGIONS)
        lost = ~np.isfinite(located.longitude)
        assert len(located.problems.only("dropped")) == int(lost.sum())
        return lost

    assert outcome([rows[i] for i in order]).tolist() == outcome(rows)[order].tolist()


@pytest.mark.data
def test_the_register_of_laboratories(public_data):
    """Three of its points were geocoded to Kansas, Georgia and Slovenia; one lies just over the line in Arkansas."""
    from geo.read import read, seeds

    regions = Regions.of(*(seeds.features(name) for name in ("us_states", "mx_states", "countries")))
    expected = {"TX": (575, 573, {"other_state": 2}), "NM": (175, 174, {"outside": 1})}
    said = []
    for state, (rows, placed, dropped) in expected.items():
        found = read(public_data / "seizures" / f"dea_clandestine_labs_{state}.csv")
        located = locate(found, None, regions)
        assert found.source == "dea"
        assert len(found) == rows
        assert int(np.isfinite(located.longitude).sum()) == placed
        assert located.problems.by_reason("dropped") == dropped
        said += located.problems.messages()
    text = "\n".join(said)
    for place in ("Kansas", "Georgia", "Arkansas", "Slovenia"):
        assert place in text
