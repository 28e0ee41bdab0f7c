"""CSV, JSON and Parquet read back with readers that are not ours."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pyarrow as pa
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from geo.export import rows
from geo.export.tabular import write_csv, write_json, write_parquet

ANY_TEXT = st.characters(exclude_categories=["Cs"])


def as_csv(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    write_csv(table, sink)
    return sink.getvalue()


def as_json(table: pa.Table) -> list[dict]:
    sink = io.BytesIO()
    write_json(table, sink)

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(sink.getvalue().decode(), parse_constant=refuse)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def test_csv_is_what_rfc_4180_says():
    table = pa.table(
        {"id": ["007", None], 'a "b", c': ['say "no"', ""], "x": [0.1, 1e16], "n": [5, None], "ok": [True, None]}
    )
    assert as_csv(table) == b'id,"a ""b"", c",x,n,ok\n007,"say ""no""",0.1,5,true\n,,1e+16,,\n'


def test_text_of_the_input_leaves_byte_for_byte(hostile):
    header, *found = cells(as_csv(hostile))
    assert header == hostile.schema.names
    assert [r[0] for r in found] == hostile["text"].to_pylist()
    assert [r[1] or None for r in found] == [t or None for t in hostile["turned"].to_pylist()]
    assert b"\n=1+1," in as_csv(hostile), "not quoted, not changed"


@settings(max_examples=60)
@given(data=st.data())
def test_csv_reads_back_as_it_was(tables, data):
    table = data.draw(tables(ANY_TEXT))
    _, *found = cells(as_csv(table))
    assert len(found) == len(table)
    for row, expected in zip(found, table.to_pylist(), strict=True):
        assert row[0] == (expected["text"] or "")
        assert (int(row[1]) if row[1] else None) == expected["whole"]
        assert (float(row[2]) if row[2] else None) == expected["float"]
        assert {"true": True, "false": False, "": None}[row[3]] == expected["flag"]


@given(st.lists(st.none() | st.text(ANY_TEXT, max_size=3), max_size=8))
def test_a_table_of_one_column_loses_no_row(values):
    _, *found = cells(as_csv(pa.table({"only": pa.array(values, pa.string())})))
    assert [r[0] for r in found] == [v or "" for v in values]


def test_csv_says_infinity_and_leaves_nan_blank():
    assert as_csv(pa.table({"a": ["x", "y"], "b": [float("inf"), float("nan")]})) == b"a,b\nx,inf\ny,\n"


def test_csv_of_no_rows_and_of_repeated_names():
    assert as_csv(pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.int64())})) == b"a,b\n"
    assert as_csv(pa.table([["x"], ["y"], ["z"]], names=["a", "a", ""])) == b"a,a,\nx,y,z\n"


def test_blocks_join_without_a_seam(monkeypatch):
    whole = pa.table({"i": np.arange(50), "t": [f"{i},{i}" for i in range(50)]})
    expected = as_csv(whole), as_json(whole)
    monkeypatch.setattr(rows, "BLOCK_ROWS", 7)
    pieces = pa.concat_tables([whole.slice(0, 11), whole.slice(11)])
    assert (as_csv(pieces), as_json(pieces)) == expected


def test_json_is_one_record_a_line_with_every_key(hostile):
    sink = io.BytesIO()
    write_json(hostile, sink)
    assert sink.getvalue().count(b"\n") == len(hostile) + 2, "escaped line feeds do not count"
    assert as_json(hostile) == hostile.to_pylist()


@settings(max_examples=60)
@given(data=st.data())
def test_json_reads_back_as_it_was(tables, data):
    table = data.draw(tables(ANY_TEXT))
    assert as_json(table) == table.to_pylist()


def test_json_has_no_nan_and_no_repeated_key():
    assert as_json(pa.table({"x": [float("nan"), float("-inf")]})) == [{"x": None}, {"x": None}]
    assert as_json(pa.table([["x"], ["y"], [1]], names=["a", "a", 'q"']))[0] == {"a": "x", "a_2": "y", 'q"': 1}
    assert as_json(pa.table({"a": pa.array([], pa.string())})) == []


@settings(max_examples=20)
@given(data=st.data())
def test_parquet_reads_back_as_it_was(tables, data):
    table = data.draw(tables(ANY_TEXT))
    sink = io.BytesIO()
    write_parquet(table, None, sink)
    found = parquet.read_table(sink)
    assert found.equals(table)
    assert found.schema.metadata is None


def test_geoparquet_names_its_geometry_and_keeps_rows_without_a_place():
    geometry = np.array([shapely.Point(-110.5, 31.25), None, shapely.box(-111, 31, -110, 32)], dtype=object)
    table = pa.table({"geometry": ["taken", "x", "y"], "kind": pa.array(["a", "b", "a"]).dictionary_encode()})
    sink = io.BytesIO()
    write_parquet(table.replace_schema_metadata({"secret": "of the input"}), geometry, sink)
    found = parquet.read_table(sink)
    assert found.schema.names == ["geometry", "kind", "geometry_2"]
    assert list(found.schema.metadata) == [b"geo"]
    assert json.loads(found.schema.metadata[b"geo"]) == {
        "version": "1.1.0",
        "primary_column": "geometry_2",
        "columns": {
            "geometry_2": {
                "encoding": "WKB",
                "geometry_types": ["Point", "Polygon"],
                "bbox": [-111.0, 31.0, -110.0, 32.0],
            }
        },
    }
    back = [None if w is None else shapely.from_wkb(w) for w in found["geometry_2"].to_pylist()]
    assert back[1] is None
    assert back[0].equals(geometry[0])
    assert back[2].equals(geometry[2])
