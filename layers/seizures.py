"""Seizures: one mark an event, whatever the number of commodities in it.

Colour says the direction across the border, in two hues that never share a ramp. Shape says what was seized; of
several commodities the first decides, drugs before firearms, ammunition, cash, parts and all else. A ring says
where the check was made: at a port, between ports, at a checkpoint, inland. A place known only roughly is drawn
hollow, so that it does not look surveyed. The size is constant: a kilogram is not a rifle, and one truck of
marijuana would hide a year of fentanyl.

What is drawn is where officers looked and told of it. An empty place on the map is no measure of traffic.

Of the input's columns only those declared here leave, and those that the user names with ``--fields``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import SchemaError, UsageError
from geo.layer import (
    Field,
    FieldKind,
    Layer,
    LayerData,
    LegendClass,
    SourceNote,
    Symbol,
    Tables,
    Words,
    sources_of,
)
from geo.schema import ITEM_COLUMNS
from geo.table import BoolArray, IntArray, column, numbers, with_columns
from layers._seizure_fields import CONTEXTS, DIRECTIONS, EVENT_FIELDS, GROUPS, ITEM_FIELDS, JOINED_FIELDS
from layers._tools import WITHOUT_PLACE, plain, say

HOLLOW_FROM_M = 3000.0
"""A place known no better than this is drawn hollow: a crossing is good to 1.5 km or less, a town to 5 km."""
SIZE_PX = 10.0

DOCUMENTED = SourceNote(
    name="Publicly reported seizures: agency releases, court and press reports; the source stands with each event",
    licence="single facts restated, source named",
    period="2006-2025",
    precision="crossing (100 to 1,500 m), port or town (5 km), station town (30 km)",
)


@dataclass(frozen=True)
class Options:
    """Options of the layer."""

    fields: tuple[str, ...] = field(
        default=(), metadata={"help": "Columns of the input to show besides the standard ones.", "internal": True}
    )


@dataclass(frozen=True, eq=False)
class _Grouped:
    """Rows brought into the order of their events, and within an event into that of the commodities."""

    rows: pa.Table
    starts: IntArray
    """Position of the first row of each event."""
    event: IntArray
    """Number of the event of each row."""


def build(tables: Tables, options: Options) -> LayerData:
    """Make one row an event, and one item a commodity of it.

    Parameters
    ----------
    tables
        ``events``: the standard events table, joined; ``commodities``: codes in their order, with labels.
    options
        Further columns to show.
    """
    rows, commodities = plain(tables, "events"), plain(tables, "commodities")
    _check(rows, options.fields)
    rank, group = _commodity_ranks(rows, commodities)
    shown = _shown(rows, options.fields)
    grouped = _grouped(with_columns(shown, {"_rank": column(rank), "group": column(group, pa.string())}))
    first, there = _placed_rows(grouped)
    events = _rows(grouped.rows, first)
    # The group is that of the first commodity, even where another row of the event holds the place.
    events = with_columns(events, {"group": _rows(grouped.rows.select(["group"]), grouped.starts)["group"]})
    mixed = _mixed(grouped, "direction")
    events = _rows(with_columns(events, {"direction": _direction(events, mixed)}), np.flatnonzero(there))
    items = _items(grouped, there)
    own_event, own_item = _own_fields(grouped, options.fields)
    lost = int((~there).sum())
    return LayerData(
        mark="events",
        table=events,
        fields=(*_present(events, (*EVENT_FIELDS, *JOINED_FIELDS)), *own_event),
        items=items,
        item_fields=(*_commodity_words(items, commodities), *own_item),
        classes=_classes(events),
        legend_notes=_legend_notes(events),
        method_notes=_method_notes(int(mixed.sum())),
        sources=sources_of(rows, DOCUMENTED),
        parameters={
            "symbology": _symbology(),
            "size_px": SIZE_PX,
            "commodity_groups": {code: group for code, group, *_ in _in_order(commodities)},
        },
        dropped={WITHOUT_PLACE: lost} if lost else {},
    )


def _check(rows: pa.Table, own: tuple[str, ...]) -> None:
    blank = rows["event_id"].null_count
    if blank:
        raise SchemaError(f"events: {blank} rows have no event_id; give each row one")
    unknown = [name for name in own if name not in rows.schema.names]
    if unknown:
        theirs = ", ".join(rows.schema.names)
        raise UsageError(f"--fields: the input has no column {', '.join(unknown)}; there are {theirs}")


def _shown(rows: pa.Table, own: tuple[str, ...]) -> pa.Table:
    """Return the columns that may be shown, and those that order the rows of an event; the rest stays behind here."""
    declared = [part.name for part in (*EVENT_FIELDS, *JOINED_FIELDS, *ITEM_FIELDS)]
    wanted = dict.fromkeys(("longitude", "latitude", *declared, *ITEM_COLUMNS, *own))
    return rows.select([name for name in wanted if name in rows.schema.names])


def _rows(table: pa.Table, at: IntArray) -> pa.Table:
    """Return the rows at the ascending positions `at`; a copy only where it is not all of them."""
    return table if len(at) == len(table) else table.take(pa.array(at))


def _in_order(commodities: pa.Table) -> list[tuple[str, str, str, str]]:
    """Return (code, group that gives the shape, label, label in Spanish), by group and then by code."""
    columns = (commodities[name].to_pylist() for name in ("code", "group", "label_en", "label_es"))
    rows = [
        (code, group if group in GROUPS else "other", en, es)
        for code, group, en, es in zip(*columns, strict=True)
        if code is not None
    ]
    return sorted(rows, key=lambda row: (list(GROUPS).index(row[1]), *map(str, row)))


def _commodity_ranks(rows: pa.Table, commodities: pa.Table) -> tuple[IntArray, npt.NDArray[np.object_]]:
    """Return, for each row, the place of its commodity in their order, and the group that gives its shape."""
    ordered = _in_order(commodities)
    place = {code: n for n, (code, *_) in enumerate(ordered)}
    shape = {code: group for code, group, *_ in ordered}
    encoded = pc.dictionary_encode(rows["commodity"].combine_chunks())
    known = encoded.dictionary.to_pylist()
    at = np.asarray(pc.fill_null(encoded.indices, len(known)), dtype=np.int64)
    ranks = np.array([place.get(code, len(ordered)) for code in known] + [len(ordered) + 1], dtype=np.int64)
    shapes = np.array([shape.get(code, "other") for code in known] + ["unstated"], dtype=object)
    return ranks[at], shapes[at]


def _grouped(rows: pa.Table) -> _Grouped:
    encoded = pc.dictionary_encode(rows["event_id"].combine_chunks())
    by_name = np.asarray(pc.sort_indices(encoded.dictionary))
    number = np.empty(len(by_name), dtype=np.int64)
    number[by_name] = np.arange(len(by_name))
    event = number[np.asarray(encoded.indices)] if len(rows) else np.empty(0, dtype=np.int64)
    order = np.argsort(event, kind="stable")
    sizes = np.bincount(event, minlength=len(by_name))
    several = sizes[event[order]] > 1
    if several.any():
        # Only events of several rows need an order within; mostly none or few of them.
        order[several] = order[several][_inner_order(rows.take(pa.array(order[several])))]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if len(sizes) else sizes.astype(np.int64)
    return _Grouped(rows.take(pa.array(order)), starts, event[order])


def _inner_order(rows: pa.Table) -> IntArray:
    """Order rows by event, commodity, and then all else, so that the order of the input does not matter."""
    told = [
        name for name in (*ITEM_COLUMNS, "longitude", "latitude", "start", "direction") if name in rows.schema.names
    ]
    rest = [part.name for part in rows.schema if part.name not in {"event_id", "_rank", *told} and _sortable(part.type)]
    names = [name for name in told if _sortable(rows.schema.field(name).type)] + rest
    keys = [(name, "ascending") for name in ("event_id", "_rank", *names)]
    return np.asarray(pc.sort_indices(rows, sort_keys=keys), dtype=np.int64)


def _sortable(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_null(kind) or pa.types.is_dictionary(kind))


def _placed_rows(grouped: _Grouped) -> tuple[IntArray, BoolArray]:
    """Return for each event its first row that has a place (else its first row), and whether it has one."""
    lon, lat = numbers(grouped.rows, "longitude"), numbers(grouped.rows, "latitude")
    there = np.isfinite(lon) & np.isfinite(lat)
    if not len(there):
        return grouped.starts, np.empty(0, dtype=np.bool_)
    position = np.where(there, np.arange(len(there)), len(there))
    first = np.minimum.reduceat(position, grouped.starts)
    return np.where(first < len(there), first, grouped.starts), first < len(there)


def _mixed(grouped: _Grouped, name: str) -> BoolArray:
    """Tell which events have rows that differ in the column `name`."""
    encoded = pc.dictionary_encode(grouped.rows[name].combine_chunks(), null_encoding="encode")
    codes = np.asarray(encoded.indices, dtype=np.int64)
    out = np.zeros(len(grouped.starts), dtype=np.bool_)
    out[grouped.event[codes != codes[grouped.starts][grouped.event]]] = True
    return out


def _direction(events: pa.Table, mixed: BoolArray) -> pa.Array:
    """Return the direction of each event; unknown where nothing says it, or its rows say both."""
    told = pc.fill_null(events["direction"], "unknown").combine_chunks()
    return pc.if_else(pa.array(mixed), pa.scalar("unknown"), told)


def _items(grouped: _Grouped, there: BoolArray) -> pa.Table:
    kept = there[grouped.event] if len(there) else np.empty(0, dtype=np.bool_)
    renumbered = (np.cumsum(there) - 1)[grouped.event[kept]]
    items = _rows(grouped.rows, np.flatnonzero(kept))
    return items.append_column("event_row", pa.array(renumbered, type=pa.int64()))


# fields ---------------------------------------------------------------------------------------------------------------


def _present(table: pa.Table, declared: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(part for part in declared if part.name in table.schema.names)


def _own_fields(grouped: _Grouped, names: tuple[str, ...]) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Declare the user's own columns: of the event where all its rows agree, else of its items."""
    of_event, of_item = [], []
    declared = {part.name for part in (*EVENT_FIELDS, *JOINED_FIELDS, *ITEM_FIELDS)}
    for name in dict.fromkeys(names):
        if name in declared or name in ("longitude", "latitude"):
            continue
        own = Field(name, say(name, name), _kind(grouped.rows.schema.field(name).type))
        if len(grouped.rows) and _mixed(grouped, name).any():
            of_item.append(own)
        else:
            of_event.append(own)
    return tuple(of_event), tuple(of_item)


