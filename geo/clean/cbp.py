"""What the tables of US Customs and Border Protection share: fiscal months, areas of responsibility, direction.

The fiscal year starts on 1 October: October of fiscal year 2019 is October 2018. The year that still runs is written
``2025 (FYTD)``. An area of responsibility is a field office (the ports of entry), a sector (the Border Patrol
between them and at checkpoints) or a branch (air and marine); Laredo is one of each, and they are different areas.
Inbound and outbound are seen from the United States and are north and south only at the border with Mexico.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from geo.clean.areas import MONTHS, cells, once_each_of, periods
from geo.clean.direction import is_border_region, way_of
from geo.clean.frame import Coded, coded, distinct_pairs
from geo.clean.problems import Problems, problems
from geo.read.reading import Guess, Reading
from geo.read.text import plain
from geo.table import BoolArray, IntArray

FISCAL_START = 10
"""Month in which the fiscal year starts, in the calendar year before the one that it is named after."""

_FISCAL = re.compile(r"(?:FY\s*)?((?:19|20)\d\d)(?:\.0)?\s*(\(?\s*FY\s*TD\s*\)?|\(?\s*to date\s*\)?)?", re.IGNORECASE)
_TURNED = {"inbound": "north", "outbound": "south", "north": "north", "south": "south"}
_ABROAD = ("preclearance", "mexico city")
"""Words of posts that lie in other countries: their seizures are in no area of the United States."""


def columns_of(reading: Reading, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return which column of a reading plays which part.

    Parameters
    ----------
    names
        Part to the names that its column has in one release or another, in plain letters.
    """
    own = {plain(name): name for name in reversed(reading.table.schema.names)}
    found = {part: next((own[word] for word in words if word in own), None) for part, words in names.items()}
    return {part: name for part, name in found.items() if name is not None}


@dataclass(frozen=True, eq=False)
class Months:
    """Calendar months of rows that name a fiscal year and a month; 0 where not known."""

    year: IntArray
    month: IntArray
    problems: Problems
    guesses: tuple[Guess, ...]

    def only(self, mask: BoolArray) -> Months:
        """Return the months of the rows where `mask` (n,) holds."""
        return Months(self.year[mask], self.month[mask], self.problems, self.guesses)


def fiscal_months(reading: Reading, year_name: str, month_name: str) -> Months:
    """Return the calendar month of each row.

    Parameters
    ----------
    year_name, month_name
        Columns of the fiscal year and of the month, by its name.
    """
    years, months = (coded(reading.table[name], name) for name in (year_name, month_name))
    read = [_FISCAL.fullmatch(text) for text in years.values]
    fiscal = np.array([int(match[1]) if match else 0 for match in read] + [0])[years.codes]
    month = np.array([MONTHS.get(plain(text), 0) for text in months.values] + [0])[months.codes]
    known = (fiscal > 0) & (month > 0)
    bad = np.flatnonzero(~known)
    written = [f"{y} {m}".strip() for y, m in zip(years.at(bad), months.at(bad), strict=True)]
    said = [f"{text!r} is no fiscal year and month; the date stays blank" for text in written]
    numbers = reading.row_numbers[bad]
    found = problems(
        reading.name, numbers, "date_unreadable", said, action="flagged", column=month_name, values=written
    )
    reason = f"fiscal years start on 1 October: {year_name} 2019 and OCT are October 2018"
    guesses = [Guess("months", "calendar months", reason)]
    running = sorted({text for text, match in zip(years.values, read, strict=True) if match and match[2]})
    if running:
        guesses.append(Guess("unfinished year", ", ".join(running), "its later months are not published yet"))
    year = np.where(known, fiscal - (month >= FISCAL_START), 0)
    return Months(year.astype(np.int64), np.where(known, month, 0).astype(np.int64), found, tuple(guesses))


def one_each(
    reading: Reading, names: Mapping[str, str], when: Months, of: str, amount: str
) -> tuple[BoolArray, Problems, tuple[Guess, ...]]:
    """Decide which rows stay: one of each area, month and drug or direction; see `geo.clean.areas.once_each_of`.

    Parameters
    ----------
    names
        Part to column, from `columns_of`.
    when
        Month of each row.
    of
        Part that tells the rows of one area and month apart: ``drug``, ``way``.
    amount
        Part of the numbers beside ``events``.
    """
    keys = {names["month"]: periods(when.year, when.month)[0]}
    for part in ("component", "region", "land", "area", of):
        if part in names:
            words = coded(reading.table[names[part]], names[part])
            # One release has Land, another Land Only.
            keys[names[part]] = words.spread([plain(value).removesuffix(" only") for value in words.values])
    # A part of the key that is blank in every row tells no rows apart.
    keys = {name: column for name, column in keys.items() if column.null_count < len(column)}
    values = {names[part]: pa.array(cells(reading, names[part]).values) for part in ("events", amount)}
    return once_each_of(reading, keys, values)


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas of responsibility of rows: what kind each is, its name, its country."""

    level: pa.Array
    name: pa.Array
    country: pa.Array
    problems: Problems


def level_of(area: str) -> str | None:
    """Return what kind of area of responsibility a name is, None where it does not say.

    Examples
    --------
    >>> level_of("LAREDO FIELD OFFICE"), level_of("Laredo Sector"), level_of("Laredo Air Branch"), level_of("NASOC")
    ('field_office', 'sector', 'branch', None)
    """
    words = plain(area)
    for end, level in (("field office", "field_office"), ("sector", "sector"), ("branch", "branch")):
        if words.endswith(end):
            return level
    return None


def areas_of(reading: Reading, name: str, otherwise: str | None = None) -> Areas:
    """Return the areas of responsibility of the rows; a name in capitals is written as the other tables write it.

    Parameters
    ----------
    name
        Column of the areas.
    otherwise
        Kind of an area whose name does not say it.
    """
    area = coded(reading.table[name], name)
    levels = [level_of(text) or otherwise for text in area.values]
    rows = area.rows([level is None for level in levels])
    written = area.at(rows)
    said = [f"{text!r} in {name} is no field office, sector or branch; kept without a kind of area" for text in written]
    numbers = reading.row_numbers[rows]
    found = problems(reading.name, numbers, "word_unknown", said, action="flagged", column=name, values=written)
    return Areas(
        area.spread(levels),
        area.spread([text.title() if text.isupper() else text for text in area.values]),
        area.spread([None if any(word in plain(text) for word in _ABROAD) else "US" for text in area.values]),
        found,
    )


def directions_of(reading: Reading, region_name: str, way_name: str) -> pa.Array:
    """Return ``north``, ``south`` or ``unknown`` of each row, from its region and its word for the direction.

    Examples
    --------
    Outbound at New York is not southbound: only the region of the border with Mexico says so.
    """
    region, way = (coded(reading.table[name], name) for name in (region_name, way_name))
    pairs, back = distinct_pairs(region.codes, way.codes, (len(region.values) + 1, len(way.values) + 1))
    return pa.array([_direction(region, way, *pair) for pair in pairs], pa.string()).take(pa.array(back))


def _direction(region: Coded, way: Coded, at: int, to: int) -> str:
    if at == len(region.values) or to == len(way.values):
        return "unknown"
    if not is_border_region(region.values[at]):
        return "unknown"
    return _TURNED.get(way_of(way.values[to]) or "", "unknown")
