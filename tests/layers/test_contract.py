"""What every layer keeps to, whoever wrote it. Each test runs over all layers that are found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geo.layer import PALETTE, Symbol
from geo.layer_check import layer_faults
from geo.table import Features

RATE = re.compile(r"(.*?)rate_.*per_100k")
UNITS = {"_m": "m", "_km": "km", "_deg": "deg", "_per_100k": "per 100,000"}


def parts(value: object) -> Iterator[object]:
    """Yield a value and all that it is made of."""
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from parts(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from parts(inner)


def words(value: object) -> list[Mapping[str, str]]:
    return [part for part in parts(value) if isinstance(part, Mapping) and ("en" in part or "es" in part)]


def texts_of(released) -> set[str]:
    """Every text that leaves with a layer, in its tables and around them."""
    found = {part for part in parts(released) if isinstance(part, str)}
    for table in (released.table, released.items):
        for column in table.columns if table is not None else ():
            if pa.types.is_string(column.type):
                found |= {text for text in column.to_pylist() if text is not None}
    return found


def test_the_declaration_is_complete(layer):
    assert layer_faults(layer) == []


def test_it_builds_from_the_embedded_tables(layer, made):
    released = made.build(layer, made.tables(layer))
    assert len(released) > 0
    assert released.fields
    drawn = released.mark == "dates" or released.classes
    assert drawn, "a reader needs a legend"


def test_it_has_words_in_both_languages(layer, made):
    released = made.build(layer, made.tables(layer))
    for each in words(released):
        assert set(each) == {"en", "es"}, each
        for text in each.values():
            assert text.strip() == text != "", each
            assert "  " not in text, each


def test_it_says_where_it_comes_from(layer, made):
    sources = made.build(layer, made.tables(layer)).sources
    assert sources
    for note in sources:
        assert note.name
        assert note.licence
        assert note.period
        assert note.precision
        assert note.rows > 0, note.name


def test_every_number_with_a_unit_in_its_name_says_the_unit(layer, made):
    for field in made.build(layer, made.tables(layer)).fields:
        for ending, unit in UNITS.items():
            if field.name.endswith(ending):
                assert field.unit == unit, field.name


def test_every_rate_has_its_count_and_population_beside_it(layer, made):
    names = {field.name for field in made.build(layer, made.tables(layer)).fields}
    for name in names:
        if rate := RATE.fullmatch(name):
            assert {f"{rate[1]}count", f"{rate[1]}population"} <= names, name


def test_its_colours_are_those_of_the_page(layer, made):
    symbols = [part for part in parts(made.build(layer, made.tables(layer))) if isinstance(part, Symbol)]
    for symbol in symbols:
        for colour in (symbol.fill, symbol.stroke, symbol.outline_color):
            assert colour is None or colour in PALETTE or re.fullmatch(r"#[0-9a-f]{6}", colour), colour


def test_every_declared_column_and_every_style_column_is_there(layer, made):
    released = made.build(layer, made.tables(layer))
    names = released.table.schema.names
    assert {field.name for field in released.fields} <= set(names)
    assert {name for part, name in asdict(released.style).items() if part.endswith("_column") and name} <= set(names)


def test_it_works_from_no_rows(layer, made):
    released = made.build(layer, made.no_rows(made.tables(layer)))
    assert len(released) == 0
    assert released.fields
    assert released.dropped == {}
    assert words(released)


def test_it_takes_hostile_text_as_text(layer, made):
    tables = made.hostile(made.tables(layer))
    released = made.build(layer, tables)
    given = {
        text.replace("\0", "")
        for table in tables.values()
        for column in (table.table if isinstance(table, Features) else table).columns
        if pa.types.is_string(column.type)
        for text in column.to_pylist()
        if text is not None
    }
    own = texts_of(made.build(layer, made.tables(layer)))
    for text in texts_of(released):
        assert "\0" not in text
        # Nothing is decoded, escaped, cut or built into other words: what comes out went in, or is the layer's own.
        if any(bad.replace("\0", "") in text for bad in made.hostile_text):
            names = [part for part in given if part in text]
            assert text in given or text in own or names, text[:80]


def test_the_order_of_the_rows_does_not_matter(layer, made):
    tables = made.tables(layer)
    one, other = made.build(layer, tables), made.build(layer, made.shuffled(tables))
    assert one.table.equals(other.table)
    assert (one.items is None) == (other.items is None)
    if one.items is not None:
        assert one.items.equals(other.items)
    if one.geometry is not None:
        assert np.array_equal(shapely.to_wkb(one.geometry), shapely.to_wkb(other.geometry))
    for part in (
        "classes",
        "outlines",
        "title",
        "legend_notes",
        "method_notes",
        "size_legend",
        "parameters",
        "dropped",
    ):
        assert getattr(one, part) == getattr(other, part), part


def test_no_undeclared_column_gets_out(layer, made):
    secret = "informant 4711"

    def confide(table: pa.Table) -> pa.Table:
        return table.append_column("note_internal", pa.array([secret] * len(table)))

    tables = {
        name: Features(confide(table.table), table.geometry) if isinstance(table, Features) else confide(table)
        for name, table in made.tables(layer).items()
    }
    released = made.build(layer, tables)
    for table in (released.table, released.items):
        if table is not None:
            assert "note_internal" not in table.schema.names
            assert not table.schema.metadata
    assert not [text for text in texts_of(released) if secret in text]
    plain = made.build(layer, made.tables(layer))
    assert released.table.equals(plain.table)


def test_every_row_is_drawn_or_counted_as_dropped(layer, made):
    tables = made.tables(layer)
    released = made.build(layer, tables)
    if layer.name in ("violence", "seizures"):  # rows of these are years and commodities, not marks
        return
    given = len(tables[layer.needs[0]]) if layer.name != "boundaries" else sum(len(t) for t in tables.values())
    assert len(released) + sum(released.dropped.values()) == given


def test_the_page_defines_every_colour_that_a_layer_may_name():
    css = (Path(__file__).parents[2] / "geo" / "page" / "css" / "tokens.css").read_text("utf-8")
    light, dark = css.split('[data-theme="dark"]')[:2]
    for name in PALETTE:
        assert f"--cf-{name}:" in light, name
        assert f"--cf-{name}:" in dark, name
