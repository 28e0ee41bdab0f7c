"""Write lines and areas as GeoParquet 1.1 in the encodings that need no parsing.

Coordinates are two plain float columns inside nested lists. Snapped to a grid of 2**-17 degree (under 0.9 m, an
order of magnitude finer than the sources), most of their bits are zero, and byte-stream splitting lets zstd see
it: about three bytes a coordinate. Snapping both sides of a shared edge moves them alike, so they stay shared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.table import FloatArray, ObjectArray

GRID_DEG = 2.0**-17

_ENCODINGS = {"linestring": 1, "multipolygon": 3}
"""GeoParquet encoding to the depth of its nested lists."""


def snapped(geometry: Any) -> Any:
    """Return geometry (one or an array) with every coordinate on the grid; the rings are not repaired."""
    return shapely.transform(geometry, lambda xy: np.round(xy / GRID_DEG) * GRID_DEG)


def write_features(table: pa.Table, geometry: ObjectArray, path: Path, *, snap: bool = True) -> None:
    """Write a table with a geometry column.

    Parameters
    ----------
    table
        Attributes.
    geometry : (n,) LineStrings, or Polygons and MultiPolygons
        WGS84 degrees.
    path
        The file to write.
    snap
        Round the coordinates to the grid. Not for those that are already short decimals.
    """
    shapes = snapped(geometry) if snap else geometry
    lines = shapely.get_type_id(shapes[0]) == shapely.GeometryType.LINESTRING
    encoding = "linestring" if lines else "multipolygon"
    if not lines:
        shapes = np.array([shapely.MultiPolygon(shapely.get_parts(s).tolist()) for s in shapes], dtype=object)
    _, coordinates, offsets = shapely.to_ragged_array(shapes)
    nested = _nested(coordinates, list(offsets))
    table = table.append_column("geometry", nested)
    metadata = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": encoding,
                "geometry_types": ["LineString" if lines else "MultiPolygon"],
                "bbox": [float(v) for v in shapely.total_bounds(shapes)],
            }
        },
    }
    table = table.replace_schema_metadata({b"geo": json.dumps(metadata).encode()})
    steps = "geometry" + ".list.element" * _ENCODINGS[encoding]
    floats = [f"{steps}.x", f"{steps}.y"]
    text = [f.name for f in table.schema if pa.types.is_string(f.type)]
    pq.write_table(
        table, path, compression="zstd", compression_level=19, version="2.6",
        use_dictionary=text, use_byte_stream_split=floats,
    )  # fmt: skip


def _nested(coordinates: FloatArray, offsets: list[Any]) -> pa.Array:
    """Return lists of lists of (x, y); `offsets` innermost first, as shapely gives them."""
    axes = [pa.array(coordinates[:, i], pa.float64()) for i in (0, 1)]
    nested: pa.Array = pa.StructArray.from_arrays(axes, names=["x", "y"])
    for level in offsets:
        nested = pa.ListArray.from_arrays(pa.array(level, pa.int32()), nested)
    return nested
