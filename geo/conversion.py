"""Any recognised file to its standard table, and several files of one kind to one table.

What a file is stands in its reader: events, area values, flows or sites. A file of polygons or lines that nobody
knows becomes areas or lines; everything else becomes events.

Two releases of one source often cover the same months, and the later one may have revised them. They are never
added: where two files of one source say something of the same area and period, each period that both cover is taken
from the file given last, as a whole (of municipalities and counties: state by state), and every row that this leaves
out is in the problems. Files of one source that share nothing are parts of a whole, such as two states or two
measures, and follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.account import doubts
from geo.clean.convert import Converted, Kind
from geo.clean.convert import convert as standard
from geo.clean.problems import Problems
from geo.clean.standard import with_input
from geo.errors import UsageError
from geo.gather import Input, labelled, stacked, told_apart
from geo.read.problems import PROBLEM_SCHEMA, problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.schema import AREA_COLUMNS, EVENT_COLUMNS, FLOW_COLUMNS, SITE_COLUMNS
from geo.table import BoolArray, ObjectArray

if TYPE_CHECKING:
    from geo.clean.regions import Regions
    from geo.privacy.release import ReleasedTable

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "events": tuple(EVENT_COLUMNS),
    "area_values": tuple(AREA_COLUMNS),
    "flows": tuple(FLOW_COLUMNS),
    "sites": tuple(SITE_COLUMNS),
    "lines": ("id", "name", "name_es", "source"),
    "areas": ("id", "name", "name_es", "source"),
}
"""Standard columns of each kind of table."""

KIND_WORDS: dict[Kind, str] = {
    "events": "events", "area_values": "area values", "flows": "flows", "sites": "sites", "lines": "lines",
    "areas": "areas",
}  # fmt: skip

EXAMPLES = 3
"""Rows named for each reason; ``--rejects`` has them all."""

WITH_GEOMETRY = (".geojson", ".gpkg", ".fgb", ".parquet", ".kml")
"""Outputs that hold lines and areas."""

# shapely's numbers for the kinds of geometry.
_LINES, _AREAS = (1, 2, 5), (3, 6)

Overlap: TypeAlias = tuple[str, str, int, int]
"""(file left out, file taken, periods that both cover, rows left out)"""


@dataclass(frozen=True, eq=False)
class Part:
    """One file and its standard table; `geometry` where the table is one of lines or areas."""

    reading: Reading
    converted: Converted
    geometry: ObjectArray | None = None


@dataclass(frozen=True, eq=False)
class Conversion:
    """A standard table ready to be written, and the account of it.

    Parameters
    ----------
    parts
        The files, each as it was by itself.
    overlaps
        What was left out because two releases cover it.
    problems
        Rows left out, changed or doubted, of all files.
    """

    kind: Kind
    released: ReleasedTable
    parts: tuple[Part, ...]
    problems: Problems
    overlaps: tuple[Overlap, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The files that went in: none of them may be overwritten."""
        return tuple(str(part.reading.path) for part in self.parts if part.reading.path is not None)

    @property
    def rows_read(self) -> int:
        """Rows of all files that the table accounts for."""
        return sum(part.converted.rows_read for part in self.parts)

    @property
    def excluded(self) -> int:
        """Rows left out by ``--where``."""
        return sum(part.reading.excluded for part in self.parts)

    def sentences(self, target: str) -> list[str]:
        """Return what to tell the user, line by line: what was written, then what was not and why."""
        names = ", ".join(part.reading.name for part in self.parts)
        rows = len(self.released.table)
        lines = [f"{rows:,} {KIND_WORDS[self.kind]} from {self.rows_read:,} rows of {names} written to {target}"]
        if self.released.geometry is not None and not target.endswith(WITH_GEOMETRY):
            lines.append(f"{target} has no outlines: this format has columns only; {' '.join(WITH_GEOMETRY)} hold them")
        if self.excluded:
            lines.append(f"{self.excluded:,} rows left out by --where")
        for old, new, periods, left in self.overlaps:
            lines.append(
                f"{new} and {old} cover the same {periods:,} periods: taken from {new}, given last; "
                f"{left:,} rows of {old} left out"
            )
        dropped = self.problems.counts("dropped")
        if dropped:
            without = "without a usable place, in the table all the same" if self.kind == "events" else "left out"
            lines.append(f"rows {without}: " + "; ".join(f"{n:,} {reason}" for reason, n in dropped.items()))
            lines += [f"  {message}" for message in self.problems.messages(EXAMPLES, "dropped")]
        return lines + doubts(self.problems)

    def summary(self, target: str) -> dict[str, Any]:
        """Return the same for machines."""
        return {
            "output": target,
            "kind": self.kind,
            "rows_read": self.rows_read,
            "rows_written": len(self.released.table),
            "excluded_by_where": self.excluded,
            "files": [
                {
                    "file": part.reading.name,
                    "reader": part.reading.source or part.reading.format,
                    "rows_read": part.converted.rows_read,
                    "rows_made": len(part.converted.table),
                }
                for part in self.parts
            ],
            "overlaps": [
                {"file": old, "taken_from": new, "periods": periods, "rows_left_out": left}
                for old, new, periods, left in self.overlaps
            ],
            "dropped": self.problems.by_reason("dropped"),
            "changed": self.problems.by_reason("changed"),
            "flagged": self.problems.by_reason("flagged"),
            "guesses": [
                {"file": part.reading.name, "what": g.what, "value": g.value, "reason": g.reason}
                for part in self.parts
                for g in part.converted.guesses
            ],
        }


