"""The standard tables: names, types and allowed values of their columns.

Whatever a file is, once read it is one of these. An **event** row is one event and one commodity; an **area
value** is one area, period and measure; a **flow** is one origin, destination and period.

Times are text in ISO 8601, as precise as they are known: ``2011``, ``2011-03``, ``2011-03-14`` and, only where
the minute is known, ``2011-03-14T22:15:00Z`` in UTC with the IANA zone of the place in ``tz``. A day never
becomes midnight. Blank is null and never zero.
"""

from __future__ import annotations

import pyarrow as pa

from geo.errors import SchemaError

DIRECTIONS = ("north", "south", "unknown")
DIRECTION_BASES = ("reported", "inferred", "default", "unknown")
CONTEXTS = ("port", "between_ports", "checkpoint", "interior")
SIDES = ("US", "MX")
DATE_PRECISIONS = ("minute", "day", "month", "year")
LOCATION_BASES = (
    "reported", "crossing", "port", "checkpoint", "city", "municipality", "county", "sector", "field_office", "state",
)  # fmt: skip

EVENT_COLUMNS: dict[str, pa.DataType] = {
    "event_id": pa.string(),
    "record_id": pa.string(),
    "source": pa.string(),
    "agency": pa.string(),
    "partners": pa.string(),
    "operation": pa.string(),
    "start": pa.string(),
    "end": pa.string(),
    "date_precision": pa.string(),
    "tz": pa.string(),
    "place": pa.string(),
    "longitude": pa.float64(),
    "latitude": pa.float64(),
    "location_precision_m": pa.float64(),
    "location_basis": pa.string(),
    "side": pa.string(),
    "context": pa.string(),
    "direction": pa.string(),
    "direction_basis": pa.string(),
    "commodity": pa.string(),
    "commodity_reported": pa.string(),
    "quantity": pa.float64(),
    "unit": pa.string(),
    "quantity_reported": pa.string(),
    "unit_reported": pa.string(),
    "events": pa.int64(),
    "handling": pa.string(),
}
"""Columns of the standard events table, in order."""

ITEM_COLUMNS = (
    "record_id", "commodity", "commodity_reported", "quantity", "unit", "quantity_reported", "unit_reported",
)  # fmt: skip
"""Those that belong to one commodity of an event; all others belong to the event as a whole."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "date_precision": DATE_PRECISIONS,
    "location_basis": LOCATION_BASES,
    "side": SIDES,
    "context": CONTEXTS,
    "direction": DIRECTIONS,
    "direction_basis": DIRECTION_BASES,
}


AREA_COLUMNS: dict[str, pa.DataType] = {
    "country": pa.string(),
    "area_level": pa.string(),
    "area_code": pa.string(),
    "area_name": pa.string(),
    "period_start": pa.string(),
    "period_end": pa.string(),
    "period_basis": pa.string(),
    "measure": pa.string(),
    "commodity": pa.string(),
    "direction": pa.string(),
    "value": pa.float64(),
    "unit": pa.string(),
    "population": pa.float64(),
    "source": pa.string(),
}
"""Columns of the standard area-value table, in order: one row an area, period and measure. Periods are days, both
inclusive: January 2010 is 2010-01-01 to 2010-01-31."""

AREA_ALLOWED: dict[str, tuple[str, ...]] = {
    "country": ("US", "MX", "COL", "GTM", "HND", "SLV", "BLZ"),
    "area_level": ("country", "state", "county", "municipality", "field_office", "sector", "branch", "region", "port"),
    "period_basis": ("calendar", "fiscal", "registration", "recovery"),
    "direction": DIRECTIONS,
}

FLOW_COLUMNS: dict[str, pa.DataType] = {
    "origin_code": pa.string(),
    "origin_name": pa.string(),
    "destination_code": pa.string(),
    "destination_name": pa.string(),
    "period_start": pa.string(),
    "period_end": pa.string(),
    "measure": pa.string(),
    "value": pa.float64(),
    "denominator": pa.float64(),
    "source": pa.string(),
}
"""Columns of the standard flow table, in order. A total row or column is not a flow."""

SITE_COLUMNS: dict[str, pa.DataType] = {
    "id": pa.string(),
    "name": pa.string(),
    "name_es": pa.string(),
    "longitude": pa.float64(),
    "latitude": pa.float64(),
    "source": pa.string(),
}
"""Columns of the standard table of sites, in order; a source's own columns follow."""


def events_faults(table: pa.Table) -> list[str]:
    """Return every way in which `table` is not a standard events table; empty where it is one.

    Parameters
    ----------
    table
        Any table. Columns beyond `EVENT_COLUMNS` are the input's own and are not looked at.
    """
    faults = []
    for name, kind in EVENT_COLUMNS.items():
        if name not in table.schema.names:
            faults.append(f"column {name} is missing")
        elif table.schema.field(name).type != kind:
            faults.append(f"column {name} is {table.schema.field(name).type}, expected {kind}")
    for name, allowed in ALLOWED.items():
        if name in table.schema.names:
            found = table[name].unique().to_pylist()
            faults += [
                f"column {name} holds {value!r}, expected one of {', '.join(allowed)}"
                for value in found
                if value is not None and value not in allowed
            ]
    return faults


def check_events(table: pa.Table) -> pa.Table:
    """Return `table` if it is a standard events table.

    Raises
    ------
    SchemaError
        Names all faults, not the first.
    """
    faults = events_faults(table)
    if faults:
        raise SchemaError("not a standard events table: " + "; ".join(faults))
    return table


def empty_events(rows: int) -> dict[str, pa.Array]:
    """Return all standard columns, null, for `rows` rows: a start for readers that fill what they know."""
    return {name: pa.nulls(rows, kind) for name, kind in EVENT_COLUMNS.items()}
