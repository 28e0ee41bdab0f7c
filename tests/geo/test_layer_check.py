"""A user's own table is checked against what its layer needs, and told of all that is wrong."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.errors import SchemaError
from geo.layer import Column, SourceNote, sources_of, with_sources
from geo.layer_check import check_schema
from geo.table import Features

SCHEMA = {
    "port_code": Column("code"),
    "latitude": Column("number", minimum=-90, maximum=90),
    "opened": Column("date", required=False),
    "lanes": Column("integer", required=False, minimum=0),
    "direction": Column("text", required=False, allowed=("north", "south")),
}


def test_text_becomes_what_the_schema_says_and_other_columns_stay():
    table = pa.table({"port_code": ["0231", " 2304 "], "latitude": ["31.5", ""], "mine": [1, 2]})
    checked = check_schema(table, SCHEMA, "ports.csv")
    assert checked["port_code"].to_pylist() == ["0231", "2304"]
    assert checked["latitude"].to_pylist() == [31.5, None]
    assert checked["mine"].to_pylist() == [1, 2]
    assert checked["lanes"].to_pylist() == [None, None]
    assert checked.schema.field("lanes").type == pa.int64()


def test_numbers_stay_numbers_and_a_code_read_as_a_number_becomes_text():
    checked = check_schema(pa.table({"port_code": [2304], "latitude": [31.5], "lanes": [4.0]}), SCHEMA, "ports.xlsx")
    assert checked["port_code"].to_pylist() == ["2304"]
    assert checked["lanes"].to_pylist() == [4]


def test_all_faults_are_named_with_file_row_and_what_was_expected():
    table = pa.table(
        {
            "latitude": ["31", "north", "95", "abc"],
            "opened": ["2009-13", None, None, None],
            "lanes": ["1", "2", "2.5", "3"],
            "direction": ["north", "up", None, ""],
        }
    )
    with pytest.raises(SchemaError) as caught:
        check_schema(table, SCHEMA, "ports.csv", np.array([2, 3, 4, 5]))
    assert str(caught.value) == (
        "ports.csv: column port_code is missing, expected a code; "
        "column latitude, row 3: 'north', expected a number, at least -90, at most 90 (and 2 rows more); "
        "column opened, row 2: '2009-13', expected a date as YYYY-MM-DD; "
        "column lanes, row 4: '2.5', expected a whole number, at least 0; "
        "column direction, row 3: 'up', expected one of north, south; "
        "the file has latitude, opened, lanes, direction"
    )


@pytest.mark.parametrize("date", ["2009", "2009-12", "2009-12-04", "2009-12-04T22:15:00Z"])
def test_a_date_is_as_precise_as_it_is_known(date):
    table = pa.table({"port_code": ["1"], "latitude": [1.0], "opened": [date]})
    assert check_schema(table, SCHEMA, "ports.csv")["opened"].to_pylist() == [date]


def test_features_keep_their_geometry():
    lines = Features(pa.table({"corridor_id": ["a"]}), np.array([shapely.Point(0, 0)], dtype=object))
    checked = check_schema(lines, {"corridor_id": Column("code")}, "roads.geojson")
    assert isinstance(checked, Features)
    assert checked.geometry is lines.geometry


def test_a_table_says_where_it_comes_from():
    table = pa.table({"a": [1, 2, 3]})
    embedded = SourceNote("embedded", "public domain", "2024", "100 m")
    assert sources_of(table, embedded)[0].rows == 3
    own = with_sources(table, SourceNote("mine.csv", "not stated", "not stated", "as given"))
    assert [(note.name, note.rows) for note in sources_of(own.filter(pa.array([True, False, True])), embedded)] == [
        ("mine.csv", 2)
    ]
