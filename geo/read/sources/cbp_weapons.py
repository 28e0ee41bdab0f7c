"""US Customs and Border Protection, weapons and ammunition seizures: one row a kind of goods of an event.

An event has many rows, so events are counted by their id and never by rows; the id is a number that the file writes
with a decimal point. Rounds, magazines and guns share one column of quantities and are kept apart by their category.
Rows that repeat each other are two lots of one event: all are kept, and their number is said.

Inbound and outbound are north and south only in the region of the border with Mexico. Elsewhere, and where the
Border Patrol writes ``OTHER`` inland, the direction is not known; the source's word stays in its own column. An event
is known to its month and to its field office or sector, which is no place on a map: nothing is drawn.

References
----------
US Customs and Border Protection, Public Data Portal, weapons and ammunition seizures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.areas import codes_of, periods
from geo.clean.cbp import areas_of, columns_of, directions_of, fiscal_months
from geo.clean.commodity import OTHER
from geo.clean.frame import coded
from geo.clean.problems import Events, Located, Problems, problems
from geo.clean.standard import standardise
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain

NAME = "cbp_weapons"
TITLE = "CBP weapons and ammunition seizures"
KIND: Final = "events"

_NAMES = {
    "year": ("fiscal year", "fy"),
    "month": ("month abbv", "month"),
    "component": ("component",),
    "region": ("region",),
    "area": ("area of responsibility",),
    "way": ("inbound outbound",),
    "category": ("category",),
    "id": ("event id",),
    "quantity": ("quantity seized",),
}

CODES = {
    "ammunition": "AMMO", "magazine": "MAGAZINE", "handgun": "HANDGUN", "long arm": "LONG_GUN",
    "receivers": "RECEIVER", "silencer muffler or sound moderator": "SUPPRESSOR", "vest body armor": "BODY_ARMOR",
    "other firearms": "FIREARM_UNSPEC", "other weapons": OTHER, "other ammunition gun parts": OTHER, "scope": OTHER,
    "case": OTHER, "explosives": "DYNAMITE",
}  # fmt: skip
"""Category, in plain letters, to commodity. Parts and rounds that share a category are neither; the source's word
stays beside them."""


def recognise(reading: Reading) -> float:
    """Return how sure it is: fiscal year, month, area, direction, category, event and quantity."""
    return 0.95 if set(columns_of(reading, _NAMES)) >= set(_NAMES) - {"component"} else 0.0


def place(reading: Reading, located: Located) -> Located:
    """Return no places at all: an area of responsibility is hundreds of kilometres wide."""
    name = columns_of(reading, _NAMES)["area"]
    area = coded(reading.table[name], name)
    written = area.at(np.arange(len(reading)))
    said = [f"{text!r} is an area of responsibility; not drawn as a point, counted all the same" for text in written]
    nowhere = problems(
        reading.name, reading.row_numbers, "place_wide", said, action="dropped", column=name, values=written
    )
    nothing = np.full(len(reading), np.nan)
    return Located(nothing, nothing.copy(), nowhere)


def events(reading: Reading, located: Located, options: ReadOptions) -> Events:
    """Return one row for each kind of goods of an event."""
    names = columns_of(reading, _NAMES)
    when = fiscal_months(reading, names["year"], names["month"])
    first, _ = periods(when.year, when.month)
    start = pc.utf8_slice_codeunits(first, 0, 7)
    area = areas_of(reading, names["area"])
    way = directions_of(reading, names["region"], names["way"])
    rows = len(reading)
    commodity, strange = _commodities(reading, names["category"])
    given = {
        "event_id": _event_ids(reading, names["id"]),
        "start": start,
        "date_precision": pc.if_else(pc.is_null(start), pa.scalar(None, pa.string()), "month"),
        "place": area.name,
        "location_basis": area.level,
        "side": area.country,
        "direction": way,
        "direction_basis": pc.if_else(pc.equal(way, "unknown"), "unknown", "reported"),
        "commodity": commodity,
        "source": pa.repeat(pa.scalar(NAME), rows),
    }
    roles = {
        "event_id": "id",
        "agency": "component",
        "commodity": "category",
        "quantity": "quantity",
        "region": "region",
    }
    known = replace(reading, roles={role: names[part] for role, part in roles.items() if part in names})
    found = standardise(known, place(reading, located), options, given)
    doubts = Problems.joined((found.problems, when.problems, area.problems, strange))
    return Events(found.table, doubts, (*found.guesses, *when.guesses, *_rules(reading, names, found.table)))


def _event_ids(reading: Reading, name: str) -> pa.Array:
    """Return ids as text, without the decimal point of a number; the row number where there is none."""
    ids = coded(reading.table[name], name)
    numbers = pa.array(reading.row_numbers).cast(pa.string())
    return pc.coalesce(ids.spread([text.removesuffix(".0") for text in ids.values]), numbers)


def _commodities(reading: Reading, name: str) -> tuple[pa.Array, Problems]:
    category = coded(reading.table[name], name)
    rows = category.rows([plain(text) not in CODES for text in category.values])
    written = category.at(rows)
    said = [f"{text!r} in {name} is no category that is known; it counts as {OTHER}" for text in written]
    numbers = reading.row_numbers[rows]
    found = problems(reading.name, numbers, "commodity_unknown", said, action="flagged", column=name, values=written)
    return category.spread([CODES.get(plain(text), OTHER) for text in category.values]), found


def _rules(reading: Reading, names: dict[str, str], table: pa.Table) -> tuple[Guess, ...]:
    count = len(pc.unique(table["event_id"]))
    way = coded(reading.table[names["way"]], names["way"])
    known = pc.sum(pc.not_equal(table["direction"], "unknown")).as_py() or 0
    rules = [
        Guess("counting events", f"{count:,} in {len(table):,} rows", f"counted by {names['id']}, never by rows"),
        Guess("quantities", "apart by category", "rounds, magazines and guns share one column and are never added"),
        Guess(
            "north and south",
            f"known of {known:,} rows",
            f"{', '.join(sorted(way.values))} are north and south only in the region of the border with Mexico",
        ),
        Guess("places", "none drawn", "an area of responsibility is no point; the rows are in every count"),
    ]
    key = codes_of(reading.table, reading.table.schema.names)
    repeats = len(key) - len(np.unique(key))
    if repeats:
        reason = "lots of one event that are equal to the last number, not copies of a row; all are kept"
        rules.append(Guess("identical rows", f"{repeats:,} repeat another", reason))
    return tuple(rules)
