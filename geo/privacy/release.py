"""The one gate through which data leave: a layer, or a table to be written, becomes `Released` or `ReleasedTable`.

What is not declared does not leave. A layer declares its fields; those, the columns that steer its drawing, and
its places pass, and nothing else of the tables it was built from: no further column, no metadata, no third
coordinate, no dictionary entry that no row uses. A table to be written passes with the columns that are named.

Values are given the type that their field declares. Text is changed in one way only: NUL characters and lone
surrogates, which no file format can hold, are taken out.

The encoder and the exporters take nothing but what this module returns, and nothing but this module can make it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import InitVar, dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import PrivacyError, SchemaError
from geo.layer import Field, FieldKind, Group, Layer, LayerData, LegendClass, Mark, SourceNote, Style, Words
from geo.table import ObjectArray

_T = TypeVar("_T")
_GATE = object()

_KINDS: Mapping[FieldKind, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "date": pa.string(),
    "source": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}
_STEERING = {
    "class_column": pa.int32(),
    "outline_column": pa.int32(),
    "arrow_column": pa.int32(),
    "rank_column": pa.int32(),
    "size_column": pa.float64(),
    "band_column": pa.float64(),
    "dash_column": pa.bool_(),
    "label_column": pa.string(),
    "label_es_column": pa.string(),
}


@dataclass(frozen=True, eq=False)
class Released:
    """A layer that may leave. Made by :func:`release` alone.

    `table` holds, in this order: ``longitude`` and ``latitude`` (marks events and sites), the columns of `fields`,
    and the columns that `style` names. `geometry` (marks lines and areas) is two-dimensional and read-only.
    `items` (mark events) holds ``event_row`` and the columns of `item_fields`.
    """

    name: str
    title: Words
    description: Words
    group: Group
    visible: bool
    order: int
    mark: Mark
    table: pa.Table
    fields: tuple[Field, ...]
    classes: tuple[LegendClass, ...]
    outlines: tuple[LegendClass, ...]
    style: Style
    geometry: ObjectArray | None
    items: pa.Table | None
    item_fields: tuple[Field, ...]
    legend_notes: tuple[Words, ...]
    method_notes: tuple[Words, ...]
    size_legend: tuple[tuple[float, Words], ...]
    sources: tuple[SourceNote, ...]
    parameters: Mapping[str, Any]
    dropped: Mapping[str, int]
    gate: InitVar[object] = None

    def __post_init__(self, gate: object) -> None:
        _guard(gate, "a layer", "release")

    def __len__(self) -> int:
        return len(self.table)


@dataclass(frozen=True, eq=False)
class ReleasedTable:
    """A table that may be written, with one geometry a row where it has any. Made by :func:`release_table`.

    `computed` names the columns that contraflow computed: an exporter rounds those, and never the input's own.
    """

    table: pa.Table
    geometry: ObjectArray | None
    computed: frozenset[str] = frozenset()
    gate: InitVar[object] = None

    def __post_init__(self, gate: object) -> None:
        _guard(gate, "a table", "release_table")

    def __len__(self) -> int:
        return len(self.table)


def _guard(gate: object, what: str, maker: str) -> None:
    if gate is not _GATE:
        raise PrivacyError(f"{what} leaves through geo.privacy.release.{maker}() only, and is not changed after it")


def release(layer: Layer, data: LayerData, columns: Sequence[str] | None = None) -> Released:
    """Pass what `layer` declares and leave the rest behind.

    Parameters
    ----------
    layer
        The declaration.
    data
        What its ``build`` returned.
    columns
        Names of the fields to pass, if not all; the columns that steer the drawing always pass.

    Raises
    ------
    PrivacyError
        If a column is asked for that no field declares, if a value is not of the kind its field declares, or if a
        parameter is more than text, numbers and lists of them.
    SchemaError
        If a declared column does not exist, a class number has no class, or a row to be drawn has no place.
    """
    where = f"layer {layer.name}"
    passing = _asked(data.fields, columns, _symbol_fields(data), where)
    table = _pass(data.table, data.mark, passing, data.style, where)
    _check_classes(table, data, where)
    items, item_fields = _pass_items(data, len(table), where)
    return Released(
        name=layer.name,
        title=_plain(data.title or layer.title, where),
        description=_plain(layer.description, where),
        group=layer.group,
        visible=layer.visible,
        order=layer.order,
        mark=data.mark,
        table=table,
        fields=_plain(passing, where),
        classes=_plain(data.classes, where),
        outlines=_plain(data.outlines, where),
        style=data.style,
        geometry=_flat(data.geometry, data.mark, len(table), where),
        items=items,
        item_fields=_plain(item_fields, where),
        legend_notes=_plain(data.legend_notes, where),
        method_notes=_plain(data.method_notes, where),
        size_legend=_plain(data.size_legend, where),
        sources=_plain(data.sources, where),
        parameters=_plain(data.parameters, where),
        dropped=_plain(data.dropped, where),
        gate=_GATE,
    )


def release_table(
    table: pa.Table,
    columns: Sequence[str],
    geometry: ObjectArray | None = None,
    computed: Collection[str] = (),
) -> ReleasedTable:
    """Pass the named columns of a table, in the order of the names, with all rows in their order.

    Parameters
    ----------
    table
        Any table.
    columns
        Names of the columns that may leave.
    geometry : (n,) object array of shapely geometries
        One a row, where the output has geometry.
    computed
        Names of those among the columns that contraflow computed.

    Raises
    ------
    PrivacyError
        If a name is not a column of the table, or is named twice.
    """
    missing = [name for name in columns if name not in table.schema.names]
    if missing:
        raise PrivacyError(f"the table has no column {', '.join(missing)}; it has {', '.join(table.schema.names)}")
    twice = sorted({name for name in columns if list(columns).count(name) > 1})
    if twice:
        raise PrivacyError(f"column {', '.join(twice)} is named twice")
    if geometry is not None and len(geometry) != len(table):
        raise PrivacyError(f"{len(table)} rows and {len(geometry)} geometries do not belong together")
    passed = _table({name: _without_dictionary(table[name]) for name in columns})
    places = None if geometry is None else _read_only(geometry.copy())
    return ReleasedTable(passed, places, frozenset(computed) & frozenset(columns), gate=_GATE)


# columns ------------------------------------------------------------------------------------------------------------


def _symbol_fields(data: LayerData) -> list[str]:
    """Fields by which the page draws events: they pass even where only some columns were asked for."""
    symbology = data.parameters.get("symbology", {})
    named = [rule["field"] for rule in symbology.values() if isinstance(rule, Mapping) and "field" in rule]
    return [*named, "event_id", "location_precision_m"] if symbology else named


def _asked(
    declared: tuple[Field, ...], columns: Sequence[str] | None, always: Sequence[str], where: str
) -> tuple[Field, ...]:
    if columns is None:
        return declared
    names = [field.name for field in declared]
    unknown = [name for name in columns if name not in names]
    if unknown:
        raise PrivacyError(f"{where} does not declare {', '.join(unknown)}; it declares {', '.join(names)}")
    return tuple(field for field in declared if field.name in {*columns, *always})


def _pass(table: pa.Table, mark: Mark, passing: tuple[Field, ...], style: Style, where: str) -> pa.Table:
    wanted: dict[str, pa.DataType] = {}
    if mark in ("events", "sites"):
        wanted = {"longitude": pa.float64(), "latitude": pa.float64()}
    wanted |= {field.name: _KINDS[field.kind] for field in passing if field.name not in wanted}
    for part, kind in _STEERING.items():
        name = getattr(style, part)
        # A steering column that is a field too keeps the field's type, if it can steer.
        if name is not None:
            wanted.setdefault(name, kind)
    if not wanted:
        raise SchemaError(f"{where} declares neither a field nor a column that steers its drawing")
    passed = _table({name: _typed(table, name, kind, where) for name, kind in wanted.items()})
    if mark in ("events", "sites"):
        lost = sum(not (math.isfinite(x) and math.isfinite(y)) for x, y in _places(passed))
        if lost:
            raise SchemaError(f"{where}: {lost} rows have no place; build leaves them out and counts them in dropped")
    return passed


def _places(table: pa.Table) -> list[tuple[float, float]]:
    """Return the places of the rows that lack one: few or none, so that the check costs nothing."""
    lon, lat = (table[name].to_numpy().astype(float) for name in ("longitude", "latitude"))
    bad = ~(np.isfinite(lon) & np.isfinite(lat))
    return list(zip(lon[bad].tolist(), lat[bad].tolist(), strict=True))


def _typed(table: pa.Table, name: str, kind: pa.DataType, where: str) -> pa.ChunkedArray:
    if name not in table.schema.names:
        raise SchemaError(f"{where} declares column {name}, which its table does not have")
    column = _without_dictionary(table[name])
    try:
        column = column.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise PrivacyError(f"{where}: column {name} is declared {kind}, but holds other values: {error}") from None
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    return column


def _without_dictionary(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _table(columns: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """Return a table of cleaned columns without any metadata."""
    return pa.table({name: _clean_column(column) for name, column in columns.items()})


def _clean_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raw = column.cast(pa.binary() if pa.types.is_string(column.type) else pa.large_binary()).to_pylist()
        repaired = [None if value is None else _clean(value.decode("utf-8", "surrogatepass")) for value in raw]
        return pa.chunked_array([pa.array(repaired, type=column.type)])
    if pc.any(pc.match_substring(column, "\0")).as_py():
        return pc.replace_substring(column, "\0", "")
    return column


# items, geometry, classes --------------------------------------------------------------------------------------------


def _pass_items(data: LayerData, rows: int, where: str) -> tuple[pa.Table | None, tuple[Field, ...]]:
    if data.items is None:
        return None, ()
    if data.mark != "events":
        raise SchemaError(f"{where}: only the mark events has items")
    wanted = {"event_row": pa.int64()} | {field.name: _KINDS[field.kind] for field in data.item_fields}
    items = _table({name: _typed(data.items, name, kind, where) for name, kind in wanted.items()})
    at = items["event_row"].to_numpy()
    if items["event_row"].null_count or (len(at) and (at[0] < 0 or at[-1] >= rows or np.any(np.diff(at) < 0))):
        raise SchemaError(f"{where}: event_row of items must ascend and stay within the {rows} events")
    return items, data.item_fields


def _flat(geometry: ObjectArray | None, mark: Mark, rows: int, where: str) -> ObjectArray | None:
    if mark not in ("lines", "areas"):
        return None
    if geometry is None or len(geometry) != rows:
        found = "none" if geometry is None else len(geometry)
        raise SchemaError(f"{where}: the mark {mark} needs one geometry a row: {rows} rows, geometries {found}")
    import shapely

    lost = int(np.sum(shapely.is_missing(geometry) | shapely.is_empty(geometry))) if rows else 0
    if lost:
        raise SchemaError(f"{where}: {lost} rows have no geometry; build leaves them out and counts them in dropped")
    return _read_only(np.asarray(shapely.force_2d(geometry), dtype=object) if rows else geometry.copy())


def _read_only(array: ObjectArray) -> ObjectArray:
    array.flags.writeable = False
    return array


def _check_classes(table: pa.Table, data: LayerData, where: str) -> None:
    pairs = ((data.style.class_column, data.classes, "classes"), (data.style.outline_column, data.outlines, "outlines"))
    for name, found, what in pairs:
        if name is None or not len(table):
            continue
        if not pa.types.is_integer(table.schema.field(name).type):
            raise SchemaError(f"{where}: column {name} numbers the {what}, but holds {table.schema.field(name).type}")
        low, high = (pc.min_max(table[name])[end].as_py() for end in ("min", "max"))
        if low is not None and not 0 <= low <= high < len(found):
            raise SchemaError(f"{where}: column {name} runs from {low} to {high}, but there are {len(found)} {what}")


# words --------------------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")


def _plain(value: _T, where: str) -> _T:
    """Return words, legends and parameters with clean text.

    Raises
    ------
    PrivacyError
        If there is anything in it but text, numbers, and mappings, lists and declarations of these.
    """
    out: Any
    if isinstance(value, str):
        out = _clean(value)
    elif value is None or isinstance(value, bool | int):
        out = value
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise PrivacyError(f"{where}: {value} is no number to print; leave it out or say None")
        out = value
    elif isinstance(value, Mapping):
        out = {_plain(str(key), where): _plain(inner, where) for key, inner in value.items()}
    elif isinstance(value, tuple | list):
        out = tuple(_plain(inner, where) for inner in value)
    elif is_dataclass(value) and not isinstance(value, type):
        out = replace(value, **{part.name: _plain(getattr(value, part.name), where) for part in fields(value)})
    else:
        raise PrivacyError(f"{where}: a {type(value).__name__} may not leave; only text, numbers and lists of them")
    return cast(_T, out)
