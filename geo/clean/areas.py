"""Published tables of sums to standard area values: cells, months and years in columns, repeated keys.

What stands in a cell of numbers is one of five things, and they are kept apart: a number (zero is one); nothing;
words for "not known" (ND, NA, s/d); an error of a spreadsheet (``#NAME?``); a formula (``=CONCATENAR(0,08)``),
which is text and never evaluated. Only the first gives an area value.

A table with a column for each month or measure becomes one row a cell. The column's own text then stands only in
the row that it became, so that a sum over it is still the file's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.frame import as_text, coded, integers
from geo.clean.problems import Problems, problems
from geo.clean.standard import with_input
from geo.read.coordinates import MISSING
from geo.read.problems import Action
from geo.read.reading import Guess, Reading
from geo.read.text import plain
from geo.schema import AREA_COLUMNS
from geo.table import BoolArray, FloatArray, IntArray

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo",
            "june jun junio", "july jul julio", "august aug agosto ago", "september sep sept septiembre setiembre",
            "october oct octubre", "november nov noviembre", "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Names of months as `geo.read.text.plain` gives them, both languages, whole and short."""

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:[eE][-+]?\d+)?|[-+]?\.\d+")
_TOTAL = re.compile(r"(grand |sub ?|gran )?total(es|s)?|total general|(.+ )total")
"""Words for a sum of rows, in plain letters; spreadsheets write ``2019 Total`` below each group."""
_FAULTS = {
    "cell_not_known": "says that the number is not known; no value",
    "cell_error": "is an error of a spreadsheet; no value, put the number in its place",
    "cell_formula": "is a formula and is not evaluated; no value, put the number in its place",
    "cell_unreadable": "is not a number; no value",
}


@dataclass(frozen=True, eq=False)
class Cells:
    """A column of numbers as written.

    Parameters
    ----------
    values : (n,) float64
        NaN where there is no number.
    blank : (n,) bool
        Nothing stands in the cell.
    problems
        Cells that hold something else than a number.
    """

    values: FloatArray
    blank: BoolArray
    problems: Problems


def number_of(text: str) -> tuple[float, str | None]:
    """Return the number in a cell, and what is wrong where it is none (a reason code; "" for an empty cell).

    The comma groups thousands and the point is the decimal mark.

    Examples
    --------
    >>> number_of("25,757"), number_of("#NAME?")[1], number_of("=CONCATENAR(0,08) ")[1], number_of("s/d")[1]
    ((25757.0, None), 'cell_error', 'cell_formula', 'cell_not_known')
    """
    text = text.strip()
    if not text:
        return np.nan, ""
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "")), None
    if text.startswith("="):
        return np.nan, "cell_formula"
    if text.startswith("#"):
        return np.nan, "cell_error"
    return np.nan, "cell_not_known" if text.lower() in MISSING else "cell_unreadable"


def cells(reading: Reading, name: str) -> Cells:
    """Return the numbers of a column, decided once for each distinct text."""
    column = reading.table[name]
    texts = column if pa.types.is_string(column.type) else as_text(column)
    found = pc.dictionary_encode(texts)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    distinct: list[str] = found.dictionary.to_pylist()
    read = [number_of(text) for text in distinct] + [(np.nan, "")]
    codes = integers(pc.fill_null(found.indices, len(distinct)))
    parts = []
    for reason, words in _FAULTS.items():
        rows = np.flatnonzero(np.array([fault == reason for _, fault in read])[codes])
        if len(rows):
            values = [distinct[code] for code in codes[rows]]
            said = [f"{name} {value.strip()!r} {words}" for value in values]
            numbers = reading.row_numbers[rows]
            parts.append(problems(reading.name, numbers, reason, said, action="flagged", column=name, values=values))
    return Cells(
        np.array([value for value, _ in read])[codes],
        np.array([fault == "" for _, fault in read])[codes],
        Problems.joined(parts),
    )


