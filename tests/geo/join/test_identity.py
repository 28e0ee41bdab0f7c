"""Which column names the rows of a layer."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo.join.identity import identity, names


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"id": ["a", "b"], "port_code": ["1", "2"]}, ["a", "b"]),
        ({"id": [None, None], "port_code": ["0101", "2"]}, ["0101", "2"]),
        ({"state_code": ["TX", "AZ"], "port_code": ["1", "1"]}, ["1", "1"]),
        ({"port_id": [7, 8]}, ["7", "8"]),
        ({"inegi_code": ["08037", "02004"], "state_code": ["08", "02"]}, ["08037", "02004"]),
        ({"zone_id": ["z", "y"], "state_code": ["TX", "TX"]}, ["z", "y"]),
        ({"zone_id": ["z", "y"], "other_code": ["p", "q"]}, ["1", "2"]),
        ({"zone_id": ["z", None]}, ["1", "2"]),
        ({"label": ["x", "y"]}, ["1", "2"]),
        ({"ID": ["A", "B"], "PORT_CODE": ["1", "2"]}, ["A", "B"]),
        ({"ID": ["A", "B"], "id": ["a", "b"]}, ["a", "b"]),
        ({"STATE_ID": ["48", "48"], "GEO_ID": ["g1", "g2"]}, ["g1", "g2"]),
    ],
    ids=[
        "id first", "an id that is blank everywhere is none", "the layer's own code", "the layer's own id, as text",
        "inegi code", "the only unique code", "two unique codes say nothing", "nor one with blanks", "row number",
        "capitals", "as written goes first", "the only unique one in capitals",
    ],
)  # fmt: skip
def test_identity(columns, expected):
    found = identity(pa.table(columns), "port")
    assert found.type == pa.string()
    assert found.to_pylist() == expected


def test_a_dictionary_column_comes_out_as_text():
    table = pa.table({"id": pa.array(["a", "b", "a"]).dictionary_encode()})
    assert identity(table).to_pylist() == ["a", "b", "a"]


def test_names():
    assert names(pa.table({"port_name": ["Naco"], "name": ["N"]}), "port").to_pylist() == ["N"]
    assert names(pa.table({"port_name": ["Naco"]}), "port").to_pylist() == ["Naco"]
    assert names(pa.table({"port_name": ["Naco"]})).to_pylist() == [None]
    assert names(pa.table({"NAME": ["Pima"], "LSAD": ["County"]})).to_pylist() == ["Pima"]
    assert names(pa.table({"Name": ["from KML"]}), "port").to_pylist() == ["from KML"]


def test_no_rows():
    assert identity(pa.table({"label": pa.array([], pa.string())})).to_pylist() == []