def _kind(kind: pa.DataType) -> FieldKind:
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    return "number" if pa.types.is_floating(kind) else "text"


def _commodity_words(items: pa.Table, commodities: pa.Table) -> tuple[Field, ...]:
    """Return the item fields, the commodity with the words of the codes that occur, in their order."""
    occurring = set(pc.unique(items["commodity"]).to_pylist())
    words = {code: say(en or code, es or code) for code, _, en, es in _in_order(commodities) if code in occurring}
    commodity = Field("commodity", ITEM_FIELDS[0].label, "code", values=words)
    return _present(items, (commodity, *ITEM_FIELDS[1:]))


# legend ---------------------------------------------------------------------------------------------------------------


def _symbology() -> dict[str, object]:
    return {
        "color": {"field": "direction", "values": {key: key for key in DIRECTIONS}},
        "shape": {"field": "group", "values": {key: shape for key, (_, shape) in GROUPS.items()}},
        "ring": {"field": "context", "values": {key: ring for key, (_, ring) in CONTEXTS.items()}},
        "hollow_from_precision_m": HOLLOW_FROM_M,
    }


def _classes(events: pa.Table) -> tuple[LegendClass, ...]:
    """Return the legend by facet, with the shapes and rings that occur; all of them where there are no events."""
    groups = set(pc.unique(events["group"]).to_pylist()) if len(events) else set(GROUPS) - {"unstated"}
    contexts = set(pc.unique(events["context"]).to_pylist()) if len(events) else set(CONTEXTS)
    rough = not len(events) or bool((numbers(events, "location_precision_m") >= HOLLOW_FROM_M).any())
    classes = [
        LegendClass(f"direction:{key}", words, Symbol("circle", fill=key, size_px=SIZE_PX))
        for key, words in DIRECTIONS.items()
    ]
    classes += [
        LegendClass(f"group:{key}", words, Symbol(shape, fill="label", size_px=SIZE_PX))  # type: ignore[arg-type]
        for key, (words, shape) in GROUPS.items()
        if key in groups
    ]
    classes += [
        LegendClass(
            f"context:{key}",
            words,
            Symbol("circle", fill="label", size_px=7, outline=ring, outline_color="label"),  # type: ignore[arg-type]
        )
        for key, (words, ring) in CONTEXTS.items()
        if key in contexts
    ]
    if rough:
        label = say("Place known only roughly (3 km or more)", "Lugar aproximado (3 km o más)")
        classes.append(
            LegendClass("precision:hollow", label, Symbol("circle", fill="paper", stroke="label", stroke_px=2))
        )
    return tuple(classes)


