"""What reading a file gives: the table as it came, and every guess that was made on the way.

A guess is shown to the user (``contraflow inspect``) with its reason, and can be overruled by an option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
import pyarrow as pa

from geo.read.problems import Problems
from geo.read.text import printable
from geo.table import IntArray, ObjectArray

if TYPE_CHECKING:
    from geo.clean.problems import Events, Located

DateOrder: TypeAlias = Literal["DMY", "MDY", "YMD"]


@dataclass(frozen=True)
class Guess:
    """Something decided while reading that the user did not say.

    Parameters
    ----------
    what
        Thing that was decided: ``encoding``, ``delimiter``, a role such as ``longitude``.
    value
        What it was taken for.
    reason
        Why, in words.
    """

    what: str
    value: str
    reason: str


@dataclass(frozen=True)
class ReadOptions:
    """What the user says about a file; None and empty leave it to be found out.

    Parameters
    ----------
    columns
        Role to column name, e.g. ``{"longitude": "X"}``.
    crs
        Reference system of the coordinates, anything pyproj understands; replaces the one a file declares.
    sheet
        Sheet of a workbook, or layer of a file that has several: its name, or its number from 1.
    skip_rows
        Lines (rows of a sheet) before the header.
    date_order
        Order of day, month and year in dates written in numbers.
    tz
        IANA zone of times written without one.
    where
        Condition on the input's own columns; see `geo.read.where`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    skip_rows: int | None = None
    date_order: DateOrder | None = None
    tz: str | None = None
    where: str | None = None


@runtime_checkable
class Adapter(Protocol):
    """A module of `geo.read.sources`: knows one published file.

    It may also have ``place(reading, located) -> Located``, where some of its places are no points.
    """

    NAME: str
    TITLE: str

    def recognise(self, reading: Reading) -> float:
        """Return how sure it is that `reading` is its file, 0 to 1."""

    def events(self, reading: Reading, located: Located, options: ReadOptions) -> Events:
        """Return the standard events of `reading`."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A file as it was read.

    Parameters
    ----------
    name
        Name of the file, without its folder.
    format
        ``csv``, ``xlsx``, ``geojson``, ...
    table
        The input's columns as they came; text formats stay text. Geometry is not among them.
    geometry : (n,) object array of shapely geometries, optional
        WGS84 longitude and latitude, whatever the file's own system; None where a row has none.
    crs
        Reference system that the file declares, or that the user gave.
    row_numbers : (n,) int
        From 1, as an editor or a spreadsheet shows them; for formats without lines, the position.
    roles
        Role to column of `table`; see `geo.read.columns`.
    problems
        Rows that could not be read; they are not in `table`.
    excluded
        Rows left out by ``where``.
    titles
        Lines of title before the header, as text.
    adapter
        Module of `geo.read.sources` that knows this file.
    """

    name: str
    format: str
    table: pa.Table
    row_numbers: IntArray
    geometry: ObjectArray | None = None
    crs: str | None = None
    guesses: tuple[Guess, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    excluded: int = 0
    titles: tuple[str, ...] = ()
    adapter: Adapter | None = None
    path: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", printable(self.name))

    @property
    def source(self) -> str | None:
        """Name of the adapter that knows this file, if one does."""
        return None if self.adapter is None else self.adapter.NAME

    def __len__(self) -> int:
        return len(self.table)

    def guess(self, what: str) -> Guess | None:
        """Return the guess about `what`, if one was made."""
        return next((g for g in self.guesses if g.what == what), None)

    def column(self, role: str) -> pa.ChunkedArray | None:
        """Return the column that has `role`, if there is one."""
        name = self.roles.get(role)
        return None if name is None else self.table[name]


def numbered(n: int) -> IntArray:
    """Return row numbers 1 to `n`, for formats that have no lines."""
    return np.arange(1, n + 1, dtype=np.int64)
