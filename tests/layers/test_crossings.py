"""Crossings: a place that is not known well is drawn hollow, one that is not known at all is counted."""

from __future__ import annotations

from layers.crossings import LAYER


def test_a_rough_place_is_hollow_and_an_unknown_one_is_not_drawn(made):
    released = made.build(LAYER, made.tables(LAYER))
    assert len(released) == 56
    assert released.dropped == {"without a place": 2}
    rows = {row["crossing_id"]: row for row in released.table.to_pylist()}
    assert {row["_class"] for row in rows.values() if row["accuracy_m"] <= 150} == {0}
    assert {row["_class"] for row in rows.values() if row["accuracy_m"] >= 300} == {1}
    exact, rough = (made.symbol for made in released.classes)
    assert exact.fill == "port"
    assert (rough.fill, rough.stroke) == ("paper", "port")


def test_crossings_and_their_names_wait_until_there_is_room(made):
    style = made.build(LAYER, made.tables(LAYER)).style
    assert (style.min_zoom, style.label_zoom) == (9, 11)
