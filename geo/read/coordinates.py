"""Coordinates as people write them, to decimal degrees.

Decimal degrees with point or comma; degrees, minutes and seconds with any of the usual marks or none; a letter
of the hemisphere before or after, English or Spanish (O, oeste, is west); a pair in one cell. What is not
certain to be a coordinate is no coordinate: nothing is repaired here.
"""

from __future__ import annotations

import math
import re
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.table import BoolArray, FloatArray

Axis: TypeAlias = Literal["longitude", "latitude"]

MISSING = frozenset(
    ("", "-", "--", "na", "n/a", "n.a.", "nd", "n.d.", "n/d", "s/d", "s.d.", "sd", "null", "none", "nan", "<na>",
     "nil", "unknown", "desconocido", "sin dato", "no data", "sin coordenadas", "not available", "no disponible", ".")
)  # fmt: skip
"""What people write where they know nothing, in lower case."""

LONGEST = 60
"""Characters of the longest coordinate that anyone writes; what is longer is prose."""

_HEMISPHERES = {
    "n": 1, "north": 1, "norte": 1, "s": -1, "south": -1, "sur": -1,
    "e": 1, "east": 1, "este": 1, "w": -1, "west": -1, "o": -1, "oeste": -1,
}  # fmt: skip
_LATITUDE_WORDS = frozenset(("n", "north", "norte", "s", "south", "sur"))
_WORD = r"(?:north|norte|south|sur|east|este|west|oeste|[nsewo])"
_BEFORE = re.compile(rf"({_WORD})\.?\s*(?=[-+\d])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[\d°'\"\s.])\s*({_WORD})\.?$", re.IGNORECASE)
_MARKS = str.maketrans(
    {"º": "°", "˚": "°", "∘": "°", "’": "'", "‘": "'", "′": "'", "´": "'", "`": "'", "ʹ": "'",
     "”": '"', "“": '"', "″": '"', "ʺ": '"', "−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)  # fmt: skip
_DECIMAL = re.compile(r"[-+]?\d{1,8}(?:[.,]\d+)?(?:[eE][-+]?\d+)?°?|[-+]?[.,]\d+")
_PARTS = re.compile(
    r"([-+]?)\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:°|deg|grados|d|:|-|\s)\s*"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:'|minutos|min|m|:|-|\s)?\s*"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|'|segundos|seg|sec|s)?)?)?",
    re.IGNORECASE,
)
_PACKED = re.compile(r"(\d{2,3})(\d{2})(\d{2}(?:[.,]\d+)?)|(\d{2,3})(\d{2}(?:[.,]\d+)?)")
_PREFIX = re.compile(r"^(?:lat(?:itude|itud)?|lon(?:g(?:itude|itud)?)?|lng)\s*[:=.]?\s*", re.IGNORECASE)


def parse_degrees(text: str, axis: Axis | None = None) -> float:
    r"""Return the coordinate in `text` in decimal degrees; NaN where it is none.

    Parameters
    ----------
    text
        As written.
    axis
        Which coordinate it should be; a letter of the other axis makes it none.

    Examples
    --------
    >>> parse_degrees("31,7587")
    31.7587
    >>> parse_degrees("106°29'14'' O")
    -106.48722222222223
    >>> parse_degrees("106 75 00 W")
    nan
    """
    plain = _PREFIX.sub("", text.strip()[:LONGEST].translate(_MARKS).replace("''", '"').strip())
    plain, letter = _hemisphere(plain, axis)
    if letter is not None and axis is not None and (letter in _LATITUDE_WORDS) != (axis == "latitude"):
        return math.nan
    if _DECIMAL.fullmatch(plain):
        value = float(plain.rstrip("°").replace(",", "."))
        if letter is None:
            return value
        if abs(value) > 180:
            value = _packed(plain.lstrip("+-"))
        return abs(value) * _HEMISPHERES[letter]
    match = _PARTS.fullmatch(plain)
    if match is None:
        return _packed(plain) * _HEMISPHERES[letter] if letter is not None else math.nan
    sign, *parts = match.groups()
    value = _sexagesimal(parts)
    if letter is not None:
        return value * _HEMISPHERES[letter]
    return -value if sign == "-" else value


def _hemisphere(text: str, axis: Axis | None) -> tuple[str, str | None]:
    """Take a letter or word of the hemisphere off either end."""
    before = _BEFORE.match(text)
    if before:
        return text[before.end() :].strip(), before.group(1).lower()
    after = _AFTER.search(text)
    if after is None:
        return text, None
    word = after.group(1).lower()
    # An s after 31d44m12 stands for seconds, unless a mark says where the seconds end.
    if word == "s" and re.search(r"m\s*\d+(?:[.,]\d+)?\s*s$", text, re.IGNORECASE):
        return text, None
    return text[: after.start()].strip(), word


def _sexagesimal(parts: list[str | None]) -> float:
    values = [None if part is None else float(part.replace(",", ".")) for part in parts]
    degrees, minutes, seconds = values
    assert degrees is not None
    whole = [part is None or part.isdigit() for part in parts]
    if minutes is None:
        return degrees
    if not whole[0] or minutes >= 60 or (seconds is not None and (not whole[1] or seconds >= 60)):
        return math.nan
    return degrees + minutes / 60 + (seconds or 0.0) / 3600