def part(path: Input, options: ReadOptions | None = None, regions: Regions | None = None) -> Part:
    """Read one file and turn it into its standard table.

    Raises
    ------
    ReadError, CRSError, UsageError
        The file, or an option, is not understood; the message says what would settle it.
    """
    from geo.read import read

    reading = path if isinstance(path, Reading) else read(path, options)
    kind = _shape_kind(reading)
    if kind is not None:
        return _shapes(reading, kind)
    converted = standard(reading, options, regions)
    return Part(reading, converted)


def together(parts: Sequence[Part]) -> Conversion:
    """Put the tables of several files on top of each other, one release for each period.

    Raises
    ------
    UsageError
        They are not of one kind.
    """
    from geo.privacy.release import release_table

    kind = parts[0].converted.kind
    other = next((p for p in parts if p.converted.kind != kind), None)
    if other is not None:
        raise UsageError(
            f"{parts[0].reading.name} holds {KIND_WORDS[kind]} and {other.reading.name} "
            f"{KIND_WORDS[other.converted.kind]}: two different tables; convert each by itself"
        )
    keep, overlaps, left_out = one_release(parts)
    tables = [p.converted.table.filter(pa.array(mask)) for p, mask in zip(parts, keep, strict=True)]
    if len(parts) > 1:
        names = [p.reading.name for p in parts]
        if kind == "events":
            tables = told_apart(tables, names)
        tables = labelled(tables, names)
    table = stacked(tables)
    geometry = [p.geometry[mask] for p, mask in zip(parts, keep, strict=True) if p.geometry is not None]
    found = Problems.joined([*(p.converted.problems for p in parts), left_out])
    places = np.concatenate(geometry) if geometry else None
    released = release_table(table, table.schema.names, places, computed=COLUMNS[kind])
    return Conversion(kind, released, tuple(parts), found, overlaps)


# one release for each period ---------------------------------------------------------------------------------


def one_release(parts: Sequence[Part]) -> tuple[list[BoolArray], tuple[Overlap, ...], Problems]:
    """Decide which rows of which file are taken where files of one source cover the same periods.

    Returns
    -------
    list of (n,) bool
        Rows to keep of each file.
    tuple of Overlap
    Problems
        One for each row left out.
    """
    keep = [np.ones(len(p.converted.table), dtype=bool) for p in parts]
    releases = [_release(p) for p in parts]
    overlaps: list[Overlap] = []
    found: list[Problems] = []
    for at in range(len(parts) - 2, -1, -1):
        for later in range(len(parts) - 1, at, -1):
            old, new = releases[at], releases[later]
            if old is None or new is None or parts[at].reading.source != parts[later].reading.source:
                continue
            out = keep[at] & old.covered_by(new, keep[later])
            if out.any():
                keep[at] = keep[at] & ~out
                names = parts[at].reading.name, parts[later].reading.name
                overlaps.append((*names, _periods(parts[at].converted, out), int(out.sum())))
                found.append(_left_out(parts[at], out, names[1]))
    return keep, tuple(overlaps), Problems.joined(found)


