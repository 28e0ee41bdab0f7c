"""Tables with geometry: GeoJSON, KML, GeoPackage and FlatGeobuf.

All are WGS84, longitude before latitude, rows in the order they have, and a row without a place stays a row
without geometry. Every column goes along, the input's coordinate columns too.

**GeoJSON** is RFC 7946: coordinates to 9 decimals (0.1 mm), outer rings counter-clockwise, a ``bbox``, and no
member that the standard does not know. **KML** has one Placemark a row, its columns as text in ExtendedData;
characters that XML cannot hold become U+FFFD. **GeoPackage** and **FlatGeobuf** are made by GDAL in memory and
then written like any other file, so that a full disk or a network folder without locks does no harm; the time
of the last change that GeoPackage demands is fixed. **FlatGeobuf** is written without its spatial index, which
would reorder the rows and does not allow a row without a place.

References
----------
RFC 7946, Butler et al. 2016. OGC 12-007r2 KML 2.2. OGC 12-128r18 GeoPackage 1.3. flatgeobuf.org, version 3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import BinaryIO, Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyarrow as pa

from geo.errors import ExportError
from geo.export.cells import plain, unique_names
from geo.export.rows import Piece, blocks, concatenated, escaped, join
from geo.export.tabular import record_pieces, wkb
from geo.table import ObjectArray

COORDINATE_DECIMALS = 9
"""1e-9 degrees are 0.1 mm: the rounding of the computed columns too."""

LAYER_NAME = "contraflow"
"""Layer in a GeoPackage or FlatGeobuf. Not the file's name: the same table gives the same bytes anywhere."""

XML_SPECIAL = "[<>&\\x00-\\x08\\x0b-\\x1f\ufffe\uffff]"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NAME_COLUMNS = ("name", "event_id", "id", "record_id", "port_name", "corridor_name")
"""A Placemark is called by the first of these that the table has."""


def write_geojson(table: pa.Table, geometry: ObjectArray, sink: BinaryIO) -> None:
    """Write a FeatureCollection, one feature a line (see module).

    Parameters
    ----------
    table
        n rows, the properties.
    geometry : (n,) object array of shapely geometries or None
        WGS84 longitude and latitude.
    sink
        Binary file.
    """
    names = unique_names(table.schema.names)
    box = _bounds(geometry)
    sink.write(b'{"type":"FeatureCollection"')
    if box is not None:
        sink.write(f',"bbox":{json.dumps(box)}'.encode())
    sink.write(b',"features":[')
    for start, block in blocks(table):
        before = ["\n" if start + i == 0 else ",\n" for i in range(len(block))]
        pieces: list[Piece] = [
            pa.array(before, pa.large_string()),
            '{"type":"Feature","geometry":',
            _geojson(geometry[start : start + len(block)]),
            ',"properties":',
            *record_pieces(block, names),
            "}",
        ]
        sink.write(join(pieces))
    sink.write(b"\n]}\n")


def _bounds(geometry: ObjectArray) -> list[float] | None:
    import shapely

    if not (~(shapely.is_missing(geometry) | shapely.is_empty(geometry))).any():
        return None
    return [float(v) + 0.0 for v in np.round(shapely.total_bounds(geometry), COORDINATE_DECIMALS)]


def _geojson(geometry: ObjectArray) -> pa.Array:
    """Return geometries as GeoJSON, ``null`` where there is none or it is empty."""
    import shapely

    texts = np.full(len(geometry), "null", dtype=object)
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    if (shapely.get_type_id(geometry[present]) == 0).all() and not shapely.has_z(geometry[present]).any():
        lon, lat = _coordinate_texts(geometry[present])
        texts[present] = concatenated('{"type":"Point","coordinates":[', lon, ",", lat, "]}").to_pylist()
    else:
        shapes = [_counter_clockwise(g) for g in geometry[present]]
        rounded = shapely.transform(shapes, lambda xy: np.round(xy, COORDINATE_DECIMALS) + 0.0, include_z=None)
        texts[present] = shapely.to_geojson(rounded)
    return pa.array(texts.tolist(), pa.large_string())


def _coordinate_texts(points: ObjectArray) -> tuple[pa.Array, pa.Array]:
    import shapely

    both = np.round(shapely.get_coordinates(points), COORDINATE_DECIMALS) + 0.0
    return tuple(pa.array(np.ascontiguousarray(c)).cast(pa.large_string()) for c in both.T)


def _counter_clockwise(shape: object) -> object:
    """Return a polygon with its outer ring counter-clockwise and its holes clockwise, as RFC 7946 asks."""
    from shapely.geometry import GeometryCollection, MultiPolygon, Polygon
    from shapely.geometry.polygon import orient

    if isinstance(shape, Polygon):
        return orient(shape)
    if isinstance(shape, MultiPolygon):
        return MultiPolygon([orient(part) for part in shape.geoms])
    if isinstance(shape, GeometryCollection):
        return GeometryCollection([_counter_clockwise(part) for part in shape.geoms])
    return shape


