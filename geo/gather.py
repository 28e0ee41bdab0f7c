"""The points of a run: one or more files, or the embedded seizures, as one set of arrays that the joins work on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import ReadError
from geo.read.reading import Reading
from geo.table import JOINED, FloatArray, ObjectArray, column, free_name, numbers, points, texts, with_columns

if TYPE_CHECKING:
    from geo.clean.problems import Events, Located, Problems
    from geo.clean.regions import Regions
    from geo.read import Guess, ReadOptions


Input: TypeAlias = str | Reading
"""A path, or a table that is in memory already."""


@dataclass(frozen=True)
class InputFile:
    """What the page says of a file it was made from."""

    name: str
    rows: int
    reader: str
    title: str = ""
    """What the file is, where it is known by name."""
    path: str | None = None
    """Where it is; never told. None where it is a table in memory."""

    def sha256(self) -> str:
        """Return the checksum of the file, read for it anew; empty for a table in memory."""
        if self.path is None:
            return ""
        with Path(self.path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def told(self) -> dict[str, str | int]:
        """Return what the manifest has of the file."""
        return {
            "name": self.name,
            "rows": self.rows,
            "sha256": self.sha256(),
            "reader": self.reader,
            "title": self.title,
        }


@dataclass(frozen=True, eq=False)
class Gathered:
    """All points of a run, row by row in the order of the files.

    Parameters
    ----------
    rows
        The input's own columns.
    events
        The standard events table, where it was asked for: one row an event and commodity.
    longitude, latitude : (n,) float64
        WGS84 degrees, NaN where a row has no usable place.
    precision_m : (n,) float64
        Radius within which each place is known; NaN where unknown.
    year : (n,) float64
        Year of the event; NaN where unknown.
    coordinate_roles
        Roles that columns of every file play; without longitude and latitude among them, places are geometry only.
    named
        Rows without coordinates that were put where their place is.
    """

    rows: pa.Table
    longitude: FloatArray
    latitude: FloatArray
    precision_m: FloatArray
    year: FloatArray
    problems: Problems
    events: pa.Table
    guesses: tuple[tuple[str, Guess], ...] = ()
    excluded: int = 0
    files: tuple[InputFile, ...] = ()
    coordinate_roles: frozenset[str] = frozenset()
    named: int = 0

    @property
    def geometry(self) -> ObjectArray:
        """One point a row; None where it has no place."""
        return points(self.longitude, self.latitude)


def gather(
    paths: Sequence[Input],
    options: ReadOptions | None = None,
    regions: Regions | None = None,
    *,
    dates: bool = True,
) -> Gathered:
    """Read, locate and standardise files of points.

    Parameters
    ----------
    paths
        One or more files; their rows follow each other.
    options
        What the user says of them all.
    regions
        States of both countries, for the checks of coordinates.
    dates
        False leaves dates alone: where none is needed, no doubt about their order stops the run.

    Raises
    ------
    ReadError, CRSError, UsageError
        As `geo.read.read` and `geo.clean.locate`.
    """
    from geo.clean.problems import Problems

    parts = [_one(path, options, regions, dates) for path in paths]
    rows = [reading.table for reading, _, _ in parts]
    events = [found.table for _, _, found in parts]
    if len(parts) > 1:
        rows = labelled(rows, [reading.name for reading, _, _ in parts])
        events = told_apart(events, [reading.name for reading, _, _ in parts])
    every = stacked(events)
    return Gathered(
        rows=stacked(rows),
        events=every,
        longitude=np.concatenate([located.longitude for _, located, _ in parts]),
        latitude=np.concatenate([located.latitude for _, located, _ in parts]),
        precision_m=numbers(every, "location_precision_m"),
        year=years(every),
        problems=Problems.joined(p for r, _, e in parts for p in (r.problems, e.problems)),
        guesses=tuple((r.name, g) for r, lo, e in parts for g in (*r.guesses, *lo.guesses, *e.guesses)),
        excluded=sum(reading.excluded for reading, _, _ in parts),
        coordinate_roles=frozenset.intersection(*(frozenset(reading.roles) for reading, _, _ in parts)),
        named=sum(0 if located.named is None else len(located.named.rows) for _, located, _ in parts),
        files=tuple(_file(path, reading) for path, (reading, _, _) in zip(paths, parts, strict=True)),
    )


def embedded() -> Gathered:
    """Return the embedded seizures."""
    from geo.read.sources import documented

    found = documented.events()
    return Gathered(
        rows=found.table,
        events=found.table,
        longitude=numbers(found.table, "longitude"),
        latitude=numbers(found.table, "latitude"),
        precision_m=numbers(found.table, "location_precision_m"),
        year=years(found.table),
        problems=found.problems,
        guesses=tuple(("embedded seizures", g) for g in found.guesses),
        coordinate_roles=frozenset({"longitude", "latitude"}),
    )


def years(events: pa.Table) -> FloatArray:
    """Return the year in which each event starts; NaN where it has no date."""
    # The first four characters of an ISO date.
    found = pc.cast(pc.utf8_slice_codeunits(events["start"], 0, 4), pa.float64())
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.float64)


_DATE_ROLES = ("date", "start", "end", "year", "month", "day")


def _one(
    path: Input, options: ReadOptions | None, regions: Regions | None, dates: bool
) -> tuple[Reading, Located, Events]:
    from geo.clean import events, locate
    from geo.clean.totals import told_as_totals
    from geo.read import read

    reading = _points(path if isinstance(path, Reading) else read(path, options))
    located = locate(reading, options, regions)
    dated = reading
    if not dates and reading.adapter is None:
        dated = replace(reading, roles={role: name for role, name in reading.roles.items() if role not in _DATE_ROLES})
    found = events(dated, located, options)
    return reading, located, replace(found, problems=told_as_totals(reading, found.problems))


_NO_POINTS = "and no points to draw or join; contraflow convert makes their standard table"
_INSTEAD = {
    "area_values": f"its rows are sums of an area and a period, {_NO_POINTS}; --violence takes a table of inegi_code,"
    " year, count and population",
    "flows": f"its rows are sums from one place to another, {_NO_POINTS}",
}
"""What to do with a file that holds no points, by its kind."""


def _points(reading: Reading) -> Reading:
    """Return a reading whose rows can be points; sites are, and need no reader of their own for it.

    Raises
    ------
    ReadError
        Its rows are sums and not points; says what to do with them.
    """
    from geo.clean.convert import kind_of

    kind = kind_of(reading)
    if kind in _INSTEAD:
        title = getattr(reading.adapter, "TITLE", kind)
        raise ReadError(f"{reading.name}: is {title}; {_INSTEAD[kind]}")
    return replace(reading, adapter=None) if kind == "sites" else reading


def _file(path: Input, reading: Reading) -> InputFile:
    if isinstance(path, Reading):
        return InputFile(reading.name, len(reading), reading.format)
    title = getattr(reading.adapter, "TITLE", "")
    return InputFile(reading.name, len(reading), reading.source or reading.format, title, path)


def labelled(tables: Sequence[pa.Table], files: Sequence[str]) -> list[pa.Table]:
    """Return `tables` with the name of the file of each in ``input_file``; if taken, with a suffix."""
    free = free_name("input_file", {name for table in tables for name in table.schema.names}, JOINED)
    return [
        table.append_column(free, pa.array([name] * len(table), pa.string()))
        for table, name in zip(tables, files, strict=True)
    ]


def told_apart(tables: list[pa.Table], files: list[str]) -> list[pa.Table]:
    """Give events of different files different ids: two files may both count from 1."""
    seen: set[str] = set()
    out = []
    for table, name in zip(tables, files, strict=True):
        own = ids = texts(table, "event_id")
        time = 1
        while not seen.isdisjoint(ids):
            # Two folders may each have a file of that name.
            mark = name if time == 1 else f"{name}({time})"
            ids = np.array([f"{mark}#{i}" for i in own], dtype=object)
            time += 1
        seen.update(ids)
        out.append(with_columns(table, {"event_id": column(ids, pa.string())}))
    return out


def stacked(tables: list[pa.Table]) -> pa.Table:
    """Put tables on top of each other; a column of different types in two of them becomes text."""
    if len(tables) == 1:
        return tables[0]
    types: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for name in table.schema.names:
            types.setdefault(name, set()).add(table.schema.field(name).type)
    mixed = {name for name, kinds in types.items() if len(kinds - {pa.null()}) > 1}
    return pa.concat_tables(
        [
            with_columns(t, {name: t[name].cast(pa.string()) for name in mixed if name in t.schema.names})
            for t in tables
        ],
        promote_options="default",
    )
