"""The payload holds what was released, in the order the page needs, and nothing else."""

from __future__ import annotations

import zlib

import numpy as np
import pyarrow as pa
import pytest
from shapely import box

from geo.encode.columns import decode_column
from geo.encode.grid import grid_cells, morton
from geo.encode.lookups import decode_lookup
from geo.encode.payload import BORDER_EXTENT, PageWords, encode
from geo.encode.planes import Encoded
from geo.encode.shapes import decode_shapes
from geo.errors import PageError
from geo.layer import Field, Layer, LayerData, LegendClass, Style, Symbol
from geo.privacy.release import release


def words(text: str) -> dict:
    return {"en": text, "es": f"{text} (es)"}


def layer(name: str, group: str = "context", order: int = 50) -> Layer:
    return Layer(name, words(name), words(f"about {name}"), group, (), build=lambda tables, options: None, order=order)


def released(data: LayerData, name: str = "sample", order: int = 50):
    return release(layer(name, order=order), data)


SYMBOLOGY = {
    "color": {"field": "direction", "values": {"north": "north", "south": "south"}},
    "hollow_from_precision_m": 3000,
}


def events(rows: dict, items: dict | None = None, **rest) -> LayerData:
    fields = tuple(Field(n, words(n)) for n in rows if n not in ("longitude", "latitude"))
    item_fields = tuple(Field(n, words(n)) for n in (items or {}) if n != "event_row")
    return LayerData(
        "events", pa.table(rows), fields, items=pa.table(items) if items else None, item_fields=item_fields, **rest
    )


class Reader:
    """Reads a payload back as the page does."""

    def __init__(self, payload) -> None:
        self.index = payload.index
        self.blocks = [zlib.decompress(block) for block in payload.blocks]

    def bytes_of(self, meta: dict) -> Encoded:
        raw = (
            b"" if "block" not in meta else self.blocks[meta["block"]][meta["offset"] : meta["offset"] + meta["bytes"]]
        )
        return Encoded(meta, raw)

    def columns(self, name: str, part: str = "") -> dict:
        (meta,) = [entry for entry in self.index["layers"] if entry["name"] == name]
        meta = meta[part] if part else meta
        encoded = {c["name"]: self.bytes_of(c) for c in meta["columns"]}
        return {n: decode_lookup(e, meta["rows"], encoded) for n, e in encoded.items()}


EVENTS = {
    "event_id": ["a", "b", "c", "d"],
    "longitude": [-97.5, -117.0, -106.5, -117.0],
    "latitude": [25.9, 32.5, 31.7, 32.5],
    "direction": ["north", "south", None, "north"],
    "notes": ["late", "", None, "same place as b"],
}
ITEMS = {"event_row": [0, 1, 1, 3], "commodity": ["HEROIN", "RIFLE", "CASH", "COCAINE"], "quantity": [1.5, 2, None, 0]}


def test_events_lie_in_morton_order_and_keep_their_order_within_a_place():
    read = Reader(encode([released(events(EVENTS))]))
    columns = read.columns("sample")
    expected = np.sort(morton(*grid_cells(np.array(EVENTS["longitude"]), np.array(EVENTS["latitude"]))))
    assert columns["key"] == expected.tolist()
    assert sorted(columns["event_id"]) == ["a", "b", "c", "d"]
    assert columns["event_id"].index("b") + 1 == columns["event_id"].index("d")
    at = {row: k for k, row in enumerate(columns["event_id"])}
    assert [columns["notes"][at[i]] for i in "abcd"] == EVENTS["notes"]
    assert [columns["direction"][at[i]] for i in "abcd"] == EVENTS["direction"]
    assert "longitude" not in columns, "positions travel as keys alone"


def test_items_follow_their_events():
    read = Reader(encode([released(events(EVENTS, ITEMS))]))
    ids = read.columns("sample")["event_id"]
    meta = read.index["layers"][0]["items"]
    counts = decode_column(read.bytes_of(meta["count"]), 4)
    commodities = read.columns("sample", "items")["commodity"]
    by_event, at = {}, 0
    for event, count in zip(ids, counts, strict=True):
        by_event[event] = commodities[at : at + int(count)]
        at += int(count)
    assert by_event == {"a": ["HEROIN"], "b": ["RIFLE", "CASH"], "c": [], "d": ["COCAINE"]}
    assert [f["name"] for f in meta["fields"]] == ["commodity", "quantity"]


def test_what_symbols_need_comes_first():
    rows = EVENTS | {"location_precision_m": [50.0, 5000.0, None, 20.0]}
    meta = encode([released(events(rows, parameters={"symbology": SYMBOLOGY}))]).index["layers"][0]
    first = {c["name"] for c in meta["columns"] if c.get("first")}
    assert first == {"key", "direction", "location_precision_m"}
    blocks = {c["block"] for c in meta["columns"] if c.get("first") and "block" in c}
    assert blocks.isdisjoint(c["block"] for c in meta["columns"] if not c.get("first") and "block" in c)


def test_sites_keep_their_order_and_their_full_coordinates():
    table = pa.table(
        {"longitude": [-110.123456789, -97.1], "latitude": [31.1, 26.2], "name": ["Nogales", None], "px": [9.5, 4.0]}
    )
    data = LayerData("sites", table, (Field("name", words("name")),), style=Style(size_column="px"))
    columns = Reader(encode([released(data)])).columns("sample")
    assert columns == {k: table[k].to_pylist() for k in columns}
    assert set(columns) == {"longitude", "latitude", "name", "px"}


