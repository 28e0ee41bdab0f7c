"""Roles of columns, from names and values."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo.errors import UsageError
from geo.read.columns import ROLES, assign
from geo.read.names import NAMES
from geo.read.text import plain

POINT = {"lon": ["-106.48", "-110.94"], "lat": ["31.74", "31.32"]}


def roles(columns, **overrides):
    return assign(pa.table(columns), overrides)[0]


def test_english_and_spanish_names():
    table = {
        "Fecha del Evento": ["2011-03-14"], "Municipio": ["Ojinaga"], "LONGITUD": ["-104.4"], "Latitud": ["29.5"],
        "Corporación": ["SEDENA"], "Tipo de droga": ["marihuana"], "Cantidad": ["3"], "Unidad de medida": ["kg"],
        "Sentido": ["norte"], "Nº de folio": ["x"], "Observaciones": ["y"],
    }  # fmt: skip
    found = roles(table)
    assert found["date"] == "Fecha del Evento"
    assert found["longitude"] == "LONGITUD"
    assert found["agency"] == "Corporación"
    assert found["commodity"] == "Tipo de droga"
    assert (found["quantity"], found["unit"]) == ("Cantidad", "Unidad de medida")
    assert found["direction"] == "Sentido"
    assert found["note"] == "Observaciones"


def test_a_name_alone_is_no_proof():
    found = roles({"lon": ["long gun", "handgun"], "lat": ["late", "later"], "x": ["-106", "-107"], "y": ["31", "32"]})
    assert (found["longitude"], found["latitude"]) == ("x", "y")


def test_a_longitude_without_a_latitude_is_none():
    assert "longitude" not in roles({"x": ["-106", "-107"], "name": ["a", "b"]})


def test_of_several_pairs_the_plainest_is_taken_and_the_others_named():
    table = {"corridor_foot_lon": ["-106", "-107"], "corridor_foot_lat": ["31", "32"], **POINT}
    found, guesses = assign(pa.table(table))
    assert (found["longitude"], found["latitude"]) == ("lon", "lat")
    reason = next(g.reason for g in guesses if g.what == "longitude")
    assert "corridor_foot_lon" in reason
    assert "2 of 2 values looked at are numbers from -110.94 to -106.48" in reason


def test_date_is_the_day_where_year_and_month_stand_beside_it():
    table = {"Year": ["2005", "NA"], "Month": ["3", None], "Date": ["7", "NA"], **POINT}
    found = roles(table)
    assert (found["year"], found["month"], found["day"]) == ("Year", "Month", "Date")
    assert "date" not in found


def test_direction_in_spanish_may_be_an_address():
    assert "direction" not in roles({"Dirección": ["Av. Juárez 5", "Calle 3"], **POINT})
    assert roles({"Dirección": ["norte", "sur"], **POINT})["direction"] == "Dirección"


def test_kind_is_a_commodity_only_where_its_words_are():
    assert roles({"kind": ["crystal meth", "guns"], **POINT})["commodity"] == "kind"
    assert "commodity" not in roles({"kind": ["bridge", "ferry"], **POINT})


def test_a_column_has_one_role():
    found = roles({"date": ["2011-03-14"] * 2, "description": ["marijuana in a truck"] * 2, **POINT})
    assert len(set(found.values())) == len(found)


def test_the_user_is_right():
    table = {"a": ["-106", "-107"], "b": ["31", "32"], "Droga": ["x", "y"]}
    found, guesses = assign(pa.table(table), {"longitude": "a", "LATITUDE": "b", "commodity": "droga"})
    assert found == {"longitude": "a", "latitude": "b", "commodity": "Droga"}
    assert {g.reason for g in guesses} == {"given with --column"}
    assert "commodity" not in roles(table, commodity="")


def test_unknown_roles_and_columns_are_refused_with_what_there_is():
    with pytest.raises(UsageError, match="no such role; there are longitude, latitude"):
        assign(pa.table(POINT), {"longitud": "lon"})
    with pytest.raises(UsageError, match="--column longitude=nope: no such column; there are lon, lat"):
        assign(pa.table(POINT), {"longitude": "nope"})


def test_names_stand_as_they_are_compared():
    assert set(NAMES) == set(ROLES)
    for exact, within in NAMES.values():
        assert all(plain(name) == name for name in (*exact, *within))