@dataclass(frozen=True, eq=False)
class Melted:
    """Several columns of numbers as one, row by row and in the order of the columns.

    Parameters
    ----------
    names
        The columns.
    row, which : (m,) int
        Row of the reading and index of the column that each value comes from.
    values : (m,) float64
        Only cells that hold a number are here.
    blank : (n, k) bool
        Empty cells of the n rows and k columns.
    """

    names: tuple[str, ...]
    row: IntArray
    which: IntArray
    values: FloatArray
    blank: BoolArray
    problems: Problems

    def of(self, words: Sequence[str | None]) -> pa.Array:
        """Return a text column: for each value the word of its column."""
        return pa.array(list(words), pa.string()).take(pa.array(self.which))

    def only(self, mask: BoolArray) -> Melted:
        """Return the values where `mask` (m,) holds."""
        return Melted(self.names, self.row[mask], self.which[mask], self.values[mask], self.blank, self.problems)


def melted(reading: Reading, names: Sequence[str]) -> Melted:
    """Return the numbers of several columns as one column."""
    read = [cells(reading, name) for name in names]
    wide = np.column_stack([column.values for column in read])
    row, which = np.nonzero(np.isfinite(wide))
    return Melted(
        tuple(names),
        row.astype(np.int64),
        which.astype(np.int64),
        wide[row, which],
        np.column_stack([column.blank for column in read]),
        Problems.joined(column.problems for column in read),
    )


def area_table(
    reading: Reading, row: IntArray, given: Mapping[str, pa.Array | FloatArray | str | None], melt: Melted | None = None
) -> pa.Table:
    """Return standard area values with the source's own columns after them.

    Parameters
    ----------
    reading
        The file.
    row : (m,) int
        Row of the reading that each value comes from.
    given
        Standard columns that are known: m values, or one word for all. The others are blank.
    melt
        Columns of `reading` that became values: each stands only in the rows of its own values.
    """
    unknown = set(given) - set(AREA_COLUMNS)
    assert not unknown, unknown
    columns = {name: _column(given.get(name), len(row), kind) for name, kind in AREA_COLUMNS.items()}
    table = pa.table(columns)
    at = pa.array(row)
    own = {name: reading.table[name].take(at) for name in reading.table.schema.names}
    for number, name in enumerate(melt.names if melt is not None else ()):
        assert melt is not None
        own[name] = pc.if_else(pa.array(melt.which == number), own[name], pa.scalar(None, own[name].type))
    return with_input(table, pa.table(own), AREA_COLUMNS)


def _column(values: pa.Array | FloatArray | str | None, rows: int, kind: pa.DataType) -> pa.Array:
    if values is None:
        return pa.nulls(rows, kind)
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values, kind), rows)
    return pa.array(values, kind, from_pandas=True) if isinstance(values, np.ndarray) else values.cast(kind)


def blank_cells(reading: Reading, melt: Melted) -> Problems:
    """Return one problem for each blank cell of the columns that became values."""
    return Problems.joined(
        flagged_rows(reading, np.flatnonzero(melt.blank[:, k]), "cell_blank", f"{name} is blank; no value, not zero")
        for k, name in enumerate(melt.names)
    )


def month_columns(names: Sequence[str]) -> dict[str, int]:
    """Return the columns that are named as a month, with its number."""
    return {name: MONTHS[plain(name)] for name in names if plain(name) in MONTHS}


@lru_cache(maxsize=1024)
def period(year: int, month: int | None = None) -> tuple[str, str]:
    """Return the first and the last day of a month or a year.

    Examples
    --------
    >>> period(2010, 2), period(2010)
    (('2010-02-01', '2010-02-28'), ('2010-01-01', '2010-12-31'))
    """
    if month is None:
        return f"{year:04d}-01-01", f"{year:04d}-12-31"
    return f"{year:04d}-{month:02d}-01", f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def periods(year: IntArray, month: IntArray | None = None) -> tuple[pa.Array, pa.Array]:
    """Return the first and the last days of many months or years; year 0 and month 0 are not known and give null."""
    key = year * 13 + (0 if month is None else month)
    distinct, back = np.unique(key, return_inverse=True)
    made = [_period_of(*divmod(int(k), 13), month is None) for k in distinct]
    at = pa.array(back.astype(np.int64))
    starts, ends = ([pair[n] for pair in made] for n in (0, 1))
    return pa.array(starts, pa.string()).take(at), pa.array(ends, pa.string()).take(at)