def _legend_notes(events: pa.Table) -> tuple[Words, ...]:
    notes = [
        say("Seizures show where officers looked.", "Los decomisos muestran dónde se revisó."),
        say(
            "One mark is one event, with one commodity or several.",
            "Cada marca es un evento, con una o varias mercancías.",
        ),
    ]
    areas = pc.is_in(events["location_basis"], value_set=pa.array(["city", "municipality", "county"]))
    wide = int(pc.sum(areas).as_py() or 0)
    if wide:
        notes.append(
            say(
                f"Marks in the middle of a town, municipality or county, not where it happened: {wide:,}.",
                f"Marcas en el centro de una población, municipio o condado, no donde ocurrió: {wide:,}.",
            )
        )
    if len(events) and events["location_precision_m"].null_count == len(events):
        notes.append(
            say(
                "The file does not say how precise its points are.",
                "El archivo no dice qué tan precisos son sus puntos.",
            )
        )
    return tuple(notes)


def _method_notes(mixed: int) -> tuple[Words, ...]:
    notes = [
        say(
            "Northbound and southbound are two series. They are never added, averaged or drawn on one scale.",
            "Hacia el norte y hacia el sur son dos series. Nunca se suman, promedian ni comparten escala.",
        ),
        say(
            "An event with several commodities has the shape of the first in the legend; the panel lists them all.",
            "Un evento con varias mercancías lleva la forma de la primera en la leyenda; el panel las muestra todas.",
        ),
        say(
            "Seizures depend on inspections. An empty place means that nobody looked, or nobody told; it is not zero.",
            "Los decomisos dependen de las revisiones. Un lugar vacío significa que nadie revisó o nadie informó; "
            "no equivale a cero.",
        ),
        say(
            "Quantities are as reported; they are converted only where a factor is known. Blank is not zero.",
            "Las cantidades son las informadas; se convierten solo si hay un factor conocido. En blanco no es cero.",
        ),
        say(
            "Ports, corridors and municipalities beside an event are the nearest ones. Near is not a cause.",
            "Los puertos, corredores y municipios junto a un evento son los más cercanos. La cercanía no es causa.",
        ),
    ]
    if mixed:
        notes.append(
            say(
                f"Events whose rows name different directions are drawn as unknown: {mixed}.",
                f"Los eventos cuyos registros dan direcciones distintas se dibujan como desconocidos: {mixed}.",
            )
        )
    return tuple(notes)


LAYER = Layer(
    name="seizures",
    title=say("Seizures", "Decomisos"),
    description=say(
        "Seizure events by direction, commodity and kind of place. They show where officers looked.",
        "Decomisos por dirección, mercancía y tipo de lugar. Muestran dónde se revisó.",
    ),
    group="seizures",
    needs=("events", "commodities"),
    options=Options,
    build=build,
    order=90,
)
