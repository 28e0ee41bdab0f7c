"""Coscia and Rios: in which municipalities criminal organisations are mentioned, by year, 1990 to 2010.

A one says that texts on the web mention the organisation with the municipality in that year: **presence** by
mention, not control, and it grows with the press. Each one is an area value of 1 with the organisation's name
beside it. A zero says that no mention was found, which is not absence; zeros give no row and their number is said.

References
----------
Coscia, M. and Rios, V. (2012). Knowing where and how criminal organizations operate using web content. CIKM 2012.
doi:10.1145/2396761.2398446
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import area_table, flagged_rows, melted, once_each, padded_codes, periods, years_of
from geo.clean.convert import Converted
from geo.clean.municipalities import areas_named
from geo.clean.problems import Problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.table import free_name

NAME = "coscia_rios"
TITLE = "Organisations by municipality, Coscia and Rios"
KIND: Final = "area_values"

_KNOWN = frozenset(("Beltran_Leyva", "Familia", "Golfo", "Juarez", "Sinaloa", "Tijuana", "Zetas"))
_KEYS = ("Code", "State", "Year")


def recognise(reading: Reading) -> float:
    """Return how sure it is: code, state and year, and a column for each organisation."""
    return 0.95 if set(reading.table.schema.names) >= {*_KEYS, *_KNOWN} else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each one of the file."""
    read_rows = len(reading)
    names = [name for name in reading.table.schema.names if name not in _KEYS]
    reading, repeated, rules = once_each(reading, _KEYS, names)
    codes = padded_codes(reading, "Code", 5)
    year, undated = years_of(reading, "Year")
    whole = melted(reading, names)
    melt = whole.only(whole.values != 0)
    row = pa.array(melt.row)
    start, end = periods(year[melt.row])
    at = codes.take(row)
    given = {
        "country": "MX",
        "area_level": "municipality",
        "area_code": at,
        "area_name": pa.array(areas_named(at.to_pylist()), pa.string()),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": "presence",
        "value": melt.values,
        "unit": "mentioned",
        "source": NAME,
    }
    table = area_table(reading, melt.row, given, melt)
    table = table.append_column(
        free_name("organisation", table.schema.names, "_"), melt.of([_words(name) for name in names])
    )
    zeros = len(whole.values) - len(melt.values)
    reason = "a zero says that no mention was found, not that nobody was there; it gives no row"
    bare = len(reading) - len(np.unique(melt.row))
    said = Guess("zeros", f"{zeros:,} cells; {bare:,} rows have no other", reason)
    blank = flagged_rows(reading, np.flatnonzero(whole.blank.any(axis=1)), "cell_blank", "a blank cell; no value")
    return Converted(
        KIND,
        table,
        Problems.joined((reading.problems, repeated, undated, whole.problems, blank)),
        (*reading.guesses, *rules, said),
        read_rows,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