@dataclass(frozen=True, eq=False)
class _Release:
    """What a file of a known source covers, row by row, as text.

    Parameters
    ----------
    measure
        What is counted, at which level: a release has all of its areas.
    part
        The same, and the state of a municipality or county: a file may hold some states only.
    period, area
        Which period, and which area, flow or event.
    """

    measure: pa.Array
    part: pa.Array
    period: pa.Array
    area: pa.Array

    def covered_by(self, later: _Release, kept: BoolArray) -> BoolArray:
        """Return the rows whose part and period a later release, of which some rows are kept, has too.

        Parts are the same if a single area and period is in both. Then the later file's periods count: it may have
        no row of a state in a month because there is nothing to report any more.
        """
        rows = pa.array(kept)
        shared = pc.is_in(self._keys(), later._keys().filter(rows))
        parts = pc.unique(self.part.filter(shared))
        periods = pc.unique(_joined(later.measure, later.period).filter(rows))
        covered = pc.and_(pc.is_in(self.part, parts), pc.is_in(_joined(self.measure, self.period), periods))
        return np.asarray(covered.to_numpy(zero_copy_only=False), dtype=bool)

    def _keys(self) -> pa.Array:
        return _joined(self.part, self.period, self.area)


def _release(item: Part) -> _Release | None:
    """Return what a file covers; None where it is no release: it has no periods, or nobody knows its source."""
    table, kind = item.converted.table, item.converted.kind
    if item.reading.adapter is None or not len(table):
        return None
    if kind == "area_values":
        measure = _joined(table["country"], table["area_level"], table["measure"])
        fine = pc.is_in(table["area_level"], pa.array(["municipality", "county"]))
        state = pc.if_else(fine, pc.utf8_slice_codeunits(pc.coalesce(table["area_code"], ""), 0, 2), "")
        return _Release(
            measure, _joined(measure, state), _months(table), _joined(table["area_code"], table["area_name"])
        )
    if kind == "flows":
        measure = _joined(table["measure"])
        return _Release(measure, measure, _months(table), _joined(table["origin_code"], table["destination_code"]))
    if kind == "events" and not _are_row_numbers(item):
        all_ = pa.repeat(pa.scalar("", pa.large_string()), len(table))
        return _Release(all_, all_, _joined(pc.utf8_slice_codeunits(table["start"], 0, 7)), _joined(table["event_id"]))
    return None


def _months(table: pa.Table) -> pa.Array:
    """Return the period that each row belongs to: its month, also of days; a longer period as a whole."""
    start, end = (pc.utf8_slice_codeunits(table[name], 0, 7) for name in ("period_start", "period_end"))
    return _joined(start, end)


def _are_row_numbers(item: Part) -> bool:
    """Whether event ids only count the rows of the file: then they say nothing about another file."""
    ids = item.converted.table["event_id"]
    numbers = pa.array(item.reading.row_numbers).cast(pa.string())
    return len(ids) == len(numbers) and bool(pc.all(pc.equal(ids, numbers)).as_py())


def _joined(*columns: pa.Array | pa.ChunkedArray) -> pa.Array:
    texts = [c.cast(pa.large_string()) for c in columns]
    whole = pc.binary_join_element_wise(
        *texts, pa.scalar("\x1f", pa.large_string()), null_handling="replace", null_replacement=""
    )
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _periods(converted: Converted, rows: BoolArray) -> int:
    name = "start" if converted.kind == "events" else "period_start"
    starts = converted.table[name].filter(pa.array(rows))
    return int(pc.count_distinct(pc.utf8_slice_codeunits(starts, 0, 7)).as_py())


