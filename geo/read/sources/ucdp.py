"""Uppsala Conflict Data Program, Georeferenced Event Dataset: lethal events, with how well each is known.

``where_prec`` says what the coordinates stand for: 1 the place itself, 2 within about 25 km, 3 the municipality,
4 the state, 5 to 7 less than that. ``date_prec`` 1 is a day, 2 a few days, 3 a week, 4 a month, 5 up to a year.
Rows of ``where_prec`` 4 and more are no points, and those of ``date_prec`` 5 are what remained of a year's
count, put on one place: neither is drawn, both are counted. Deaths (``best``, ``high``, ``low``) keep their own
columns: they are no quantity of anything seized.

References
----------
Sundberg, R. and Melander, E. (2013). Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research
50(4), 523-532. doi:10.1177/0022343313484347
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.frame import as_text
from geo.clean.problems import Events, Located, Problems, problems
from geo.clean.standard import standardise
from geo.read.coordinates import degrees
from geo.read.reading import Reading, ReadOptions
from geo.table import BoolArray, FloatArray, IntArray

NAME = "ucdp"
TITLE = "UCDP Georeferenced Event Dataset"

_HEADER = frozenset(("id", "type_of_violence", "where_prec", "date_prec", "date_start", "date_end", "best"))

PRECISION_M = {1: 5_000.0, 2: 25_000.0, 3: 50_000.0}
"""Radius within which the place lies, metres: a town, the codebook's 25 km, half of a large northern municipality.
The first and the last are estimates; the codebook states no distance for them."""
BASIS = {1: "city", 2: "reported", 3: "municipality", 4: "state", 5: "state", 6: "state", 7: "state"}
POINT_PREC, DAY_PREC, MONTH_PREC = 3, 3, 4


def recognise(reading: Reading) -> float:
    """Return how sure it is that the file is of the dataset: the columns that only it has together."""
    return 0.95 if set(reading.table.schema.names) >= _HEADER else 0.0


def place(reading: Reading, located: Located) -> Located:
    """Take away the places of rows that are no points: whole states, and what remained of a year."""
    where, date = _codes(reading, "where_prec"), _codes(reading, "date_prec")
    there = np.isfinite(located.longitude)
    vague = there & (where > POINT_PREC)
    residual = there & ~vague & (date > MONTH_PREC)
    state = [f"where_prec {code} says no more than the state; not drawn as a point" for code in where[vague]]
    rest = [f"date_prec {code} is what remained of a longer count; not drawn as an event" for code in date[residual]]
    found = [
        located.problems,
        _dropped(reading, vague, "place_vague", "where_prec", state),
        _dropped(reading, residual, "date_vague", "date_prec", rest),
    ]
    off = vague | residual
    return replace(
        located,
        longitude=np.where(off, np.nan, located.longitude),
        latitude=np.where(off, np.nan, located.latitude),
        problems=Problems.joined(found),
    )


def _codes(reading: Reading, name: str) -> IntArray:
    values, _ = degrees(reading.table[name], None)
    return np.where(np.isfinite(values), values, 99).astype(np.int64)


def _dropped(reading: Reading, mask: BoolArray, reason: str, column: str, messages: list[str]) -> Problems:
    numbers = reading.row_numbers[mask]
    return problems(reading.name, numbers, reason, messages, action="dropped", column=column)


def events(reading: Reading, located: Located, options: ReadOptions) -> Events:
    """Return the events of the dataset, as precise in time and place as it says they are."""
    where, date = _codes(reading, "where_prec"), _codes(reading, "date_prec")
    rows = len(reading)
    # Days, months or years of the interval that the dataset gives, as its precision allows.
    width = np.where(date <= DAY_PREC, 10, np.where(date == MONTH_PREC, 7, 4))
    start, end = (_cut(reading, name, width) for name in ("date_start", "date_end"))
    given = {
        "event_id": as_text(reading.table["id"]),
        "start": start,
        "end": pc.if_else(pc.equal(start, end), pa.scalar(None, pa.string()), end),
        "date_precision": _named(width, {10: "day", 7: "month", 4: "year"}),
        "location_precision_m": pa.array(_precision_m(where), from_pandas=True),
        "location_basis": _named(where, BASIS),
        "commodity": pa.nulls(rows, pa.string()),
        "quantity": pa.nulls(rows, pa.float64()),
        "quantity_reported": pa.nulls(rows, pa.string()),
    }
    return standardise(reading, located, options, given)


def _cut(reading: Reading, name: str, width: IntArray) -> pa.Array:
    texts = reading.table[name].cast(pa.string()).to_pylist()
    return pa.array([None if t is None else t[:10][:n] for t, n in zip(texts, width, strict=True)], pa.string())


def _named(codes: IntArray, names: dict[int, str]) -> pa.Array:
    return pa.array([names.get(int(code)) for code in codes], pa.string())


def _precision_m(where: IntArray) -> FloatArray:
    return np.array([PRECISION_M.get(int(code), np.nan) for code in where], dtype=np.float64)