def _period_of(year: int, month: int, whole: bool) -> tuple[str | None, str | None]:
    if year < 1 or (not whole and month < 1):
        return None, None
    return period(year, None if whole else month)


def padded_codes(reading: Reading, name: str, width: int) -> pa.Array:
    """Return a column of whole numbers as text of `width` digits; null where it holds none.

    ``8037``, ``08037``, ``08 037`` and ``8037.0`` are the same.
    """
    column = reading.table[name]
    texts = column if pa.types.is_string(column.type) else as_text(column)
    found = pc.dictionary_encode(texts)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    made: list[str | None] = []
    for text in found.dictionary.to_pylist():
        digits = "".join(text.split()).removesuffix(".0")
        made.append(digits.zfill(width) if digits.isascii() and digits.isdigit() and len(digits) <= width else None)
    codes = integers(pc.fill_null(found.indices, len(made)))
    return pa.array([*made, None], pa.string()).take(pa.array(codes))


def years_of(reading: Reading, name: str) -> tuple[IntArray, Problems]:
    """Return a column of years, 0 where there is none."""
    read = cells(reading, name)
    good = np.isfinite(read.values) & (read.values >= 1900) & (read.values <= 2100) & (read.values % 1 == 0)
    bad = np.flatnonzero(~good)
    written = reading.table[name].take(pa.array(bad)).to_pylist()
    said = [f"{name} {value!r} is not a year; the period stays blank" for value in written]
    found = problems(
        reading.name, reading.row_numbers[bad], "date_unreadable", said, action="flagged", column=name, values=written
    )
    return np.where(good, read.values, 0).astype(np.int64), found


def codes_of(table: pa.Table, names: Sequence[str]) -> IntArray:
    """Return for each row a number that is the same for rows with the same values in `names`."""
    joined = np.zeros(len(table), dtype=np.int64)
    for name in names:
        found = pc.dictionary_encode(table[name], null_encoding="encode")
        found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
        joined = joined * len(found.dictionary) + integers(found.indices)
        # Numbered anew, so that many columns do not run over.
        _, joined = np.unique(joined, return_inverse=True)
        joined = joined.astype(np.int64)
    return joined


def once_each(
    reading: Reading, keys: Sequence[str], values: Sequence[str]
) -> tuple[Reading, Problems, tuple[Guess, ...]]:
    """Keep one row of each key: identical rows are one, of conflicting ones the last holds.

    Parameters
    ----------
    reading
        The file.
    keys
        Columns that together say what a row is about.
    values
        Columns that it tells of it.

    Returns
    -------
    reading
        Without the rows left out.
    problems
        Each row left out, and of conflicting keys also the one kept.
    guesses
        The rule, where it was used.
    """
    key = codes_of(reading.table, keys)
    rows = len(key)
    last = np.full(int(key.max()) + 1 if rows else 0, -1, dtype=np.int64)
    last[key] = np.arange(rows)
    kept = last[key] == np.arange(rows)
    if kept.all():
        return reading, Problems(), ()
    told = codes_of(reading.table, values)
    differs = told != told[last[key]]
    conflict = np.zeros(len(last), dtype=bool)
    conflict[key[differs]] = True
    same = np.flatnonzero(~kept & ~differs)
    other = np.flatnonzero(~kept & differs)
    winner = np.flatnonzero(kept & conflict[key])
    what = ", ".join(keys)
    line = reading.row_numbers[last[key]]
    twice = [f"repeats row {n}; counted once" for n in line[same]]
    replaced = [f"same {what} as row {n}, which holds" for n in line[other]]
    holds = [f"other values for the same {what} stand above"] * len(winner)
    found = Problems.joined(
        (
            _rows(reading, same, "repeated", twice, "dropped"),
            _rows(reading, other, "conflicting", replaced, "dropped"),
            _rows(reading, winner, "conflicting", holds, "changed"),
        )
    )
    guess = Guess(
        "repeated rows",
        f"{len(same):,} counted once, {len(other):,} replaced by a later row",
        f"of rows with the same {what} identical ones are one, of conflicting ones the last holds",
    )
    return kept_rows(reading, kept), found, (guess,)


