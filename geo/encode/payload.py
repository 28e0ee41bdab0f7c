"""Released layers to the page's payload: an index of words and columns, and compressed blocks of bytes.

The index is small and is read at once. The blocks hold the columns. What the first picture needs (positions, the
columns that steer symbols, shapes) lies in blocks of its own, so that the page can draw before it has read the
rest; a long column has a block to itself, so that columns can be read one at a time.

Events are sorted by position (Morton key; events of one place keep their order), so that a map tile is one run of
rows. Their items, one a commodity, follow in the same order, with a count for each event.

Only what the release gate returned is taken (:class:`geo.privacy.release.Released`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.encode.grid import encode_keys, grid_cells, morton
from geo.encode.lookups import Lookups
from geo.encode.planes import Encoded, UintArray, compress
from geo.encode.shapes import encode_shapes
from geo.errors import PageError
from geo.layer import Field, LegendClass, Style, Words
from geo.privacy.release import Released
from geo.table import IntArray, numbers

FORMAT = 1
OWN_BLOCK_BYTES = 65_536
"""A column at least this long is a block of its own; shorter ones share, since each block costs the page a call."""
FIRST, REST = 0, 1
BORDER_EXTENT = (-117.6, 25.0, -96.6, 33.6)
"""West, south, east, north: the border from the Pacific to the Gulf, with both sides in sight."""
TITLE: Words = {"en": "Border traffic, both ways", "es": "Tráfico fronterizo en ambos sentidos"}
UNSET: Mapping[str, tuple[Any, ...]] = {
    "fill": (None,),
    "stroke": (None,),
    "outline_color": (None,),
    "hatch": (False,),
    "band": (False,),
    "dash": ((),),
    "outline": ("none",),
    "arrow": (0,),
}
"""What a symbol is without saying so; left out of the index, which is read before anything is drawn."""
SYMBOLOGY_CHANNELS = ("color", "shape", "ring")


@dataclass(frozen=True)
class PageWords:
    """What the page says of itself. All of it is shown as text, never as markup."""

    title: Words = field(
        default_factory=lambda: {"en": "Border traffic, both ways", "es": "Tráfico fronterizo, ambos sentidos"}
    )
    subtitle: Words = field(default_factory=lambda: {"en": "", "es": ""})
    language: str = "en"
    theme: str = "auto"
    period: tuple[str, str] | None = None
    """First and last date, ISO."""
    handling: str = ""
    """Mark shown at the top and bottom of page and print."""
    extent: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees: the opening view."""
    counts: Mapping[str, Any] = field(default_factory=dict)
    """Rows read, drawn, without_place, and dropped by reason."""
    tiles: str | None = None
    """Address template of background tiles: the only thing a page may ever ask for."""
    tiles_attribution: str = ""


@dataclass(frozen=True)
class Payload:
    """The page's data: a JSON-able index, and zlib blocks that it refers to by number."""

    index: dict[str, Any]
    blocks: list[bytes]


class _Blocks:
    """Collects columns into blocks: one a layer and stage, and one for each long column."""

    def __init__(self) -> None:
        self.raw: list[bytearray] = []
        self.shared: dict[tuple[str, int], int] = {}

    def add(self, encoded: Encoded, layer: str, stage: int) -> dict[str, Any]:
        """Store the bytes; return the description with block, offset and bytes."""
        size = len(encoded.data)
        if size == 0:
            return dict(encoded.meta)
        if size >= OWN_BLOCK_BYTES:
            self.raw.append(bytearray())
            block = len(self.raw) - 1
        else:
            if (layer, stage) not in self.shared:
                self.raw.append(bytearray())
                self.shared[layer, stage] = len(self.raw) - 1
            block = self.shared[layer, stage]
        at = len(self.raw[block])
        self.raw[block] += encoded.data
        return encoded.meta | {"block": block, "offset": at, "bytes": size}

    def compressed(self) -> list[bytes]:
        return [compress(bytes(block)) for block in self.raw]


