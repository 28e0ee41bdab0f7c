"""The gate: what is declared passes, typed and clean; what is not stays behind; nothing gets around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import PrivacyError, SchemaError
from geo.layer import Field, Layer, LayerData, LegendClass, Style, Symbol
from geo.privacy.release import Released, ReleasedTable, release, release_table

WORDS = {"en": "Name", "es": "Nombre"}
LAYER = Layer("sample", WORDS, WORDS, "context", ("sample",), build=lambda tables, options: None)
NAME = (Field("name", WORDS),)
ONE = (LegendClass("one", WORDS, Symbol("dot", fill="ink")),)


def sites(columns: dict, fields: tuple[Field, ...] = (), **rest) -> LayerData:
    rows = len(next(iter(columns.values())))
    places = {"longitude": [-110.0] * rows, "latitude": [31.0] * rows}
    return LayerData("sites", pa.table({**places, **columns}), fields, **rest)


def test_an_undeclared_column_stays_behind():
    data = sites({"name": ["Nogales"], "informant": ["4711"]}, (Field("name", WORDS),))
    assert release(LAYER, data).table.to_pylist() == [{"longitude": -110.0, "latitude": 31.0, "name": "Nogales"}]


def test_asking_for_an_undeclared_column_is_refused():
    data = sites({"name": ["Nogales"], "informant": ["4711"]}, (Field("name", WORDS),))
    with pytest.raises(PrivacyError, match="layer sample does not declare informant; it declares name"):
        release(LAYER, data, columns=("informant",))


def test_columns_can_be_fewer_but_those_that_steer_the_drawing_stay():
    data = sites(
        {"name": ["a"], "note": ["b"], "_class": [0]},
        (Field("name", WORDS), Field("note", WORDS)),
        classes=ONE,
        style=Style("_class"),
    )
    assert release(LAYER, data, columns=("name",)).table.schema.names == ["longitude", "latitude", "name", "_class"]


def test_events_keep_the_fields_they_are_drawn_by():
    rows = {"event_id": ["1"], "direction": ["north"], "agency": ["CBP"]}
    table = pa.table({"longitude": [-110.0], "latitude": [31.0], **rows})
    fields = tuple(Field(name, WORDS) for name in rows)
    symbology = {"color": {"field": "direction", "values": {}}}
    data = LayerData("events", table, fields, parameters={"symbology": symbology})
    assert release(LAYER, data, columns=()).table.schema.names == ["longitude", "latitude", "event_id", "direction"]


def test_values_get_the_type_of_their_field():
    data = sites(
        {
            "code": [4, 5],
            "share": pa.array([1, None]),
            "count": pa.array([3.0, float("nan")], from_pandas=True),
            "sure": [True, False],
            "rate": [1.5, float("nan")],
        },
        (
            Field("code", WORDS, "code"),
            Field("share", WORDS, "number"),
            Field("count", WORDS, "integer"),
            Field("sure", WORDS, "boolean"),
            Field("rate", WORDS, "number"),
        ),
    )
    table = release(LAYER, data).table
    assert [str(kind) for kind in table.schema.types[2:]] == ["string", "double", "int64", "bool", "double"]
    assert table["rate"].to_pylist() == [1.5, None]


def test_a_value_of_another_kind_is_refused():
    data = sites({"count": ["three"]}, (Field("count", WORDS, "integer"),))
    with pytest.raises(PrivacyError, match="column count is declared int64, but holds other values"):
        release(LAYER, data)


@settings(max_examples=50, deadline=None)  # a busy machine is no failure
@given(st.lists(st.text(), min_size=1))
def test_text_loses_nul_and_nothing_else(texts):
    clean = [text.replace("\0", "") for text in texts]
    data = sites({"name": pa.array(texts, type=pa.string())}, (Field("name", WORDS),))
    assert release(LAYER, data).table["name"].to_pylist() == clean
    assert release_table(data.table, ["name"]).table["name"].to_pylist() == clean


def test_a_lone_surrogate_in_a_column_is_taken_out():
    # A file can hold the bytes of a surrogate; Arrow takes them over without looking.
    raw = pa.array([b"a\xed\xa0\x80b", b"whole", None], type=pa.binary()).view(pa.string())
    data = sites({"name": raw}, (Field("name", WORDS),))
    assert release(LAYER, data).table["name"].to_pylist() == ["ab", "whole", None]


def test_words_and_parameters_are_cleaned_too():
    data = sites(
        {"name": ["a"]}, (Field("name", WORDS),), title={"en": "A\0\ud800B", "es": "C"}, parameters={"f": "\0x"}
    )
    released = release(LAYER, data)
    assert released.title == {"en": "AB", "es": "C"}
    assert released.parameters == {"f": "x"}


@pytest.mark.parametrize("value", [object(), b"bytes", {"deep": {1, 2}}, np.int64(1), float("nan")])
def test_a_parameter_is_text_numbers_and_lists_of_them(value):
    with pytest.raises(PrivacyError):
        release(LAYER, sites({"name": ["a"]}, parameters={"value": value}))


def test_nothing_hidden_travels_with_a_table():
    # Entries of a dictionary that no row uses, and metadata, would be written to a file unseen.
    names = pa.DictionaryArray.from_arrays(pa.array([0]), pa.array(["shown", "unused secret"]))
    table = pa.table({"name": names}).replace_schema_metadata({"pandas": "secret"})
    passed = release_table(table, ["name"]).table
    assert not passed.schema.metadata
    assert passed.schema.field("name").type == pa.string()
    assert b"secret" not in passed["name"].chunk(0).buffers()[2].to_pybytes()


def test_a_third_coordinate_stays_behind_and_the_geometry_is_read_only():
    line = np.array([shapely.from_wkt("LINESTRING Z (-110 31 1234, -111 32 1234)")], dtype=object)
    released = release(LAYER, LayerData("lines", pa.table({"name": ["a"]}), (Field("name", WORDS),), geometry=line))
    assert not shapely.has_z(released.geometry).any()
    assert shapely.has_z(line).all()
    with pytest.raises(ValueError, match="read-only"):
        released.geometry[0] = None


def test_only_the_gate_makes_a_released_layer_or_changes_one():
    released = release(LAYER, sites({"name": ["a"]}))
    values = {name: getattr(released, name) for name in Released.__dataclass_fields__ if name != "gate"}
    with pytest.raises(PrivacyError, match="leaves through"):
        Released(**values)
    with pytest.raises(PrivacyError, match="leaves through"):
        replace(released, table=pa.table({"secret": ["x"]}))
    with pytest.raises(PrivacyError, match="leaves through"):
        ReleasedTable(pa.table({"secret": ["x"]}), None)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (sites({"name": ["a"]}, (Field("gone", WORDS),)), "declares column gone"),
        (sites({"_class": [1]}, classes=ONE, style=Style("_class")), "runs from 1 to 1, but there are 1 classes"),
        (
            sites({"_class": ["0"]}, (Field("_class", WORDS),), classes=ONE, style=Style("_class")),
            "numbers the classes",
        ),
        (LayerData("sites", pa.table({"longitude": [None, 1.0], "latitude": [2.0, 1.0]}), ()), "1 rows have no place"),
        (LayerData("lines", pa.table({"name": ["a"]}), NAME), "needs one geometry a row"),
        (LayerData("areas", pa.table({"name": ["a"]}), NAME, geometry=np.array([None])), "1 rows have no geometry"),
        (LayerData("lines", pa.table({"name": ["a"]}), ()), "declares neither a field nor a column"),
        (sites({"name": ["a"]}, items=pa.table({"event_row": [0]})), "only the mark events has items"),
    ],
)
def test_a_faulty_layer_is_told_what_is_wrong(data, fault):
    with pytest.raises(SchemaError, match=fault):
        release(LAYER, data)


@pytest.mark.parametrize("rows", [[1, 0], [0, 2], [-1, 0], [None, 0]])
def test_items_follow_their_events(rows):
    table = pa.table({"longitude": [1.0, 2.0], "latitude": [1.0, 2.0]})
    items = pa.table({"event_row": pa.array(rows, type=pa.int64()), "commodity": ["A", "B"], "serial": ["1", "2"]})
    data = LayerData("events", table, (), items=items, item_fields=(Field("commodity", WORDS),))
    with pytest.raises(SchemaError, match="event_row of items must ascend"):
        release(LAYER, data)


def test_undeclared_columns_of_items_stay_behind():
    table = pa.table({"longitude": [1.0], "latitude": [2.0]})
    items = pa.table({"event_row": [0, 0], "commodity": ["A", "B"], "serial": ["1", "2"]})
    data = LayerData("events", table, (), items=items, item_fields=(Field("commodity", WORDS),))
    assert release(LAYER, data).items.to_pydict() == {"event_row": [0, 0], "commodity": ["A", "B"]}


def test_a_table_passes_with_the_named_columns_in_their_order():
    table = pa.table({"a": [1, 2], "b": ["x", None], "c": [0.5, 0.25]})
    released = release_table(table, ["c", "a"], computed=["c", "b"])
    assert released.table.to_pydict() == {"c": [0.5, 0.25], "a": [1, 2]}
    assert released.computed == {"c"}


@pytest.mark.parametrize(
    ("columns", "fault"),
    [(["a", "d"], "the table has no column d; it has a, b"), (["a", "a"], "column a is named twice")],
)
def test_a_table_with_wrong_names_is_refused(columns, fault):
    with pytest.raises(PrivacyError, match=fault):
        release_table(pa.table({"a": [1], "b": [2]}), columns)


def test_as_many_geometries_as_rows():
    with pytest.raises(PrivacyError, match="1 rows and 0 geometries"):
        release_table(pa.table({"a": [1]}), ["a"], np.empty(0, dtype=object))
