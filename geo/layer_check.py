"""Checks at the edge of a layer: is a user's table what the layer needs, and is the declaration itself complete.

Both report every fault they find, not the first, so that a file or a new layer is put right in one go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import numpy as np
import pyarrow as pa

from geo.errors import SchemaError
from geo.layer import Column, Group, Layer, Schema
from geo.table import Features, IntArray, texts

_TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "date": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?)?)?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_schema(
    table: pa.Table | Features, schema: Schema, what: str, row_numbers: IntArray | None = None
) -> pa.Table | Features:
    """Return a table whose columns have the types that a layer's schema asks for.

    Columns that the schema does not name are kept as they are. One that it names without requiring it is added,
    all null, where it is absent, so that a layer finds every column it knows.

    Parameters
    ----------
    table
        A user's own table, as read: numbers may still be text.
    schema
        From `Layer.schemas`.
    what
        The file, for the message.
    row_numbers : (n,) int64
        Row numbers as an editor or spreadsheet shows them; 1, 2, ... if not given.

    Raises
    ------
    SchemaError
        Names all faults: missing columns, and for each bad column the first bad value, its row, how many there
        are, and what was expected.
    """
    plain = table.table if isinstance(table, Features) else table
    rows = np.arange(1, len(plain) + 1) if row_numbers is None else row_numbers
    faults: list[str] = []
    out = plain
    for name, column in schema.items():
        if name not in plain.schema.names:
            if column.required:
                faults.append(f"column {name} is missing, expected {_expected(column)}")
            else:
                out = out.append_column(name, pa.nulls(len(plain), _TYPES[column.kind]))
            continue
        values, bad = _conform(plain, name, column)
        if bad:
            value = texts(plain, name)[bad[0]]
            more = f" (and {len(bad) - 1} rows more)" if len(bad) > 1 else ""
            faults.append(f"column {name}, row {rows[bad[0]]}: {value!r}, expected {_expected(column)}{more}")
            continue
        out = out.set_column(out.schema.get_field_index(name), name, pa.array(values, type=_TYPES[column.kind]))
    if faults:
        if any("is missing" in fault for fault in faults):
            faults.append(f"the file has {', '.join(plain.schema.names) or 'no columns'}")
        raise SchemaError(f"{what}: {'; '.join(faults)}")
    return Features(out, table.geometry) if isinstance(table, Features) else out


def _expected(column: Column) -> str:
    words = {
        "text": "text",
        "code": "a code",
        "date": "a date as YYYY-MM-DD",
        "number": "a number",
        "integer": "a whole number",
    }
    parts = [words[column.kind]]
    if column.allowed:
        parts = [f"one of {', '.join(column.allowed)}"]
    if column.minimum is not None:
        parts.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        parts.append(f"at most {column.maximum:g}")
    return ", ".join(parts)


def _conform(table: pa.Table, name: str, column: Column) -> tuple[list[Any], list[int]]:
    """Return the values as the schema wants them, and the positions of those that cannot be had so."""
    values: list[Any] = []
    bad = []
    for position, text in enumerate(texts(table, name)):
        try:
            values.append(None if text is None or not text.strip() else _value(text.strip(), column))
        except ValueError:
            bad.append(position)
            values.append(None)
    return values, bad


def _value(text: str, column: Column) -> str | float | int:
    if column.kind in ("number", "integer"):
        number = float(text)
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        if not np.isfinite(number) or not low <= number <= high:
            raise ValueError(text)
        if column.kind == "number":
            return number
        if number != int(number):
            raise ValueError(text)
        return int(number)
    if column.allowed and text not in column.allowed:
        raise ValueError(text)
    if column.kind == "date" and not _DATE.fullmatch(text):
        raise ValueError(text)
    return text


def layer_faults(layer: Any) -> list[str]:
    """Return what is wrong with the declaration of a layer, in words; empty where nothing is."""
    faults = []
    if not isinstance(layer, Layer):
        return [f"LAYER is a {type(layer).__name__}, expected geo.layer.Layer"]
    if not _NAME.fullmatch(layer.name):
        faults.append(f"name {layer.name!r}: expected lower-case letters, digits and _")
    for part in ("title", "description"):
        words = getattr(layer, part)
        faults += [f"{part} has no words in {language!r}" for language in ("en", "es") if not words.get(language)]
    if layer.group not in get_args(Group):
        faults.append(f"group {layer.group!r}: expected one of {', '.join(get_args(Group))}")
    needs: Any = layer.needs
    if not needs or isinstance(needs, str):
        faults.append("needs is a tuple with the name of at least one table")
    known: Sequence[str] = (*layer.needs, *layer.optional)
    faults += [
        f"schema for {name}, which is neither needed nor optional" for name in layer.schemas if name not in known
    ]
    build: Any = layer.build
    if not callable(build):
        faults.append("build is not a function")
    options: Any = layer.options
    if not (isinstance(options, type) and is_dataclass(options)):
        faults.append("options is not a dataclass")
    else:
        faults += [f"option {field.name} has no help in its metadata" for field in fields(options) if not _told(field)]
    return faults


def _told(field: Any) -> bool:
    return bool(field.metadata.get("help") or field.metadata.get("internal"))
