"""Boundaries, counties, border, places, offices, dates and the user's areas."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

import layers
from geo.privacy.release import release
from geo.table import Features
from layers import areas, boundaries


def test_states_have_the_tone_of_their_country(made):
    released = made.build(boundaries.LAYER, made.tables(boundaries.LAYER))
    fills = [part.symbol.fill for part in released.classes]
    assert fills == ["land-us", "land-mx"]
    for row in released.table.to_pylist():
        assert fills[row["_class"]] == f"land-{row['country'].lower()}"
    assert released.table["country"].to_pylist().count("MX") == 32


def test_the_base_is_drawn_beneath_and_seizures_on_top():
    order = [(layer.order, layer.group) for layer in layers.all_layers()]
    base = [n for n, group in order if group == "base"]
    others = [n for n, group in order if group != "base"]
    assert max(base) < min(others)
    assert layers.all_layers()[-1].name == "seizures"


def test_offices_are_off_until_asked_for():
    hidden = [layer.name for layer in layers.all_layers() if not layer.visible]
    assert hidden == ["enforcement"]


def test_dates_are_as_precise_as_they_are_known(made):
    layer = layers.get("context")
    released = made.build(layer, made.tables(layer))
    dates = released.table["date"].to_pylist()
    assert dates == sorted(dates)
    assert {len(date) for date in dates} == {4, 7, 10}
    assert len(dates) == 43
    assert (released.style.label_column, released.style.label_es_column) == ("title_en", "title_es")


def test_an_event_without_a_date_is_counted():
    layer = layers.get("context")
    table = pa.table({name: ["x", "y"] for name in ("title_en", "title_es", "fact", "source", "source_grade")})
    table = table.append_column("date", pa.array(["2009-12-04", None]))
    released = release(layer, layer.build({"context": table}, layer.options()))
    assert released.table["title_en"].to_pylist() == ["x"]
    assert released.dropped == {"without a date": 1}


def test_places_have_a_name_in_each_language_and_a_rank(made):
    layer = layers.get("places")
    released = made.build(layer, made.tables(layer))
    assert set(released.table["rank"].to_pylist()) <= {1, 2, 3, 4}
    assert released.table["name"].null_count == 0
    assert (released.style.label_column, released.style.label_es_column) == ("name", "name_es")


def test_areas_show_their_outline_and_name_and_nothing_else_of_the_file():
    shapes = np.array([shapely.box(0, 0, 1, 1), None], dtype=object)
    table = pa.table({"id": [7, 8], "name": ["Sector", "Lost"], "suspects": [12, 13]})
    released = release(areas.LAYER, areas.build({"areas": Features(table, shapes)}, areas.LAYER.options()))
    assert released.table.select(["area_id", "area_name"]).to_pylist() == [{"area_id": "7", "area_name": "Sector"}]
    assert "suspects" not in released.table.schema.names
    assert released.classes[0].symbol.fill is None
    assert released.dropped == {"without geometry": 1}


def test_areas_without_names_are_drawn_too():
    table = pa.table({"area_id": ["a"]})
    shapes = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    released = release(areas.LAYER, areas.build({"areas": Features(table, shapes)}, areas.LAYER.options()))
    assert released.table["area_name"].to_pylist() == [None]
