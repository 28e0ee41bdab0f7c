"""Tables without geometry: CSV, JSON and Parquet.

**CSV**: UTF-8, a header, comma, RFC 4180 quoting only where it is needed, LF at the end of a line. Text of the
input leaves byte for byte as it came; null and empty text are both empty; true and false are words; numbers are
the shortest text that reads back as the same double. A value that begins with ``=`` stays what it is.

**JSON**: an array of records, one a line, every record with every key. NaN and infinity, which JSON cannot
say, are null.

**Parquet**: Arrow types as they are (dictionaries decoded), zstd, without the metadata of the input. With
geometry it is GeoParquet 1.1: WKB in longitude and latitude (OGC:CRS84).

None of them holds the time of writing: the same table gives the same bytes.

References
----------
RFC 4180, Shafranovich 2005. RFC 8259, Bray 2017. GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import json
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from geo.export.cells import unique_names
from geo.export.rows import Piece, blocks, concatenated, escaped, join, number_texts
from geo.table import ObjectArray

_EMPTY_CELL = '""'
CSV_SPECIAL = '[",\r\n]'
JSON_SPECIAL = r'["\\\x00-\x1f]'


class Sink(Protocol):
    """Whatever bytes can be written to: a file, or standard output."""

    def write(self, data: bytes, /) -> object:
        """Write all of `data`."""
        ...


def write_csv(table: pa.Table, sink: Sink | BinaryIO) -> None:
    """Write a table as CSV (see module). Column names are written as they are, also blank or repeated ones."""
    # A row of one empty cell would be an empty line, which readers skip: it is written as "".
    empty = _EMPTY_CELL if len(table.schema) == 1 else ""
    header = ",".join(_csv_cell(name) for name in table.schema.names)
    sink.write(f"{header or empty}\n".encode())
    for _, block in blocks(table):
        pieces: list[Piece] = []
        for column in block.columns:
            pieces += [_csv_texts(column, empty), ","]
        if pieces:
            sink.write(join([*pieces[:-1], "\n"]))


def _csv_cell(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if quoted != text or any(c in text for c in ",\r\n") else text


def _csv_texts(column: pa.Array, empty: str) -> pa.Array:
    if not pa.types.is_large_string(column.type):
        return number_texts(column, infinite=True).fill_null(empty)
    texts = escaped(column, _csv_cell, CSV_SPECIAL).fill_null(empty)
    return pc.if_else(pc.equal(texts, ""), empty, texts) if empty else texts


def json_texts(column: pa.Array) -> pa.Array:
    """Return a plain column as JSON values."""
    if not pa.types.is_large_string(column.type):
        return number_texts(column).fill_null("null")
    return concatenated('"', escaped(column, lambda t: json_text(t)[1:-1], JSON_SPECIAL), '"').fill_null("null")


def json_text(text: str) -> str:
    """Return text as a JSON string, in quotes."""
    return json.dumps(text, ensure_ascii=False)


def record_pieces(block: pa.RecordBatch, names: list[str]) -> list[Piece]:
    """Return the pieces of one JSON object a row."""
    pieces: list[Piece] = []
    for name, column in zip(names, block.columns, strict=True):
        pieces += [f"{',' if pieces else '{'}{json_text(name)}:", json_texts(column)]
    return [*pieces, "}"] if pieces else ["{}"]


def write_json(table: pa.Table, sink: Sink | BinaryIO) -> None:
    """Write a table as a JSON array of records (see module)."""
    names = unique_names(table.schema.names)
    sink.write(b"[")
    for start, block in blocks(table):
        first = pa.array(["\n" if start + i == 0 else ",\n" for i in range(len(block))], pa.large_string())
        sink.write(join([first, *record_pieces(block, names)]))
    sink.write(b"\n]\n")


def write_parquet(table: pa.Table, geometry: ObjectArray | None, sink: BinaryIO) -> None:
    """Write a table as Parquet, with `geometry` as GeoParquet (see module).

    Parameters
    ----------
    table
        n rows.
    geometry : (n,) object array of shapely geometries or None
        WGS84 longitude and latitude; a row of None has no place.
    sink
        Binary file.
    """
    from pyarrow import parquet

    columns = [c.cast(c.type.value_type) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    names = unique_names(table.schema.names)
    metadata = None
    if geometry is not None:
        name = unique_names(["geometry"], taken=names)[0]
        columns.append(wkb(geometry))
        names.append(name)
        metadata = {"geo": _geo_metadata(name, geometry)}
    clean = pa.Table.from_arrays(
        columns, schema=pa.schema(zip(names, (c.type for c in columns), strict=True), metadata)
    )
    parquet.write_table(clean, sink, compression="zstd", row_group_size=131_072)


def wkb(geometry: ObjectArray) -> pa.Array:
    """Return geometries as well-known binary, little-endian; null where there is none."""
    import shapely

    return pa.array(list(shapely.to_wkb(geometry, byte_order=1, flavor="iso")), pa.binary())


def _geo_metadata(name: str, geometry: ObjectArray) -> str:
    import shapely

    placed = geometry[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))]
    kinds = {g.geom_type + (" Z" if g.has_z else "") for g in placed}
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": sorted(kinds)}
    if len(placed):
        column["bbox"] = [float(v) for v in shapely.total_bounds(placed)]
    # Without "crs" the coordinates are OGC:CRS84, longitude and latitude on WGS84.
    return json.dumps({"version": "1.1.0", "primary_column": name, "columns": {name: column}}, sort_keys=True)
