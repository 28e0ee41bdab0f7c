"""The workbench of one file being cleaned: its columns by role, and the problems and guesses on the way.

What a text means is decided once for each distinct value of a column and then spread over the rows, so that a
million rows of forty agencies cost forty decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.problems import Located, Problems, problems
from geo.read.coordinates import MISSING
from geo.read.reading import Guess, Reading, ReadOptions
from geo.table import BoolArray, IntArray, side_by_side

Columns: TypeAlias = "dict[str, pa.Array | Labels]"
"""Standard columns on their way: few words stay labels until all are made into texts at once."""

MANY_ROWS = 100_000
"""Rows from which on starting threads pays."""


def is_blank(value: str) -> bool:
    """Whether a text only says that nothing is known."""
    return value.strip().lower() in MISSING


@dataclass(frozen=True, eq=False)
class Coded:
    """A text column as codes into its distinct values; code ``len(values)`` is a blank.

    `whole` is the column itself where it is its trimmed text as it stands, so that it need not be made again.
    """

    name: str
    values: list[str]
    codes: IntArray
    whole: pa.Array | None = None

    def spread(self, made: Sequence[object], kind: pa.DataType | None = None) -> pa.Array:
        """Return an Arrow column of what was made of each distinct value; blank is null."""
        return pa.array([*made, None], kind or pa.string()).take(pa.array(self.codes))

    def text(self) -> pa.Array:
        """Return the column as trimmed text, null where blank."""
        return self.spread(self.values) if self.whole is None else self.whole

    def labels(self, made: Sequence[str | None]) -> Labels:
        """Return the same as labels."""
        names: dict[str | None, int] = {}
        index = [names.setdefault(name, len(names)) for name in (*made, None)]
        return Labels(list(names), np.array(index, dtype=np.int64)[self.codes])

    def rows(self, wanted: Sequence[bool]) -> IntArray:
        """Return the rows whose distinct value is wanted."""
        return np.flatnonzero(np.array([*wanted, False], dtype=bool)[self.codes])

    def at(self, rows: IntArray) -> list[str]:
        """Return the values at `rows`, an empty text where blank."""
        padded = [*self.values, ""]
        return [padded[code] for code in self.codes[rows]]


@dataclass(frozen=True, eq=False)
class Labels:
    """One of a few words for each row, or None: codes into the words."""

    names: list[str | None]
    codes: IntArray

    @classmethod
    def of(cls, column: pa.Array) -> Labels:
        """Return a text column as labels; None is the last name."""
        found = pc.dictionary_encode(column.cast(pa.string()))
        names: list[str | None] = found.dictionary.to_pylist()
        return cls([*names, None], integers(pc.fill_null(found.indices, len(names))))

    @classmethod
    def all(cls, name: str | None, rows: int) -> Labels:
        """Return the same word for all rows."""
        return cls([name], np.zeros(rows, dtype=np.int64))

    def where(self, wanted: Callable[[str | None], bool]) -> BoolArray:
        """Return the rows whose word is wanted."""
        return np.array([wanted(name) for name in self.names], dtype=bool)[self.codes]

    def map(self, meaning: Callable[[str | None], str | None]) -> Labels:
        """Return other words for the same rows."""
        return Labels([meaning(name) for name in self.names], self.codes)

    def filled(self, other: Labels) -> Labels:
        """Return the words of `other` where there is none."""
        return self.replaced(self.where(lambda name: name is None), other)

    def replaced(self, rows: BoolArray, other: Labels) -> Labels:
        """Return the words of `other` at `rows`."""
        return Labels([*self.names, *other.names], np.where(rows, other.codes + len(self.names), self.codes))

    def column(self) -> pa.Array:
        """Return the words as an Arrow column."""
        return pa.array(self.names, pa.string()).take(pa.array(self.codes))

    def cast(self, kind: pa.DataType) -> pa.Array:
        """Return the words as an Arrow column of a type."""
        return self.column().cast(kind)


class Frame:
    """A reading on its way to standard events.

    Parameters
    ----------
    reading, located, options
        The file, where its rows lie, what the user says.
    given
        Standard columns that an adapter knows already.
    """

    def __init__(self, reading: Reading, located: Located, options: ReadOptions, given: Columns) -> None:
        self.reading, self.located, self.options, self.given = reading, located, options, given
        self.rows = len(reading)
        self.problems: list[Problems] = []
        self.guesses: list[Guess] = []
        self._cache: dict[str, Coded] = {}
        self._nulls = pa.nulls(self.rows, pa.string())

    def has(self, *roles: str) -> bool:
        """Whether there is a column for each of `roles`."""
        return set(roles) <= set(self.reading.roles)

    def name(self, role: str) -> str:
        """Return the column with `role`, or the role where there is none."""
        return self.reading.roles.get(role, role)

    def coded(self, role: str) -> Coded | None:
        """Return the column with `role` as codes into its distinct trimmed values; None where there is none."""
        if not self.has(role):
            return None
        if role not in self._cache:
            self._cache[role] = coded(self.reading.table[self.name(role)], self.name(role))
        return self._cache[role]

    def prepare(self, roles: Sequence[str]) -> None:
        """Have `coded` ready for those of `roles` that there are: of many rows, on all cores."""
        wanted = [role for role in roles if self.has(role) and role not in self._cache]
        if self.rows >= MANY_ROWS:
            side_by_side(self.coded, wanted)

    def text(self, role: str) -> pa.Array:
        """Return the column with `role` as trimmed text, null where blank or absent."""
        column = self.coded(role)
        return self.nulls() if column is None else column.text()

    def nulls(self) -> pa.Array:
        """Return a text column of nothing."""
        return self._nulls

    def ids(self, role: str) -> pa.Array:
        """Return the column with `role` as trimmed text; only an empty cell is null, for any word may be an id."""
        if not self.has(role):
            return self.nulls()
        column = self.reading.table[self.name(role)]
        texts = column if pa.types.is_string(column.type) else as_text(column)
        trimmed = pc.utf8_trim_whitespace(texts)
        found = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found

    def words(self, role: str, meaning: Callable[[str], str | None], flagged: bool = True) -> pa.Array:
        """Return what the words of a column mean; words that mean nothing become null and are flagged."""
        column = self.coded(role)
        if column is None:
            return self.nulls()
        made = [meaning(value) for value in column.values]
        if flagged:
            unknown = [m is None for m in made]
            said = f"in {column.name} is not understood and stays blank"
            self.flag_values(column, unknown, "word_unknown", lambda value: f"{value!r} {said}")
        return column.spread(made)

    def guess(self, what: str, value: str, reason: str) -> None:
        """Note a decision."""
        self.guesses.append(Guess(what, value, reason))

    def flag(self, rows: IntArray, reason: str, column: str, values: Sequence[str], messages: Sequence[str]) -> None:
        """Note a problem for each of `rows`, which are kept."""
        if len(rows):
            numbers = self.reading.row_numbers[rows]
            name = self.reading.name
            self.problems.append(
                problems(name, numbers, reason, messages, action="flagged", column=column, values=values)
            )

    def flag_values(self, column: Coded, wanted: Sequence[bool], reason: str, message: Callable[[str], str]) -> None:
        """Note a problem for each row whose distinct value is wanted; the message is made once a value."""
        used = [want and not is_blank(value) for want, value in zip(wanted, column.values, strict=True)]
        rows = column.rows(used)
        if len(rows):
            said = {v: message(v) for v, use in zip(column.values, used, strict=True) if use}
            values = column.at(rows)
            self.flag(rows, reason, column.name, values, [said[value] for value in values])


def coded(column: pa.ChunkedArray, name: str) -> Coded:
    """Return a column as codes into its distinct trimmed values."""
    texts = column if pa.types.is_string(column.type) else as_text(column)
    found = pc.dictionary_encode(texts)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    written = found.dictionary.to_pylist()
    values = [value.strip() for value in written]
    codes = integers(pc.fill_null(found.indices, len(values)) if found.indices.null_count else found.indices)
    blank = np.array([*map(is_blank, values), True])
    if blank[:-1].any() or values != written:
        return Coded(name, values, np.where(blank[codes], len(values), codes))
    return Coded(name, values, codes, texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts)


def distinct_pairs(a: IntArray, b: IntArray, size: tuple[int, int]) -> tuple[list[tuple[int, int]], IntArray]:
    """Return the distinct pairs of two columns of codes, and the index of each row's pair.

    Parameters
    ----------
    a, b : (n,) int
        Codes from 0 up.
    size
        How many codes there are of each.
    """
    joined = a * size[1] + b
    if size[0] * size[1] > max(len(a), 1 << 16):
        found, back = np.unique(joined, return_inverse=True)
        return [divmod(int(pair), size[1]) for pair in found], back
    # Few possible pairs: looking them up is faster than sorting the rows.
    found = np.flatnonzero(np.bincount(joined, minlength=size[0] * size[1]))
    place = np.zeros(size[0] * size[1], dtype=np.int64)
    place[found] = np.arange(len(found))
    return [divmod(int(pair), size[1]) for pair in found], place[joined]


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text; whole numbers have no decimal point."""
    if not pa.types.is_floating(column.type):
        return column.cast(pa.string())
    texts = [None if value is None else number_text(value) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def number_text(value: float) -> str:
    """Write a number as short as it is exact, whole ones without a point."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def booleans(column: pa.Array | pa.ChunkedArray) -> BoolArray:
    """Return a column of booleans as an array; null is False."""
    filled = pc.fill_null(column, False)
    whole = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=bool)


def integers(column: pa.Array) -> IntArray:
    """Return a column of integers without nulls as an array."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)
