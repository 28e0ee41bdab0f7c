"""US Customs and Border Protection, currency seizures by area of responsibility, fiscal year and month.

A row gives two area values: ``events``, and ``quantity`` in US dollars, into which the source has turned whatever
currency was seized. Inbound and outbound are north and south only in the region of the border with Mexico; elsewhere
the direction is not known and the source's word stays in its own column. Cash that comes north is recorded too.

This was written from the official header; no published file has been read with it.

References
----------
US Customs and Border Protection, Public Data Portal, currency seizures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.areas import (
    area_table,
    blank_cells,
    kept_rows,
    melted,
    periods,
    without_totals,
)
from geo.clean.cbp import areas_of, columns_of, directions_of, fiscal_months, one_each
from geo.clean.convert import Converted
from geo.clean.problems import Problems
from geo.read.reading import Guess, Reading, ReadOptions

NAME = "cbp_currency"
TITLE = "CBP currency seizures"
KIND: Final = "area_values"

_NAMES = {
    "year": ("fiscal year", "fy"),
    "month": ("month abbv", "month"),
    "component": ("component",),
    "region": ("region",),
    "land": ("land filter",),
    "area": ("area of responsibility",),
    "way": ("inbound outbound",),
    "events": ("count of seizure events", "count of seizure event"),
    "dollars": ("currency seizures amount usd",),
}
MEASURES = (("events", "events"), ("quantity", "USD"))
"""Measure and unit of the two columns of numbers, in their order."""
CODE = "CASH_USD"


def recognise(reading: Reading) -> float:
    """Return how sure it is: fiscal year, month, area, direction, events and dollars."""
    return 0.95 if set(columns_of(reading, _NAMES)) >= set(_NAMES) - {"component", "land"} else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return two area values for each row: its events and its dollars."""
    names = columns_of(reading, _NAMES)
    read_rows = len(reading)
    reading, totals = without_totals(reading, [names[part] for part in ("year", "month", "area", "way")])
    when = fiscal_months(reading, names["year"], names["month"])
    kept, repeats, said = one_each(_bare(reading, names["dollars"]), names, when, "way", "dollars")
    parts, when = (reading, when) if kept.all() else (kept_rows(reading, kept), when.only(kept))
    area = areas_of(parts, names["area"])
    melt = melted(_bare(parts, names["dollars"]), [names["events"], names["dollars"]])
    at = pa.array(melt.row)
    start, end = periods(when.year[melt.row], when.month[melt.row])
    given = {
        "country": area.country.take(at),
        "area_level": area.level.take(at),
        "area_name": area.name.take(at),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": melt.of([measure for measure, _ in MEASURES]),
        "commodity": CODE,
        "direction": directions_of(parts, names["region"], names["way"]).take(at),
        "value": melt.values,
        "unit": melt.of([unit for _, unit in MEASURES]),
        "source": NAME,
    }
    return Converted(
        KIND,
        area_table(parts, melt.row, given, melt),
        Problems.joined(
            (reading.problems, totals, repeats, when.problems, area.problems, melt.problems, blank_cells(parts, melt))
        ),
        (*reading.guesses, *when.guesses, *said, *_RULES),
        read_rows,
    )


_RULES = (
    Guess(
        "north and south", "at the border with Mexico", "inbound and outbound of other regions are no direction here"
    ),
    Guess("amounts", "US dollars", "as the source counts them, whatever currency was seized; not adjusted for prices"),
)


def _bare(reading: Reading, name: str) -> Reading:
    """Return the reading with amounts without the sign of dollars."""
    column = reading.table[name]
    if not pa.types.is_string(column.type):
        return reading
    at = reading.table.schema.get_field_index(name)
    bare = pc.replace_substring_regex(column, r"^\s*\$\s*", "")
    return replace(reading, table=reading.table.set_column(at, name, bare))
