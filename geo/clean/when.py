"""The dates of events: start, end, precision and zone, from whichever columns a file has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.dates import When, calendar_year, day_only, in_zone, parse_dates, zone
from geo.clean.frame import Coded, Columns, Frame, booleans, distinct_pairs, is_blank
from geo.clean.zones import Zones
from geo.read.text import plain
from geo.table import IntArray

_PARTS = {"start": "start", "end": "end", "date_precision": "precision"}
"""Standard column to the part of a `When` that it holds."""
FIRST_YEAR, LAST_YEAR = 1700, 2199
"""Of the dates that anybody means; others are a program's way of saying that there is none, or mistyped."""


def date_columns(frame: Frame) -> Columns:
    """Return ``start``, ``end``, ``date_precision`` and ``tz``.

    Raises
    ------
    ReadError
        The order of day and month cannot be told.
    UsageError
        A zone does not exist.
    """
    return _likely(frame, _found(frame))


def _likely(frame: Frame, found: Columns) -> Columns:
    """Leave dates blank that only say that none is known, such as 0001-01-01 and 9999-12-31, and tell them."""
    out = dict(found)
    for name, others in (("start", ("end", "date_precision", "tz")), ("end", ())):
        years = pc.cast(pc.utf8_slice_codeunits(out[name], 0, 4), pa.int16())
        wrong = pc.fill_null(pc.or_(pc.less(years, FIRST_YEAR), pc.greater(years, LAST_YEAR)), False)
        rows = np.flatnonzero(booleans(wrong))
        if not len(rows):
            continue
        role = next(
            (role for role in (("end",) if name == "end" else ("start", "date", "year")) if frame.has(role)), name
        )
        values = pc.take(out[name], pa.array(rows)).to_pylist()
        said = [f"the year of {value[:10]} cannot be meant; the date stays blank" for value in values]
        frame.flag(rows, "date_unlikely", frame.name(role), values, said)
        for column in (name, *others):
            out[column] = pc.if_else(wrong, pa.scalar(None, pa.string()), out[column])
    return out


def _found(frame: Frame) -> Columns:
    """Return the dates as the file has them."""
    if frame.has("year", "month") and not (frame.has("date") or frame.has("start")):
        return _from_three(frame)
    role = next((role for role in ("start", "date", "year") if frame.has(role)), None)
    if role is None:
        return dict.fromkeys(("start", "end", "date_precision", "tz"), frame.nulls())
    column = frame.coded(role)
    assert column is not None
    if role == "year" and _is_fiscal(column.name):
        years = [value if "fy" in value.lower() else f"FY {value.partition('.')[0]}" for value in column.values]
        column = replace(column, values=years)
    if frame.has("time"):
        from geo.clean.clock import with_times

        column = with_times(frame, column)
    found = _moments(frame, column)
    if role in ("start", "date") and frame.has("end"):
        found["end"] = _ends(frame, found)
    return found


def _is_fiscal(name: str) -> bool:
    """Whether a column of years holds fiscal years of the US."""
    return bool({"fiscal", "fy"} & set(plain(name).split()))


def _moments(frame: Frame, column: Coded) -> Columns:
    """Read one column of dates."""
    if _all_iso_days(column):
        days = column.text()
        precision = pc.if_else(pc.is_null(days), pa.scalar(None, pa.string()), "day")
        return {"start": days, "end": frame.nulls(), "date_precision": precision, "tz": frame.nulls()}
    whens = _parsed(frame, column)
    if not any(when is not None and when.precision == "minute" for when in whens):
        return _spread(column, whens)
    return _in_zones(frame, column, whens)


def _parsed(frame: Frame, column: Coded) -> list[When | None]:
    """Parse the distinct values; note what was decided and what was not understood."""
    whens, orders = parse_dates(column.values, frame.options.date_order, frame.reading.name, column.name)
    if frame.options.date_order is None:
        for mark, order in orders.items():
            reason = f"numbers above 12 in {column.name}, where dates are written with {mark!r}"
            frame.guess("date order", order, reason)
    unread = [when is None for when in whens]
    said = f"in {column.name} is no date that is understood; the date stays blank"
    frame.flag_values(column, unread, "date_unreadable", lambda value: f"{value!r} {said}")
    rules = {when.rule for when in whens if when is not None}
    if "two_digit_year" in rules:
        frame.guess("two-digit years", "1969 to 2068", f"{column.name} writes years with two digits")
    if "epoch" in rules:
        frame.guess("date numbers", "seconds since 1970", f"{column.name} holds numbers of 10 or 13 digits")
    if "fiscal" in rules:
        frame.guess("fiscal years", "October to September", f"{column.name} holds fiscal years of the US")
    if "serial" in rules:
        reason = f"{column.name} holds numbers of five digits"
        frame.guess("date numbers", "days since 1900, as spreadsheets count", reason)
        if len(rules) > 1:
            serial = [when is not None and when.rule == "serial" for when in whens]
            day = {v: when.start for v, when in zip(column.values, whens, strict=True) if when}
            frame.flag_values(column, serial, "date_serial", _serial_words(column.name, day))
    return whens


