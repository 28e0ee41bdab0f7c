"""The whole way: rows out are rows in, the page holds what was drawn, and the same inputs give the same bytes."""

from __future__ import annotations

import json
import re

import numpy as np
import pyarrow as pa
import pytest

from geo.errors import ReadError, UsageError
from geo.pipeline import JoinChoices, PageChoices, compose, draw, join

POINTS = """\
case,lon,lat,fecha,droga,kg,agency,note
A-1,-110.97,31.34,2011-03-14,cocaína,12,CBP OFO,private words
A-2,,,2011-03-15,marijuana,5,CBP OFO,private words
A-3,31.34,-110.97,2011-03-16,heroin,1,DEA,private words
A-4,0,0,2011-03-17,heroin,1,DEA,private words
A-5,-99.51,27.5,2012,ammunition,,ATF,private words
A-6,-99.51,97.5,2012,ammunition,,ATF,private words
"""


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(POINTS, encoding="utf-8")
    return str(path)


def manifest_of(page: bytes) -> dict:
    found = re.search(rb'<script type="application/json" id="contraflow-manifest">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def test_join_keeps_every_row_in_its_order_and_every_input_column_as_it_was(points):
    joined = join([points])
    table = joined.released.table
    assert table["case"].to_pylist() == ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"]
    assert table["kg"].to_pylist()[:2] == ["12", "5"]
    assert table.schema.names[:8] == POINTS.splitlines()[0].split(",")
    assert table["port_name"].to_pylist() == ["Nogales", None, None, None, "Laredo", None]
    assert table["side"].to_pylist()[0] == "US"


def test_each_kind_of_bad_place_has_its_own_reason(points):
    account = join([points]).account
    assert account.placed == 2
    assert account.dropped == {"missing": 1, "swapped": 1, "zero": 1, "out_of_range": 1}


def test_joins_can_be_left_out_and_a_taken_name_gets_a_suffix(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat,side\nx,-110.97,31.34,left\n")
    none = JoinChoices(ports="none", corridors="none", violence="none")
    table = join([str(path)], none).released.table
    assert table.schema.names == ["id", "lon", "lat", "side", "side_joined", "border_distance_m", "side_certain"]
    assert (table["side"][0].as_py(), table["side_joined"][0].as_py()) == ("left", "US")


def test_the_order_of_the_rows_does_not_change_an_answer(points, tmp_path):
    lines = POINTS.splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n", encoding="utf-8")
    one, other = (join([path]).released.table.sort_by("case") for path in (points, str(turned)))
    assert one.equals(other)


def test_several_files_follow_each_other_and_keep_their_names(points, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("id,longitude,latitude\n7,-106.48,31.75\n")
    table = join([points, str(other)]).released.table
    assert table["input_file"].to_pylist() == ["points.csv"] * 6 + ["other.csv"]
    assert table["port_name"].to_pylist()[-1] == "El Paso"


def test_geometry_only_input_comes_out_with_coordinates(tmp_path):
    path = tmp_path / "p.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"x"},'
        '"geometry":{"type":"Point","coordinates":[-110.97,31.34]}}]}'
    )
    table = join([str(path)]).released.table
    assert (table["longitude"][0].as_py(), table["latitude"][0].as_py()) == (-110.97, 31.34)


def test_the_manifest_accounts_for_every_row(points):
    drawn = draw([points], page=PageChoices(handling="TEST ONLY"))
    manifest = manifest_of(drawn.page)
    assert {"version", "parameters", "layers", "counts", "handling", "recipe"} <= manifest.keys()
    counts = manifest["counts"]
    assert counts["read"] == 6
    assert counts["drawn"] == 2
    assert counts["without_place"] == 4
    assert sum(counts["dropped"].values()) == counts["without_place"]
    assert manifest["handling"] == "TEST ONLY"
    assert manifest["recipe"]["inputs"][0]["name"] == "points.csv"
    for layer in manifest["layers"]:
        assert {"name", "source", "period", "licence", "precision", "rows"} <= layer.keys()


def test_only_declared_columns_reach_the_page(points):
    """A note is the user's own: it is shown only if it is asked for."""

    def carried(page: PageChoices) -> bool:
        payload = compose([points], page=page).payload
        seizures = next(layer for layer in payload.index["layers"] if layer["name"] == "seizures")
        return "note" in [f["name"] for f in seizures["fields"]]

    assert not carried(PageChoices())
    assert carried(PageChoices(fields=("note",)))


def test_what_a_reader_guessed_from_quotes_no_value_in_the_page(tmp_path):
    """The reason for an encoding shows a word, and that for a column its extremes: rows left out among them."""
    path = tmp_path / "p.csv"
    path.write_bytes("id,lon,lat,soplón\na,-110.97,31.34,Íñiguez\nb,999,31.3,x\n".encode("latin-1"))
    drawn = draw([str(path)])
    assert any("Íñiguez" in guess.reason for _, guess in drawn.of.account.guesses)
    text = drawn.page.decode()
    recipe = manifest_of(drawn.page)["recipe"]
    assert {"file": "p.csv", "what": "encoding", "value": "latin-1"} in recipe["guesses"]
    assert "Íñiguez" not in text
    assert "999" not in json.dumps(recipe["guesses"])


def test_the_points_are_told_to_be_the_users_and_not_ours(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(
        "id,lon,lat,date,location_precision_m\na,-110.97,31.34,2011-03-14,100\nb,-99.51,27.5,2012,2500\nc,,,2019,\n"
    )
    seizures = manifest_of(draw([str(path)]).page)["layers"][-1]
    assert seizures["name"] == "seizures"
    assert seizures["source"] == "p.csv"
    assert seizures["licence"] == "as supplied"
    assert seizures["period"] == "2011-03-14 – 2012"
    assert seizures["precision"] == "100 – 2,500 m"
    embedded = manifest_of(draw().page)["layers"][-1]
    assert "Publicly reported seizures" in embedded["source"]


def test_several_files_are_told_each_for_itself(points, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("id,longitude,latitude\n7,-106.48,31.75\n")
    sources = compose([points, str(other)]).payload.index["layers"][-1]["sources"]
    assert [(s["name"], s["rows"], s["period"], s["precision"]) for s in sources] == [
        ("points.csv", 6, "2011-03-14 – 2012", "not stated"),
        ("other.csv", 1, "no dates", "not stated"),
    ]


def test_how_the_file_was_read_is_among_the_parameters(points, tmp_path):
    from geo.read import ReadOptions

    area = _boxes(tmp_path / "a.geojson", id="1")
    options = ReadOptions(where="agency = 'CBP OFO'", date_order="YMD", columns={"agency": "agency"})
    made = compose([points], JoinChoices(areas=(("beat", area),)), PageChoices(extent=(-112, 30, -99, 33)), options)
    said = made.manifest["parameters"]
    assert said["where"] == "agency = 'CBP OFO'"
    assert (said["date-order"], said["column"]) == ("YMD", {"agency": "agency"})
    assert said["areas"] == ["beat=a.geojson"]
    assert said["extent"] == [-112, 30, -99, 33]
    assert "crs" not in said


def test_areas_named_like_another_join_take_nothing_from_it(points, tmp_path):
    path = _boxes(tmp_path / "zones.geojson", id="Z1", name="zone one")
    choices = JoinChoices(areas=(("port", path), (None, path), ("area", path)))
    table = join([points], choices).released.table
    assert table["port_name"][0].as_py() == "Nogales"
    assert table["port_name_joined"][0].as_py() == "zone one"
    assert (table["port_id"][0].as_py(), table["area_id_joined"][0].as_py()) == ("Z1", "Z1")
    drawn = {layer["name"]: layer for layer in compose([points], choices).payload.index["layers"]}
    fields = [field["name"] for field in drawn["seizures"]["fields"]]
    assert {"port_name", "port_id", "port_name_joined"} <= set(fields)


def test_a_column_of_the_input_that_is_called_as_a_joined_one_can_be_shown_beside_it(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat,port_name,side\na,-110.97,31.34,as they wrote it,left\n")
    drawn = compose([str(path)], page=PageChoices(fields=("port_name", "side"))).payload.index["layers"]
    fields = [field["name"] for layer in drawn if layer["name"] == "seizures" for field in layer["fields"]]
    assert {"port_name", "source_port_name", "source_side"} <= set(fields)
    assert "source_port_name" not in [
        field["name"] for layer in compose([str(path)]).payload.index["layers"] for field in layer["fields"]
    ]


def test_the_same_inputs_give_the_same_bytes(points):
    assert draw([points]).page == draw([points]).page


def test_layers_can_be_chosen_and_left_out():
    def names(**page) -> list[str]:
        return [layer["name"] for layer in compose(page=PageChoices(**page)).manifest["layers"]]

    assert "corridors" in names()
    assert "corridors" not in names(without=("corridors",))
    assert set(names(only=("ports",))) & {"ports", "seizures", "corridors"} == {"ports"}
    with pytest.raises(UsageError, match="no layer trains"):
        names(only=("trains",))


def test_the_year_of_violence_is_the_same_in_join_and_layer():
    composed = compose(choices=JoinChoices(violence_year="2010"))
    violence = next(layer for layer in composed.manifest["layers"] if layer["name"] == "violence")
    assert "2010" in violence["title"]["en"]


def test_match_takes_the_year_of_each_event(points):
    table = join([points], JoinChoices(violence_year="match")).released.table
    assert table["violence_year"].to_pylist() == [2011, None, None, None, 2012, None]


def test_a_record_is_believed_about_its_side_of_the_river(tmp_path):
    """A town's centre may lie across the line from where its bridge customs hall stands."""
    path = tmp_path / "sides.csv"
    path.write_text("id,lon,lat,side\na,-110.97,31.34,MX\nb,-110.97,31.34,\n")
    assert _sides(str(path)) == {"a": "MX", "b": "US"}


def _sides(path: str) -> dict[str, str]:
    from geo.chosen import Chosen
    from geo.gather import gather
    from geo.pipeline import _with_joined, joined_columns

    points = gather([path])
    events = _with_joined(points.events, joined_columns(points, Chosen()))
    return dict(zip(events["event_id"].to_pylist(), events["side"].to_pylist(), strict=True))


def test_all_directions_add_up():
    """North plus south plus unknown is all."""
    from geo.gather import embedded

    events = embedded().events
    first = dict(zip(events["event_id"].to_pylist(), events["direction"].to_pylist(), strict=True))
    counted = pa.array(list(first.values())).value_counts().to_pylist()
    assert {c["values"]: c["counts"] for c in counted} == {"north": 213, "south": 146, "unknown": 24}
    assert sum(c["counts"] for c in counted) == 383


def test_every_distance_is_finite_or_blank(points):
    table = join([points]).released.table
    for name in table.schema.names:
        if name.endswith("_m"):
            values = table[name].drop_null().to_numpy()
            assert np.all(np.isfinite(values))
            assert np.all(values >= 0)


def _boxes(path, **properties) -> str:
    ring = [[-112, 30], [-109, 30], [-109, 33], [-112, 33], [-112, 30]]
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return str(path)


def test_areas_with_a_name_of_their_own_are_told_on_the_page(points, tmp_path):
    path = _boxes(tmp_path / "beats.geojson", id="B7", name="Tucson beat", owner="private words")
    drawn = compose([points], JoinChoices(areas=(("beat", path),))).payload.index["layers"]
    fields = {layer["name"]: [field["name"] for field in layer["fields"]] for layer in drawn}
    assert {"beat_id", "beat_name"} <= set(fields["seizures"])
    assert fields["areas"] == ["area_id", "area_name"]


def test_polygons_with_municipal_codes_are_drawn_as_violence_and_not_twice(points, tmp_path):
    path = _boxes(tmp_path / "municipalities.geojson", CVEGEO="26043")
    drawn = compose([points], JoinChoices(areas=((None, path),))).payload.index["layers"]
    marks = {layer["name"]: layer["mark"] for layer in drawn}
    assert marks["violence"] == "areas"
    assert "areas" not in marks


def test_points_of_ones_own_are_not_called_seizures(points):
    assert compose().payload.index["title"]["en"].startswith("Seizures")
    assert "Seizures" not in compose([points]).payload.index["title"]["en"]
    assert compose([points], page=PageChoices(title="Mine")).payload.index["title"] == {"en": "Mine", "es": "Mine"}


def test_a_doubtful_date_stops_a_join_only_where_the_year_is_needed(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat,date\na,-110.97,31.34,03/04/2011\nb,-110.97,31.34,05/06/2011\n")
    assert join([str(path)]).released.table["date"].to_pylist() == ["03/04/2011", "05/06/2011"]
    with pytest.raises(ReadError, match="--date-order"):
        join([str(path)], JoinChoices(violence_year="match"))
    with pytest.raises(ReadError, match="--date-order"):
        draw([str(path)])
