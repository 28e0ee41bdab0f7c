"""GeoJSON, KML, GeoPackage and FlatGeobuf read back by GDAL and by their own rules."""

from __future__ import annotations

import io
import json
import sqlite3
import xml.etree.ElementTree as ET

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyogrio.raw import read

from geo.export.vector import write_gdal, write_geojson, write_kml

TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
HOLE = shapely.Polygon(
    [(-111, 31), (-111, 32), (-110, 32), (-110, 31)], [[(-110.8, 31.2), (-110.2, 31.2), (-110.2, 31.8), (-110.8, 31.8)]]
)
SHAPES = [
    shapely.Point(-110.1234567891, 31.5),
    None,
    shapely.LineString([(-110, 31), (-109.5, 31.25)]),
    HOLE,
    shapely.MultiPolygon([HOLE, shapely.box(-100, 25, -99, 26)]),
    shapely.MultiPoint([(-100, 25), (-99, 26)]),
    shapely.GeometryCollection([shapely.Point(-100, 25), shapely.box(-99, 25, -98, 26)]),
    shapely.Point(),
]


def objects(shapes):
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def as_geojson(table, geometry):
    sink = io.BytesIO()
    write_geojson(table, geometry, sink)
    return json.loads(sink.getvalue())


def by_gdal(tmp_path, table, geometry, driver):
    path = tmp_path / ("x.gpkg" if driver == "GPKG" else "x.fgb")
    with open(path, "wb") as sink:
        write_gdal(table, geometry, sink, driver)
    meta, _, shapes, columns = read(path)
    rows = [dict(zip(meta["fields"], (c[i] for c in columns), strict=True)) for i in range(len(table))]
    shapes = [None] * len(table) if shapes is None else [None if s is None else shapely.from_wkb(s) for s in shapes]
    return meta, rows, shapes


def test_geojson_is_what_rfc_7946_says():
    found = as_geojson(pa.table({"id": [str(i) for i in range(len(SHAPES))]}), objects(SHAPES))
    assert set(found) == {"type", "bbox", "features"}, "no foreign member"
    assert found["bbox"] == [-111.0, 25.0, -98.0, 32.0]
    features = found["features"]
    assert [set(f) for f in features] == [{"type", "geometry", "properties"}] * len(SHAPES)
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [-110.123456789, 31.5]}
    assert features[1]["geometry"] is None
    assert features[-1]["geometry"] is None, "an empty place is none"
    outer, hole = (shapely.LinearRing(r) for r in features[3]["geometry"]["coordinates"])
    assert outer.is_ccw
    assert not hole.is_ccw
    for feature, shape in zip(features[2:7], SHAPES[2:7], strict=True):
        assert shapely.equals(shapely.from_geojson(json.dumps(feature["geometry"])), shape)


def test_geojson_of_points_alone_and_of_no_place(hostile):
    n = len(hostile)
    lon, lat = np.linspace(-117, -97, n), np.linspace(25, 32, n)
    geometry = shapely.points(lon, lat).astype(object)
    geometry[3] = None
    found = as_geojson(hostile, geometry)
    assert [f["properties"] for f in found["features"]] == hostile.to_pylist()
    assert found["features"][3]["geometry"] is None
    coordinates = np.array([f["geometry"]["coordinates"] for f in found["features"] if f["geometry"]])
    assert np.abs(coordinates - np.delete(np.c_[lon, lat], 3, axis=0)).max() <= 5.1e-10
    assert as_geojson(pa.table({"a": ["x"]}), objects([None])) == {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": None, "properties": {"a": "x"}}],
    }
    assert as_geojson(pa.table({"a": pa.array([], pa.string())}), objects([]))["features"] == []


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf"])
def test_gdal_reads_back_values_shapes_and_order(tmp_path, hostile, driver):
    n = len(hostile)
    geometry = objects([SHAPES[i % 5] for i in range(n)])
    meta, rows, shapes = by_gdal(tmp_path, hostile, geometry, driver)
    assert meta["crs"] == "EPSG:4326"
    for row, expected in zip(rows, hostile.to_pylist(), strict=True):
        assert row["text"] == expected["text"]
        assert row["turned"] == expected["turned"]
        assert (None if np.isnan(row["count"]) else row["count"]) == expected["count"]
        assert (None if np.isnan(row["share"]) else row["share"]) == expected["share"]
    assert all((a is None and b is None) or shapely.equals(a, b) for a, b in zip(shapes, geometry, strict=True))


