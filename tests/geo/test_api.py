"""The Python API: frames in, frames out, the same answers as the command line."""

from __future__ import annotations

from html import unescape

import geopandas
import pandas
import pytest

import contraflow


@pytest.fixture
def frame():
    return pandas.DataFrame({"id": ["a", "b"], "lon": [-110.97, -99.51], "lat": [31.34, 27.5]})


def test_join_takes_a_frame_and_gives_a_geodataframe(frame):
    joined = contraflow.join(frame, violence="none")
    assert isinstance(joined, geopandas.GeoDataFrame)
    assert list(joined.id) == ["a", "b"]
    assert list(joined.port_name) == ["Nogales", "Laredo"]
    assert joined.crs.to_epsg() == 4326


def test_a_geodataframe_in_metres_is_brought_to_degrees(frame):
    points = geopandas.GeoDataFrame(
        frame[["id"]], geometry=geopandas.points_from_xy(frame.lon, frame.lat), crs=4326
    ).to_crs(32612)
    joined = contraflow.join(points, violence="none")
    assert list(joined.port_name) == ["Nogales", "Laredo"]
    assert joined.geometry.x.round(6).tolist() == [-110.97, -99.51]


def test_a_geodataframe_without_a_system_is_refused(frame):
    points = geopandas.GeoDataFrame(frame[["id"]], geometry=geopandas.points_from_xy(frame.lon, frame.lat))
    with pytest.raises(contraflow.ContraflowError, match="reference system"):
        contraflow.join(points)


def test_read_gives_standard_events_and_says_what_is_wrong(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("lon,lat,date\n-110.97,31.34,2011-03-14\n,,2011-03-15\n")
    events = contraflow.read(path)
    assert list(events.start) == ["2011-03-14", "2011-03-15"]
    assert [p["reason"] for p in events.attrs["problems"]] == ["missing"]


def test_map_is_a_folium_map_that_saves_the_offline_page(frame, tmp_path):
    import folium

    drawn = contraflow.map(frame, title="Two points")
    assert isinstance(drawn, folium.Map)
    drawn.save(str(tmp_path / "map.html"))
    text = unescape((tmp_path / "map.html").read_text("utf-8"))
    assert "<title>Two points</title>" in text
    assert "default-src 'none'" in text


def test_layers_names_what_is_drawn_and_what_is_embedded():
    assert {"seizures", "ports", "corridors", "violence"} <= set(contraflow.layers())
    assert next(row for row in contraflow.layers(details=True) if row["name"] == "corridors")["rows"] == 21


def test_an_unknown_option_is_named(frame):
    with pytest.raises(contraflow.ContraflowError, match="colour"):
        contraflow.join(frame, colour="red")


def test_convert_gives_the_standard_table_of_any_kind(frame, tmp_path):
    events = contraflow.convert(frame)
    assert events.attrs["kind"] == "events"
    assert events.geometry.x.tolist() == [-110.97, -99.51]
    square = tmp_path / "a.geojson"
    square.write_text(
        '{"type":"Feature","properties":{"id":"x"},"geometry":{"type":"Polygon",'
        '"coordinates":[[[-112,31],[-110,31],[-110,32],[-112,31]]]}}'
    )
    areas = contraflow.convert(square)
    assert (areas.attrs["kind"], list(areas.id), areas.geometry[0].geom_type) == ("areas", ["x"], "Polygon")


def test_inspect_says_what_the_command_says(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("lon,lat,date\n-110.97,31.34,2011-03-14\n,,2011-03-15\n")
    said = contraflow.inspect(path, columns={"date": ""})
    assert said["rows"]["dropped"] == {"no coordinates": 1}
    assert said["dates"]["first"] is None
