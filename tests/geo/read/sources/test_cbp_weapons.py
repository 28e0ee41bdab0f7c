"""CBP weapons: events by their id, goods apart, south only at the border. Faults: messy/weapons_by_event.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.commodity import commodities
from geo.clean.convert import convert
from geo.read import read
from geo.read.sources import cbp_weapons

MESSY = Path(__file__).parents[3] / "messy" / "weapons_by_event.csv"


def rows(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table


def total(table, commodity):
    return pc.sum(rows(table, commodity=commodity)["quantity"]).as_py()


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_an_event_is_its_id_and_not_a_row(small):
    assert read(MESSY).source == "cbp_weapons"
    assert small.kind == "events"
    assert small.table["event_id"].to_pylist() == ["1000000001"] * 4 + [f"100000000{n}" for n in range(2, 7)]
    # The two equal rows are two lots.
    assert len(rows(small.table, commodity="MAGAZINE")) == 2
    said = {guess.what: guess.value for guess in small.guesses}
    assert said["identical rows"] == "1 repeat another"
    assert said["counting events"] == "6 in 9 rows"


def test_rounds_magazines_and_guns_are_apart(small):
    lots = rows(small.table, event_id="1000000001").select(["commodity", "quantity", "unit"]).to_pylist()
    assert lots == [
        {"commodity": "HANDGUN", "quantity": 2, "unit": "count"},
        {"commodity": "AMMO", "quantity": 500_000, "unit": "rounds"},
        {"commodity": "MAGAZINE", "quantity": 4, "unit": "count"},
        {"commodity": "MAGAZINE", "quantity": 4, "unit": "count"},
    ]
    # A category of rounds and parts is neither rounds nor parts; blank is not zero.
    assert rows(small.table, event_id="1000000004")["commodity"].to_pylist() == ["OTHER"]
    assert rows(small.table, commodity="LONG_GUN")["quantity"].to_pylist() == [None, 0]
    assert set(cbp_weapons.CODES.values()) <= set(commodities())


def test_out_is_south_only_at_the_border_with_mexico(small):
    ways = dict(
        zip(
            small.table["event_id"].to_pylist(),
            zip(small.table["direction"].to_pylist(), small.table["direction_basis"].to_pylist(), strict=True),
            strict=True,
        )
    )
    assert ways["1000000001"] == ("south", "reported")
    assert ways["1000000002"] == ("north", "reported")
    assert {ways[f"100000000{n}"] for n in (3, 4, 5, 6)} == {("unknown", "unknown")}
    assert rows(small.table, event_id="1000000004")["Inbound/Outbound"].to_pylist() == ["OUTBOUND"]


def test_months_and_areas(small):
    first = rows(small.table, event_id="1000000001").to_pylist()[0]
    assert (first["start"], first["date_precision"]) == ("2022-10", "month")
    assert (first["place"], first["location_basis"], first["side"]) == ("Laredo Field Office", "field_office", "US")
    assert rows(small.table, event_id="1000000003")["location_basis"].to_pylist() == ["sector"]
    assert rows(small.table, event_id="1000000006")["start"].to_pylist() == [None]


def test_nothing_is_drawn_and_the_reason_is_said(small):
    assert small.table["longitude"].null_count == len(small.table) == 9
    assert small.problems.by_reason("dropped") == {"place_wide": 9}
    assert "is an area of responsibility; not drawn as a point" in small.problems.messages()[0]
    assert small.problems.by_reason("flagged") == {"date_unreadable": 1, "commodity_unknown": 1}


@pytest.mark.data
def test_figures_of_the_public_file(public_data):
    reading = read(public_data / "seizures" / "weapons-ammunition-seizures-fy22-fy23.csv")
    assert reading.source == "cbp_weapons"
    found = convert(reading)
    assert len(found.table) == found.rows_read == 11_926
    assert len(pc.unique(found.table["event_id"])) == 7_974
    words = {r["values"]: r["counts"] for r in pc.value_counts(found.table["Inbound/Outbound"]).to_pylist()}
    assert words == {"INBOUND": 5_361, "OTHER": 3_372, "OUTBOUND": 3_193}
    south = rows(found.table, direction="south")
    assert len(south) == 1_347
    assert len(pc.unique(south["event_id"])) == 609
    assert [total(south, code) for code in ("HANDGUN", "LONG_GUN", "AMMO", "MAGAZINE")] == [797, 788, 567_765, 4_105]
    assert [g.value for g in found.guesses if g.what == "identical rows"] == ["43 repeat another"]
    assert pc.min(found.table["start"]).as_py() == "2021-10"
    assert pc.max(found.table["start"]).as_py() == "2023-09"
    assert found.table["longitude"].null_count == 11_926
    assert found.problems.by_reason(None) == {"place_wide": 11_926}
