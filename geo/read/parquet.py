"""Parquet and GeoParquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import ReadError
from geo.read.crs import geometry_to_wgs84
from geo.read.jsonfiles import check_degrees
from geo.read.reading import Guess, Reading, ReadOptions, numbered
from geo.table import ObjectArray


def read_parquet(path: Path, options: ReadOptions) -> Reading:
    """Return the table of a Parquet file; with GeoParquet metadata, its geometry too.

    Raises
    ------
    ReadError
        The file is damaged, or its geometry is in an encoding that is not read.
    """
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:120]
        raise ReadError(f"{path.name}: not a whole Parquet file ({reason}); copy or export it again") from None
    metadata = (table.schema.metadata or {}).get(b"geo")
    if metadata is None:
        return Reading(path.name, "parquet", plain_columns(table), numbered(len(table)))
    geo = json.loads(metadata)
    column = geo.get("primary_column", "geometry")
    if column not in table.schema.names:
        raise ReadError(f"{path.name}: its metadata name a geometry column {column} that it lacks; export it again")
    about = geo.get("columns", {}).get(column, {})
    declared = _crs_text(about)
    crs = options.crs or declared
    geometry = _decode(table[column], str(about.get("encoding", "WKB")), path.name)
    check_degrees(geometry, crs, path.name)
    guesses = (Guess("geometry", column, "the primary column of its GeoParquet metadata"),)
    # Further geometry columns are not attributes.
    others = [name for name in geo.get("columns", {}) if name in table.schema.names]
    table = plain_columns(table.drop_columns(others))
    return Reading(
        name=path.name,
        format="geoparquet",
        table=table,
        row_numbers=numbered(len(table)),
        geometry=geometry_to_wgs84(geometry, crs),
        crs=crs or "OGC:CRS84",
        guesses=guesses,
    )


def plain_columns(table: pa.Table) -> pa.Table:
    """Return the table with columns of text, numbers, booleans or bytes only, under the same names.

    Dates and times become ISO 8601 text, dictionaries the values they stand for, nested values JSON text.
    """
    columns = [_plain(column) for column in table.columns]
    return pa.table(columns, names=table.schema.names)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind, types = column.type, pa.types
    if types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if types.is_timestamp(kind):
        return _time_text(column)
    if types.is_nested(kind) or types.is_duration(kind):
        texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    if types.is_decimal(kind):
        return column.cast(pa.float64())
    as_text = types.is_date(kind) or types.is_time(kind) or types.is_large_string(kind) or types.is_null(kind)
    return column.cast(pa.string()) if as_text else column


def _time_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    zoned = column.type.tz is not None
    seconds = pc.cast(column, pa.timestamp("s", column.type.tz), safe=False)
    if zoned:
        return pc.strftime(pc.cast(seconds, pa.timestamp("s", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    midnight = pc.equal(pc.floor_temporal(seconds, unit="day"), seconds)
    # A column of midnights is a column of days: many programs have no other way to store a date.
    days = pc.all(midnight).as_py()
    return pc.strftime(seconds, format="%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%S")


def _crs_text(about: dict[str, Any]) -> str | None:
    """Return the system that the metadata state; a missing one is WGS84 by the specification, null is unknown."""
    if "crs" not in about:
        return "OGC:CRS84"
    return None if about["crs"] is None else json.dumps(about["crs"])


def _decode(column: pa.ChunkedArray, encoding: str, name: str) -> ObjectArray:
    import shapely

    if encoding.upper() == "WKB":
        return np.asarray(shapely.from_wkb(np.asarray(column.to_pylist(), dtype=object)), dtype=object)
    if encoding.lower() == "point":
        rows = column.combine_chunks()
        x = rows.field("x").to_numpy(zero_copy_only=False).astype(np.float64)
        y = rows.field("y").to_numpy(zero_copy_only=False).astype(np.float64)
        points = np.asarray(shapely.points(x, y), dtype=object)
        points[~np.asarray(rows.is_valid())] = None
        return points
    raise ReadError(f"{name}: geometry in the encoding {encoding}; save it with WKB")