def _serial_words(name: str, day: dict[str, str]) -> Callable[[str], str]:
    return lambda value: f"{value} in {name} is read as the day number of {day[value]}; write the date out"


def _spread(column: Coded, whens: Sequence[When | None]) -> Columns:
    return {
        **{name: column.spread(_parts(whens, part)) for name, part in _PARTS.items()},
        "tz": column.spread([None] * len(whens)),
    }


def _in_zones(frame: Frame, column: Coded, whens: Sequence[When | None]) -> Columns:
    """Resolve times of day in the zone of each record, once for each time and zone."""
    choices, codes = _zones(frame, column, whens)
    pairs, back = distinct_pairs(column.codes, codes, (len(column.values) + 1, len(choices)))
    made: list[When | None] = []
    tz: list[str | None] = []
    faults: list[str | None] = []
    for code, at in pairs:
        when, name, fault = _resolved(whens[code] if code < len(whens) else None, choices[at])
        made.append(when)
        tz.append(name)
        faults.append(fault)
    _flag_times(frame, column, faults, [choices[at] for _, at in pairs], back)
    return {
        **{name: _taken(_parts(made, part), back) for name, part in _PARTS.items()},
        "tz": _taken(tz, back),
    }


def _resolved(when: When | None, names: Zones) -> tuple[When | None, str | None, str | None]:
    """Return a date in the zones that its place may have, the zone, and what is wrong with the time."""
    if when is None or when.precision != "minute":
        return when, None, None
    if not when.local:
        return when, names[0] if len(names) == 1 else None, None
    if not names:
        return day_only(when), None, "time_without_zone"
    made = [in_zone(when, zone(name)) for name in names]
    if any(other != made[0] for other in made[1:]):
        return day_only(when), None, "time_zone_unclear"
    return made[0][0], names[0], "time_clock_change" if made[0][1] else None


def _zones(frame: Frame, column: Coded, whens: Sequence[When | None]) -> tuple[list[Zones], IntArray]:
    """Return the zones that records may have, distinct, and which are whose: their own, the user's, their place's."""
    own = frame.coded("tz")
    choices: list[Zones] = [()]
    codes = np.zeros(frame.rows, dtype=np.int64)
    if own is not None:
        for name in own.values:
            zone(name, f"column {own.name}:")
        choices += [(name,) for name in own.values]
        codes = np.where(own.codes < len(own.values), own.codes + 1, 0)
    timed = np.array([*(when is not None and when.precision == "minute" for when in whens), False])[column.codes]
    rows = np.flatnonzero(timed & (codes == 0))
    if frame.options.tz:
        zone(frame.options.tz)
        codes[rows] = len(choices)
        choices.append((frame.options.tz,))
    elif len(rows):
        from geo.clean.clock import zones_of_rows

        found, of_rows = zones_of_rows(frame, rows)
        codes[rows] = of_rows + len(choices)
        choices += found
        _say_zones(frame, found, of_rows)
    return choices, codes


def _say_zones(frame: Frame, found: Sequence[Zones], of_rows: IntArray) -> None:
    """Note which zones were taken from places, and for how many rows."""
    rows = np.bincount(of_rows, minlength=len(found))
    told = [f"{n:,} in {names[0]}" for n, names in sorted(zip(rows, found, strict=True), reverse=True) if names and n]
    if told:
        frame.guess("time zone", "by place and date", f"rows with a time of day: {', '.join(told)}; --tz overrules it")


_TIMES = {
    "time_without_zone": "has a time but no zone, and its place does not tell; only the day is used, or give the zone"
    " with --tz",
    "time_zone_unclear": "has a time, and its place may have several zones ({zones}) that differ on that day; only the"
    " day is used, or give the zone with --tz",
    "time_clock_change": "falls on a clock change of {zones}; both instants are kept, as start and end",
}