@settings(max_examples=15)
@given(data=st.data())
def test_a_geopackage_holds_a_table_as_it_was(tmp_path_factory, tables, data):
    table = data.draw(tables(TEXT, min_rows=1))
    path = tmp_path_factory.mktemp("gpkg") / "x.gpkg"
    with open(path, "wb") as sink:
        write_gdal(table, None, sink, "GPKG")
    base = sqlite3.connect(path)
    try:
        rows = base.execute("SELECT text, whole, float, flag FROM contraflow ORDER BY fid").fetchall()
        (day,) = base.execute("SELECT last_change FROM gpkg_contents").fetchone()
    finally:
        base.close()
    assert [list(r) for r in rows] == [list(r.values()) for r in table.to_pylist()]
    assert day == "1970-01-01T00:00:00.000Z", "no time of writing"


def test_a_geopackage_takes_any_column_names(tmp_path):
    names = ["fid", "geom", "FID", "Lat", "LAT", "", 'x"; DROP TABLE contraflow;--', "ñ", "geometry"]
    table = pa.table([[f"v{i}"] for i in range(len(names))], names=names)
    meta, rows, shapes = by_gdal(tmp_path, table, objects([shapely.Point(1, 2)]), "GPKG")
    assert list(meta["fields"]) == ["fid", "geom", "FID_2", "Lat", "LAT_2", "column_6", names[6], "ñ", "geometry"]
    assert list(rows[0].values()) == [f"v{i}" for i in range(len(names))]
    assert shapes[0].equals(shapely.Point(1, 2))


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf"])
def test_no_rows_and_no_places(tmp_path, driver):
    _, rows, _ = by_gdal(tmp_path, pa.table({"a": pa.array([], pa.string())}), objects([]), driver)
    assert rows == []
    _, rows, shapes = by_gdal(tmp_path, pa.table({"a": ["x", "y"]}), objects([None, None]), driver)
    assert [r["a"] for r in rows] == ["x", "y"]
    assert shapes == [None, None]


def test_gdal_is_left_as_it_was(tmp_path):
    by_gdal(tmp_path, pa.table({"a": ["x"]}), None, "GPKG")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


KML = "{http://www.opengis.net/kml/2.2}"


def as_kml(table, geometry):
    sink = io.BytesIO()
    write_kml(table, geometry, sink)
    return sink.getvalue()


def test_kml_has_a_placemark_a_row_with_its_columns(hostile):
    root = ET.fromstring(as_kml(hostile, objects([SHAPES[0]] * len(hostile))))
    placemarks = root.findall(f"{KML}Document/{KML}Placemark")
    assert len(placemarks) == len(hostile)
    for placemark, expected in zip(placemarks, hostile["text"].to_pylist(), strict=True):
        found = {d.get("name"): d.text or "" for d in placemark.iter(f"{KML}SimpleData")}
        printable = "".join("\ufffd" if (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in expected)
        assert found["text"] == printable
        assert placemark.find(f"{KML}Point/{KML}coordinates").text == "-110.123456789,31.5"
    schema = [f.get("name") for f in root.iter(f"{KML}SimpleField")]
    assert schema == hostile.schema.names


def test_kml_shapes_are_those_that_gdal_reads(tmp_path):
    path = tmp_path / "x.kml"
    path.write_bytes(as_kml(pa.table({"event_id": [f"E{i}" for i in range(len(SHAPES))]}), objects(SHAPES)))
    _, _, shapes, _ = read(path)
    assert len(shapes) == len(SHAPES)
    for found, shape in zip(shapes, SHAPES, strict=True):
        if shape is None or shape.is_empty:
            assert found is None
        else:
            assert shapely.equals_exact(shapely.normalize(shapely.from_wkb(found)), shapely.normalize(shape), 1e-9)
    root = ET.fromstring(path.read_bytes())
    assert [p.findtext(f"{KML}name") for p in root.iter(f"{KML}Placemark")] == [f"E{i}" for i in range(len(SHAPES))]