def encode(released: Iterable[Released], words: PageWords | None = None) -> Payload:
    """Return the payload of a page that draws `released` layers.

    Parameters
    ----------
    released
        Layers as they came through the release gate: only what they hold reaches the page.
    words
        Title, language, period and other words of the page.

    Returns
    -------
    Payload
        The same bytes for the same input.

    Raises
    ------
    PageError
        Where two layers have one name, a column cannot be encoded or a position cannot be drawn.
    """
    words = words or PageWords()
    blocks = _Blocks()
    layers: list[dict[str, Any]] = []
    for layer in sorted(released, key=lambda r: r.order):
        if any(known["name"] == layer.name for known in layers):
            raise PageError(f"two layers are named {layer.name}; give one of them another name")
        layers.append(_layer(layer, blocks))
    index = {
        "format": FORMAT,
        "language": words.language,
        "theme": words.theme,
        "title": dict(words.title),
        "subtitle": dict(words.subtitle),
        "period": {"start": words.period[0], "end": words.period[1]} if words.period else None,
        "handling": words.handling,
        "extent": list(words.extent or BORDER_EXTENT),
        "counts": dict(words.counts),
        "tiles": {"url": words.tiles, "attribution": words.tiles_attribution} if words.tiles else None,
        "layers": layers,
    }
    return Payload(index, blocks.compressed())


def _layer(layer: Released, blocks: _Blocks) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "name": layer.name,
        "title": dict(layer.title),
        "description": dict(layer.description),
        "group": layer.group,
        "mark": layer.mark,
        "visible": layer.visible,
        "order": layer.order,
        "rows": len(layer.table),
        "fields": [_field(f) for f in layer.fields],
        "classes": [_legend(c) for c in layer.classes],
        "outlines": [_legend(c) for c in layer.outlines],
        "size_legend": [[size, dict(text)] for size, text in layer.size_legend],
        "legend_notes": [dict(n) for n in layer.legend_notes],
        "method_notes": [dict(n) for n in layer.method_notes],
        "sources": [asdict(s) for s in layer.sources],
        "parameters": dict(layer.parameters),
        "dropped": dict(layer.dropped),
        "style": asdict(layer.style),
    }
    return meta | (_events(layer, blocks) if layer.mark == "events" else _plain(layer, blocks))


def _field(f: Field) -> dict[str, Any]:
    return {
        "name": f.name,
        "label": dict(f.label),
        "kind": f.kind,
        "unit": f.unit,
        "values": {key: dict(text) for key, text in f.values.items()},
    }


def _legend(c: LegendClass) -> dict[str, Any]:
    symbol = {key: value for key, value in asdict(c.symbol).items() if value not in UNSET.get(key, ())}
    return {"key": c.key, "label": dict(c.label), "symbol": symbol, "note": dict(c.note) if c.note else None}


def _style_columns(style: Style, table: pa.Table) -> list[str]:
    named = [value for key, value in asdict(style).items() if key.endswith("_column") and value]
    missing = [name for name in named if name not in table.schema.names]
    if missing:
        raise PageError(f"the layer's style names columns that its table lacks: {', '.join(missing)}")
    return list(dict.fromkeys(named))


