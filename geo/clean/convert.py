"""A reading to the standard table of its kind: events, area values, flows or sites.

Who knows a published file (`geo.read.sources`) says what it is: ``KIND``. A row that sums many events of an area
and period is an area value and never a point on the map; a file that nobody knows is read as events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pyarrow as pa

from geo.clean.problems import Problems
from geo.clean.regions import Regions
from geo.read.reading import Guess, Reading, ReadOptions

Kind: TypeAlias = Literal["events", "area_values", "flows", "sites", "lines", "areas"]


@dataclass(frozen=True, eq=False)
class Converted:
    """A standard table, and what was found on the way.

    Parameters
    ----------
    kind
        Which of the standard tables `table` is; see `geo.schema`.
    table
        Its columns, then the source's own, under ``source_NAME`` where a name has another meaning.
    problems
        Rows left out, changed or doubted.
    rows_read
        Rows of the input that the table accounts for.
    """

    kind: Kind
    table: pa.Table
    problems: Problems = field(default_factory=Problems)
    guesses: tuple[Guess, ...] = ()
    rows_read: int = 0


def kind_of(reading: Reading) -> Kind:
    """Return what the rows of a reading are."""
    found: Kind = getattr(reading.adapter, "KIND", "events")
    return found


def convert(reading: Reading, options: ReadOptions | None = None, regions: Regions | None = None) -> Converted:
    """Return the standard table of a reading.

    Parameters
    ----------
    reading
        A file as read.
    options
        What the user says of it.
    regions
        States of both countries, for the checks of coordinates of events.

    Raises
    ------
    ReadError
        The file cannot be understood; the message says what would settle it.
    """
    options = options or ReadOptions()
    if kind_of(reading) != "events":
        converted: Converted = reading.adapter.convert(reading, options)  # type: ignore[union-attr]
        return converted
    from geo.clean.place import locate
    from geo.clean.standard import events
    from geo.clean.totals import told_as_totals, total_rows

    located = locate(reading, options, regions, required=False)
    found = events(reading, located, options)
    totals = total_rows(reading)
    return Converted(
        "events",
        found.table.filter(pa.array(~totals)) if totals.any() else found.table,
        told_as_totals(reading, Problems.joined((reading.problems, found.problems))),
        (*reading.guesses, *located.guesses, *found.guesses),
        len(reading),
    )
