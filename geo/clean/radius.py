"""How well a place is known, as a radius in metres, from whatever a file writes for it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.frame import coded, is_blank
from geo.clean.quantity import decimal_comma, parse_quantity
from geo.read.text import plain
from geo.table import FloatArray, IntArray

_UNITS = {
    "": 1.0, "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "metro": 1.0, "metros": 1.0,
    "km": 1e3, "kms": 1e3, "kilometer": 1e3, "kilometers": 1e3, "kilometre": 1e3, "kilometres": 1e3,
    "kilometro": 1e3, "kilometros": 1e3,
    "mi": 1609.344, "mile": 1609.344, "miles": 1609.344, "milla": 1609.344, "millas": 1609.344,
    "ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "pie": 0.3048, "pies": 0.3048,
}  # fmt: skip
_WRITTEN = re.compile(r"([-+]?[\d.,' ]*\d(?:[eE][-+]?\d+)?)\s*([^\W\d]*)\.?")


def radii_m(values: Sequence[str]) -> list[float]:
    """Return radii in metres; NaN for what is none: no number, an unknown unit, zero or less, no end.

    Parameters
    ----------
    values
        Distinct values of a column; without a unit they are metres.

    Examples
    --------
    >>> radii_m(["250", "5 km", "1,500", "0", "town"])
    [250.0, 5000.0, 1500.0, nan, nan]
    """
    comma = decimal_comma([match[1] for value in values if (match := _WRITTEN.fullmatch(value.strip()))])
    return [_radius_m(value.strip(), comma) for value in values]


def radii_of(column: pa.ChunkedArray, name: str) -> tuple[FloatArray, IntArray]:
    """Return the radii in a column in metres, NaN where there is none, and the rows where something else is written.

    A column of plain numbers is taken at once; what else may be written is looked at once for each distinct value.
    """
    try:
        plain_numbers = pc.cast(pc.utf8_trim_whitespace(column) if _is_text(column) else column, pa.float64())
        metres = np.asarray(plain_numbers.to_numpy(), dtype=np.float64)
        blank = np.isnan(metres)
    except pa.ArrowInvalid:
        distinct = coded(column, name)
        metres = np.array([*radii_m(distinct.values), np.nan])[distinct.codes]
        blank = np.array([*map(is_blank, distinct.values), True])[distinct.codes]
    with np.errstate(invalid="ignore"):
        usable = (metres > 0) & np.isfinite(metres)
    return np.where(usable, metres, np.nan), np.flatnonzero(~usable & ~blank)


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _radius_m(value: str, comma: bool | None) -> float:
    match = _WRITTEN.fullmatch(value)
    unit = _UNITS.get(plain(match[2])) if match else None
    if match is None or unit is None:
        return math.nan
    radius = parse_quantity(match[1], comma).value * unit
    return radius if 0 < radius < math.inf else math.nan
