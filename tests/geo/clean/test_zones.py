"""Clocks on both sides of the border: which zone, on which date, and what the clock then showed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from geo.clean import events, locate
from geo.clean.municipalities import municipality_names
from geo.clean.zones import of_county, of_municipality, of_points, of_port, of_state
from geo.read import ReadOptions, from_table, seeds


def hours(zone: str, when: str) -> float:
    """Hours of a zone east of Greenwich at a local time."""
    return ZoneInfo(zone).utcoffset(datetime.fromisoformat(when)).total_seconds() / 3600


def read(tz=None, **columns):
    options = ReadOptions(tz=tz)
    reading = from_table(pa.table(columns), "t.csv", options=options)
    return events(reading, locate(reading, options, required=False), options)


def start(**record):
    """Return start, end and zone of the event of one record."""
    found = read(**{name: [value] for name, value in record.items()})
    row = found.table.to_pylist()[0]
    return row["start"], row["end"], row["tz"]


JUAREZ, EL_PASO = {"lon": -106.46, "lat": 31.66}, {"lon": -106.42, "lat": 31.85}
MATAMOROS, BROWNSVILLE = {"lon": -97.50, "lat": 25.84}, {"lon": -97.48, "lat": 25.95}
TIJUANA, SAN_DIEGO = {"lon": -117.02, "lat": 32.48}, {"lon": -117.10, "lat": 32.65}
CHIHUAHUA = {"lon": -106.09, "lat": 28.63}
PLACES = {
    "Juárez": (JUAREZ, "America/Ciudad_Juarez"),
    "El Paso": (EL_PASO, "America/Denver"),
    "Hudspeth": ({"lon": -105.3, "lat": 31.3}, "America/Denver"),
    "Culberson": ({"lon": -104.5, "lat": 31.4}, "America/Chicago"),
    "Matamoros": (MATAMOROS, "America/Matamoros"),
    "Brownsville": (BROWNSVILLE, "America/Chicago"),
    "Tijuana": (TIJUANA, "America/Tijuana"),
    "San Diego": (SAN_DIEGO, "America/Los_Angeles"),
    "Chihuahua": (CHIHUAHUA, "America/Chihuahua"),
    "Ojinaga": ({"lon": -104.41, "lat": 29.55}, "America/Ojinaga"),
    "Nogales, Sonora": ({"lon": -110.95, "lat": 31.30}, "America/Hermosillo"),
    "Tucson": ({"lon": -110.97, "lat": 32.22}, "America/Phoenix"),
    "Monterrey": ({"lon": -100.31, "lat": 25.67}, "America/Monterrey"),
    "Ciudad Victoria": ({"lon": -99.14, "lat": 23.73}, "America/Monterrey"),
    "Las Cruces": ({"lon": -106.77, "lat": 32.31}, "America/Denver"),
    "Mexico City": ({"lon": -99.13, "lat": 19.43}, "America/Mexico_City"),
    "Culiacán": ({"lon": -107.39, "lat": 24.80}, "America/Mazatlan"),
    "Ciudad Acuña": ({"lon": -100.93, "lat": 29.31}, "America/Matamoros"),
    "Saltillo": ({"lon": -101.0, "lat": 25.42}, "America/Monterrey"),
    "Anáhuac, N.L.": ({"lon": -100.13, "lat": 27.24}, "America/Matamoros"),
}


@pytest.mark.parametrize("name", PLACES)
def test_zone_of_a_point(name):
    point, zone = PLACES[name]
    assert of_points(np.array([point["lon"]]), np.array([point["lat"]]), [None]) == [(zone,)]


def test_a_point_at_sea_has_no_zone_and_the_record_says_the_side_of_the_river():
    lon, lat = np.array([-96.5, -106.4865]), np.array([25.0, 31.7470])
    assert of_points(lon, lat, [None, "MX"]) == [(), ("America/Ciudad_Juarez",)]
    assert of_points(lon, lat, [None, "US"]) == [(), ("America/Denver",)]


def test_march_2009_mexican_border_cities_were_an_hour_behind():
    for mexican, american in ((TIJUANA, SAN_DIEGO), (JUAREZ, EL_PASO), (MATAMOROS, BROWNSVILLE)):
        south = start(datetime="2009-03-20 12:00", **mexican)[0]
        north = start(datetime="2009-03-20 12:00", **american)[0]
        gap = datetime.fromisoformat(south) - datetime.fromisoformat(north)
        assert gap.total_seconds() == 3600


def test_from_2010_they_follow_the_dates_of_the_us():
    for mexican, american in ((TIJUANA, SAN_DIEGO), (JUAREZ, EL_PASO), (MATAMOROS, BROWNSVILLE)):
        when = "2010-03-20 12:00"
        assert start(datetime=when, **mexican)[0] == start(datetime=when, **american)[0]
    # Inland the clocks changed on 4 April only.
    inland = start(datetime="2010-03-20 12:00", **CHIHUAHUA)
    assert inland == ("2010-03-20T19:00:00Z", None, "America/Chihuahua")
    assert start(datetime="2010-03-20 12:00", **JUAREZ)[0] == "2010-03-20T18:00:00Z"


def test_november_2022_juarez_was_an_hour_ahead_for_a_month():
    assert start(datetime="2022-11-15 12:00", **JUAREZ)[0] == "2022-11-15T18:00:00Z"
    assert start(datetime="2022-11-15 12:00", **EL_PASO)[0] == "2022-11-15T19:00:00Z"
    assert start(datetime="2022-12-15 12:00", **JUAREZ)[0] == start(datetime="2022-12-15 12:00", **EL_PASO)[0]


def test_since_2022_chihuahua_city_differs_and_ojinaga_is_on_central_time():
    when = "2023-07-01 12:00"
    assert start(datetime=when, **CHIHUAHUA) == ("2023-07-01T18:00:00Z", None, "America/Chihuahua")
    assert start(datetime=when, **JUAREZ)[0] == "2023-07-01T18:00:00Z"
    assert start(datetime="2023-01-15 12:00", **CHIHUAHUA)[0] == "2023-01-15T18:00:00Z"
    assert start(datetime="2023-01-15 12:00", **JUAREZ)[0] == "2023-01-15T19:00:00Z"
    ojinaga = {"lon": -104.41, "lat": 29.55}
    assert start(datetime=when, **ojinaga) == ("2023-07-01T17:00:00Z", None, "America/Ojinaga")


def test_arizona_and_sonora_never_change():
    for zone in ("America/Phoenix", "America/Hermosillo"):
        assert {hours(zone, f"{year}-{month}-15") for year in (2008, 2015, 2023) for month in ("01", "07")} == {-7}


@pytest.mark.parametrize(
    ("record", "zone"),
    [
        ({"municipio": "Juárez", "estado": "Chihuahua"}, "America/Ciudad_Juarez"),
        ({"municipio": "Chihuahua", "estado": "Chihuahua"}, "America/Chihuahua"),
        ({"municipio": "Reynosa", "estado": "Tamps."}, "America/Matamoros"),
        ({"municipio": "Ciudad Victoria", "estado": "Tamps."}, "America/Monterrey"),
        ({"county": "El Paso", "state": "TX"}, "America/Denver"),
        ({"county": "Hudspeth", "state": "TX"}, "America/Denver"),
        ({"county": "Webb", "state": "TX"}, "America/Chicago"),
        ({"place": "Nogales", "state": "Sonora"}, "America/Hermosillo"),
        ({"place": "Santa Teresa POE"}, "America/Denver"),
        ({"port_code": "2402"}, "America/Denver"),
        ({"place": "Nowhere Gulch", "state": "AZ"}, "America/Phoenix"),
    ],
)
def test_zone_from_names_alone(record, zone):
    assert start(datetime="2022-07-01 12:00", **record)[2] == zone


def test_a_state_of_several_zones_gives_a_time_where_they_agree():
    # In the summer of 2015 all of Coahuila had one clock, in its third week of March two.
    assert start(datetime="2015-07-01 12:00", place="Nowhere", state="Coahuila")[0] == "2015-07-01T17:00:00Z"
    found = read(datetime=["2015-03-20 12:00"], place=["Nowhere"], state=["Coahuila"])
    assert found.table["start"].to_pylist() == ["2015-03-20"]
    assert found.table["tz"].to_pylist() == [None]
    assert found.problems.by_reason("flagged") == {"time_zone_unclear": 1}


def test_clock_changes_keep_both_instants_and_say_so():
    found = read(
        datetime=["2022-11-06 01:30", "2022-03-13 02:30", "2022-06-01 10:00"],
        **{k: [v] * 3 for k, v in EL_PASO.items()},
    )
    assert found.table["start"].to_pylist() == ["2022-11-06T07:30:00Z", "2022-03-13T08:30:00Z", "2022-06-01T16:00:00Z"]
    assert found.table["end"].to_pylist() == ["2022-11-06T08:30:00Z", "2022-03-13T09:30:00Z", None]
    assert found.problems.by_reason("flagged") == {"time_clock_change": 2}


def test_a_day_stays_a_day():
    assert start(date="2022-06-01", **EL_PASO) == ("2022-06-01", None, None)
    assert start(date="2022-06-01 00:00", **EL_PASO) == ("2022-06-01", None, None)


def test_the_user_and_the_record_overrule_the_place():
    assert read(tz="America/Chicago", datetime=["2022-07-01 12:00"], lon=[-106.42], lat=[31.85]).table[
        "tz"
    ].to_pylist() == ["America/Chicago"]
    assert start(datetime="2022-07-01 12:00", zona_horaria="America/Hermosillo", **EL_PASO)[2] == "America/Hermosillo"


def test_an_offset_in_the_text_is_an_instant_and_the_zone_stands_beside_it():
    assert start(datetime="2022-07-01T12:00:00-06:00", **EL_PASO) == ("2022-07-01T18:00:00Z", None, "America/Denver")


def test_times_in_a_column_of_their_own():
    found = read(
        fecha=["2022-07-01", "2022-07-01", "2022-07-01", "2022-07-01"],
        hora=["22:30", "2230", None, "noche"],
        **{k: [v] * 4 for k, v in EL_PASO.items()},
    )
    assert found.table["start"].to_pylist() == [
        "2022-07-02T04:30:00Z",
        "2022-07-02T04:30:00Z",
        "2022-07-01",
        "2022-07-01",
    ]
    assert found.problems.by_reason("flagged") == {"time_unreadable": 1}
    assert {"time", "time zone"} <= {guess.what for guess in found.guesses}


def test_every_municipality_and_port_has_a_zone_that_exists():
    for code in municipality_names():
        assert all(ZoneInfo(zone) for zone in of_municipality(code))
    for row in seeds.table("ports").to_pylist():
        assert of_port(row["port_code"]) == (row["tz_us"],)
        assert of_port(row["port_code"], "MX") == ((row["tz_mx"],) if row["tz_mx"] else ())
    for country, name in (("US", "us_states"), ("MX", "mx_states")):
        for code in seeds.table(name)["code"].to_pylist():
            assert all(ZoneInfo(zone) for zone in of_state(f"{country}-{code}"))
    for code in seeds.table("us_counties")["code"].to_pylist():
        assert len(of_county(code)) == 1


def test_the_ports_tables_zones_are_those_of_the_towns_around_them():
    """Two sources of the same: zones by municipality here, zones by port in the embedded table."""
    for row in seeds.table("ports").to_pylist():
        lon, lat = np.array([row["longitude"]]), np.array([row["latitude"]])
        assert of_points(lon, lat, ["US"]) == [(row["tz_us"],)]
        if row["tz_mx"]:
            assert of_points(lon, lat, ["MX"]) == [(row["tz_mx"],)]


def test_the_border_municipalities_keep_the_clock_of_the_us_side():
    """Those of Chihuahua, Coahuila, Nuevo León and Tamaulipas that are named at each change of the clock."""
    named = {
        "08": "Juárez|Ojinaga|Ascensión|Coyame del Sotol|Guadalupe|Janos|Manuel Benavides|Praxedis G. Guerrero",
        "05": "Acuña|Piedras Negras|Guerrero|Hidalgo|Jiménez|Zaragoza|Nava|Ocampo",
        "19": "Anáhuac|Los Aldamas",
        "28": "Nuevo Laredo|Reynosa|Matamoros|Camargo|Guerrero|Gustavo Díaz Ordaz|Mier|Miguel Alemán|Río Bravo"
        "|Valle Hermoso",
    }
    inland = {("America/Chihuahua",), ("America/Monterrey",)}
    for state, names in named.items():
        own = {
            name
            for code, name in municipality_names().items()
            if code[:2] == state and of_municipality(code) not in inland
        }
        unsettled = {"Allende", "Morelos", "Villa Unión"} if state == "05" else set()
        assert own == set(names.split("|")) | unsettled
