"""A released table to the file that its name asks for.

The format follows the extension; `FORMATS` lists what there is. What each writes stands in `tabular`, `xlsx`
and `vector`, what all share about values in `cells`, and how a file comes to be whole or not at all in
`atomic`. Without geometry of its own a table with ``longitude`` and ``latitude`` is one of points.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from geo.errors import ExportError, PrivacyError, UsageError
from geo.export.atomic import PathLike, atomic_output
from geo.export.cells import rounded, typed
from geo.privacy.release import ReleasedTable
from geo.table import ObjectArray, numbers, points

logger = logging.getLogger(__name__)

STDOUT = "-"


@dataclass(frozen=True)
class _Content:
    """What a writer gets."""

    table: pa.Table
    geometry: ObjectArray | None
    written: datetime | None


def _csv(content: _Content, sink: BinaryIO) -> None:
    from geo.export.tabular import write_csv

    write_csv(content.table, sink)


def _json(content: _Content, sink: BinaryIO) -> None:
    from geo.export.tabular import write_json

    write_json(content.table, sink)


def _parquet(content: _Content, sink: BinaryIO) -> None:
    from geo.export.tabular import write_parquet

    write_parquet(content.table, content.geometry, sink)


def _xlsx(content: _Content, sink: BinaryIO) -> None:
    from geo.export.xlsx import write_xlsx

    write_xlsx(content.table, sink)


def _geojson(content: _Content, sink: BinaryIO) -> None:
    from geo.export.vector import write_geojson

    write_geojson(content.table, _or_nowhere(content), sink)


def _kml(content: _Content, sink: BinaryIO) -> None:
    from geo.export.vector import write_kml

    write_kml(content.table, _or_nowhere(content), sink)


def _gpkg(content: _Content, sink: BinaryIO) -> None:
    from geo.export.vector import write_gdal

    write_gdal(content.table, content.geometry, sink, "GPKG", content.written)


def _fgb(content: _Content, sink: BinaryIO) -> None:
    from geo.export.vector import write_gdal

    write_gdal(content.table, _or_nowhere(content), sink, "FlatGeobuf")


def _or_nowhere(content: _Content) -> ObjectArray:
    """Return the geometry, or as many rows without one."""
    return np.full(len(content.table), None, dtype=object) if content.geometry is None else content.geometry


FORMATS: dict[str, Callable[[_Content, BinaryIO], None]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
    "geojson": _geojson,
    "gpkg": _gpkg,
    "fgb": _fgb,
    "parquet": _parquet,
    "kml": _kml,
}
"""Writer by format; the format is the extension without its dot."""

UNTYPED = ("csv", "kml")
"""Formats in which text of the input stays text, whatever it says."""

SPATIAL = ("geojson", "gpkg", "fgb", "parquet", "kml")


def format_of(path: PathLike, format: str | None = None) -> str:
    """Return the format in which `path` is to be written: a key of `FORMATS`.

    Parameters
    ----------
    path
        Output; ``-`` is standard output, which takes CSV.
    format
        Overrules the extension.

    Raises
    ------
    UsageError
        If there is no such format; the message lists those there are.
    """
    if str(path) == STDOUT:
        if format not in (None, "csv"):
            raise UsageError(f"-o - writes CSV; to have {format}, name a file that ends in .{format}")
        return "csv"
    name = (format or Path(path).suffix).lower().removeprefix(".")
    if name not in FORMATS:
        known = " ".join(f".{f}" for f in FORMATS)
        what = f"there is no format .{name} for tables" if name else "the name has no extension to tell the format by"
        raise UsageError(f"{path}: {what}; use one of {known}")
    return name


def write(
    released: ReleasedTable,
    path: PathLike,
    format: str | None = None,
    inputs: Iterable[PathLike] = (),
    *,
    computed: Collection[str] | None = None,
    written: datetime | None = None,
) -> None:
    """Write a released table, whole or not at all.

    Parameters
    ----------
    released
        What the privacy gate let through: ``.table``, and ``.geometry`` where rows have one.
    path
        Output, or ``-`` for CSV on standard output. An existing file is replaced.
    format
        Overrules the extension of `path`.
    inputs
        Files that this run reads; the output may not be one of them.
    computed
        Names of the columns that contraflow computed: they are rounded, and text among them stays text (see
        `cells`). If not given, ``released.computed``.
    written
        Time to be given where a format demands one (GeoPackage); 1970-01-01 if not given.

    Raises
    ------
    UsageError
        If the format is unknown, or the output is a folder or an input.
    ExportError
        If the machine does not let the file be written, or the format cannot hold the table.
    PrivacyError
        If given a table that has not passed the gate.
    """
    chosen = format_of(path, format)
    if not isinstance(released, ReleasedTable):
        raise PrivacyError(f"a {type(released).__name__} leaves through geo.privacy.release.release_table() only")
    if computed is None:
        computed = released.computed
    content = _content(released, chosen, computed, written)
    if str(path) == STDOUT:
        try:
            FORMATS[chosen](content, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ExportError(f"standard output: could not be written ({error.strerror or error})") from error
        return
    with atomic_output(path, inputs) as file:
        try:
            FORMATS[chosen](content, file)
        except ExportError as error:
            raise ExportError(f"{path}: {error}") from error
    logger.info("%s: %d rows, %d columns", path, len(content.table), len(content.table.schema))


def _content(released: ReleasedTable, format: str, computed: Collection[str], written: datetime | None) -> _Content:
    table = rounded(released.table, computed)
    geometry = released.geometry
    if geometry is None and format in SPATIAL and {"longitude", "latitude"} <= set(table.schema.names):
        geometry = points(numbers(table, "longitude"), numbers(table, "latitude"))
    return _Content(table if format in UNTYPED else typed(table, computed), geometry, written)
