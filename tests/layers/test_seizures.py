"""One mark an event: which row gives its place, its shape, its direction; what of the input may be seen."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SchemaError, UsageError
from geo.privacy.release import release
from geo.schema import EVENT_COLUMNS, empty_events
from geo.table import with_columns
from layers.seizures import LAYER, Options

COMMODITIES = pa.table(
    {
        "code": ["AMMO", "METH", "COCAINE", "GRENADE", "CASH_USD", "RIFLE"],
        "group": ["ammunition", "drug", "drug", "explosive", "currency", "firearm"],
        "label_en": ["Ammunition", "Methamphetamine", "Cocaine", "Grenade", "US dollars", "Rifle"],
        "label_es": ["Cartuchos", "Metanfetamina", "Cocaína", "Granada", "Dólares", "Fusil"],
    }
)


def events(*rows: dict, **extra: list) -> pa.Table:
    """Return a standard events table; what a row leaves out is null, and its place is Nogales."""
    full = [{"longitude": -110.94, "latitude": 31.33, **row} for row in rows]
    columns = {name: pa.array([row.get(name) for row in full], type=kind) for name, kind in EVENT_COLUMNS.items()}
    return with_columns(pa.table(columns), {name: pa.array(values) for name, values in extra.items()})


def build(table: pa.Table, fields: tuple[str, ...] = ()):
    data = LAYER.build({"events": table, "commodities": COMMODITIES}, Options(fields=fields))
    return release(LAYER, data)


def test_several_commodities_of_one_event_are_one_mark():
    released = build(
        events(
            {"event_id": "b", "commodity": "RIFLE", "direction": "south"},
            {"event_id": "a", "commodity": "METH", "direction": "north", "quantity": 12.5, "unit": "kg"},
            {"event_id": "b", "commodity": "AMMO", "direction": "south"},
        )
    )
    assert released.table["event_id"].to_pylist() == ["a", "b"]
    assert released.items["event_row"].to_pylist() == [0, 1, 1]
    assert released.items["commodity"].to_pylist() == ["METH", "RIFLE", "AMMO"]
    assert released.items["quantity"].to_pylist() == [12.5, None, None]


@pytest.mark.parametrize(
    ("codes", "group"),
    [
        (["RIFLE", "METH"], "drug"),
        (["AMMO", "RIFLE"], "firearm"),
        (["GRENADE", "CASH_USD"], "currency"),
        (["GRENADE"], "other"),
        (["NOT_A_CODE", "AMMO"], "ammunition"),
        (["NOT_A_CODE"], "other"),
        ([None], "unstated"),
    ],
)
def test_the_first_commodity_gives_the_shape(codes, group):
    released = build(events(*({"event_id": "1", "commodity": code} for code in codes)))
    assert released.table["group"].to_pylist() == [group]
    assert f"group:{group}" in [made.key for made in released.classes]


def test_every_group_and_direction_has_a_shape_and_a_colour_of_its_own():
    symbology = build(events({"event_id": "1"})).parameters["symbology"]
    shapes = symbology["shape"]["values"]
    assert len(set(shapes.values())) == len(shapes)
    assert symbology["color"]["values"] == {"north": "north", "south": "south", "unknown": "unknown"}
    assert symbology["ring"]["values"] == {
        "port": "single", "between_ports": "dashed", "checkpoint": "double", "interior": "none",
    }  # fmt: skip


def test_direction_is_not_guessed():
    released = build(
        events(
            {"event_id": "1", "commodity": "METH"},
            {"event_id": "2", "commodity": "METH", "direction": "south"},
            {"event_id": "3", "commodity": "METH", "direction": "north"},
            {"event_id": "3", "commodity": "CASH_USD", "direction": "south"},
        )
    )
    assert released.table["direction"].to_pylist() == ["unknown", "south", "unknown"]
    assert any("different directions are drawn as unknown: 1." in note["en"] for note in released.method_notes)


def test_an_event_without_a_place_is_counted_and_not_drawn():
    released = build(
        events(
            {"event_id": "1", "longitude": None},
            {"event_id": "2", "commodity": "METH", "longitude": None},
            {"event_id": "2", "commodity": "RIFLE", "place": "Mariposa"},
        )
    )
    assert released.dropped == {"without a place": 1}
    # A row that has the place gives it to the whole event; its commodities stay in their order.
    assert released.table.select(["event_id", "place", "group"]).to_pylist() == [
        {"event_id": "2", "place": "Mariposa", "group": "drug"}
    ]
    assert released.items["event_row"].to_pylist() == [0, 0]


def test_events_without_an_id_are_refused():
    with pytest.raises(SchemaError, match="1 rows have no event_id"):
        build(events({"event_id": None}))


def test_only_named_columns_of_the_input_are_shown():
    table = events({"event_id": "1"}, {"event_id": "2"}, officer=["A. B.", "C. D."], lane=[3, 4])
    assert "officer" not in build(table).table.schema.names
    released = build(table, fields=("lane",))
    assert released.table["lane"].to_pylist() == [3, 4]
    assert "officer" not in released.table.schema.names
    with pytest.raises(UsageError, match="--fields: the input has no column serial"):
        build(table, fields=("serial",))


def test_a_column_that_differs_within_an_event_is_shown_with_its_commodities():
    table = events(
        {"event_id": "1", "commodity": "METH"}, {"event_id": "1", "commodity": "RIFLE"}, lot=["x", "y"], lane=[3, 3]
    )
    released = build(table, fields=("lot", "lane"))
    assert released.items["lot"].to_pylist() == ["x", "y"]
    assert released.table["lane"].to_pylist() == [3]


def test_joined_columns_pass_where_they_are():
    released = build(events({"event_id": "1"}, port_distance_m=[12.5], violence_rate_per_100k=[20.0]))
    assert {"port_distance_m", "violence_rate_per_100k"} <= set(released.table.schema.names)
    assert "corridor_id" not in released.table.schema.names


def test_the_legend_shows_what_occurs_and_all_of_it_where_nothing_does():
    some = {made.key for made in build(events({"event_id": "1", "commodity": "METH", "context": "port"})).classes}
    assert {key for key in some if not key.startswith("direction")} == {"group:drug", "context:port"}
    none = build(pa.table(empty_events(0)))
    keys = {made.key for made in none.classes}
    assert {"group:other", "context:interior", "precision:hollow"} <= keys
    assert {"direction:north", "direction:south", "direction:unknown"} <= some & keys


def test_a_place_known_only_to_its_town_is_drawn_hollow():
    sharp = build(events({"event_id": "1", "location_precision_m": 100.0}))
    rough = build(events({"event_id": "1", "location_precision_m": 5000.0}))
    assert "precision:hollow" not in {made.key for made in sharp.classes}
    assert "precision:hollow" in {made.key for made in rough.classes}
    assert rough.parameters["symbology"]["hollow_from_precision_m"] <= 5000
    silent = build(events({"event_id": "1"}))
    assert any("does not say how precise" in note["en"] for note in silent.legend_notes)


def test_marks_that_stand_for_a_whole_place_are_counted_in_the_legend():
    made = build(
        events(
            {"event_id": "a", "location_basis": "municipality", "location_precision_m": 25_000.0},
            {"event_id": "b", "location_basis": "crossing", "location_precision_m": 100.0},
        )
    )
    assert [note["en"] for note in made.legend_notes if "not where it happened: 1." in note["en"]]
    surveyed = build(events({"event_id": "b", "location_basis": "reported", "location_precision_m": 10.0}))
    assert not [note for note in surveyed.legend_notes if "not where it happened" in note["en"]]


def test_the_embedded_events_are_all_there(made):
    released = made.build(LAYER, made.tables(LAYER))
    assert len(released) == 383
    assert len(released.items) == 625
    count = released.table["direction"].to_pylist().count
    assert (count("north"), count("south"), count("unknown")) == (213, 146, 24)


@settings(max_examples=50, deadline=None)  # a busy machine is no failure
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3"]),
            st.sampled_from(["METH", "RIFLE", "AMMO", None]),
            st.sampled_from(["north", "south", None]),
            st.sampled_from([-110.9, -106.5, None]),
        ),
        max_size=9,
    ),
    st.randoms(use_true_random=False),
)
def test_rows_in_any_order_make_the_same_events(rows, random):
    names = ("event_id", "commodity", "direction", "longitude")
    given_rows = [dict(zip(names, row, strict=True)) for row in rows]
    one = build(events(*given_rows) if given_rows else pa.table(empty_events(0)))
    random.shuffle(given_rows)
    other = build(events(*given_rows) if given_rows else pa.table(empty_events(0)))
    assert one.table.equals(other.table)
    assert one.items.equals(other.items)
    placed = {row["event_id"] for row in given_rows if row["longitude"] is not None}
    assert len(one) == len(placed)
    assert len(one) + sum(one.dropped.values()) == len({row["event_id"] for row in given_rows})
    assert len(one.items) == sum(row["event_id"] in placed for row in given_rows)
