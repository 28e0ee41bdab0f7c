"""Tables for the tests of the layers: the embedded ones, and the same made empty, shuffled or hostile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
import shapely

import layers
from geo.layer import Layer, Tables
from geo.privacy.release import Released, release
from geo.read import seeds
from geo.table import Features, with_columns

HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "</script><!--",
    "' OR 1=1; --",
    "a\0b",
    "\u202egnp.exe",
    "👩‍👩‍👧 Ñandú",
    "=HYPERLINK(0)",
    "x" * 5000,
    "`${1}`\\u2028\u2028",
)


@cache
def _areas() -> Features:
    boxes = np.array([shapely.box(x, 30, x + 1, 32) for x in (-112, -110, -108)], dtype=object)
    return Features(pa.table({"area_id": ["b", "a", "c"], "area_name": ["North", None, "Far"]}), boxes)


@cache
def embedded(name: str) -> pa.Table | Features:
    """Return a table by the name under which a layer needs it."""
    if name == "areas":
        return _areas()
    if name == "events":
        from geo.read.sources import documented

        events = documented.events().table
        count = len(events)
        joined = {
            "port_code": pa.array(["2304"] * count),
            "port_distance_m": pa.array(np.arange(count, dtype=float)),
            "port_certain": pa.array([True] * count),
        }
        return with_columns(events, joined)
    return seeds.features(name) if seeds.seed(name).geometry else seeds.table(name)


def _each(tables: Tables, change: Callable[[pa.Table], pa.Table | tuple[pa.Table, np.ndarray]]) -> Tables:
    out = {}
    for name, table in tables.items():
        plain = table.table if isinstance(table, Features) else table
        changed = change(plain)
        rows = None
        if isinstance(changed, tuple):
            changed, rows = changed
        geometry = table.geometry if isinstance(table, Features) else None
        if geometry is not None:
            out[name] = Features(changed, geometry if rows is None else geometry[rows])
        else:
            out[name] = changed
    return out


def embedded_tables(layer: Layer) -> Tables:
    return {name: embedded(name) for name in layer.needs}


def no_rows(tables: Tables) -> Tables:
    return _each(tables, lambda table: (table.slice(0, 0), np.empty(0, dtype=np.int64)))


def shuffled(tables: Tables, seed: int = 1) -> Tables:
    def shuffle(table: pa.Table) -> tuple[pa.Table, np.ndarray]:
        rows = np.random.default_rng(seed).permutation(len(table))
        return table.take(pa.array(rows)), rows

    return _each(tables, shuffle)


def hostile(tables: Tables) -> Tables:
    """Return tables whose text is hostile in every cell, whose numbers are absent, negative or huge here and there."""

    def poison(table: pa.Table) -> pa.Table:
        # A few hundred rows hold every hostile word in every column; more would only take longer.
        table = table.slice(0, 300)
        bad = {}
        for field in table.schema:
            rows = len(table)
            if pa.types.is_string(field.type):
                words = [f"{HOSTILE[n % len(HOSTILE)]}{n}" if n % 7 else None for n in range(rows)]
                # What identifies a row stays there, or the row would be refused and nothing tested.
                if field.name in ("event_id", "inegi_code", "date"):
                    words = [f"{HOSTILE[n % len(HOSTILE)]}{n}" for n in range(rows)]
                bad[field.name] = pa.array(words, type=pa.string())
            elif pa.types.is_floating(field.type):
                values = table[field.name].to_pylist()
                odd = (None, float("nan"), -1e300, 1e300, 0.0)
                bad[field.name] = pa.array(
                    [odd[(n // 3) % 5] if n % 3 == 0 else v for n, v in enumerate(values)], type=field.type
                )
        return with_columns(table, bad)

    return _each(tables, lambda table: (poison(table), np.arange(min(300, len(table)))))


def build(layer: Layer, tables: Mapping[str, pa.Table | Features]) -> Released:
    """Build a layer with its default options, and release it."""
    return release(layer, layer.build(tables, layer.options()))


@pytest.fixture(params=layers.available())
def layer(request: pytest.FixtureRequest) -> Layer:
    """Each layer that is found, in turn."""
    return layers.get(request.param)


@pytest.fixture
def made():
    """Return the makers of tables, by name."""

    class Made:
        embedded = staticmethod(embedded)
        tables = staticmethod(embedded_tables)
        no_rows = staticmethod(no_rows)
        shuffled = staticmethod(shuffled)
        hostile = staticmethod(hostile)
        build = staticmethod(build)
        hostile_text = HOSTILE

    return Made
