"""One table in every format: the same columns and places come back. And files that are none."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from geo.clean import locate
from geo.errors import CRSError, ReadError, UsageError
from geo.read import ReadOptions, from_table, read

PLACES = ["Cd. Juárez", "Nogales", "El Paso"]
LON, LAT = np.array([-106.48, -110.95, -106.4]), np.array([31.74, 31.33, 31.76])


@pytest.fixture(scope="module")
def points():
    attributes = {"id": ["a", "b", "c"], "place": PLACES, "kg": [1.5, 2.25, np.nan], "n": [1, 2, 3]}
    return gpd.GeoDataFrame(attributes, geometry=gpd.points_from_xy(LON, LAT), crs=4326)


def table_of(points):
    plain = pd.DataFrame(points.drop(columns="geometry"))
    plain["lon"], plain["lat"] = LON, LAT
    return plain


def shapefile(points, folder, encoding="cp1252", without=(".cpg",)):
    points.to_file(folder / "p.shp", encoding=encoding)
    for suffix in without:
        (folder / f"p{suffix}").unlink()
    return folder / "p.shp"


def zipped(folder, stem, target, inner=""):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob(f"{stem}.*")):
            if path != target:
                archive.write(path, f"{inner}{path.name.upper()}")
    return target


WRITERS = {
    "csv": lambda p, d: table_of(p).to_csv(d / "p.csv", index=False) or d / "p.csv",
    "xlsx": lambda p, d: table_of(p).to_excel(d / "p.xlsx", index=False, startrow=2) or d / "p.xlsx",
    "json": lambda p, d: table_of(p).to_json(d / "p.json", orient="records") or d / "p.json",
    "json split": lambda p, d: table_of(p).to_json(d / "p.json", orient="split") or d / "p.json",
    "json lines": lambda p, d: table_of(p).to_json(d / "p.json", orient="records", lines=True) or d / "p.json",
    "parquet": lambda p, d: table_of(p).to_parquet(d / "p.parquet") or d / "p.parquet",
    "geoparquet": lambda p, d: p.to_crs(32613).to_parquet(d / "p.parquet") or d / "p.parquet",
    "geoparquet arrow": lambda p, d: p.to_parquet(d / "p.parquet", geometry_encoding="geoarrow") or d / "p.parquet",
    "geojson": lambda p, d: p.to_file(d / "p.geojson") or d / "p.geojson",
    "geopackage": lambda p, d: p.to_crs(6372).to_file(d / "p.gpkg") or d / "p.gpkg",
    "flatgeobuf": lambda p, d: p.to_file(d / "p.fgb", SPATIAL_INDEX="NO") or d / "p.fgb",
    "kml": lambda p, d: p.to_file(d / "p.kml", driver="LIBKML") or d / "p.kml",
    "shapefile": lambda p, d: shapefile(p.to_crs(2278), d),
    "shapefile without prj": lambda p, d: shapefile(p, d, without=(".cpg", ".prj")),
    "shapefile utf-8": lambda p, d: shapefile(p, d, "utf-8"),
    "zipped shapefile": lambda p, d: zipped(shapefile(p, d).parent, "p", d / "out.zip", "some folder/"),
}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_same_points_in_every_format(form, points, tmp_path):
    path = WRITERS[form](points, tmp_path)
    # The content decides, not the name.
    if path.suffix not in (".shp", ".kml", ".zip"):
        path = path.rename(path.with_suffix(".data"))
    reading = read(path)
    located = locate(reading)
    np.testing.assert_allclose(located.longitude, LON, atol=1e-6)
    np.testing.assert_allclose(located.latitude, LAT, atol=1e-6)
    assert reading.table["place"].to_pylist() == PLACES
    kg = [None if v in (None, "") else float(v) for v in reading.table["kg"].to_pylist()]
    assert kg == [1.5, 2.25, None]
    assert [int(v) for v in reading.table["n"].to_pylist()] == [1, 2, 3]
    assert reading.row_numbers.tolist() == {"csv": [2, 3, 4], "xlsx": [4, 5, 6]}.get(form, [1, 2, 3])


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_kmz_is_a_zipped_kml(points, tmp_path):
    points.to_file(tmp_path / "doc.kml", driver="LIBKML")
    with zipfile.ZipFile(tmp_path / "p.kmz", "w") as archive:
        archive.write(tmp_path / "doc.kml", "doc.kml")
    reading = read(tmp_path / "p.kmz")
    assert (reading.format, len(reading), reading.name) == ("kmz", 3, "p.kmz")


def test_kml_gives_its_data_back_under_their_own_names(points, tmp_path):
    """GDAL makes up an id for each placemark that has none, and calls data named like a field id2 or name2."""
    from geo.export.write import write
    from geo.privacy.release import release_table

    points.drop(columns="id").to_file(tmp_path / "p.kml", driver="LIBKML")
    assert "id" not in read(tmp_path / "p.kml").table.schema.names
    own = tmp_path / "own.kml"
    table = pa.table({"id": ["a", "b"], "name": PLACES[:2], "longitude": LON[:2], "latitude": LAT[:2]})
    write(release_table(table, table.schema.names), own)
    back = read(own).table
    assert back["id"].to_pylist() == ["a", "b"]
    assert back["name"].to_pylist() == PLACES[:2]
    own.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark id="spot-9"><Point>'
        "<coordinates>-106,31</coordinates></Point></Placemark></Document></kml>"
    )
    assert read(own).table["id"].to_pylist() == ["spot-9"]


def test_gpx_waypoints(tmp_path):
    path = tmp_path / "p.gpx"
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="31.74" lon="-106.48"><name>Juárez</name><time>2011-03-14T22:15:00Z</time></wpt></gpx>',
        "utf-8",
    )
    reading = read(path)
    assert reading.table["time"].to_pylist() == ["2011-03-14T22:15:00Z"]
    assert locate(reading).longitude.tolist() == [-106.48]


def test_a_frame_in_memory(points):
    table = pa.Table.from_pandas(table_of(points), preserve_index=False)
    reading = from_table(table, "frame")
    assert locate(reading).longitude.tolist() == LON.tolist()
    assert reading.roles["place"] == "place"


def test_dates_of_typed_formats_become_text(tmp_path):
    days = pd.to_datetime(["2011-03-14", None])
    times = pd.to_datetime(["2011-03-14 22:15", "2012-01-01 00:00"])
    frame = pd.DataFrame({"lon": [-106.0, -107.0], "lat": [31.0, 31.5], "day": days, "time": times})
    frame.to_parquet(tmp_path / "p.parquet")
    frame.to_excel(tmp_path / "p.xlsx", index=False)
    for name in ("p.parquet", "p.xlsx"):
        table = read(tmp_path / name).table
        assert table["day"].to_pylist() == ["2011-03-14", None]
        assert table["time"].to_pylist()[0] == "2011-03-14T22:15:00"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_metres_need_a_system(points, tmp_path):
    path = shapefile(points.to_crs(32613), tmp_path, without=(".prj",))
    with pytest.raises(CRSError, match=r"p.shp: coordinates such as 359,\d+, 3,512,\d+ are not degrees.*EPSG:32613"):
        read(path)
    located = locate(read(path, ReadOptions(crs="EPSG:32613")))
    np.testing.assert_allclose(located.longitude, LON, atol=1e-6)
    with pytest.raises(UsageError, match="--crs EPSG:99999999: no such reference system"):
        read(path, ReadOptions(crs="EPSG:99999999"))


def test_several_layers_or_sheets_must_be_chosen(points, tmp_path):
    for layer in ("first", "second"):
        points.to_file(tmp_path / "two.gpkg", layer=layer)
    with pytest.raises(ReadError, match=r"two.gpkg: has the layers first, second; choose one with --sheet"):
        read(tmp_path / "two.gpkg")
    assert len(read(tmp_path / "two.gpkg", ReadOptions(sheet="second"))) == 3
    assert len(read(tmp_path / "two.gpkg", ReadOptions(sheet="1"))) == 3
    with pytest.raises(UsageError, match=r"--sheet third: two.gpkg has the layers first, second"):
        read(tmp_path / "two.gpkg", ReadOptions(sheet="third"))
    with pd.ExcelWriter(tmp_path / "two.xlsx") as book:
        for sheet in ("Datos", "More"):
            table_of(points).to_excel(book, sheet_name=sheet, index=False)
    with pytest.raises(ReadError, match=r"two.xlsx: has the sheets Datos, More; choose one with --sheet"):
        read(tmp_path / "two.xlsx")
    assert len(read(tmp_path / "two.xlsx", ReadOptions(sheet="Datos"))) == 3


def test_a_long_sheet_among_notes_is_found(points, tmp_path):
    with pd.ExcelWriter(tmp_path / "p.xlsx") as book:
        pd.DataFrame({"note": ["read me"], "by": ["us"]}).to_excel(book, sheet_name="About", index=False)
        pd.concat([table_of(points)] * 5).to_excel(book, sheet_name="Data", index=False)
    reading = read(tmp_path / "p.xlsx")
    assert len(reading) == 15
    assert reading.guess("sheet").value == "Data"


def test_topojson(tmp_path):
    square = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]
    topology = {
        "type": "Topology", "transform": {"scale": [0.1, 0.1], "translate": [-107, 31]}, "arcs": [square],
        "objects": {"areas": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0]], "properties": {"name": "one"}},
            {"type": "Point", "coordinates": [5, 5], "properties": {"name": "two"}},
        ]}},
    }  # fmt: skip
    (tmp_path / "t.json").write_text(json.dumps(topology))
    reading = read(tmp_path / "t.json")
    assert reading.format == "topojson"
    assert reading.geometry[0].bounds == pytest.approx((-107, 31, -106, 32))
    assert (reading.geometry[1].x, reading.geometry[1].y) == pytest.approx((-106.5, 31.5))
    assert reading.table["name"].to_pylist() == ["one", "two"]


def test_geojson_of_all_kinds(tmp_path):
    def feature(geometry, **properties):
        return {"type": "Feature", "geometry": geometry, "properties": properties}

    features = [
        feature({"type": "Point", "coordinates": [-106.48, 31.74, 1100]}, a=1, b={"c": "deep"}, d=[1, 2]),
        feature(None, a=None),
        feature({"type": "LineString", "coordinates": [[-106, 31], [-107, 32]]}, a=2.5),
        feature({"type": "Point", "coordinates": []}),
        feature({"type": "MultiPoint", "coordinates": [[-106, 31]]}),
    ]
    (tmp_path / "p.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    reading = read(tmp_path / "p.geojson")
    assert reading.table.to_pydict() == {
        "a": [1, None, 2.5, None, None],
        "b.c": ["deep", None, None, None, None],
        "d": ["[1, 2]", None, None, None, None],
    }
    located = locate(reading)
    assert np.isfinite(located.longitude).tolist() == [True, False, False, False, True]
    assert located.problems.by_reason() == {"missing": 2, "not_a_point": 1}
    assert not reading.geometry[0].has_z


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("e.csv", b"", "e.csv: is empty"),
        ("h.csv", b"<html><body>Sign in</body></html>", "h.csv: is a web page"),
        ("b.csv", bytes(range(256)) * 9, "b.csv: is a binary file"),
        ("z.zip", b"PK\x03\x04garbage", "z.zip: not a whole zip file"),
        ("x.xlsx", b"PK\x03\x04garbage", "x.xlsx: not a whole zip file"),
        ("j.json", b'{"a":\n [1,', r"j.json, row 2: not valid JSON"),
        ("k.json", b'{"a": 1}', "k.json: JSON without records"),
        ("g.geojson", b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": ["x", 1]}}', "feature 1: "),
        ("p.parquet", b"PAR1 and no more", "p.parquet: not a whole Parquet file"),
        ("g.gpkg", b"SQLite format 3\x00" + bytes(200), "g.gpkg: cannot be read"),
        ("s.shp", b"\x00\x00\x27\x0a" + bytes(96), "s.shp: its s.dbf is missing"),
        ("o.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "o.xls: not a whole workbook"),
        ("r.tif", b"II*\x00" + bytes(50), "r.tif: is a raster; give it with --raster"),
    ],
)
def test_what_cannot_be_read_says_so_in_one_line(name, content, says, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=says) as caught:
        read(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_missing_files_and_folders(tmp_path):
    (tmp_path / "points.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ReadError, match=r"no such file; did you mean points.csv\?"):
        read(tmp_path / "point.csv")
    with pytest.raises(ReadError, match="is a folder; name a file in it"):
        read(tmp_path)
    with pytest.raises(ReadError, match="there is no folder"):
        read(tmp_path / "nowhere" / "x.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "p.csv")
    with pytest.raises(ReadError, match="is a pipe or a device"):
        read(tmp_path / "p.csv")


def test_zip_of_one_table_of_none_and_of_two(tmp_path):
    def pack(name, **files):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for inner, text in files.items():
                archive.writestr(inner.replace("_", "."), text)
        return tmp_path / name

    assert read(pack("a.zip", p_csv="lon,lat\n-106,31\n", readme_md="x")).table["lon"].to_pylist() == ["-106"]
    with pytest.raises(ReadError, match=r"holds a.csv, b.csv; unpack it and name one of them"):
        read(pack("b.zip", a_csv="x", b_csv="y"))
    with pytest.raises(ReadError, match="holds no table or layer"):
        read(pack("c.zip", readme_md="x"))


def test_folders_in_a_zip_are_not_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("case 17/informant/p.csv", "lon,lat\n-106,31\n")
    assert read(tmp_path / "z.zip").guess("file in the zip").value == "p.csv"


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("p.csv", bytes(200 << 20))
    shutil.copy(tmp_path / "bomb.zip", tmp_path / "bomb.xlsx")
    for name in ("bomb.zip", "bomb.xlsx"):
        with pytest.raises(ReadError, match=r"unpacks to 0.2 GB"):
            read(tmp_path / name)


@pytest.mark.data
def test_public_boundaries(public_data):
    states = read(public_data / "boundaries" / "estatal_shp" / "estatal.shp")
    assert len(states) == 32
    assert "Michoacán" in " ".join(states.table["NOM_ENT"].to_pylist())
    # 193 attributes and the geometry.
    assert states.table.num_columns == 193
    assert states.table["P15SEC_IN"].type == pa.string()
    for name, rows in (
        ("mx_states.geojson", 32),
        ("mx_municipalities.geojson", 2436),
        ("ne_50m_us_states.geojson", 51),
    ):
        assert len(read(public_data / "boundaries" / name)) == rows
    with pytest.raises(ReadError, match="has the layers states, municipalities; choose one with --sheet"):
        read(public_data / "boundaries" / "mx_tj.json")
    both = [read(public_data / "boundaries" / n, ReadOptions(sheet=s)) for n, s in
            (("mx_tj.json", "municipalities"), ("mx_municipalities.geojson", None))]  # fmt: skip
    area = [sum(g.area for g in r.geometry) for r in both]
    assert area[0] == pytest.approx(area[1], rel=1e-3)


def test_half_a_character_in_json_does_not_stop_it(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(rb'[{"id": "a\ud83db", "\udc00k": "\ud83d\ude00", "lon": -106.4, "lat": 31.7}]')
    table = read(path).table
    assert table["id"].to_pylist() == ["a\ufffdb"]
    assert table["\ufffdk"].to_pylist() == ["\U0001f600"]


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="names of files are Unicode here")
def test_a_file_whose_name_is_no_unicode(tmp_path, run_cli):
    """As unpacked from an archive that was made on another system."""
    folder = os.fsencode(tmp_path)
    with open(folder + b"/decomisos_\xe9.csv", "w") as file:
        file.write("id,lon,lat,kg\na,-106.4,31.7,x\nb,0,0,2\n")
    path = os.fsdecode(folder + b"/decomisos_\xe9.csv")
    assert read(path).name == "decomisos_\ufffd.csv"
    run_cli("map", path, "-o", tmp_path / "m.html")
    assert "decomisos_\ufffd.csv" in (tmp_path / "m.html").read_text(encoding="utf-8")
    run_cli("join", path, "-o", tmp_path / "j.gpkg", "--rejects", tmp_path / "r.csv")
    assert "decomisos_\ufffd.csv, row 3" in (tmp_path / "r.csv").read_text(encoding="utf-8")
    run_cli("convert", path, "-o", tmp_path / "c.csv")
    wrong = os.fsdecode(b"\xe9")
    assert "no text" in run_cli("join", path, "-o", "-", "--where", f"id = '{wrong}'", code=2).stderr
    run_cli("map", path, "-o", tmp_path / "m.html", "--title", wrong, "--subtitle", wrong)
