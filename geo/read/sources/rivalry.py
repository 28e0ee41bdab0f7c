"""Presidencia de la República, deaths by presumed criminal rivalry, December 2006 on, by municipality and month.

Three kinds of deaths, ``Executions``, ``Aggressions`` and ``Shootouts``, are the measures; ``Total`` repeats them,
is compared with them and gives no value. Codes have lost their leading zero. Where the municipality is not known its
codes are ``NA``: those deaths stay in every sum, under the state's code and 999 as INEGI writes an unspecified
municipality, and off the map. The series ended in September 2011, when officials dropped the classification as
unsupported; it is no count of homicides and exceeds it in places.

References
----------
Presidencia de la República (2011). Base de datos de fallecimientos ocurridos por presunta rivalidad delincuencial.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.areas import (
    Melted,
    area_table,
    cells,
    flagged_rows,
    melted,
    once_each,
    padded_codes,
    periods,
)
from geo.clean.convert import Converted
from geo.clean.dates import parse_dates
from geo.clean.frame import booleans, coded
from geo.clean.municipalities import areas_named
from geo.clean.problems import Problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.table import IntArray

NAME = "rivalry"
TITLE = "Deaths by presumed criminal rivalry"
KIND: Final = "area_values"

MEASURES = ("Executions", "Aggressions", "Shootouts")
_HEADER = frozenset(("StateCode", "MunCode", "Date", *MEASURES))


def recognise(reading: Reading) -> float:
    """Return how sure it is: the columns that only this file has together."""
    return 0.95 if set(reading.table.schema.names) >= _HEADER else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each municipality, month and kind of death."""
    read_rows = len(reading)
    told = [name for name in (*MEASURES, "Total") if name in reading.table.schema.names]
    reading, repeated, rules = once_each(reading, ("StateCode", "MunCode", "Date"), told)
    codes, unknown = _codes(reading)
    year, month, undated = _months(reading)
    melt = melted(reading, MEASURES)
    row = pa.array(melt.row)
    start, end = periods(year[melt.row], month[melt.row])
    at = codes.take(row)
    given = {
        "country": "MX",
        "area_level": "municipality",
        "area_code": at,
        "area_name": _names(codes).take(row),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": melt.of(MEASURES),
        "value": melt.values,
        "unit": "deaths",
        "source": NAME,
    }
    totals, said = _totals(reading, melt)
    return Converted(
        KIND,
        area_table(reading, melt.row, given, melt),
        Problems.joined((reading.problems, repeated, undated, unknown, melt.problems, totals)),
        (*reading.guesses, *rules, *said),
        read_rows,
    )


def _codes(reading: Reading) -> tuple[pa.Array, Problems]:
    """Return five digits for each row; SS999 where only the state is known."""
    state, own = padded_codes(reading, "StateCode", 2), padded_codes(reading, "MunCode", 3)
    codes = pc.binary_join_element_wise(state, pc.fill_null(own, "999"), "")
    unknown = np.flatnonzero(booleans(pc.is_null(own)) | booleans(pc.equal(own, "999")))
    words = "the municipality is not known; kept in every sum, off the map"
    return codes, flagged_rows(reading, unknown, "municipality_unspecified", words, "MunCode")


def _names(codes: pa.Array) -> pa.Array:
    found = pc.dictionary_encode(codes)
    distinct = found.dictionary.to_pylist()
    return pa.array(areas_named(distinct), pa.string()).take(found.indices)


def _months(reading: Reading) -> tuple[IntArray, IntArray, Problems]:
    column = coded(reading.table["Date"], "Date")
    made, _ = parse_dates(column.values, "DMY", reading.name, "Date")
    months = [w.start if w is not None and w.precision in ("month", "day") else None for w in made]
    year = np.array([int(m[:4]) if m else 0 for m in months] + [0], dtype=np.int64)[column.codes]
    month = np.array([int(m[5:7]) if m else 0 for m in months] + [0], dtype=np.int64)[column.codes]
    words = "Date is not a month; kept without a period"
    return year, month, flagged_rows(reading, np.flatnonzero(year == 0), "date_unreadable", words, "Date")


def _totals(reading: Reading, melt: Melted) -> tuple[Problems, tuple[Guess, ...]]:
    if "Total" not in reading.table.schema.names:
        return Problems(), ()
    total = cells(reading, "Total").values
    sums = np.bincount(melt.row, melt.values, minlength=len(reading))
    differs = np.flatnonzero(np.isfinite(total) & (sums != total))
    agree = len(reading) - len(differs)
    guess = Guess("totals", f"{agree:,} of {len(reading):,} rows add up", "Total repeats its parts and gives no value")
    return flagged_rows(reading, differs, "total_differs", "its parts do not add up to Total", "Total"), (guess,)
