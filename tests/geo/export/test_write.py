"""One function for all formats: names, refusals, the gate, and the same bytes twice."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely

from geo.errors import ExportError, PrivacyError, UsageError
from geo.export.write import FORMATS, format_of, write


@pytest.fixture
def joined():
    """Return a small joined table: the input's text columns, then computed ones."""
    return pa.table(
        {
            "id": ["1", "2", "3"],
            "lon": ["-110.5", "", "-97.25"],
            "lat": ["31.25", "", "25.50"],
            "kilos": ["1.50", "2", ""],
            "longitude": [-110.5, None, -97.25],
            "latitude": [31.25, None, 25.5],
            "port_code": ["2604", None, "2301"],
            "port_distance_m": [1234.56789, None, 0.1 + 0.2],
        }
    )


COMPUTED = ("port_code", "port_distance_m")


@pytest.mark.parametrize("name", list(FORMATS))
def test_same_table_same_bytes_whatever_the_name_and_the_time(tmp_path, joined, released, name):
    for folder, stem in (("a", "first"), ("b", "second")):
        (tmp_path / folder).mkdir()
        write(released(joined, computed=COMPUTED), tmp_path / folder / f"{stem}.{name}")
    first, second = (tmp_path / "a" / f"first.{name}").read_bytes(), (tmp_path / "b" / f"second.{name}").read_bytes()
    assert first == second
    assert first
    assert str(datetime.now(tz=UTC).year).encode() + b"-" not in first, "no time of writing"


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_existing_output_is_replaced_and_nothing_else_is_left(tmp_path, joined, released, name):
    path = tmp_path / f"out.{name}"
    path.write_bytes(b"something else" * 10_000)
    write(released(joined), path)
    once = path.read_bytes()
    write(released(joined), path)
    assert path.read_bytes() == once
    assert os.listdir(tmp_path) == [path.name]


def test_csv_keeps_the_input_and_rounds_what_was_computed(tmp_path, joined, released):
    write(released(joined, computed=COMPUTED), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == (
        "id,lon,lat,kilos,longitude,latitude,port_code,port_distance_m\n"
        "1,-110.5,31.25,1.50,-110.5,31.25,2604,1234.5679\n"
        "2,,,2,,,,\n"
        "3,-97.25,25.50,,-97.25,25.5,2301,0.3\n"
    )


def test_typed_formats_make_numbers_of_text_that_is_all_numbers(tmp_path, joined, released):
    write(released(joined, computed=COMPUTED), tmp_path / "out.json")
    first, second, third = json.loads((tmp_path / "out.json").read_text())
    assert first["kilos"] == 1.5
    assert first["lon"] == -110.5
    assert second["lon"] is None
    assert [r["id"] for r in (first, second, third)] == ["1", "2", "3"], "an identifier"
    assert first["port_code"] == "2604"
    assert third["port_distance_m"] == 0.3


@pytest.mark.parametrize("name", ["gpkg", "fgb", "geojson"])
def test_coordinates_make_points_and_a_row_without_a_place_stays(tmp_path, joined, released, name):
    write(released(joined), tmp_path / f"out.{name}")
    # Without Arrow: GDAL's own Arrow reader of FlatGeobuf fails on a row without a place.
    found = pyogrio.read_dataframe(tmp_path / f"out.{name}", use_arrow=False)
    assert [None if g is None else (g.x, g.y) for g in found.geometry] == [(-110.5, 31.25), None, (-97.25, 25.5)]
    assert found["port_code"].tolist()[0] == "2604"
    assert found.crs.to_epsg() == 4326


def test_geometry_of_its_own_comes_before_coordinates(tmp_path, joined, released):
    geometry = np.array([shapely.box(0, 0, 1, 1), None, shapely.Point(1, 2)], dtype=object)
    write(released(joined, geometry), tmp_path / "out.geojson")
    kinds = [
        f["geometry"] and f["geometry"]["type"] for f in json.loads((tmp_path / "out.geojson").read_text())["features"]
    ]
    assert kinds == ["Polygon", None, "Point"]


def test_a_table_without_places_is_written_in_every_format(tmp_path, released):
    for name in FORMATS:
        write(released(pa.table({"a": ["x"], "n": [1]})), tmp_path / f"out.{name}")
    assert len(os.listdir(tmp_path)) == len(FORMATS)


def test_a_time_that_was_given_is_the_one_in_a_geopackage(tmp_path, joined, released):
    write(released(joined), tmp_path / "out.gpkg", written=datetime(2011, 3, 14, tzinfo=UTC))
    base = sqlite3.connect(tmp_path / "out.gpkg")
    try:
        assert base.execute("SELECT last_change FROM gpkg_contents").fetchone() == ("2011-03-14T00:00:00.000Z",)
    finally:
        base.close()


def test_a_dash_is_csv_on_standard_output(joined, released, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    write(released(pa.table({"place": ["Juárez"]})), "-")
    assert out.buffer.getvalue() == "place\nJuárez\n".encode()


def test_standard_output_that_takes_nothing_is_told_as_that(released, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _bytes):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Full()))
    with pytest.raises(ExportError, match=r"standard output: could not be written \(No space left"):
        write(released(pa.table({"place": ["x"]})), "-")


def test_the_format_follows_the_extension_or_is_given(tmp_path, joined, released):
    assert format_of("A.GeoJSON") == "geojson"
    assert format_of("x.dat", "csv") == "csv"
    assert format_of("x.dat", ".CSV") == "csv"
    write(released(joined), tmp_path / "out.dat", format="json")
    assert len(json.loads((tmp_path / "out.dat").read_text())) == 3
    with pytest.raises(UsageError, match=r"no format \.shp for tables; use one of \.csv \.xlsx .*\.kml"):
        format_of("x.shp")
    with pytest.raises(UsageError, match="no extension"):
        format_of("result")
    with pytest.raises(UsageError, match=r"-o - writes CSV"):
        format_of("-", "json")


def test_only_what_passed_the_gate_is_written(tmp_path, joined):
    with pytest.raises(PrivacyError, match="release_table"):
        write(joined, tmp_path / "out.csv")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_input_is_never_overwritten(tmp_path, joined, released, name):
    path = tmp_path / f"points.{name}"
    path.write_bytes(b"the input")
    with pytest.raises(UsageError, match="is an input"):
        write(released(joined), path, inputs=[str(path)])
    assert path.read_bytes() == b"the input"


def test_a_limit_of_the_format_names_the_file_and_leaves_nothing(tmp_path, released):
    path = tmp_path / "out.xlsx"
    with pytest.raises(ExportError, match=r"out\.xlsx: row 1, column note: .*write \.csv"):
        write(released(pa.table({"note": ["x" * 40_000]})), path)
    assert os.listdir(tmp_path) == []