def _flag_times(
    frame: Frame, column: Coded, faults: Sequence[str | None], names: Sequence[Zones], back: IntArray
) -> None:
    for reason, words in _TIMES.items():
        rows = np.flatnonzero(np.array([fault == reason for fault in faults], dtype=bool)[back])
        values = column.at(rows)
        said = [
            f"{value!r} {words.format(zones=', '.join(names[at]))}"
            for value, at in zip(values, back[rows], strict=True)
        ]
        frame.flag(rows, reason, column.name, values, said)


def _parts(whens: Sequence[When | None], part: str) -> list[str | None]:
    return [None if when is None else getattr(when, part) for when in whens]


def _taken(values: Sequence[str | None], index: IntArray) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(index))


def _ends(frame: Frame, begun: Columns) -> pa.Array:
    """Return the ends that a file gives beside its starts, where they are as precise and not earlier."""
    column = frame.coded("end")
    assert column is not None
    ended = _moments(frame, column)
    same = pc.equal(ended["date_precision"], begun["date_precision"])
    earlier = pc.and_kleene(same, pc.less(ended["start"], begun["start"]))
    rows = np.flatnonzero(booleans(earlier))
    values = column.at(rows)
    said = [f"ends on {value}, before it starts; correct one of them" for value in values]
    frame.flag(rows, "end_before_start", column.name, values, said)
    usable = pc.fill_null(pc.and_kleene(same, pc.invert(earlier)), False)
    return pc.coalesce(pc.if_else(usable, ended["start"], pa.scalar(None, pa.string())), begun["end"])


def _from_three(frame: Frame) -> Columns:
    """Put dates together from columns of year, month and, where there is one, day."""
    columns = [c for c in (frame.coded("year"), frame.coded("month"), frame.coded("day")) if c is not None]
    names = [column.name for column in columns]
    fiscal = _is_fiscal(names[0])
    key = np.zeros(frame.rows, dtype=np.int64)
    for column in columns:
        key = key * (len(column.values) + 1) + column.codes
    distinct, first, back = np.unique(key, return_index=True, return_inverse=True)
    whens: list[When | None] = []
    unread = np.zeros(len(distinct), dtype=bool)
    written: list[str] = []
    for at, row in enumerate(first):
        parts = [column.at(np.array([row]))[0] for column in columns]
        whens.append(_from_parts(*parts, fiscal=fiscal))
        unread[at] = whens[-1] is None and any(parts)
        written.append("/".join(parts))
    rows = np.flatnonzero(unread[back])
    values = [written[at] for at in back[rows]]
    listed = ", ".join(names)
    said = [f"{value!r} in {listed} is no date; the date stays blank" for value in values]
    frame.flag(rows, "date_unreadable", listed, values, said)
    starts = f"; {names[0]} starts in October of the year before" if fiscal else ""
    frame.guess("date", listed, f"put together from these columns{starts}")
    return {
        **{name: _taken(_parts(whens, part), back) for name, part in _PARTS.items()},
        "tz": frame.nulls(),
    }


def _from_parts(year: str, month: str, day: str = "", *, fiscal: bool = False) -> When | None:
    """Return the date whose parts stand in columns of their own, as precise as they go."""
    if not year:
        return None
    whole, number, at = (part.split(".")[0] for part in (year, month, day))
    if fiscal:
        return _of_fiscal(whole, number, at)
    if not month:
        text = whole
    elif not number.isdigit():
        text = f"{at} {month} {whole}".strip()
    else:
        text = "-".join(part.zfill(2) for part in (whole, number, at) if part)
    return parse_dates([text], "YMD", "", "")[0][0]


def _of_fiscal(year: str, month: str, day: str) -> When | None:
    """Return the date of a month of a fiscal year, which may be written 2025 (FYTD)."""
    digits = re.search(r"(?:19|20)\d\d", year)
    if digits is None:
        return None
    if not month:
        return parse_dates([f"FY {digits[0]}"], "YMD", "", "")[0][0]
    named = parse_dates(
        [f"{month} {digits[0]}" if not month.isdigit() else f"{digits[0]}-{month.zfill(2)}"], "YMD", "", ""
    )
    when = named[0][0]
    if when is None:
        return None
    number = int(when.start[5:7])
    return _from_parts(str(calendar_year(int(digits[0]), number)), f"{number:02d}", day)


def _all_iso_days(column: Coded) -> bool:
    """Whether every value is a day in ISO 8601 already: most tables made by programs are."""
    values = pa.array([value for value in column.values if not is_blank(value)], pa.string())
    if not len(values) or not pc.all(pc.match_substring_regex(values, r"^\d{4}-\d{2}-\d{2}$")).as_py():
        return False
    try:
        pc.cast(values, pa.date32())
    except pa.ArrowInvalid:
        return False
    return True
