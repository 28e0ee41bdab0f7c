"""Reading the embedded tables: types, blanks, errors, and what is not imported on the way."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import shapely

from geo.errors import ReadError, SchemaError
from geo.read import seeds


def test_a_table_has_the_declared_columns_and_types():
    table = seeds.table("ports")
    assert table.schema.names[:2] == ["port_code", "port_name"]
    assert table["port_code"].to_pylist()[0] == "2301"
    assert table.schema.field("longitude").type == pa.float64()
    assert table.schema.field("trucks_2024").type == pa.int64()


def test_blank_is_null_and_never_zero_or_empty_text():
    crossings = seeds.table("crossings")
    rail = crossings.filter(pc.equal(crossings["crossing_id"], "SAN-RAIL-SYS"))
    assert rail["longitude"].to_pylist() == [None]
    traffic = seeds.table("port_traffic")
    assert traffic["trains"].null_count > 0
    assert 0 in traffic["trains"].to_pylist()
    assert not any("" in table[name].to_pylist() for name, table in _texts())


def _texts():
    for name in seeds.SEEDS:
        table = seeds.table(name)
        yield from ((column, table) for column, kind in seeds.SEEDS[name].columns.items() if kind == pa.string())


def test_codes_keep_their_leading_zeros():
    assert "02004" in seeds.table("homicides")["inegi_code"].to_pylist()
    assert "01" in seeds.features("mx_states").table["code"].to_pylist()
    assert all(len(code) == 5 for code in seeds.features("us_counties").table["code"].to_pylist())


def test_features_have_a_geometry_for_every_row():
    corridors = seeds.features("corridors")
    assert len(corridors) == len(corridors.geometry) == 21
    assert set(shapely.get_type_id(corridors.geometry)) == {shapely.GeometryType.LINESTRING}
    assert not shapely.is_empty(corridors.geometry).any()
    assert shapely.get_num_coordinates(corridors.geometry).tolist() == corridors.table["vertices"].to_pylist()


def test_multipolygons_keep_their_parts_and_holes(tmp_path):
    from seeds.making.geoparquet import write_features

    square, ring = shapely.box(0, 0, 1, 1), shapely.box(2, 0, 5, 3).difference(shapely.box(3, 1, 4, 2))
    shapes = np.array([shapely.MultiPolygon([square, ring]), square], dtype=object)
    write_features(pa.table({"id": ["a", "b"]}), shapes, tmp_path / "areas.parquet")
    column = pq.read_table(tmp_path / "areas.parquet")["geometry"]
    assert shapely.equals(seeds._geometries(column, "area"), shapes).all()


def test_a_geometry_file_is_standard_geoparquet():
    import geopandas

    with seeds.resources.as_file(seeds.resources.files("seeds").joinpath("us_counties.parquet")) as path:
        frame = geopandas.read_parquet(path)
    assert shapely.equals(np.asarray(frame.geometry), seeds.features("us_counties").geometry).all()
    assert frame.crs.equals("OGC:CRS84")


def test_a_table_is_read_once():
    assert seeds.table("context") is seeds.table("context")
    assert seeds.features("border") is seeds.features("border")


def test_an_unknown_name_lists_those_that_exist():
    with pytest.raises(ReadError, match="no embedded table 'port'; there are: ports, crossings"):
        seeds.table("port")


def test_a_table_without_geometry_says_how_to_read_it():
    with pytest.raises(ReadError, match=r"'ports' has no geometry; use table\('ports'\)"):
        seeds.features("ports")


def test_a_file_that_does_not_fit_its_declaration_is_refused_with_all_faults(monkeypatch):
    wrong = seeds.Seed("border.parquet", {"border_id": pa.int64(), "nowhere": pa.string()}, ("border_id",))
    monkeypatch.setitem(seeds.SEEDS, "wrong", wrong)
    with pytest.raises(SchemaError, match="border_id is string, expected int64; column nowhere is missing"):
        seeds.table("wrong")


def test_parameters_tell_what_a_computed_table_was_made_with():
    assert seeds.parameters("violence")["k"] == 8
    assert seeds.parameters("ports") == {}


def test_reading_imports_no_geodata_library():
    # pandas is not in the list: pyarrow itself looks for it at its first conversion.
    code = (
        "import sys\nfrom geo.read import seeds\n"
        "for name in seeds.SEEDS: (seeds.features if seeds.seed(name).geometry else seeds.table)(name)\n"
        "print([m for m in ('geopandas', 'pyogrio', 'pyproj', 'scipy', 'pyarrow.dataset') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
