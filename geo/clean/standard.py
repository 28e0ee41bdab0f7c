"""Any table to standard events: one row an event and one commodity.

Every row read becomes a row, in order. A source whose adapter knows better hands in the columns it knows; the
rest is found by the roles of the columns: dates in `when`, goods in `items`, direction in `ways`, places and
ids here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.direction import context_of, side_of
from geo.clean.frame import Columns, Frame, as_text, integers
from geo.clean.items import item_columns
from geo.clean.problems import Events, Located, Problems
from geo.clean.radius import radii_of
from geo.clean.ways import direction_columns
from geo.clean.when import date_columns
from geo.read.coordinates import degrees
from geo.read.reading import Reading, ReadOptions
from geo.read.text import plain
from geo.schema import EVENT_COLUMNS, LOCATION_BASES, check_events
from geo.table import FloatArray, free_name, side_by_side


def events(reading: Reading, located: Located, options: ReadOptions | None = None) -> Events:
    """Return the standard events of a reading.

    Parameters
    ----------
    reading
        A file as read.
    located
        Where its rows lie.
    options
        ``date_order`` and ``tz`` are looked at.

    Returns
    -------
    Events
        All rows of the reading in their order. `problems` holds those of locating and cleaning; those of reading
        are the reading's. `guesses` are those of cleaning alone.

    Raises
    ------
    ReadError
        The order of day and month cannot be told.
    """
    options = options or ReadOptions()
    if reading.adapter is not None:
        return reading.adapter.events(reading, located, options)
    return standardise(reading, located, options)


def standardise(
    reading: Reading,
    located: Located,
    options: ReadOptions,
    given: Mapping[str, pa.Array] | None = None,
) -> Events:
    """Return standard events from the roles of the columns, and from what an adapter knows better.

    Parameters
    ----------
    reading, located, options
        As in `events`.
    given
        Standard columns that are known already; they are taken as they are.
    """
    frame = Frame(reading, located, options, dict(given or {}))
    frame.prepare(_CODED)
    made: Columns = {name: frame.text(name) for name in ("agency", "partners", "operation", "handling")}
    made |= {"source": _source(frame), "events": _events(frame)}
    if not {"start", "date_precision"} <= set(frame.given):
        made |= date_columns(frame)
    else:
        made |= {"end": frame.nulls(), "tz": frame.text("tz")}
    made |= _ids(frame, frame.given.get("start", made.get("start")))
    made |= _place(frame)
    made |= item_columns(frame)
    made |= direction_columns(frame, made["commodity"])
    made |= frame.given
    made |= _named(frame, made)
    columns = side_by_side(lambda name: made[name].cast(EVENT_COLUMNS[name]), tuple(EVENT_COLUMNS))
    table = pa.table(dict(zip(EVENT_COLUMNS, columns, strict=True)))
    found = Problems.joined([located.problems, *frame.problems])
    return Events(check_events(with_input(table, reading.table)), found, tuple(frame.guesses))


_CODED = (
    "agency", "partners", "operation", "handling", "source", "start", "date", "place", "municipality", "county", "side",
    "country", "context", "location_basis", "commodity", "unit", "direction",
)  # fmt: skip
"""Roles of columns that are looked at by their distinct values."""


def _source(frame: Frame) -> pa.Array:
    """Return where each record is from: its own word for it, else the file."""
    own = pa.scalar(frame.reading.name)
    return pc.fill_null(frame.text("source"), own) if frame.has("source") else pa.repeat(own, frame.rows)


def _events(frame: Frame) -> pa.Array:
    """Return how many events each row stands for; one, unless a column says otherwise."""
    column = frame.reading.column("events")
    if column is None:
        return pa.array(np.ones(frame.rows, dtype=np.int64))
    values, _ = degrees(column, None)
    return pa.array(np.where(np.isfinite(values), values, 1).astype(np.int64))


def _ids(frame: Frame, start: pa.Array) -> Columns:
    """Return ids of events and records; the row number where the file has none that stand for them."""
    numbers = pa.array(frame.reading.row_numbers).cast(pa.string())
    record = pc.coalesce(frame.ids("record_id"), numbers)
    role = next((role for role in ("event_id", "record_id") if frame.has(role)), None)
    if role is None:
        return {"event_id": numbers, "record_id": numbers}
    ids = frame.ids(role)
    if _ids_are_events(frame, ids, start):
        return {"event_id": pc.coalesce(ids, numbers), "record_id": record}
    name = frame.name(role)
    frame.guess("event_id", "row number", f"rows of one {name} lie at different places or days: it names no event")
    return {"event_id": numbers, "record_id": pc.coalesce(ids, record)}


def _ids_are_events(frame: Frame, ids: pa.Array, start: pa.Array) -> bool:
    """Whether rows with the same id are at the same place and of the same day, so that they can be of one event."""
    if _count_up(ids) or _ascend(ids):
        return True
    coded = pc.dictionary_encode(ids)
    if len(coded.dictionary) == frame.rows - ids.null_count:
        return True
    codes = integers(pc.fill_null(coded.indices, -1))
    lon, lat = frame.located.longitude, frame.located.latitude
    known = np.flatnonzero((codes >= 0) & np.isfinite(lon))
    if not len(known):
        return True
    _, first, back = np.unique(codes[known], return_index=True, return_inverse=True)
    lon, lat = lon[known], lat[known]
    same = (lon == lon[first][back]) & (lat == lat[first][back])
    # A day more or less: what is found around midnight is one event.
    days = _days(start)[known]
    with np.errstate(invalid="ignore"):
        same &= ~(np.abs(days - days[first][back]) > 1)
    return bool(np.mean(same) > 0.99)


def _days(start: pa.Array) -> FloatArray:
    """Return dates as day numbers, NaN where there is none; a month or a year is its first day."""
    coded = pc.dictionary_encode(start)
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    days = [float(np.datetime64(text[:10], "D").astype(np.int64)) for text in coded.dictionary.to_pylist()]
    return np.array([*days, np.nan])[integers(pc.fill_null(coded.indices, len(days)))]


def _count_up(ids: pa.Array) -> bool:
    """Whether ids are whole numbers in rising order, as most files count: then they are unique without a look."""
    if ids.null_count:
        return False
    try:
        # The first few tell ids that are words from numbers.
        pc.cast(ids.slice(0, 100), pa.int64())
        numbers = integers(pc.cast(ids, pa.int64()))
    except pa.ArrowInvalid:
        return False
    return bool(np.all(numbers[1:] > numbers[:-1]))


def _ascend(ids: pa.Array) -> bool:
    """Whether ids rise as text: then they are unique too. Only as far as the first that do not is looked at."""
    for rows in (100, len(ids)):
        some = ids.slice(0, rows)
        if not pc.all(pc.less(some.slice(0, len(some) - 1), some.slice(1)), skip_nulls=False, min_count=0).as_py():
            return False
    return True


def _place(frame: Frame) -> Columns:
    place = pc.coalesce(frame.text("place"), frame.text("municipality"), frame.text("county"))
    bases = {plain(basis): basis for basis in LOCATION_BASES}
    side = frame.words("side", side_of)
    return {
        "place": place,
        "longitude": pa.array(frame.located.longitude, from_pandas=True),
        "latitude": pa.array(frame.located.latitude, from_pandas=True),
        "location_precision_m": _radii(frame),
        "location_basis": frame.words("location_basis", lambda v: bases.get(plain(v)), flagged=False),
        "side": pc.coalesce(side, frame.words("country", side_of, flagged=False)),
        "context": frame.words("context", context_of),
    }


def _radii(frame: Frame) -> pa.Array:
    """Return the radius within which each place is known, null where it is not or is no length."""
    column, name = frame.reading.column("location_precision_m"), frame.name("location_precision_m")
    if column is None:
        return pa.nulls(frame.rows, pa.float64())
    metres, rows = radii_of(column, name)
    values = as_text(column.take(pa.array(rows))).to_pylist()
    said = f"in {name} is no radius in metres; the precision of the place stays unknown"
    frame.flag(rows, "precision_unreadable", name, values, [f"{value!r} {said}" for value in values])
    return pa.array(metres, from_pandas=True)


def _named(frame: Frame, made: Columns) -> Columns:
    """Return precision, basis and side of the location, of rows placed by name those of their place."""
    named = frame.located.named
    if named is None:
        return {}
    precision = np.full(frame.rows, np.nan)
    precision[named.rows] = named.precision_m
    placed = np.zeros(frame.rows, dtype=bool)
    placed[named.rows] = True
    basis, side = np.full(frame.rows, None, dtype=object), np.full(frame.rows, None, dtype=object)
    basis[named.rows], side[named.rows] = named.basis, named.side
    ours = pa.array(precision, from_pandas=True)
    # A record may say that it knows its place less well than its name does.
    wider = pc.max_element_wise(made["location_precision_m"], ours)
    mask = pa.array(placed)
    return {
        "location_precision_m": pc.if_else(mask, wider, made["location_precision_m"]),
        "location_basis": pc.if_else(mask, pa.array(basis, pa.string()), made["location_basis"]),
        "side": pc.coalesce(made["side"], pa.array(side, pa.string())),
    }


def with_input(table: pa.Table, own: pa.Table, standard: Mapping[str, pa.DataType] = EVENT_COLUMNS) -> pa.Table:
    """Return `table` with the input's columns after the standard ones, each under its own name.

    One whose name is a standard column's becomes ``source_NAME``, unless it says the same.
    """
    shared = [name for name in own.schema.names if name in standard]
    same = dict(zip(shared, side_by_side(lambda name: _same(table[name], own[name]), shared), strict=True))
    for name in own.schema.names:
        free = name
        if name in standard:
            if same[name]:
                continue
            free = f"source_{name}"
        table = table.append_column(free_name(free, table.schema.names, "_"), own[name])
    return table


def _same(standard: pa.ChunkedArray, own: pa.ChunkedArray) -> bool:
    """Whether an input column says the same as the standard column of its name."""
    if not pa.types.is_string(standard.type):
        ours, _ = degrees(standard, None)
        theirs, wrong = degrees(own, None)
        return not wrong.any() and bool(np.array_equal(ours, theirs, equal_nan=True))
    return bool(standard.equals(own if pa.types.is_string(own.type) else as_text(own)))
