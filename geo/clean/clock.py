"""Times of day of a file: the column of times beside the dates, and the zone of each record.

The zone of a time without one is that of the record (a column of zones), else of the user (``--tz``), else of the
place: its coordinates, or the municipality, county, port or state that the record names. Where a place may have
several zones the time is used if they all give the same instant on that date, and else only the day.
"""

from __future__ import annotations

import re

import numpy as np

from geo.clean import zones
from geo.clean.direction import side_of
from geo.clean.frame import Coded, Frame, distinct_pairs, is_blank
from geo.clean.gazetteer import areas_named, embedded
from geo.clean.named import ROLES, look_up, names_around
from geo.clean.place_words import written_out
from geo.clean.zones import Zones
from geo.table import IntArray, ObjectArray

_BARE = re.compile(r"(\d{1,2})(\d{2})(?:\.0+)?")
_HOUR = re.compile(r"(\d{1,2})\s*([ap]\.?\s?m\.?)", re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,2}[:h.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*\S{0,6}\s*(?:hrs?\.?|horas)?", re.IGNORECASE
)


def with_times(frame: Frame, dates: Coded) -> Coded:
    """Return dates with the times of a column of their own; a time that is not understood is left out and flagged."""
    times = frame.coded("time")
    if times is None or times.name == dates.name:
        return dates
    written = [clock(value) for value in times.values]
    unread = [text is None for text in written]
    said = f"in {times.name} is no time of day; only the date is used"
    frame.flag_values(times, unread, "time_unreadable", lambda value: f"{value!r} {said}")
    pairs, back = distinct_pairs(dates.codes, times.codes, (len(dates.values) + 1, len(times.values) + 1))
    texts = [_joined([*dates.values, ""][date], [*written, None][time]) for date, time in pairs]
    values = list(dict.fromkeys(text for text in texts if text))
    place = {text: at for at, text in enumerate(values)}
    codes = np.array([place.get(text, len(values)) for text in texts], dtype=np.int64)
    frame.guess("time", times.name, f"times of the dates in {dates.name}")
    return Coded(dates.name, values, codes[back])


def clock(text: str) -> str | None:
    """Return a time of day as it stands after a date; None where it is none.

    Examples
    --------
    >>> clock("2230"), clock("10:15 p.m."), clock("9pm"), clock("noche")
    ('22:30', '10:15 p.m.', '9:00 pm', None)
    """
    text = text.strip()
    if bare := _BARE.fullmatch(text):
        return f"{bare[1]}:{bare[2]}"
    if hour := _HOUR.fullmatch(text):
        return f"{hour[1]}:00 {hour[2]}"
    return text if _CLOCK.fullmatch(text) else None


def _joined(date: str, time: str | None) -> str:
    # A date that has a time already keeps its own; some programs write midnight beside every date.
    own = re.search(r"\d:\d", date) is not None
    if date and time and own and re.search(r"[T ]0{1,2}:00(:00(\.0+)?)?$|12:00:00 AM$", date):
        date, own = re.sub(r"[T ](0{1,2}:00(:00(\.0+)?)?|12:00:00 AM)$", "", date), False
    return f"{date} {time}" if date and time and not own else date


def zones_of_rows(frame: Frame, rows: IntArray) -> tuple[list[Zones], IntArray]:
    """Return the zones that places of rows may have, distinct, and which are whose.

    Parameters
    ----------
    rows : (k,) int
        Rows whose zone is wanted.
    """
    found: list[Zones] = [()]
    place: dict[Zones, int] = {(): 0}

    def code(of: Zones) -> int:
        if of not in place:
            place[of] = len(found)
            found.append(of)
        return place[of]

    codes = np.zeros(len(rows), dtype=np.int64)
    lon, lat = frame.located.longitude[rows], frame.located.latitude[rows]
    there = np.flatnonzero(np.isfinite(lon))
    side = _sides(frame, rows)
    if len(there):
        made, of = zones.zones_of_points(lon[there], lat[there], list(side[there]))
        codes[there] = np.array([code(z) for z in made], dtype=np.int64)[of]
    _of_named(frame, rows, codes, code)
    nowhere = np.flatnonzero(~np.isfinite(lon))
    if len(nowhere):
        made, back = _by_names(frame, rows[nowhere])
        codes[nowhere] = np.array([code(z) for z in made], dtype=np.int64)[back]
    return found, codes


def _of_named(frame: Frame, rows: IntArray, codes: IntArray, code: object) -> None:
    """Take the zone of what a row was placed at by name, where the name says it better than the point does."""
    named = frame.located.named
    if named is None:
        return
    of = dict(zip(named.rows.tolist(), zip(named.basis, named.code, strict=True), strict=True))
    for at, row in enumerate(rows.tolist()):
        basis, own = of.get(row, (None, None))
        if basis == "municipality":
            codes[at] = code(zones.of_municipality(own))  # type: ignore[operator]
        elif basis == "county":
            codes[at] = code(zones.of_county(own))  # type: ignore[operator]


def _sides(frame: Frame, rows: IntArray) -> ObjectArray:
    """Return the country that each record names; of a row placed by name, that of its place."""
    side = np.full(frame.rows, None, dtype=object)
    for role in ("country", "side"):
        column = frame.coded(role)
        if column is not None:
            meant = np.array([*map(side_of, column.values), None], dtype=object)[column.codes]
            side = np.where(meant == np.array(None), side, meant)
    named = frame.located.named
    if named is not None:
        open_ = np.array([s is None for s in side[named.rows]], dtype=bool)
        side[named.rows[open_]] = named.side[open_]
    return side[rows]


def _by_names(frame: Frame, rows: IntArray) -> tuple[list[Zones], IntArray]:
    """Return the zones of records without a point, from the places that they name."""
    roles = [role for role in (*ROLES, "state", "country", "side") if frame.has(role)]
    columns = {role: frame.coded(role) for role in roles}
    key = np.zeros(len(rows), dtype=np.int64)
    for column in columns.values():
        assert column is not None
        _, key = np.unique(key * (len(column.values) + 1) + column.codes[rows], return_inverse=True)
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    made = []
    for row in rows[first]:
        record = {role: column.at(np.array([row]))[0] for role, column in columns.items() if column is not None}
        made.append(_of_record(record, frame))
    return made, back


def _of_record(record: dict[str, str], frame: Frame) -> Zones:
    around = names_around(record)
    if around is None:
        return ()
    for role in ROLES:
        value = record.get(role, "")
        if value and not is_blank(value):
            match = look_up(role, value, around, frame.reading, embedded())
            if match.place is not None:
                found = _of_place(match.place.kind, match.place.code, match.place.country, match.place.state)
                if found:
                    return found
    state = record.get("state", "")
    areas = areas_named(written_out(state)) if state else ()
    named = [area for area in areas if area[1] is not None and around[1] in (None, area[0])]
    return zones.of_state(f"{named[0][0]}-{named[0][1]}") if len(named) == 1 else ()


def _of_place(kind: str, code: str, country: str, state: str | None) -> Zones:
    if kind == "municipality":
        return zones.of_municipality(code)
    if kind == "county":
        return zones.of_county(code)
    if kind == "port":
        return zones.of_port(code)
    return () if state is None else zones.of_state(f"{country}-{state}")
