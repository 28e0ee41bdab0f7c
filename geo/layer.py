"""The contract of a layer: what a file in ``layers/`` declares and what it computes.

A layer opens no file and writes no markup. It declares which tables it needs, what their columns must be, its
words in both languages and its options; its ``build`` turns the tables into :class:`LayerData`: rows, the
symbols to draw them with, the legend, and the fields that may leave the program. Nothing else does.

Colours are names of the page's palette (`PALETTE`), so that light, dark and printed pages can each use their
own shade; a layer of one's own may also say ``#rrggbb``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from geo.table import Features, ObjectArray

Language: TypeAlias = Literal["en", "es"]
Words: TypeAlias = Mapping[Language, str]
Mark: TypeAlias = Literal["events", "sites", "lines", "areas", "dates"]
Group: TypeAlias = Literal["seizures", "border", "violence", "context", "results", "base"]
FieldKind: TypeAlias = Literal["text", "number", "integer", "date", "code", "boolean", "source"]
Tables: TypeAlias = Mapping[str, "pa.Table | Features"]

PALETTE = (
    "north", "south", "unknown",
    "violence-1", "violence-2", "violence-3", "violence-4", "violence-5",
    "hot", "cold", "no-data", "no-data-line", "ink", "paper", "port", "office", "line", "border", "state-line",
    "both", "north-light", "south-light", "land", "land-us", "land-mx", "label", "label-quiet",
)  # fmt: skip
"""Colour names that the page's style sheet defines."""


@dataclass(frozen=True)
class Column:
    """What a needed table must have in one column."""

    kind: Literal["text", "number", "integer", "date", "code"]
    required: bool = True
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


Schema: TypeAlias = Mapping[str, Column]


@dataclass(frozen=True)
class Symbol:
    """How one class of rows is drawn, on the map and in the legend alike."""

    shape: Literal["circle", "square", "diamond", "triangle", "pentagon", "cross", "line", "area", "dot"] = "circle"
    fill: str | None = None
    stroke: str | None = None
    stroke_px: float = 1.0
    size_px: float = 10.0
    """Width and height in CSS pixels, where no size column says otherwise."""
    hatch: bool = False
    """45 degree hatch instead of a plain fill: no data, or none found. Never zero."""
    dash: tuple[float, ...] = ()
    outline: Literal["none", "single", "double", "dashed"] = "none"
    """A second line around the symbol, in `outline_color`: hot spots, context rings."""
    outline_color: str | None = None
    opacity: float = 1.0
    arrow: Literal[0, 1, 2] = 0
    """Lines: arrows along the line (1), both ways (2), none (0)."""
    band: bool = False
    """Lines: the legend shows the band of accuracy beneath."""


@dataclass(frozen=True)
class LegendClass:
    """One class of a layer: a key, its words, its symbol."""

    key: str
    label: Words
    symbol: Symbol
    note: Words | None = None


DISTANCE_STEPS = ((0.0, 10.0), (1_000.0, 100.0), (100_000.0, 1_000.0))
"""Steps of a distance in metres: about as finely as a reader is shown it, and the places are known."""


@dataclass(frozen=True)
class Field:
    """A column that may leave the program, with its label and unit for readers."""

    name: str
    label: Words
    kind: FieldKind = "text"
    unit: str | None = None
    values: Mapping[str, Words] = field(default_factory=dict)
    """Words for coded values, shown instead of the code. In a ``|``-separated list each part is looked up."""
    steps: tuple[tuple[float, float], ...] = ()
    """How finely the page carries a number that contraflow computed: (from, step) pairs, ascending from 0, each a whole
    number of steps long. None given: exactly. Files always get the exact number."""


@dataclass(frozen=True)
class SourceNote:
    """Where a layer comes from. Printed in the legend, the method note, the manifest and ``contraflow layers``."""

    name: str
    licence: str
    period: str
    precision: str
    rows: int = 0


_SOURCES = b"contraflow:sources"


def with_sources(table: pa.Table | Features, *notes: SourceNote) -> pa.Table | Features:
    """Return a table that knows where it comes from, so that its layer can print it: a user's own files, mostly."""
    if isinstance(table, Features):
        return Features(with_sources(table.table, *notes), table.geometry)
    told = json.dumps([asdict(note) for note in notes])
    return table.replace_schema_metadata({**(table.schema.metadata or {}), _SOURCES: told})


