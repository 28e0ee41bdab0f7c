"""What the layers share: words in two languages, rows with a place in a fixed order, scales that do not move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import SchemaError
from geo.layer import Tables, Words
from geo.table import Features, FloatArray, column, numbers, with_columns

WITHOUT_PLACE = "without a place"
WITHOUT_GEOMETRY = "without geometry"


def say(en: str, es: str) -> Words:
    """Return words in English and Spanish."""
    return {"en": en, "es": es}


def plain(tables: Tables, name: str) -> pa.Table:
    """Return a needed table; the attributes alone where it has geometry."""
    table = tables[name]
    return table.table if isinstance(table, Features) else table


def with_geometry(tables: Tables, name: str) -> Features:
    """Return a needed table that has geometry.

    Raises
    ------
    SchemaError
        If it has none.
    """
    table = tables[name]
    if not isinstance(table, Features):
        raise SchemaError(f"{name}: lines or areas are needed, and this table has no geometry")
    return table


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows that can be drawn, and how many could not be, by reason."""

    table: pa.Table
    dropped: dict[str, int]


def placed(table: pa.Table, key: str) -> Placed:
    """Return the rows that have a longitude and latitude, sorted by `key`: the order of the input does not matter."""
    lon, lat = numbers(table, "longitude"), numbers(table, "latitude")
    there = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    table = with_columns(table, {"longitude": column(lon), "latitude": column(lat)})
    lost = int((~there).sum())
    return Placed(in_order(table.filter(pa.array(there)), key), {WITHOUT_PLACE: lost} if lost else {})


def in_order(table: pa.Table, *keys: str) -> pa.Table:
    """Return the rows sorted by `keys`; rows of equal keys by their other columns, null last."""
    return table.take(_order(table, keys))


def shaped(features: Features, *keys: str) -> tuple[Features, dict[str, int]]:
    """Return the rows that have geometry, sorted by `keys` and then by all else, and the number of the others."""
    import shapely

    there = ~(shapely.is_missing(features.geometry) | shapely.is_empty(features.geometry))
    kept = features.take(np.asarray(there, dtype=bool))
    marked = kept.table.append_column("_shape", pa.array(shapely.to_wkb(kept.geometry).tolist(), type=pa.binary()))
    order = _order(marked, keys).to_numpy()
    lost = int((~there).sum())
    return kept.take(order), {WITHOUT_GEOMETRY: lost} if lost else {}


def _order(table: pa.Table, keys: tuple[str, ...]) -> pa.Array:
    sortable = [
        field.name
        for field in table.schema
        if field.name not in keys and not pa.types.is_nested(field.type) and not pa.types.is_null(field.type)
    ]
    by = [(name, "ascending") for name in (*keys, *sortable) if not pa.types.is_null(table.schema.field(name).type)]
    return pc.sort_indices(table, sort_keys=by) if by else pa.array(np.arange(len(table)))


def optional(table: pa.Table, name: str, kind: pa.DataType | None = None) -> pa.Table:
    """Return a table that has the column `name`, all null if it had none."""
    if name in table.schema.names:
        return table
    return table.append_column(name, pa.nulls(len(table), kind or pa.string()))


def area_true(values: FloatArray, full: float, full_px: float, least_px: float) -> FloatArray:
    """Return symbol widths whose area is proportional to the value, `full_px` wide at `full`.

    Parameters
    ----------
    values : (n,) float64
        Not negative; NaN where unknown.
    full
        The value at which a symbol is `full_px` wide. Fixed, so that a symbol means the same on every map.
    full_px, least_px
        Widths in CSS pixels; what would be smaller than `least_px`, or is unknown, is drawn with it.
    """
    if not full > 0:
        return np.full(len(values), least_px)
    return np.maximum(least_px, full_px * np.sqrt(np.nan_to_num(values) / full))


def round_steps(full: float) -> tuple[int, ...]:
    """Return three round numbers for a size legend: the largest 1, 2 or 5 with zeros up to `full`, a fifth, a 20th."""
    if not full >= 20:
        return ()
    power = 10 ** int(np.floor(np.log10(full)))
    top = max(int(digit * power) for digit in (1, 2, 5) if digit * power <= full)
    return top // 20, top // 5, top