def test_areas_have_shapes_classes_and_outlines():
    geometry = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)], dtype=object)
    classes = (LegendClass("low", words("low"), Symbol("area", fill="violence-1"), note=words("few")),)
    data = LayerData(
        "areas",
        pa.table({"class": pa.array([0, None], pa.int32())}),
        (),
        classes,
        style=Style("class"),
        geometry=geometry,
    )
    read = Reader(encode([released(data)]))
    meta = read.index["layers"][0]
    rings = decode_shapes(read.bytes_of(meta["shapes"]))
    assert [len(row) for row in rings] == [1, 1]
    assert read.columns("sample") == {"class": [0, None]}
    assert meta["classes"][0]["symbol"]["fill"] == "violence-1"
    assert meta["classes"][0]["note"]["es"] == "few (es)"


def test_a_number_is_rounded_only_where_its_field_says_so():
    rows = EVENTS | {"far_m": [1234.567, 5.0, None, 99.9], "exact": [1234.567, 5.0, None, 99.9]}
    data = events(rows)
    fields = tuple(
        Field(f.name, f.label, "number", steps=((0.0, 10.0),) if f.name == "far_m" else ())
        if f.name in ("far_m", "exact")
        else f
        for f in data.fields
    )
    columns = Reader(encode([released(LayerData("events", data.table, fields))])).columns("sample")
    at = {row: k for k, row in enumerate(columns["event_id"])}
    assert [columns["far_m"][at[i]] for i in "abcd"] == [1230, 0, None, 100]
    assert [columns["exact"][at[i]] for i in "abcd"] == rows["exact"]


def test_layers_come_in_drawing_order_and_words_are_kept():
    table = pa.table({"longitude": [-110.0], "latitude": [31.0]})
    sites = LayerData("sites", table, ())
    page_words = PageWords(
        title=words("Title"), language="es", period=("2011", "2012"), handling="LES", counts={"read": 3}
    )
    index = encode([released(sites, "above", 70), released(sites, "below", 10)], page_words).index
    assert [entry["name"] for entry in index["layers"]] == ["below", "above"]
    assert index["title"] == words("Title")
    assert index["language"] == "es"
    assert index["period"] == {"start": "2011", "end": "2012"}
    assert index["extent"] == list(BORDER_EXTENT)
    assert (index["handling"], index["counts"]) == ("LES", {"read": 3})


def test_two_layers_of_one_name_are_refused():
    sites = LayerData("sites", pa.table({"longitude": [-110.0], "latitude": [31.0]}), ())
    with pytest.raises(PageError, match="two layers are named ports"):
        encode([released(sites, "ports"), released(sites, "ports")])


def test_the_same_layers_give_the_same_bytes():
    one, two = (encode([released(events(EVENTS, ITEMS))]) for _ in range(2))
    assert one == two


def test_no_events_is_a_payload_too():
    none = {name: pa.array([], pa.float64() if "itude" in name else pa.string()) for name in EVENTS}
    meta = encode([released(events(none))]).index["layers"][0]
    assert meta["rows"] == 0
    assert Reader(encode([released(events(none))])).columns("sample")["key"] == []


def test_a_long_column_has_a_block_of_its_own():
    n = 70_000
    rng = np.random.default_rng(0)
    table = {
        "longitude": rng.uniform(-117, -97, n),
        "latitude": rng.uniform(26, 33, n),
        "event_id": [str(i) for i in range(n)],
    }
    meta = encode([released(events(table))]).index["layers"][0]
    key, ids = meta["columns"]
    assert key["block"] != ids["block"]
    assert (key["offset"], ids["offset"]) == (0, 0)


def test_twenty_thousand_joined_events_stay_small():
    """What an event costs, so that 100,000 of them stay under 3.5 MB with everything else."""
    from geo.encode.planes import as_text
    from geo.layer import DISTANCE_STEPS

    n = 20_000
    rng = np.random.default_rng(6)
    sites = np.array([[-117.0, 32.5], [-106.5, 31.7], [-99.5, 27.5]])
    which = rng.integers(0, 3, n)
    xy = np.round(sites[which] + rng.normal(0, 0.3, (n, 2)), 6)
    days = (np.datetime64("2005-01-01") + rng.integers(0, 7300, n)).astype(str)
    amounts = np.round(rng.lognormal(2.2, 1.4, n), 2)
    rows = {
        "event_id": [f"S{k:07d}" for k in range(n)],
        "longitude": xy[:, 0],
        "latitude": xy[:, 1],
        "start": days.tolist(),
        "direction": rng.choice(["north", "south"], n).tolist(),
        "agency": rng.choice(["A", "B", "C", "D", "E", "F"], n).tolist(),
        "port_code": [str(2400 + k) for k in which],
        "port_name": [f"Port {k}" for k in which],
        "port_distance_m": np.hypot(*((xy - sites[which]) * [94_000, 111_000]).T),
    }
    items = {"event_row": range(n), "quantity": amounts, "quantity_reported": [f"{a:.2f}" for a in amounts]}
    kinds = {"start": {"kind": "date"}, "port_distance_m": {"kind": "number", "steps": DISTANCE_STEPS}}
    fields = tuple(Field(c, words(c), **kinds.get(c, {})) for c in rows if not c.endswith("itude"))
    item_fields = (Field("quantity", words("q"), "number"), Field("quantity_reported", words("said")))
    data = LayerData("events", pa.table(rows), fields, items=pa.table(items), item_fields=item_fields)
    payload = encode([released(data)])
    assert sum(len(as_text(block)) for block in payload.blocks) < 15.5 * n