def sources_of(table: pa.Table | Features, *embedded: SourceNote) -> tuple[SourceNote, ...]:
    """Return where a table comes from: what `with_sources` said, else `embedded`.

    A single note without a number of rows gets that of the table.
    """
    plain = table.table if isinstance(table, Features) else table
    told = (plain.schema.metadata or {}).get(_SOURCES)
    notes = tuple(SourceNote(**note) for note in json.loads(told)) if told else embedded
    return (replace(notes[0], rows=notes[0].rows or len(plain)),) if len(notes) == 1 else notes


@dataclass(frozen=True)
class Style:
    """Which columns of the table steer the drawing. A column named here need not be a field."""

    class_column: str | None = None
    """Integer index into the classes of the layer; null is not drawn."""
    size_column: str | None = None
    """Symbol width in CSS pixels."""
    outline_column: str | None = None
    """Integer index into the outlines of the layer; null has none."""
    band_column: str | None = None
    """Half width in metres of the translucent band beneath a line."""
    arrow_column: str | None = None
    """1 arrows along the line's direction, -1 against it, 0 none."""
    dash_column: str | None = None
    """True where a line is dashed."""
    label_column: str | None = None
    label_es_column: str | None = None
    rank_column: str | None = None
    """Priority of a label where two collide: 1 goes first."""
    min_zoom: float = 0.0
    """Zoom from which the layer is drawn."""
    label_zoom: float = 99.0
    """Zoom from which its labels are drawn."""


@dataclass(frozen=True, eq=False)
class LayerData:
    """A layer ready to be released: rows, symbols, words, sources.

    `table` holds the declared fields and the columns named by `style`. Marks events and sites have
    ``longitude`` and ``latitude`` columns; lines and areas have `geometry`; dates have neither.
    """

    mark: Mark
    table: pa.Table
    fields: tuple[Field, ...]
    classes: tuple[LegendClass, ...] = ()
    outlines: tuple[LegendClass, ...] = ()
    style: Style = Style()
    geometry: ObjectArray | None = None
    items: pa.Table | None = None
    """Mark events: one row a commodity. Its column ``event_row`` (ascending) is the row of the event in `table`."""
    item_fields: tuple[Field, ...] = ()
    """The columns of `items` that may leave the program, besides ``event_row``."""
    title: Words | None = None
    """Replaces the layer's own title, e.g. to name a year."""
    legend_notes: tuple[Words, ...] = ()
    """Shown in the legend block, under the symbols."""
    method_notes: tuple[Words, ...] = ()
    """Shown in the method panel: what is counted, what the layer does not say."""
    size_legend: tuple[tuple[float, Words], ...] = ()
    """(symbol width in px, words) for a size scale."""
    sources: tuple[SourceNote, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows not drawn, by reason in words."""


@dataclass(frozen=True)
class NoOptions:
    """Options of a layer that has none."""


@dataclass(frozen=True)
class Layer:
    """The declaration of a layer. One file of ``layers/`` has one, named ``LAYER``.

    Parameters
    ----------
    name
        Lower-case word; the layer's name on the command line, and the prefix of its options.
    title, description
        Words for the layer control and for ``contraflow layers``.
    group
        Heading under which the layer control lists it.
    needs
        Names of the tables that `build` takes: embedded ones (see ``seeds/``), or ``events`` for the points
        being mapped, joined.
    optional
        Names of tables that `build` takes where they are given, and does without where they are not.
    schemas
        For each needed table that a user may replace by a file of their own: the columns it must have.
    option
        Name of the command-line option that replaces the first needed table (``ports`` for ``--ports FILE``).
    options
        Frozen dataclass of further options; each becomes ``--NAME-FIELD``.
    build
        Pure function of the tables and the options.
    visible
        Whether the layer is on when the page opens.
    order
        Position in the control and when drawing: low numbers are drawn first, beneath.
    """

    name: str
    title: Words
    description: Words
    group: Group
    needs: tuple[str, ...]
    build: Callable[[Tables, Any], LayerData]
    optional: tuple[str, ...] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    option: str | None = None
    options: type = NoOptions
    visible: bool = True
    order: int = 50