class _Writer:
    """Writes the columns of one table of a layer."""

    def __init__(
        self,
        layer: str,
        rows: int,
        fields: Sequence[Field],
        blocks: _Blocks,
        cells: tuple[UintArray, UintArray] | None = None,
    ) -> None:
        self.layer = layer
        self.fields = {f.name: f for f in fields}
        self.blocks = blocks
        self.lookups = Lookups(rows, cells)

    def columns(self, table: pa.Table, stage: int) -> list[dict[str, Any]]:
        """Write all columns of `table`; those that others may follow from, texts of many values, go first."""
        texts = {n: -pc.count_distinct(table[n]).as_py() for n in table.schema.names if _is_text(table[n].type)}
        names = sorted(table.schema.names, key=lambda n: (n not in texts, texts.get(n, 0)))
        return [self.column(name, table[name], stage) for name in names]

    def column(self, name: str, values: pa.ChunkedArray, stage: int) -> dict[str, Any]:
        known = self.fields.get(name)
        kind = known.kind if known else "text" if _is_text(values.type) else "number"
        try:
            encoded = self.lookups.encode(name, values, kind, known.steps if known else ())
        except PageError as error:
            raise PageError(f"layer {self.layer}, column {name}: {error}") from error
        early = {"first": True} if stage == FIRST else {}
        return {"name": name, "kind": kind} | early | self.blocks.add(encoded, self.layer, stage)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _split(table: pa.Table, early: set[str]) -> tuple[pa.Table, pa.Table]:
    names = table.schema.names
    return table.select([n for n in names if n in early]), table.select([n for n in names if n not in early])


def _plain(layer: Released, blocks: _Blocks) -> dict[str, Any]:
    """Sites, lines, areas and dates: rows in the order of the table."""
    early = set(_style_columns(layer.style, layer.table))
    out: dict[str, Any] = {}
    if layer.mark == "sites":
        early |= {"longitude", "latitude"}
    if layer.mark in ("lines", "areas"):
        if layer.geometry is None:
            raise PageError(f"layer {layer.name}: mark {layer.mark} needs geometry")
        out["shapes"] = blocks.add(encode_shapes(layer.geometry, layer.mark), layer.name, FIRST)
    writer = _Writer(layer.name, len(layer.table), layer.fields, blocks)
    first, rest = _split(layer.table, early)
    return out | {"columns": [*writer.columns(first, FIRST), *writer.columns(rest, REST)]}


def _events(layer: Released, blocks: _Blocks) -> dict[str, Any]:
    """Events sorted by place, then their items in the same order."""
    table = layer.table
    x, y = grid_cells(numbers(table, "longitude"), numbers(table, "latitude"))
    keys = morton(x, y)
    order = np.argsort(keys, kind="stable")
    key = {"name": "key", "kind": "integer", "first": True} | blocks.add(encode_keys(keys[order]), layer.name, FIRST)
    table = table.drop_columns(["longitude", "latitude"]).take(pa.array(order))
    writer = _Writer(layer.name, len(table), layer.fields, blocks, (x[order], y[order]))
    first, rest = _split(table, _symbol_columns(layer))
    columns = [key, *writer.columns(first, FIRST), *writer.columns(rest, REST)]
    return {"columns": columns} | _items(layer, order, blocks)


def _symbol_columns(layer: Released) -> set[str]:
    """Columns that the symbols of events are chosen by."""
    symbology = layer.parameters.get("symbology") or {}
    early = {symbology[channel]["field"] for channel in SYMBOLOGY_CHANNELS if symbology.get(channel)}
    if symbology.get("hollow_from_precision_m") is not None:
        early.add("location_precision_m")
    return early | set(_style_columns(layer.style, layer.table))


def _items(layer: Released, order: IntArray, blocks: _Blocks) -> dict[str, Any]:
    if layer.items is None:
        return {}
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    event = rank[layer.items["event_row"].to_numpy()]
    table = layer.items.drop_columns(["event_row"]).take(pa.array(np.argsort(event, kind="stable")))
    counts = pa.chunked_array([np.bincount(event, minlength=len(order)).astype(np.int64)])
    count = Field("count", {"en": "", "es": ""}, "integer")
    writer = _Writer(layer.name, len(table), layer.item_fields, blocks)
    return {
        "items": {
            "rows": len(table),
            "count": _Writer(layer.name, len(order), [count], blocks).column("count", counts, REST),
            "fields": [_field(f) for f in layer.item_fields],
            "columns": writer.columns(table, REST),
        }
    }
