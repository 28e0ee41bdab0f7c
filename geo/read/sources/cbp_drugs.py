"""US Customs and Border Protection, drug seizures by area of responsibility, fiscal year and month.

Two files of one kind: nationwide (field offices and sectors) and Air and Marine Operations (branches). A row is a sum
over an area, a month and a drug, and gives two area values: ``events``, and ``quantity`` in kilograms, from pounds of
0.45359237 kg. One seizure with two drugs is an event in the rows of both, so that events cannot be added across
drugs. The file has no coordinates and does not say which way the drugs went, not even at the border with Mexico.

Pounds are 0 in some rows that have events: what was seized there was counted in pills or plants or measured as a
liquid. The zero stays, for the source says it, and each such row is flagged. Releases overlap by years; of rows that
say the same month of the same area twice, identical ones count once and of conflicting ones the last holds.

References
----------
US Customs and Border Protection, Public Data Portal, drug seizure statistics.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import (
    area_table,
    blank_cells,
    cells,
    flagged_rows,
    kept_rows,
    melted,
    periods,
    without_totals,
)
from geo.clean.cbp import areas_of, columns_of, fiscal_months, one_each
from geo.clean.commodity import OTHER_DRUG, code_of, group_of
from geo.clean.convert import Converted
from geo.clean.frame import coded
from geo.clean.problems import Problems, problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain
from geo.units import factor

NAME = "cbp_drugs"
TITLE = "CBP drug seizures"
KIND: Final = "area_values"

_NAMES = {
    "year": ("fy", "fiscal year"),
    "month": ("month abbv", "month"),
    "component": ("component",),
    "region": ("region",),
    "land": ("land filter",),
    "area": ("area of responsibility", "branch"),
    "drug": ("drug type",),
    "events": ("count of event", "count of events"),
    "pounds": ("sum qty lbs", "sum of qty lbs"),
}
MEASURES = (("events", "events"), ("quantity", "kg"))
"""Measure and unit of the two columns of numbers, in their order."""


def recognise(reading: Reading) -> float:
    """Return how sure it is: fiscal year, month, area or branch, drug, events and pounds."""
    return 0.95 if set(columns_of(reading, _NAMES)) >= set(_NAMES) - {"component", "land"} else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return two area values for each row: its events and its kilograms."""
    names = columns_of(reading, _NAMES)
    read_rows = len(reading)
    reading, totals = without_totals(reading, [names[part] for part in ("year", "month", "area", "drug")])
    when = fiscal_months(reading, names["year"], names["month"])
    kept, repeats, said = one_each(reading, names, when, "drug", "pounds")
    parts, when = (reading, when) if kept.all() else (kept_rows(reading, kept), when.only(kept))
    area = areas_of(parts, names["area"], "branch" if plain(names["area"]) == "branch" else None)
    melt = melted(parts, [names["events"], names["pounds"]])
    drug, strange = _commodities(parts, names["drug"])
    at = pa.array(melt.row)
    start, end = periods(when.year[melt.row], when.month[melt.row])
    kilograms = factor("lb", "kg")
    assert kilograms is not None
    given = {
        "country": area.country.take(at),
        "area_level": area.level.take(at),
        "area_name": area.name.take(at),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": melt.of([measure for measure, _ in MEASURES]),
        "commodity": drug.take(at),
        "direction": "unknown",
        "value": np.where(melt.which == 1, melt.values * kilograms, melt.values),
        "unit": melt.of([unit for _, unit in MEASURES]),
        "source": NAME,
    }
    found = (
        reading.problems,
        totals,
        repeats,
        when.problems,
        area.problems,
        strange,
        melt.problems,
        _zeros(parts, names),
    )
    return Converted(
        KIND,
        area_table(parts, melt.row, given, melt),
        Problems.joined((*found, blank_cells(parts, melt))),
        (*reading.guesses, *when.guesses, *said, *_RULES),
        read_rows,
    )


_RULES = (
    Guess("adding events", "within one drug only", "a seizure of two drugs is an event in the rows of both"),
    Guess("weights", "kilograms", "pounds of 0.45359237 kg; the pounds stay beside them"),
    Guess("direction", "unknown", "the file does not say which way the drugs went"),
    Guess("other drugs", OTHER_DRUG, "drugs without a code of their own share one; their word stays beside it"),
)


def _commodities(reading: Reading, name: str) -> tuple[pa.Array, Problems]:
    """Return the commodity of each row; a drug without a code of its own is OTHER_DRUG, its word beside it."""
    drug = coded(reading.table[name], name)
    found = [code_of(text, "kg") for text in drug.values]
    rows = drug.rows([group_of(f.code) != "drug" for f in found])
    written = drug.at(rows)
    said = [f"{text!r} in {name} is no drug that is known; it counts as {OTHER_DRUG}" for text in written]
    numbers = reading.row_numbers[rows]
    strange = problems(reading.name, numbers, "commodity_unknown", said, action="flagged", column=name, values=written)
    codes = [f.code if group_of(f.code) == "drug" else OTHER_DRUG for f in found]
    return drug.spread(codes), strange


def _zeros(reading: Reading, names: dict[str, str]) -> Problems:
    events, pounds = (cells(reading, names[part]).values for part in ("events", "pounds"))
    return flagged_rows(reading, np.flatnonzero((pounds == 0) & (events > 0)), "weight_zero", _ZERO, names["pounds"])


_ZERO = "events but 0 lb: pills, plants or a liquid that is not in the pounds, or less than is shown; the 0 is kept"