def once_each_of(
    reading: Reading, keys: Mapping[str, pa.Array], values: Mapping[str, pa.Array]
) -> tuple[BoolArray, Problems, tuple[Guess, ...]]:
    """Decide as `once_each` from what the columns mean and not from how they are written: `` Jan 2004`` is 1/1/2004.

    Parameters
    ----------
    keys, values
        Name of a column to what was read in it; a row whose key is not known in some part is never a repeat.

    Returns
    -------
    kept : (n,) bool
        Which rows of the reading stay.
    problems, guesses
        As `once_each`.
    """
    numbers = pa.array(reading.row_numbers).cast(pa.string())
    known = {name: pc.coalesce(column.cast(pa.string()), numbers) for name, column in keys.items()}
    normal = replace(reading, table=pa.table({**known, **values}))
    kept, found, guesses = once_each(normal, list(keys), list(values))
    return np.isin(reading.row_numbers, kept.row_numbers), found, guesses


def without_totals(reading: Reading, keys: Sequence[str]) -> tuple[Reading, Problems]:
    """Leave out rows that sum others, as people add them: a word for a total in a key, or numbers without any key.

    Parameters
    ----------
    reading
        The file.
    keys
        Columns that together say what a row is about.

    Returns
    -------
    reading
        Without those rows.
    problems
        One for each, as a total row.
    """
    total = np.zeros(len(reading), dtype=bool)
    nameless = np.ones(len(reading), dtype=bool)
    for name in keys:
        key = coded(reading.table[name], name)
        total[key.rows([bool(_TOTAL.fullmatch(plain(value))) for value in key.values])] = True
        nameless &= key.codes == len(key.values)
    if not (total | nameless).any():
        return reading, Problems()
    found = Problems.joined(
        (
            flagged_rows(reading, np.flatnonzero(total), "total_row", "sums other rows; left out", dropped=True),
            flagged_rows(
                reading,
                np.flatnonzero(nameless & ~total),
                "total_row",
                f"numbers without {', '.join(keys)}, as a sum of other rows has; left out",
                dropped=True,
            ),
        )
    )
    return kept_rows(reading, ~(total | nameless)), found


def kept_rows(reading: Reading, mask: BoolArray) -> Reading:
    """Return the rows of a reading where `mask` (n,) holds."""
    geometry = None if reading.geometry is None else reading.geometry[mask]
    table, numbers = reading.table.filter(pa.array(mask)), reading.row_numbers[mask]
    return replace(reading, table=table, row_numbers=numbers, geometry=geometry)


def _rows(reading: Reading, rows: IntArray, reason: str, said: Sequence[str], action: Action) -> Problems:
    return problems(reading.name, reading.row_numbers[rows], reason, said, action=action)


def flagged_rows(
    reading: Reading, rows: IntArray, reason: str, message: str, column: str | None = None, *, dropped: bool = False
) -> Problems:
    """Return one problem for each of `rows`, with the same words for all."""
    values = None if column is None else reading.table[column].take(pa.array(rows)).to_pylist()
    return problems(
        reading.name,
        reading.row_numbers[rows],
        reason,
        [message] * len(rows),
        action="dropped" if dropped else "flagged",
        column=column,
        values=values,
    )
