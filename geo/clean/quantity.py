"""Quantities as written, to numbers: marks of thousands and decimals by locale, words around the number.

Whether a comma is a decimal mark is decided for the whole column: 12,75 or 1.234,5 say yes, 1,234.5 or 3.25 no.
A value that can be read both ways is read as the column says, and flagged where the column contradicts itself.
A blank is no quantity, never zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.read.coordinates import MISSING
from geo.read.text import plain
from geo.units import unit_named

_QUALIFIERS = frozenset((
    "about", "approx", "approximately", "around", "nearly", "almost", "over", "under", "at", "least", "more", "less",
    "than", "some", "total", "of", "estimated", "est", "ca", "circa", "up", "to", "plus", "aprox", "aproximadamente",
    "mas", "menos", "de", "casi", "cerca", "unos", "unas", "alrededor", "un", "hasta",
))  # fmt: skip
LONGEST = 120
"""Characters of the longest quantity, with the words around it."""
_SHAPE = re.compile(
    r"(?P<before>[^\d.,+-]*)(?P<number>[-+]?(?:\d[\d.,' \u00a0\u202f]*|[.,]\d+))(?P<after>.*)", re.DOTALL
)
_SCIENTIFIC = re.compile(r"([-+]?\d+(?:[.,]\d+)?)[eE]([-+]?\d{1,2})")
"""What a spreadsheet makes of long numbers: 1.5E+06."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,']\d{3})+")
_SCALES = {"mil": 1e3, "thousand": 1e3, "million": 1e6, "millions": 1e6, "millon": 1e6, "millones": 1e6, "k": 1e3}


@dataclass(frozen=True)
class Quantity:
    """A quantity as read: NaN where it is none."""

    value: float
    unit: str | None = None
    ambiguous: bool = False


def decimal_comma(texts: Sequence[str]) -> bool | None:
    """Return whether the comma is the decimal mark in a column; None where nothing tells, or both do.

    Parameters
    ----------
    texts
        Distinct values.
    """
    yes = no = False
    for text in texts:
        match = _SHAPE.fullmatch(text.strip())
        if not match:
            continue
        number = match["number"].strip(" +-.,'\u00a0\u202f")
        commas, points = number.count(","), number.count(".")
        if commas and points:
            yes, no = yes or number.rfind(",") > number.rfind("."), no or number.rfind(".") > number.rfind(",")
        elif commas == 1:
            yes = yes or len(number) - number.index(",") - 1 != 3 or number.startswith("0,")
        elif points == 1:
            no = no or len(number) - number.index(".") - 1 != 3 or number.startswith("0.")
        elif commas > 1:
            no = True
        elif points > 1:
            yes = True
    return None if yes == no else yes


def parse_quantity(text: str, comma: bool | None) -> Quantity:
    """Return the quantity in `text`.

    Parameters
    ----------
    text
        As written, with words and a unit around the number or without.
    comma
        Whether the comma is the decimal mark here; see `decimal_comma`.

    Examples
    --------
    >>> parse_quantity("about 1,641 lbs", False)
    Quantity(value=1641.0, unit='lb', ambiguous=False)
    >>> parse_quantity("1.000,50", None).value, parse_quantity("86 mil 740", None).value
    (1000.5, 86740.0)
    """
    plain_text = text.strip().lower()
    if plain_text in MISSING:
        return Quantity(math.nan)
    worded = _in_words(plain_text) or _scientific(plain_text)
    if worded is not None:
        return worded
    match = _SHAPE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        return Quantity(math.nan)
    before, after = _around(match["before"]), _around(match["after"])
    if before is None or after is None:
        return Quantity(math.nan)
    scale = 1.0
    if after and after.split()[0] in _SCALES and after.split()[0] != "k":
        scale, after = _SCALES[after.split()[0]], " ".join(after.split()[1:])
    units = [unit_named(words) for words in (before, after) if words]
    if any(unit is None for unit in units):
        return Quantity(math.nan)
    value, ambiguous = _number(match["number"], comma)
    return Quantity(value * scale, units[0] if units else None, ambiguous)


def contradicts(texts: Sequence[str]) -> bool:
    """Return whether a column has values that need a decimal comma and values that forbid it."""
    found = {decimal_comma([text]) for text in texts}
    return {True, False} <= found


def _around(text: str) -> str | None:
    """Return the words around a number without those that only qualify it; None where another number follows."""
    if re.search(r"\d", text):
        return None
    words = plain(text).split()
    return " ".join(word for word in words if word not in _QUALIFIERS)


def _scientific(text: str) -> Quantity | None:
    match = _SCIENTIFIC.fullmatch(text)
    return Quantity(float(f"{match[1].replace(',', '.')}e{match[2]}") + 0.0) if match else None


def _in_words(text: str) -> Quantity | None:
    """Read 86 mil 740, 2 millones, medio millón; None where it is not of that kind."""
    folded = " ".join(word for word in plain(text).split() if word not in _QUALIFIERS)
    if folded.startswith("medio millon"):
        return Quantity(5e5, unit_named(folded.removeprefix("medio millon").strip()))
    match = re.fullmatch(r"(\d{1,3}) (?:mil|thousand)(?: (\d{1,3}))?(?: (\D+))?", folded)
    if match is None:
        return None
    unit = unit_named(match[3]) if match[3] else None
    if match[3] and unit is None:
        return None
    return Quantity(int(match[1]) * 1000.0 + int(match[2] or 0), unit)


def _number(text: str, comma: bool | None) -> tuple[float, bool]:
    """Return the number in digits and marks, and whether it could be read in two ways."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", text).rstrip(".,'")
    sign = -1.0 if digits.startswith("-") else 1.0
    digits = digits.lstrip("+-")
    commas, points = digits.count(","), digits.count(".")
    ambiguous = False
    if commas and points:
        mark = "," if digits.rfind(",") > digits.rfind(".") else "."
        whole, _, part = digits.rpartition(mark)
        other = "." if mark == "," else ","
        if not _THOUSANDS.fullmatch(whole) or mark in whole:
            return math.nan, False
        digits = whole.replace(other, "") + "." + part
    elif commas == 1 or points == 1:
        mark = "," if commas else "."
        whole, _, part = digits.partition(mark)
        group = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
        # A group of three is thousands under one reading and decimals under the other.
        decimal = not group or (comma is True if mark == "," else comma is not True)
        ambiguous = group and comma is None and mark == ","
        digits = f"{whole}.{part}" if decimal else whole + part
    elif commas > 1 or points > 1 or "'" in digits:
        if not _THOUSANDS.fullmatch(digits):
            return math.nan, False
        digits = re.sub(r"[.,']", "", digits)
    try:
        return sign * float(digits) + 0.0, ambiguous  # adding zero makes of -0 a plain 0
    except ValueError:
        return math.nan, False
