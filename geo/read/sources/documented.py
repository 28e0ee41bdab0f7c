"""The embedded seizures: 383 publicly reported events and their 625 commodity lines, as standard events.

The precision of a place is that of what it was put on: the crossing's own, 5 km for a port or a town, and 30 km
where a checkpoint or a find between ports was put on the town of the station (seeds/README.md). Quantities
are those of the file, converted there with stated factors; none is computed here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.problems import Events
from geo.read.seeds import table as seed_table
from geo.schema import EVENT_COLUMNS, check_events
from geo.table import FloatArray, numbers, texts

NAME = "documented"
TITLE = "Documented seizures"

TOWN_M = 5_000.0
"""Precision of a point put on a port or a town."""
STATION_TOWN_M = 30_000.0
"""Of a checkpoint or river find put on the town where its station is."""


def events() -> Events:
    """Return the embedded seizures as standard events, one row for each commodity of an event.

    The columns ``reported_port_code``, ``reported_crossing_id``, ``note``, ``value_usd_reported``, ``item_note`` and
    ``source_location_basis`` (free text on how the point was found) follow the standard ones.
    """
    seizures = seed_table("documented_seizures")
    items = seed_table("documented_seizure_items")
    row = {event: at for at, event in enumerate(seizures["event_id"].to_pylist())}
    at = np.array([row[event] for event in items["event_id"].to_pylist()], dtype=np.int64)
    # Items stand together in the order of their events; a stable sort keeps the order within an event.
    order = np.argsort(at, kind="stable")
    of_event, of_item = seizures.take(pa.array(at[order])), items.take(pa.array(order))
    rows = len(of_item)
    dates = of_event["date"]
    basis = pc.if_else(pc.is_null(of_event["direction_basis"]), "unknown", of_event["direction_basis"])
    known = {
        "event_id": of_event["event_id"],
        "record_id": _record_ids(of_event["event_id"]),
        "source": of_event["source"],
        "agency": of_event["agency"],
        "partners": of_event["partner_agencies"],
        "operation": of_event["operation"],
        "start": dates,
        "end": pa.nulls(rows, pa.string()),
        "date_precision": of_event["date_precision"],
        "tz": pa.nulls(rows, pa.string()),
        "place": of_event["place_as_written"],
        "longitude": of_event["longitude"],
        "latitude": of_event["latitude"],
        "location_precision_m": pa.array(_precision_m(of_event), from_pandas=True),
        "location_basis": of_event["location_precision"],
        "side": of_event["side"],
        "context": of_event["context"],
        "direction": of_event["direction"],
        "direction_basis": basis,
        "commodity": of_item["commodity"],
        "commodity_reported": pa.nulls(rows, pa.string()),
        "quantity": of_item["quantity"],
        "unit": of_item["unit"],
        "quantity_reported": of_item["quantity_reported"],
        "unit_reported": of_item["unit_reported"],
        "events": pa.array(np.ones(rows, dtype=np.int64)),
        "handling": pa.nulls(rows, pa.string()),
        "reported_port_code": of_event["port_code"],
        "reported_crossing_id": of_event["crossing_id"],
        "note": of_event["note"],
        "source_location_basis": of_event["location_basis"],
        "value_usd_reported": of_item["value_usd_reported"],
        "item_note": of_item["note"],
    }
    standard = pa.table({**{name: known[name] for name in EVENT_COLUMNS}, **known})
    return Events(check_events(standard))


def _record_ids(event_ids: pa.ChunkedArray) -> pa.Array:
    """Return ids for the lines of each event, DS0001-1, DS0001-2 and so on."""
    seen: dict[str, int] = {}
    made = []
    for event in event_ids.to_pylist():
        seen[event] = seen.get(event, 0) + 1
        made.append(f"{event}-{seen[event]}")
    return pa.array(made)


def _precision_m(events_: pa.Table) -> FloatArray:
    """Return the precision of each place in metres, NaN where it is not known."""
    crossings = seed_table("crossings")
    accuracy = dict(zip(texts(crossings, "crossing_id"), numbers(crossings, "accuracy_m"), strict=True))
    basis, context = texts(events_, "location_precision"), texts(events_, "context")
    crossing = texts(events_, "crossing_id")
    precision = np.full(len(events_), np.nan)
    on_crossing = basis == "crossing"
    precision[on_crossing] = [accuracy.get(c, np.nan) for c in crossing[on_crossing]]
    precision[(basis == "port") | (basis == "city")] = TOWN_M
    away = (context == "checkpoint") | (context == "between_ports")
    precision[(basis == "city") & away] = STATION_TOWN_M
    return precision