_TOLD: dict[Kind, tuple[str, ...]] = {
    "area_values": ("period_start", "period_end", "area_name", "measure", "commodity"),
    "flows": ("period_start", "period_end", "origin_name", "destination_name", "measure"),
    "events": ("start", "event_id", "commodity"),
}
"""What names a row that is left out."""


def _left_out(item: Part, rows: BoolArray, taken: str) -> Problems:
    """Return one problem for each row; a standard table does not know the line that a value came from."""
    table = item.converted.table.filter(pa.array(rows))
    names = _TOLD[item.converted.kind]
    said = pc.binary_join_element_wise(*(table[name].cast(pa.string()) for name in names), ", ", null_handling="skip")
    file = item.reading.name
    end = f": {taken} covers this period too and was given last; it alone is taken"
    message = pc.binary_join_element_wise(pa.scalar(f"{file}: "), said, pa.scalar(end), "")
    value = pc.cast(table["value"], pa.string()) if "value" in table.schema.names else table["quantity_reported"]
    columns = {
        "file": pa.repeat(pa.scalar(file), len(table)),
        "row": pa.nulls(len(table), pa.int64()),
        "column": pa.nulls(len(table), pa.string()),
        "value": value,
        "reason": pa.repeat(pa.scalar("other_release"), len(table)),
        "message": message,
        "action": pa.repeat(pa.scalar("dropped"), len(table)),
    }
    return Problems(pa.table({name: columns[name] for name in PROBLEM_SCHEMA.names}).cast(PROBLEM_SCHEMA))


# lines and areas ---------------------------------------------------------------------------------------------


def _shape_kind(reading: Reading) -> Kind | None:
    """Say that a file nobody knows is one of lines or areas; None where it is a table or one of points."""
    import shapely

    if reading.geometry is None or reading.adapter is not None:
        return None
    kinds = shapely.get_type_id(reading.geometry)
    areas, lines = int(np.isin(kinds, _AREAS).sum()), int(np.isin(kinds, _LINES).sum())
    if 2 * max(areas, lines) <= int((kinds >= 0).sum()):
        return None
    return "areas" if areas >= lines else "lines"


def _shapes(reading: Reading, kind: Kind) -> Part:
    import shapely

    assert reading.geometry is not None
    wanted = _AREAS if kind == "areas" else _LINES
    kinds = shapely.get_type_id(reading.geometry)
    fits = np.isin(kinds, wanted) | (kinds < 0)
    invalid = np.flatnonzero(fits & (kinds >= 0) & ~shapely.is_valid(reading.geometry))
    other = np.flatnonzero(~fits)
    found = [
        reading.problems,
        problems(
            reading.name, reading.row_numbers[other], "other_geometry",
            [f"is a {reading.geometry[at].geom_type}, the other rows are {KIND_WORDS[kind]}; left out" for at in other],
            action="dropped",
        ),
        problems(
            reading.name, reading.row_numbers[invalid], "geometry_invalid",
            ["its outline crosses or touches itself; kept as it is, make it valid before areas are overlaid"]
            * len(invalid),
            action="flagged",
        ),
    ]  # fmt: skip
    table = _named(reading).filter(pa.array(fits))
    converted = Converted(kind, table, Problems.joined(found), reading.guesses, len(reading))
    return Part(reading, converted, reading.geometry[fits])


def _named(reading: Reading) -> pa.Table:
    """Return id, name, name_es and source, then the file's own columns."""
    from geo.join.identity import identity, names

    own = reading.table
    standard_columns = {
        "id": identity(own),
        "name": names(own),
        "name_es": own["name_es"].cast(pa.string())
        if "name_es" in own.schema.names
        else pa.nulls(len(own), pa.string()),
        "source": pa.repeat(pa.scalar(reading.name), len(own)),
    }
    return with_input(pa.table(standard_columns), own, dict.fromkeys(standard_columns, pa.string()))


def all_guesses(item: Part) -> tuple[Guess, ...]:
    """Return every choice made about a file, each once."""
    return tuple(dict.fromkeys((*item.reading.guesses, *item.converted.guesses)))
