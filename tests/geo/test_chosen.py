"""Embedded tables and the user's own files under the same names."""

from __future__ import annotations

import json

import pytest

from geo.chosen import Chosen, JoinChoices, polygons
from geo.errors import CRSError, ReadError, SchemaError, UsageError
from geo.layer import sources_of
from geo.pipeline import compose, join


def write(path, features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def square(west, south, **properties):
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return feature("Polygon", [ring], **properties)


@pytest.fixture
def point(tmp_path):
    path = tmp_path / "point.csv"
    path.write_text("id,lon,lat\nx,-110.5,31.5\n")
    return str(path)


def test_a_file_of_ones_own_takes_the_place_of_the_embedded_ports(tmp_path, point):
    ports = tmp_path / "ports.csv"
    ports.write_text("port_code,port_name,lon,lat\n9901,Mine,-110.5,31.6\n9902,Far,-100,28\n")
    chosen = Chosen(JoinChoices(ports=str(ports)))
    assert chosen.ports["port_code"].to_pylist() == ["9901", "9902"]
    assert sources_of(chosen.ports)[0].name == "ports.csv"
    joined = join([point], JoinChoices(ports=str(ports))).released.table
    assert joined["port_name"].to_pylist() == ["Mine"]
    # and the map draws them, without the traffic that they do not have
    assert any(layer["name"] == "ports" for layer in compose([point], JoinChoices(ports=str(ports))).manifest["layers"])


def test_areas_are_told_by_the_files_they_came_from(tmp_path, point):
    one = write(tmp_path / "one.geojson", [square(-111, 31, id="a")])
    two = write(tmp_path / "two.geojson", [square(-111, 31, id="b"), square(-100, 27, id="c")])
    composed = compose([point], JoinChoices(areas=((None, one), ("beat", two))))
    sources = next(layer for layer in composed.payload.index["layers"] if layer["name"] == "areas")["sources"]
    assert [(source["name"], source["rows"]) for source in sources] == [("one.geojson", 1), ("two.geojson", 2)]


@pytest.mark.parametrize(("row", "says"), [("8037,2011,-5,100", "the count is -5"), ("8037,2011,5,-1", "population")])
def test_a_count_below_zero_is_named_with_its_file_and_row(tmp_path, row, says):
    path = tmp_path / "violence.csv"
    path.write_text(f"cvegeo,year,count,population\n26043,2011,3,1000\n{row}\n")
    with pytest.raises(SchemaError, match=rf"violence\.csv, row 3: .*{says}"):
        _ = Chosen(JoinChoices(violence=str(path))).violence


def test_a_municipality_told_twice_is_refused_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "violence.csv"
    path.write_text("cvegeo,year,count,population\n26043,2011,3,1000\n26043,2011,4,1000\n")
    with pytest.raises(SchemaError, match=r"violence\.csv: municipality 26043 has more than one row"):
        _ = Chosen(JoinChoices(violence=str(path))).violence


def test_none_leaves_a_table_and_its_layer_out():
    choices = JoinChoices(ports="none", corridors="none", violence="none")
    assert [name for name in ("ports", "corridors", "violence") if name in Chosen(choices)] == []
    names = [layer["name"] for layer in compose(choices=choices).manifest["layers"]]
    assert not {"ports", "corridors", "violence"} & set(names)


def test_lines_must_be_lines(tmp_path):
    path = write(tmp_path / "c.geojson", [feature("Point", [-110, 31], id="a")])
    with pytest.raises(ReadError, match=r"c\.geojson.*Point"):
        _ = Chosen(JoinChoices(corridors=path)).corridors


def test_polygons_with_municipal_codes_become_the_violence_areas(tmp_path, point):
    path = write(tmp_path / "mun.geojson", [square(-111, 31, cvegeo="26043"), square(-110, 31, cvegeo="26039")])
    chosen = Chosen(JoinChoices(areas=((None, path),)))
    assert chosen.violence_areas.table["inegi_code"].to_pylist() == ["26043", "26039"]
    joined = join([point], JoinChoices(areas=((None, path),))).released.table
    assert joined["violence_code"].to_pylist() == ["26043"]
    assert joined["violence_distance_m"].to_pylist() == [0.0]
    manifest = compose([point], JoinChoices(areas=((None, path),))).manifest
    assert "areas" not in [layer["name"] for layer in manifest["layers"]]


def test_other_polygons_are_drawn_as_outlines_and_named_in_the_join(tmp_path, point):
    path = write(tmp_path / "beats.geojson", [square(-111, 31, id="b1", name="North beat")])
    joined = join([point], JoinChoices(areas=(("beat", path),))).released.table
    assert (joined["beat_id"][0].as_py(), joined["beat_name"][0].as_py()) == ("b1", "North beat")
    assert "areas" in [
        layer["name"] for layer in compose([point], JoinChoices(areas=(("beat", path),))).manifest["layers"]
    ]


def test_own_violence_is_smoothed_and_placed_by_its_codes(tmp_path, point):
    from geo.read import seeds

    table = seeds.table("homicides")
    codes = sorted({c for c in table["inegi_code"].to_pylist() if c.startswith("26")})
    path = tmp_path / "v.csv"
    rows = [f"{code},{k % 7},{1000 + 100 * k},2021" for k, code in enumerate(codes)]
    path.write_text("cvegeo,homicidios,poblacion,año\n" + "\n".join(rows) + "\n", encoding="utf-8")
    own = Chosen(JoinChoices(violence=str(path))).violence
    assert len(own) == len(codes)
    assert own["rate_smoothed_per_100k"].null_count == 0
    joined = join([point], JoinChoices(violence=str(path))).released.table
    assert joined["violence_year"].to_pylist() == [2021]


def test_violence_that_lacks_columns_is_told_all_of_them(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("place,n\nTijuana,3\n")
    with pytest.raises(SchemaError) as error:
        _ = Chosen(JoinChoices(violence=str(path))).violence
    for word in ("v.csv", "INEGI", "count", "population", "year"):
        assert word in str(error.value)


def test_a_year_that_is_none_is_refused():
    with pytest.raises(UsageError, match="last"):
        _ = JoinChoices(violence_year="last").year
    with pytest.raises(UsageError, match="1999"):
        compose(choices=JoinChoices(violence_year="1999"))


def test_areas_without_geometry_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,lon,lat\n1,-110,31\n")
    with pytest.raises(ReadError, match="no geometry"):
        polygons(str(path))


def test_areas_for_a_raster_must_be_polygons_too(tmp_path):
    path = write(tmp_path / "c.geojson", [square(-110, 31, id="a"), feature("Point", [-110, 31], id="b")])
    with pytest.raises(ReadError, match=r"c\.geojson, row 2: is a Point"):
        polygons(path)
    nowhere = {"type": "Feature", "properties": {"id": "n"}, "geometry": None}
    assert len(polygons(write(tmp_path / "n.geojson", [square(-110, 31, id="a"), nowhere]))[0]) == 2


def test_lines_and_areas_may_be_text_in_a_table(tmp_path, point):
    areas, lines = tmp_path / "a.csv", tmp_path / "c.csv"
    areas.write_text('id,name,wkt\nA,One,"POLYGON((-111 31,-110 31,-110 32,-111 32,-111 31))"\nB,None,\n')
    lines.write_text('corridor_id,wkt\nK,"LINESTRING(-111 31.5,-110 31.5)"\n')
    joined = join([point], JoinChoices(areas=((None, str(areas)),), corridors=str(lines))).released.table
    assert (joined["area_id"][0].as_py(), joined["area_name"][0].as_py()) == ("A", "One")
    assert joined["corridor_id"][0].as_py() == "K"
    assert len(polygons(str(areas))[0]) == 2
    areas.write_text('id,wkt\nA,"POLYGON((-111 31,-110 31,-110 32,-111 31))"\n' + "B,POLYGON((1 2\n")
    with pytest.raises(ReadError, match=r"a\.csv"):
        polygons(str(areas))
    areas.write_text('id,wkt\nA,"POLYGON((500000 3500000,510000 3500000,510000 3510000,500000 3500000))"\n')
    with pytest.raises(CRSError, match=r"a\.csv: .*not degrees"):
        polygons(str(areas))
