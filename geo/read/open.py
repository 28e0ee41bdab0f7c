"""Open a file of any supported kind: find out what it is, read it, say what was understood.

Formats are told by content. Each reader is imported when a file needs it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from geo.errors import ReadError
from geo.read.columns import assign
from geo.read.reading import Reading, ReadOptions, numbered
from geo.read.sniff import HEAD_BYTES, format_of
from geo.table import ObjectArray

log = logging.getLogger(__name__)


def read(path: str | Path, options: ReadOptions | None = None) -> Reading:
    """Return a file as a table, with the guesses made.

    Parameters
    ----------
    path
        CSV, TSV, XLSX, XLS, JSON records, GeoJSON, TopoJSON, Shapefile (also zipped), GeoPackage, FlatGeobuf,
        Parquet, GeoParquet, KML, KMZ or GPX.
    options
        What the user says about the file.

    Returns
    -------
    Reading
        Columns as they came, geometry in WGS84, a role for each column that has one.

    Raises
    ------
    ReadError
        The file is missing, empty, a folder, damaged or of another kind; the message says what to do.
    UsageError
        An option names a column, sheet, role, encoding or system that does not exist.
    CRSError
        Coordinates are not degrees and no system is named.
    """
    path, options = Path(path), options or ReadOptions()
    reading = _understood(replace(read_format(path, options), path=path), options)
    log.info("%s: %s, %d rows%s", reading.name, reading.format, len(reading), _source_words(reading))
    return reading


def from_table(
    table: pa.Table,
    name: str,
    geometry: ObjectArray | None = None,
    crs: str | None = None,
    options: ReadOptions | None = None,
) -> Reading:
    """Return a table that is in memory as if it had been read from a file.

    Parameters
    ----------
    table
        The columns.
    name
        What to call it in messages.
    geometry : (n,) object array of shapely geometries, optional
        WGS84 longitude and latitude.
    crs
        Reference system that the geometry came in, as a note.
    options
        As in `read`.
    """
    from geo.read.parquet import plain_columns

    reading = Reading(name, "table", plain_columns(table), numbered(len(table)), geometry=geometry, crs=crs)
    return _understood(reading, options or ReadOptions())


def _understood(reading: Reading, options: ReadOptions) -> Reading:
    """Give the columns their roles, keep the rows asked for, and find out whose file it is."""
    from geo.read.sources import recognise

    roles, guesses = assign(reading.table, options.columns, reading.geometry is not None)
    reading = replace(reading, roles=roles, guesses=(*reading.guesses, *guesses))
    if options.where:
        from geo.read.where import keep_where

        reading = keep_where(reading, options.where)
    return replace(reading, adapter=recognise(reading))


def _source_words(reading: Reading) -> str:
    return f", recognised as {reading.source}" if reading.source else ""


def _head(path: Path) -> bytes:
    """Return the first bytes of a file that is there and not empty."""
    if path.is_dir():
        raise ReadError(f"{path.name}: is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise ReadError(f"{path}: is a pipe or a device; save what comes out of it as a file and name that")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError:
        near = _near(path)
        raise ReadError(f"{path}: no such file; {near}") from None
    except PermissionError:
        raise ReadError(f"{path.name}: may not be read; change its permissions") from None
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be opened ({error.strerror or error})") from None
    if not head.strip():
        raise ReadError(f"{path.name}: is empty; save or download it again")
    return head


def _near(path: Path) -> str:
    """Return a hint: files of nearly that name in the same folder."""
    from difflib import get_close_matches

    if not path.parent.is_dir():
        return f"there is no folder {path.parent} either"
    names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    close = get_close_matches(path.name, names, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else "check the name"


def read_format(path: Path, options: ReadOptions) -> Reading:
    """Return a file as a table, before its columns are given roles."""
    kind = format_of(path, _head(path))
    if kind == "text":
        from geo.read.tabular import read_text

        return read_text(_content(path), path.name, options)
    if kind == "json":
        from geo.read.jsonfiles import read_json

        return read_json(_content(path), path.name, options)
    if kind == "parquet":
        from geo.read.parquet import read_parquet

        return read_parquet(path, options)
    if kind == "zip":
        from geo.read.archive import is_workbook, read_zip

        if not is_workbook(path):
            return read_zip(path, options, read_format)
        kind = "xlsx"
    if kind in ("xls", "xlsx"):
        from geo.read.workbook import read_workbook

        return read_workbook(path, options)
    from geo.read.vector import read_vector

    return read_vector(path, kind, options)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, MemoryError) as error:
        raise ReadError(f"{path.name}: cannot be read ({error})") from None