def _packed(text: str) -> float:
    """Read 314412 (DDMMSS) and 3144.2 (DDMM.m), which only a letter of the hemisphere tells from a number."""
    match = _PACKED.fullmatch(text)
    if match is None:
        return math.nan
    d, m, s, d2, m2 = match.groups()
    return _sexagesimal([d, m, s] if d is not None else [d2, m2, None])


def parse_pair(text: str) -> tuple[float, float]:
    """Return (longitude, latitude) of a pair written in one cell; NaN where it is none.

    Letters of the hemisphere say which is which. Without them latitude comes first, as is usual.
    """
    if len(text) > 2 * LONGEST:
        return math.nan, math.nan
    plain = text.strip().translate(_MARKS).strip("()[]{} ")
    for first, second in _splits(plain):
        a, b = parse_degrees(first), parse_degrees(second)
        if math.isnan(a) or math.isnan(b):
            continue
        if _names_longitude(first) or _names_latitude(second):
            return a, b
        return b, a
    return math.nan, math.nan


def _splits(text: str) -> list[tuple[str, str]]:
    """Ways to cut a pair in two, the most telling first."""
    cuts: list[tuple[str, str]] = []
    lettered = re.fullmatch(rf"(.*?\d.*?{_WORD})\W*\s*(.*\d.*{_WORD})\.?", text, re.IGNORECASE)
    for mark in (";", ", ", "/", "|", "\t"):
        halves = [half.strip() for half in text.split(mark)]
        if len(halves) == 2:
            cuts.append((halves[0], halves[1]))
    if lettered:
        cuts.append((lettered.group(1), lettered.group(2)))
    leading = re.fullmatch(rf"({_WORD}.*?\d.*?)[\s,]+({_WORD}.*\d.*)", text, re.IGNORECASE)
    if leading:
        cuts.append((leading.group(1), leading.group(2)))
    commas = text.split(",")
    if len(commas) == 2:
        cuts.append((commas[0], commas[1]))
    elif len(commas) == 4 and "." not in text:
        cuts.append((",".join(commas[:2]), ",".join(commas[2:])))
    blanks = text.split()
    if len(blanks) == 2:
        cuts.append((blanks[0], blanks[1]))
    return cuts


def _names_longitude(text: str) -> bool:
    plain = text.strip().lower()
    letter = _hemisphere(_PREFIX.sub("", plain), None)[1]
    return plain.startswith(("lon", "lng")) or (letter is not None and letter not in _LATITUDE_WORDS)


def _names_latitude(text: str) -> bool:
    plain = text.strip().lower()
    return plain.startswith("lat") or _hemisphere(_PREFIX.sub("", plain), None)[1] in _LATITUDE_WORDS


def degrees(column: pa.ChunkedArray | pa.Array, axis: Axis | None) -> tuple[FloatArray, BoolArray]:
    """Return a column of coordinates as numbers, and which of its values are no coordinates.

    Parameters
    ----------
    column
        Text or numbers.
    axis
        Which coordinate it holds.

    Returns
    -------
    values : (n,) float64
        Degrees, or whatever units plain numbers are in; NaN where blank, marked as missing, or no coordinate.
    wrong : (n,) bool
        True where something is written that is no coordinate.
    """
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return _plain_numbers(column)
    try:
        numbers = as_numbers(column)
    except pa.ArrowInvalid:
        return _unique_degrees(column, axis)
    values = np.asarray(_numpy(numbers), dtype=np.float64)
    wrong = np.isinf(values)
    return (np.where(wrong, np.nan, values), wrong) if wrong.any() else (values, wrong)


def as_numbers(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return text as float64, blanks around it allowed.

    Raises
    ------
    pyarrow.ArrowInvalid
        A value is something else than a plain number.
    """
    try:
        return pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        return pc.cast(pc.utf8_trim_whitespace(column), pa.float64())


def _numpy(column: pa.ChunkedArray | pa.Array) -> FloatArray:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(whole.to_numpy(zero_copy_only=False))


def _plain_numbers(column: pa.ChunkedArray | pa.Array) -> tuple[FloatArray, BoolArray]:
    try:
        numbers = pc.cast(column, pa.float64(), safe=False)
    except pa.ArrowException:
        return np.full(len(column), np.nan), np.ones(len(column), dtype=bool)
    values = np.asarray(_numpy(numbers), dtype=np.float64)
    wrong = np.isinf(values)
    return np.where(wrong, np.nan, values), wrong


def _unique_degrees(column: pa.ChunkedArray | pa.Array, axis: Axis | None) -> tuple[FloatArray, BoolArray]:
    """Parse each distinct text once."""
    coded = pc.dictionary_encode(column)
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    texts = coded.dictionary.to_pylist()
    parsed = np.array([parse_degrees(text, axis) for text in texts] + [np.nan])
    missing = np.array([text.strip().lower() in MISSING for text in texts] + [True])
    codes = np.asarray(pc.fill_null(coded.indices, len(texts)).to_numpy(zero_copy_only=False), dtype=np.int64)
    values = parsed[codes]
    wrong = ~np.isfinite(values) & ~missing[codes]
    return np.where(np.isfinite(values), values, np.nan), wrong
