"""The embedded seizures: counts that their documentation states."""

from __future__ import annotations

import pyarrow.compute as pc

from geo.read import seeds
from geo.read.sources import documented
from geo.schema import events_faults


def count(table, column):
    return {row["values"]: row["counts"] for row in pc.value_counts(table[column]).to_pylist()}


def once(table):
    """Return one row an event."""
    ids = table["event_id"].to_pylist()
    return table.take([i for i, event in enumerate(ids) if i == 0 or ids[i - 1] != event])


def test_every_line_of_every_event_is_there():
    table = documented.events().table
    assert events_faults(table) == []
    assert len(table) == len(seeds.table("documented_seizure_items")) == 625
    assert len(once(table)) == pc.count_distinct(table["event_id"]).as_py() == 383
    assert pc.count_distinct(table["record_id"]).as_py() == 625
    assert table["longitude"].null_count == table["location_precision_m"].null_count == 0


def test_directions_and_how_they_are_known():
    events = once(documented.events().table)
    pairs = {}
    for row in events.select(["direction", "direction_basis"]).to_pylist():
        key = (row["direction"], row["direction_basis"])
        pairs[key] = pairs.get(key, 0) + 1
    assert pairs == {
        ("north", "reported"): 164, ("south", "reported"): 135, ("north", "inferred"): 49, ("south", "inferred"): 11,
        ("unknown", "unknown"): 24,
    }  # fmt: skip
    assert count(events, "side") == {"US": 342, "MX": 41}
    assert count(events, "date_precision") == {"day": 321, "month": 54, "year": 8}


def test_precision_of_the_places():
    events = once(documented.events().table)
    assert count(events, "location_basis") == {"crossing": 252, "port": 36, "city": 95}
    for row in events.to_pylist():
        if row["location_basis"] == "city":
            station = row["context"] in ("checkpoint", "between_ports")
            assert row["location_precision_m"] == (30_000 if station else 5_000)
        elif row["location_basis"] == "port":
            assert row["location_precision_m"] == 5_000
        else:
            assert row["location_precision_m"] < 2_000
