"""Which column of a table names its rows: the `id` and the `name` that joined points receive."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def identity(table: pa.Table, layer: str | None = None) -> pa.Array:
    """Return the ids of the rows as text.

    The column ``id``; else the layer's own ``*_code`` or ``*_id``; else the only column of unique values that
    ends so; else the row number, from 1. A column without any value counts as absent. Capitals do not matter: a
    shapefile has only those.

    Parameters
    ----------
    table : pyarrow.Table
        Sites, lines or areas.
    layer : str, optional
        What a row is, as in its own id column: ``port`` for ``port_code``, ``corridor`` for ``corridor_id``.
    """
    own = [f"{layer}_code", f"{layer}_id"] if layer else []
    for wanted in ("id", *own, "inegi_code"):
        name = _named(table, wanted)
        if name is not None:
            return _text(table[name])
    ends = [name for name in table.column_names if name.casefold().endswith(("_code", "_id"))]
    unique = [name for name in ends if _filled(table, name) and _all_differ(table[name])]
    if len(unique) == 1:
        return _text(table[unique[0]])
    return pa.array([str(i + 1) for i in range(len(table))], pa.string())


def names(table: pa.Table, layer: str | None = None) -> pa.Array:
    """Return the names of the rows: ``name``, else the layer's ``*_name``; null where there is none."""
    for wanted in ("name", *([f"{layer}_name"] if layer else [])):
        name = _named(table, wanted)
        if name is not None:
            return _text(table[name])
    return pa.nulls(len(table), pa.string())


def _named(table: pa.Table, wanted: str) -> str | None:
    """Return the column of that name that has a value: as it is written, else in any capitals."""
    alike = [name for name in table.column_names if name.casefold() == wanted]
    return next((name for name in (wanted, *alike) if _filled(table, name)), None)


def _filled(table: pa.Table, name: str) -> bool:
    return name in table.column_names and table[name].null_count < len(table)


def _all_differ(column: pa.ChunkedArray) -> bool:
    return column.null_count == 0 and bool(pc.count_distinct(column).as_py() == len(column))


def _text(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.cast(pa.string()).combine_chunks()
