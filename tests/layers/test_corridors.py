"""Corridors: arrows in their direction, a band as wide as the line can be wrong, dashed where evidence is weak."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.errors import SchemaError
from geo.layer_check import check_schema
from geo.privacy.release import release
from geo.table import Features
from layers.corridors import LAYER

NORTHWARD = shapely.LineString([(-110, 30), (-111, 33)])
SOUTHWARD = shapely.reverse(NORTHWARD)


def build(shapes: list, **columns: list):
    table = pa.table({"corridor_id": [f"C{n}" for n in range(len(shapes))], **columns})
    lines = Features(table, np.array(shapes, dtype=object))
    return release(LAYER, LAYER.build({"corridors": lines}, LAYER.options()))


@pytest.mark.parametrize(
    ("shape", "direction", "arrow"),
    [
        (NORTHWARD, "north", 1),
        (SOUTHWARD, "north", -1),
        (SOUTHWARD, "south", 1),
        (NORTHWARD, "south", -1),
        (NORTHWARD, "both", 0),
        (NORTHWARD, None, 0),
        (shapely.MultiLineString([NORTHWARD, shapely.LineString([(-111, 33), (-111, 34)])]), "north", 1),
    ],
)
def test_arrows_point_in_the_direction_however_the_line_was_drawn(shape, direction, arrow):
    released = build([shape], direction=pa.array([direction], type=pa.string()))
    assert released.table["_arrow"].to_pylist() == [arrow]


def test_the_band_is_as_wide_as_the_accuracy_and_absent_where_it_is_unknown():
    released = build([NORTHWARD, NORTHWARD], positional_accuracy_km=[10.0, None])
    assert released.table["_band"].to_pylist() == [10_000.0, None]
    assert released.legend_notes[1]["en"] == "Drawn along highways; accurate to 10 km (the pale band)."


def test_weak_evidence_is_dashed_and_unknown_evidence_is_not_called_weak():
    released = build([NORTHWARD] * 3, evidence=["weak", "strong", None])
    assert released.table["_dash"].to_pylist() == [True, False, False]
    assert released.classes[-1].key == "weak"
    assert released.classes[-1].symbol.dash


def test_north_and_south_are_two_colours_and_both_ways_is_neither():
    released = build([NORTHWARD] * 4, direction=["north", "south", "both", None])
    colours = [made.symbol.stroke for made in released.classes]
    assert [colours[n] for n in released.table["_class"].to_pylist()] == ["north", "south", "both", "line"]


def test_a_line_without_geometry_is_counted():
    released = build([NORTHWARD, None, shapely.LineString()])
    assert len(released) == 1
    assert released.dropped == {"without geometry": 2}


def test_a_users_own_lines_need_no_more_than_a_name():
    lines = Features(pa.table({"id": ["x9"], "name": ["My road"]}), np.array([NORTHWARD], dtype=object))
    checked = check_schema(lines, LAYER.schemas["corridors"], "roads.geojson")
    row = release(LAYER, LAYER.build({"corridors": checked}, LAYER.options())).table.to_pylist()[0]
    assert (row["corridor_id"], row["name"], row["direction"], row["_arrow"]) == ("x9", "My road", None, 0)


def test_a_table_without_geometry_is_refused():
    with pytest.raises(SchemaError, match="lines or areas are needed"):
        LAYER.build({"corridors": pa.table({"corridor_id": ["a"]})}, LAYER.options())


def test_the_embedded_corridors(made):
    released = made.build(LAYER, made.tables(LAYER))
    rows = released.table.to_pylist()
    assert len(rows) == 21
    assert all(row["evidence_note"] and row["source"] for row in rows)
    assert all(row["_arrow"] == (0 if row["direction"] == "both" else 1) for row in rows)
    assert all(row["_band"] == 1000 * row["positional_accuracy_km"] for row in rows)
    assert sum(row["_dash"] for row in rows) == sum(row["evidence"] == "weak" for row in rows) > 0
    assert released.legend_notes[0]["en"].startswith("Hypotheses along highways")
    assert "accurate to 5 to 15 km" in released.legend_notes[1]["en"]
