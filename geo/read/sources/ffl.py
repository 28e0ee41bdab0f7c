"""US federal firearms licences by state: a denominator for states that guns are traced to.

``LicCount`` is the sum of twelve monthly listings and ``LicCountMonthly`` their mean: two measures of the same
licences, never added. The year is that of the population estimate beside them.

References
----------
Bureau of Alcohol, Tobacco, Firearms and Explosives, complete federal firearms listings; US Census Bureau, state
population estimates.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import area_table, cells, flagged_rows, melted, period
from geo.clean.convert import Converted
from geo.clean.problems import Problems
from geo.clean.states import states_named
from geo.read.reading import Guess, Reading, ReadOptions
from geo.table import texts

NAME = "ffl"
TITLE = "ATF federal firearms licences by state"
KIND: Final = "area_values"

MEASURES = ("LicCount", "LicCountMonthly")
_POPULATION = re.compile(r"POPESTIMATE((?:19|20)\d\d)")


def recognise(reading: Reading) -> float:
    """Return how sure it is: both counts of licences and an estimate of the population."""
    names = reading.table.schema.names
    return 0.95 if {"NAME", *MEASURES} <= set(names) and any(map(_POPULATION.fullmatch, names)) else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return two area values a state: the sum of the listings, and their mean."""
    people = next(name for name in reading.table.schema.names if _POPULATION.fullmatch(name))
    year = int(people.removeprefix("POPESTIMATE"))
    melt, population = melted(reading, MEASURES), cells(reading, people)
    codes = [_usps(name) for name in texts(reading.table, "NAME")]
    known = np.array([code is not None for code in codes], dtype=bool)
    there = known[melt.row]
    row, at = melt.row[there], pa.array(melt.row[there])
    start, end = period(year)
    given = {
        "country": "US",
        "area_level": "state",
        "area_code": pa.array(codes, pa.string()).take(at),
        "area_name": reading.table["NAME"].combine_chunks().take(at),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": pa.array([MEASURES[k] for k in melt.which[there]], pa.string()),
        "value": melt.values[there],
        "unit": "licences",
        "population": population.values[row],
        "source": NAME,
    }
    unknown = flagged_rows(
        reading, np.flatnonzero(~known), "state_unknown", "is no state; left out", "NAME", dropped=True
    )
    rules = (
        Guess("year", str(year), f"the year of the column {people}"),
        Guess("measures", " and ".join(MEASURES), "the sum of twelve monthly listings, and their mean: never added"),
    )
    found = (reading.problems, melt.problems, population.problems, unknown)
    table = area_table(reading, row, given)
    return Converted(KIND, table, Problems.joined(found), (*reading.guesses, *rules), len(reading))


def _usps(name: str | None) -> str | None:
    """Return the letters of the one US state that a name means."""
    found = [state for state in states_named(name or "") if state.startswith("US-")]
    return found[0].removeprefix("US-") if len(found) == 1 else None
