"""Dates as people write them, to ISO 8601 text as precise as they are known.

The order of day and month is decided from the whole column: one value with a number above 12 settles it for
all that are written with the same marks (03/25/2011 says nothing about 01-02-2011: two offices, two habits). A
column that leaves it open is not guessed at; the error names ``--date-order``. Years of two digits are
those from 1969 to 2068, as POSIX has it. Numbers may be years, YYYYMMDD, spreadsheet day numbers or seconds
since 1970. A fiscal year of the US, from October to September, is the range of its months. A date without a time of
day stays a day and never becomes midnight; where every time in a column is midnight, the column holds days.

A time of day needs a zone to become an instant. An offset or Z in the text, a zone in the record, ``--tz``, or else
the place (`geo.clean.zones`) give it; without one only the day is used. At a clock change an hour is missing or comes
twice: both instants that may be meant are kept, as start and end.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.errors import ReadError, UsageError
from geo.read.coordinates import MISSING
from geo.read.reading import DateOrder
from geo.read.text import plain

LONGEST = 80
"""Characters of the longest date that anyone writes; what is longer is prose."""

_MONTHS = {
    **{name.lower(): i for i, name in enumerate(calendar.month_name) if i},
    **{name.lower(): i for i, name in enumerate(calendar.month_abbr) if i},
    "sept": 9, "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
    "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
    "ene": 1, "abr": 4, "ago": 8, "set": 9, "dic": 12,
}  # fmt: skip
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
# Mar is Tuesday in Spanish and March in English: before a year, or a day and a year, it is the month.
_WEEKDAY = re.compile(
    r"^(?!mar\b\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?[\s,]+\d{2,4}(?![\d/-])|\d{4}(?:[\s,]|$)|\d{2}$))"
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\.?,?\s+(?=\w)"
)
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420,
}  # fmt: skip
_TIME = re.compile(
    r"(?:^|[t,\s])\s*(?P<h>\d{1,2})[:h.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?\s?m\.?)?"
    r"\s*(?P<zone>z|utc|gmt|[ecmp][sd]t|(?:utc|gmt)?[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*(?:hrs?\.?|horas)?$"
)
_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_ISO_MONTH = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})|(?P<m2>\d{1,2})[-/.](?P<y2>\d{4})")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})")
_DAY_MONTH = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|o)?[\s\-/.,]*(?:de |of )?{_MONTH}[\s\-/.,]*(?:de |del )?(?P<y>\d{{4}}|\d{{2}})"
)
_YEAR = r"(?P<y>\d{4}|\d{2})"
_MONTH_DAY = re.compile(rf"{_MONTH}[\s\-/.]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|-|/){_YEAR}")
_MONTH_YEAR = re.compile(
    rf"{_MONTH}[\s\-/.,]*(?:de |del )?{_YEAR}|(?P<y2>\d{{4}})[\s\-/.]*{_MONTH.replace('month', 'month2')}"
)
_DAYS_OF_MONTH = re.compile(
    rf"(?:del |from )?(?P<a>\d{{1,2}})\s*(?:-|al|a|to|y|and|&)\s*(?P<b>\d{{1,2}})\s*(?:de |of )?{_MONTH}[\s,]*"
    r"(?:de |del )?(?P<y>\d{4})"
)
_FISCAL = re.compile(
    r"(?:f\.?\s?y\.?|fiscal year|fiscal|ano fiscal|ejercicio fiscal)\s*'?(?P<y>\d{4}|\d{2})(?P<open>\s*\(?fytd\)?)?"
    r"|(?P<y2>\d{4})\s*\(?fytd\)?"
)
_QUARTER = re.compile(
    r"(?:q(?P<q>[1-4])|(?P<q2>[1-4])(?:q|t|o? trim(?:estre)?)|(?P<word>primer|segundo|tercer|cuarto) trimestre)"
    r"[\s\-/,]*(?:de |del )?(?P<y>\d{4})"
)
_QUARTERS = {"primer": 1, "segundo": 2, "tercer": 3, "cuarto": 4}
_YEARS = re.compile(r"(?P<a>(?:18|19|20)\d\d)\s?(?:-|/|to|a|al|through|thru|hasta)\s?(?P<b>(?:18|19|20)\d\d)")
_RANGE = re.compile(r"\s+(?:to|al|a|until|hasta|thru|through|-)\s+|(?<=\d)/(?=\d{4}-)")

# Day 0 of the 1900 system, set back by one for the 29 February 1900 that spreadsheets believe in.
_SERIAL_ZERO = date(1899, 12, 30)
_Numbers: TypeAlias = tuple[str, str, str]
Orders: TypeAlias = Mapping[str, DateOrder]
"""Mark between the numbers of a date to their order."""

_SERIALS = (20_000, 60_000)
"""Day numbers from 1954 to 2064: a number outside is no date of a seizure."""


@dataclass(frozen=True)
class When:
    """A date as it is known.

    Parameters
    ----------
    start, end
        ISO 8601 text; end is None where one moment is given.
    precision
        ``minute``, ``day``, ``month`` or ``year``.
    local
        The time of day has no zone yet: start is then local time without a mark.
    rule
        Name of a rule that had to be applied: ``serial``, ``two_digit_year``, ``epoch``, ``fiscal``.
    """

    start: str
    end: str | None
    precision: str
    local: bool = False
    rule: str | None = None


def parse_dates(
    texts: Sequence[str], order: DateOrder | None, file: str, column: str
) -> tuple[list[When | None], dict[str, DateOrder]]:
    """Return the dates written in distinct `texts` of one column, None where not understood.

    Parameters
    ----------
    texts
        Distinct values of the column.
    order
        Order of day, month and year as the user says; None to find out.
    file, column
        Names, for messages.

    Returns
    -------
    dates
        Aligned with `texts`.
    orders
        Mark between the numbers to the order that was used; empty where no value needed one.

    Raises
    ------
    ReadError
        The order cannot be told from the values, or they contradict each other.
    """
    plain_texts = [_folded(text) for text in texts]
    needed: dict[str, list[_Numbers]] = {}
    for text in plain_texts:
        match = _NUMERIC.match(_without_time(text[:LONGEST])[0])
        if match:
            needed.setdefault(match[2], []).append((match[1], match[3], match[4]))
    orders = {mark: order or _order(values, mark, file, column) for mark, values in needed.items()}
    found = [None if text in MISSING or len(text) > LONGEST else _parse(text, orders) for text in plain_texts]
    return _midnight_is_no_time(found), orders


def _folded(text: str) -> str:
    """Return `text` in lower case without accents, with plain marks; unlike `plain`, punctuation stays."""
    marks = text.strip().lower().replace("–", "-").replace("—", "-").replace("\u00a0", " ")
    folded = "".join(plain(c) if ord(c) > 127 else c for c in marks)
    return _WEEKDAY.sub("", " ".join(folded.split()))


def _order(values: Sequence[_Numbers], mark: str, file: str, column: str) -> DateOrder:
    """Decide the order from numbers that can only be a day, or only a year."""
    first, second = [int(v[0]) for v in values], [int(v[1]) for v in values]
    if any(n > 31 for n in first):
        return "YMD"
    day_first = next((v for v, n in zip(values, first, strict=True) if n > 12), None)
    month_first = next((v for v, n in zip(values, second, strict=True) if n > 12), None)
    if day_first and month_first:
        a, b = mark.join(day_first), mark.join(month_first)
        raise ReadError(
            f"{file}: column {column} holds days first ({a}) and months first ({b});"
            " say which with --date-order DMY or MDY, the others are then left blank"
        )
    if day_first:
        return "DMY"
    if month_first:
        return "MDY"
    if all(v[0] == v[1] for v in values):
        return "DMY"
    example = mark.join(next(v for v in values if v[0] != v[1]))
    raise ReadError(
        f"{file}: dates of column {column} such as {example} may have the day or the month first;"
        " say which with --date-order DMY or --date-order MDY"
    )


def _without_time(text: str) -> tuple[str, re.Match[str] | None]:
    match = _TIME.search(text)
    if match is None or match.start() == 0:
        return text, None
    return text[: match.start()].strip(" ,"), match


def _parse(text: str, orders: Orders) -> When | None:
    body, clock = _without_time(text)
    found = _parse_day(body, orders)
    if found is not None:
        return found if clock is None else _at(found, clock)
    span = _DAYS_OF_MONTH.fullmatch(text)
    if span:
        month, year = _MONTHS[span["month"]], int(span["y"])
        a, b = _day(year, month, int(span["a"])), _day(year, month, int(span["b"]))
        return When(a.start, b.start, "day") if a and b else None
    halves = _RANGE.split(text)
    return _range(halves[0], halves[1], orders) if len(halves) == 2 else None


def _range(first: str, second: str, orders: Orders) -> When | None:
    """Return the range between two dates; the year may stand with the second alone: 28 March to 2 April 2011."""
    end = _parse(second, orders)
    if end is None or end.end:
        return None
    start = _parse(first, orders)
    # "March 28" alone reads as March of 2028.
    if (start is None or start.precision != end.precision) and end.precision in ("day", "month"):
        year = int(end.start[:4])
        start = _parse(f"{first} {year}", orders) or _parse(f"{first}, {year}", orders)
        if start is not None and start.start > end.start:
            start = _parse(f"{first} {year - 1}", orders) or _parse(f"{first}, {year - 1}", orders)
    if start is None or start.end or start.precision != end.precision:
        return None
    return replace(start, end=end.start)


def _parse_day(text: str, orders: Orders) -> When | None:
    """Parse a date without a time of day."""
    if match := _ISO.fullmatch(text):
        return _day(int(match["y"]), int(match["m"]), int(match["d"]))
    if match := _NUMERIC.fullmatch(text):
        return _ordered((match[1], match[3], match[4]), orders.get(match[2]))
    if match := _ISO_MONTH.fullmatch(text):
        return _month(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]))
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _number(text)
    return _named_month(text) or _period(text)


def _period(text: str) -> When | None:
    """Parse a period that has a name of its own: a fiscal year, a quarter, years from and to."""
    if match := _FISCAL.fullmatch(text):
        year, _ = _year(match["y"] or match["y2"])
        return When(f"{year - 1:04d}-10", f"{year:04d}-09", "month", rule="fiscal")
    if match := _QUARTER.fullmatch(text):
        quarter = int(match["q"] or match["q2"] or _QUARTERS[match["word"]])
        return When(f"{match['y']}-{3 * quarter - 2:02d}", f"{match['y']}-{3 * quarter:02d}", "month")
    match = _YEARS.fullmatch(text)
    if match and int(match["a"]) < int(match["b"]):
        return When(match["a"], match["b"], "year")
    return None


def calendar_year(fiscal_year: int, month: int) -> int:
    """Return the year in which a month of a fiscal year of the US lies: October to December are of the year before.

    Examples
    --------
    >>> calendar_year(2019, 10), calendar_year(2019, 9)
    (2018, 2019)
    """
    return fiscal_year - 1 if month >= 10 else fiscal_year


def _named_month(text: str) -> When | None:
    """Parse a date whose month is a word."""
    match = _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if match:
        year, rule = _year(match["y"])
        return _ruled(_day(year, _MONTHS[match["month"]], int(match["d"])), rule)
    match = _MONTH_YEAR.fullmatch(text)
    if match is None:
        return None
    year, rule = _year(match["y"] or match["y2"])
    return _ruled(_month(year, _MONTHS[match["month"] or match["month2"]]), rule)


def _ordered(parts: _Numbers, order: DateOrder | None) -> When | None:
    if order is None:
        order = "DMY"  # only where day and month are the same number in every value
    a, b, c = parts
    if order == "YMD":
        year, rule = _year(a) if len(c) == 2 else (0, None)
        return _ruled(_day(year, int(b), int(c)), rule) if year else None
    day, month = (a, b) if order == "DMY" else (b, a)
    year, rule = _year(c)
    return _ruled(_day(year, int(month), int(day)), rule)


def _year(text: str) -> tuple[int, str | None]:
    if len(text) == 4:
        return int(text), None
    return int(text) + (1900 if int(text) > 68 else 2000), "two_digit_year"


def _ruled(when: When | None, rule: str | None) -> When | None:
    return when if when is None or rule is None else replace(when, rule=rule)


def _day(year: int, month: int, day: int) -> When | None:
    try:
        return When(date(year, month, day).isoformat(), None, "day") if 1000 <= year <= 2999 else None
    except ValueError:
        return None


def _month(year: int, month: int) -> When | None:
    return When(f"{year:04d}-{month:02d}", None, "month") if 1 <= month <= 12 and 1000 <= year <= 2999 else None


def _number(text: str) -> When | None:
    """Read a bare number: a year, YYYYMM, YYYYMMDD, a spreadsheet's day number, or seconds since 1970."""
    whole, _, fraction = text.partition(".")
    if fraction.strip("0"):
        return _serial(float(text))
    found: When | None = None
    if len(whole) == 4 and 1800 <= int(whole) <= 2199:
        found = When(whole, None, "year")
    elif len(whole) == 8:
        found = _day(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    elif len(whole) == 6 and 1800 <= int(whole[:4]) <= 2199:
        found = _month(int(whole[:4]), int(whole[4:]))
    elif len(whole) in (10, 13):
        moment = datetime.fromtimestamp(int(whole) / (1 if len(whole) == 10 else 1000), UTC)
        found = When(_instant(moment), None, "minute", rule="epoch")
    elif len(whole) == 5:
        found = _serial(float(whole))
    return found


def _serial(number: float) -> When | None:
    """Read a spreadsheet's day number; a fraction is a time of day."""
    if not _SERIALS[0] <= number <= _SERIALS[1]:
        return None
    moment = datetime.combine(_SERIAL_ZERO, datetime.min.time()) + timedelta(days=number)
    if number.is_integer():
        return When(moment.date().isoformat(), None, "day", rule="serial")
    # A minute is 0.0007 of a day: the fraction is good to the minute, not to the second.
    rounded = (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)
    return When(rounded.isoformat(), None, "minute", local=True, rule="serial")


def _at(when: When, clock: re.Match[str]) -> When | None:
    """Add a time of day to a day."""
    if when.precision != "day":
        return None
    hour, minute, second = int(clock["h"]), int(clock["m"]), int(clock["s"] or 0)
    half = (clock["half"] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == second == 0:
        hour, when = 0, replace(when, start=(date.fromisoformat(when.start) + timedelta(days=1)).isoformat())
    if hour > 23 or minute > 59 or second > 59:
        return None
    local = datetime.fromisoformat(when.start).replace(hour=hour, minute=minute, second=second)
    if clock["zone"] is None:
        return replace(when, start=local.isoformat(), precision="minute", local=True)
    moment = local.replace(tzinfo=timezone(timedelta(minutes=_offset(clock["zone"]))))
    return replace(when, start=_instant(moment), precision="minute")


def _offset(zone: str) -> int:
    """Minutes east of Greenwich."""
    if zone in _ZONES:
        return _ZONES[zone]
    digits = zone.removeprefix("utc").removeprefix("gmt")
    sign = -1 if digits[0] == "-" else 1
    number = digits[1:].replace(":", "").ljust(4, "0")
    return sign * (int(number[:2]) * 60 + int(number[2:]))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight_is_no_time(found: list[When | None]) -> list[When | None]:
    """Take times away where all of a column are midnight: programs write days so."""
    timed = [when for when in found if when is not None and when.precision == "minute"]
    if not timed or any(when.start[11:19] != "00:00:00" for when in timed):
        return found
    return [
        replace(when, start=when.start[:10], precision="day", local=False)
        if when is not None and when.precision == "minute"
        else when
        for when in found
    ]


def zone(name: str, option: str = "--tz") -> ZoneInfo:
    """Return the IANA zone `name`.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{option} {name}: no such zone; write for example America/Tijuana") from None


def in_zone(when: When, where: ZoneInfo) -> tuple[When, bool]:
    """Return a local time as an instant, and whether a clock change leaves two that may be meant.

    Examples
    --------
    >>> in_zone(When("2022-11-06T01:30:00", None, "minute", local=True), ZoneInfo("America/Chicago"))[0].end
    '2022-11-06T07:30:00Z'
    """
    if not when.local:
        return when, False
    local = datetime.fromisoformat(when.start)
    both = sorted({_instant(local.replace(tzinfo=where, fold=fold)) for fold in (0, 1)})
    end = when.end
    if end is not None:
        end = _instant(datetime.fromisoformat(end).replace(tzinfo=where))
    elif len(both) > 1:
        end = both[1]
    return replace(when, start=both[0], end=end, local=False), len(both) > 1


def day_only(when: When) -> When:
    """Return a local time without a zone as the day it falls on."""
    end = when.end[:10] if when.end else None
    return replace(
        when, start=when.start[:10], end=end if end != when.start[:10] else None, precision="day", local=False
    )