def write_kml(table: pa.Table, geometry: ObjectArray, sink: BinaryIO) -> None:
    """Write one Placemark a row (see module); parameters as in `write_geojson`."""
    names = unique_names(table.schema.names)
    called = next((n for n in NAME_COLUMNS if n in names), None)
    fields = "".join(f'<SimpleField type="string" name={_attribute(n)}/>' for n in names)
    sink.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f'<name>{LAYER_NAME}</name><Schema name="{LAYER_NAME}" id="{LAYER_NAME}">{fields}</Schema>\n'.encode()
    )
    for start, block in blocks(table):
        pieces: list[Piece] = ["<Placemark>"]
        texts = [escaped(c.cast(pa.large_string()), _xml, XML_SPECIAL) for c in block.columns]
        if called is not None:
            pieces.append(concatenated("<name>", texts[names.index(called)], "</name>").fill_null(""))
        pieces.append(f'<ExtendedData><SchemaData schemaUrl="#{LAYER_NAME}">')
        for name, column in zip(names, texts, strict=True):
            data = concatenated(f"<SimpleData name={_attribute(name)}>", column, "</SimpleData>")
            pieces.append(data.fill_null(""))
        shapes = [_kml(g) for g in geometry[start : start + len(block)]]
        pieces += ["</SchemaData></ExtendedData>", pa.array(shapes, pa.large_string()), "</Placemark>\n"]
        sink.write(join(pieces))
    sink.write(b"</Document></kml>\n")


def _xml(text: str) -> str:
    # A bare carriage return would be read back as a line feed.
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _attribute(name: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", name), {"\r": "&#13;"})


def _kml(shape: object) -> str:
    """Return a shapely geometry as a KML element, empty where there is none."""
    from shapely.geometry import LineString, Point, Polygon
    from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

    if not isinstance(shape, BaseGeometry) or shape.is_empty:
        return ""
    if isinstance(shape, BaseMultipartGeometry):
        return f"<MultiGeometry>{''.join(_kml(part) for part in shape.geoms)}</MultiGeometry>"
    if isinstance(shape, Polygon):
        rings = [f"<outerBoundaryIs>{_kml_line('LinearRing', shape.exterior)}</outerBoundaryIs>"]
        rings += [f"<innerBoundaryIs>{_kml_line('LinearRing', r)}</innerBoundaryIs>" for r in shape.interiors]
        return f"<Polygon>{''.join(rings)}</Polygon>"
    if isinstance(shape, Point | LineString):
        return _kml_line("Point" if isinstance(shape, Point) else "LineString", shape)
    raise ExportError(f"a {shape.geom_type} has no form in KML; write .gpkg or .geojson instead")


def _kml_line(element: str, shape: object) -> str:
    import shapely

    pairs = np.round(shapely.get_coordinates(shape), COORDINATE_DECIMALS) + 0.0
    text = " ".join(f"{lon!r},{lat!r}" for lon, lat in pairs.tolist())
    return f"<{element}><coordinates>{text}</coordinates></{element}>"


def write_gdal(
    table: pa.Table,
    geometry: ObjectArray | None,
    sink: BinaryIO,
    driver: Literal["GPKG", "FlatGeobuf"],
    written: datetime | None = None,
) -> None:
    """Write a GeoPackage or FlatGeobuf through GDAL (see module).

    Parameters
    ----------
    table, geometry, sink
        As in `write_geojson`; without geometry a GeoPackage holds a plain table.
    driver
        GDAL's name of the format.
    written
        Time that a GeoPackage gives as its last change; 1970-01-01 if not given.

    Raises
    ------
    ExportError
        If GDAL refuses the table.
    """
    import pyogrio

    # Types that these formats share, text without the NUL at which GDAL's strings end.
    columns = [_without_nul(plain(c)) for c in table.columns]
    names = unique_names([n.replace("\0", "\ufffd") for n in table.schema.names], fold_case=True)
    options: dict[str, str] = {"SPATIAL_INDEX": "NO"}
    if driver == "GPKG":
        fid, shape = unique_names(["fid", "geom"], taken=names, fold_case=True)
        options = {"FID": fid, "GEOMETRY_NAME": shape, "SPATIAL_INDEX": "YES"}
    form: dict[str, object] = {}
    if geometry is not None:
        place = unique_names(["geometry"], taken=names, fold_case=True)[0]
        names.append(place)
        columns.append(pa.chunked_array([wkb(geometry)]))
        form = {"geometry_name": place, "geometry_type": _common_type(geometry), "crs": "EPSG:4326"}
    buffer = BytesIO()
    try:
        with _last_change(written or datetime(1970, 1, 1, tzinfo=UTC)):
            pyogrio.write_arrow(
                pa.Table.from_arrays(columns, names=names),
                buffer,
                driver=driver,
                layer=LAYER_NAME,
                layer_options=options,
                **form,
            )
    except RuntimeError as error:  # all errors of pyogrio are
        raise ExportError(f"{driver} cannot hold this table ({error}); write .parquet or .geojson instead") from error
    sink.write(buffer.getbuffer())


def _without_nul(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    if not pa.types.is_large_string(column.type):
        return column
    return pc.replace_substring(column, "\0", "\ufffd")


def _common_type(geometry: ObjectArray) -> str:
    """Return the one type that all geometries are, else Unknown, which every reader takes."""
    kinds = {g.geom_type + (" Z" if g.has_z else "") for g in geometry if g is not None}
    return kinds.pop() if len(kinds) == 1 else "Unknown"


@contextmanager
def _last_change(when: datetime) -> Iterator[None]:
    """Have GDAL write `when` for now."""
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": when.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
