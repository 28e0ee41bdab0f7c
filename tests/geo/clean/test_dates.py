"""Dates as written, to ISO 8601."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clean import events, locate
from geo.clean.dates import day_only, in_zone, parse_dates, zone
from geo.errors import ReadError, UsageError
from geo.read import from_table

SPANISH = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
]  # fmt: skip
STYLES = {
    "iso": lambda d: d.isoformat(),
    "day first": lambda d: d.strftime("%d/%m/%Y"),
    "day first, dots": lambda d: f"{d.day}.{d.month}.{d.year}",
    "month first": lambda d: f"{d.month}/{d.day}/{d.year}",
    "month first at midnight": lambda d: d.strftime("%m/%d/%Y 12:00:00 AM"),
    "compact": lambda d: d.strftime("%Y%m%d"),
    "English": lambda d: d.strftime("%B %d, %Y"),
    "English, short": lambda d: d.strftime("%d-%b-%y"),
    "Spanish": lambda d: f"{d.day} de {SPANISH[d.month - 1]} de {d.year}",
    "spreadsheet": lambda d: str((d - date(1899, 12, 30)).days),
    "slashes": lambda d: d.strftime("%Y/%m/%d"),
}


def one(text, order=None):
    return parse_dates([text], order, "f.csv", "date")[0][0]


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.dates(date(1970, 1, 1), date(2060, 12, 31)), min_size=1, max_size=8),
    style=st.sampled_from(sorted(STYLES)),
)
def test_any_column_of_one_style_reads_back(days, style):
    # A day above 12 settles the order, as it does in any real column of some length.
    days = [*days, date(2011, 3, 25)]
    found, _ = parse_dates([STYLES[style](d) for d in days], None, "f.csv", "date")
    assert [w.start for w in found] == [d.isoformat() for d in days]
    assert {w.precision for w in found} == {"day"}


@pytest.mark.parametrize(
    ("text", "start", "precision"),
    [
        ("2011", "2011", "year"), ("2011-03", "2011-03", "month"), ("03/2011", "2011-03", "month"),
        ("Jan 2004", "2004-01", "month"), ("Dec-2006", "2006-12", "month"), ("enero de 2004", "2004-01", "month"),
        ("Sept. 2010", "2010-09", "month"), ("201103", "2011-03", "month"), ("Mon, 14 Mar 2011", "2011-03-14", "day"),
        ("Mar 2004", "2004-03", "month"), ("Mar 12, 2004", "2004-03-12", "day"),
        ("mar 13/03/2012", "2012-03-13", "day"),
        ("miércoles 16 de marzo de 2011", "2011-03-16", "day"), ("1st March 2011", "2011-03-01", "day"),
        ("2011-03-14T22:15:00Z", "2011-03-14T22:15:00Z", "minute"),
        ("2011-03-14 22:15:00-07:00", "2011-03-15T05:15:00Z", "minute"),
        ("2011-03-14 10:15 PM MST", "2011-03-15T05:15:00Z", "minute"),
        ("1300104000", "2011-03-14T12:00:00Z", "minute"), ("1300104000000", "2011-03-14T12:00:00Z", "minute"),
    ],
)  # fmt: skip
def test_as_precise_as_written(text, start, precision):
    found = one(text)
    assert (found.start, found.precision) == (start, precision)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("12-14 March 2011", "2011-03-12", "2011-03-14"),
        ("del 12 al 14 de marzo de 2011", "2011-03-12", "2011-03-14"),
        ("2011-03-12/2011-03-14", "2011-03-12", "2011-03-14"),
        ("2011-03-12 to 2011-04-01", "2011-03-12", "2011-04-01"),
    ],
)
def test_intervals(text, start, end):
    found = one(text)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    "text", ["31/02/2011", "2011-13-01", "foo", "99", "1234567", "25:00", "2011-03-14 25:15", "14 foo 2011", "12,5"]
)
def test_what_is_no_date(text):
    assert one(text, "DMY") is None


def test_order_comes_from_the_whole_column():
    found, orders = parse_dates(["03/04/2011", "05/25/2011"], None, "f.csv", "date")
    assert found[0].start == "2011-03-04"
    assert orders == {"/": "MDY"}
    found, orders = parse_dates(["03/04/11", "25/05/11"], None, "f.csv", "date")
    assert found[0].start == "2011-04-03"
    assert orders == {"/": "DMY"}
    assert parse_dates(["11/03/04", "98/03/25"], None, "f.csv", "date")[1] == {"/": "YMD"}


def test_an_open_order_is_asked_for():
    with pytest.raises(
        ReadError, match=r"f.csv: dates of column date such as 03/04/2011 .*--date-order DMY or --date-order MDY"
    ):
        parse_dates(["03/04/2011", "05/06/2011"], None, "f.csv", "date")
    assert parse_dates(["03/04/2011"], "MDY", "f.csv", "date")[0][0].start == "2011-03-04"
    # Nothing is open where day and month are the same.
    assert parse_dates(["04/04/2011"], None, "f.csv", "date")[0][0].start == "2011-04-04"


def test_a_column_that_contradicts_itself_is_named():
    with pytest.raises(ReadError, match=r"days first \(25/03/2011\) and months first \(03/26/2011\)"):
        parse_dates(["25/03/2011", "03/26/2011"], None, "f.csv", "date")
    found, _ = parse_dates(["25/03/2011", "03/26/2011"], "DMY", "f.csv", "date")
    assert [w and w.start for w in found] == ["2011-03-25", None]


def test_midnight_everywhere_is_no_time_of_day():
    found, _ = parse_dates(["2011-03-14 00:00:00", "2011-03-15 00:00:00"], None, "f.csv", "date")
    assert [w.start for w in found] == ["2011-03-14", "2011-03-15"]
    found, _ = parse_dates(["2011-03-14 00:00:00", "2011-03-15 10:30:00"], None, "f.csv", "date")
    assert [w.precision for w in found] == ["minute", "minute"]


@pytest.mark.parametrize(
    ("place", "local", "start", "end"),
    [
        # Before 2010 Mexican border cities changed clocks on Mexican dates.
        ("America/Ciudad_Juarez", "2009-03-20T12:00:00", "2009-03-20T19:00:00Z", None),
        ("America/Denver", "2009-03-20T12:00:00", "2009-03-20T18:00:00Z", None),
        ("America/Ciudad_Juarez", "2010-03-20T12:00:00", "2010-03-20T18:00:00Z", None),
        # A month on central time before Juárez went back to mountain time.
        ("America/Ciudad_Juarez", "2022-11-15T12:00:00", "2022-11-15T18:00:00Z", None),
        ("America/Ciudad_Juarez", "2022-12-15T12:00:00", "2022-12-15T19:00:00Z", None),
        ("America/Hermosillo", "2022-07-15T12:00:00", "2022-07-15T19:00:00Z", None),
        # The hour that comes twice, and the one that does not exist.
        ("America/Chicago", "2022-11-06T01:30:00", "2022-11-06T06:30:00Z", "2022-11-06T07:30:00Z"),
        ("America/Chicago", "2022-03-13T02:30:00", "2022-03-13T07:30:00Z", "2022-03-13T08:30:00Z"),
        ("America/Chicago", "1995-07-15T12:00:00", "1995-07-15T17:00:00Z", None),
    ],
)
def test_local_times_by_place_and_date(place, local, start, end):
    when = one(local.replace("T", " "))
    assert when.local
    found, doubled = in_zone(when, ZoneInfo(place))
    assert (found.start, found.end, found.local) == (start, end, False)
    assert doubled == (end is not None)


def test_without_a_zone_only_the_day_is_known():
    found = day_only(one("2011-03-14 22:15"))
    assert (found.start, found.end, found.precision) == ("2011-03-14", None, "day")


def test_zones_have_names():
    assert zone("America/Tijuana").key == "America/Tijuana"
    with pytest.raises(UsageError, match="--tz Mars/Base: no such zone"):
        zone("Mars/Base")


@given(st.integers(20_000, 60_000))
def test_day_numbers_of_spreadsheets(number):
    assert one(str(number)).start == (date(1899, 12, 30) + timedelta(days=number)).isoformat()


def test_two_digit_years():
    assert [one(t, "DMY").start for t in ("1/2/68", "1/2/69", "1/2/05")] == ["2068-02-01", "1969-02-01", "2005-02-01"]
    assert one("1/2/05", "DMY").rule == "two_digit_year"


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("FY 2019", "2018-10", "2019-09", "month"),
        ("FY19", "2018-10", "2019-09", "month"),
        ("2025 (FYTD)", "2024-10", "2025-09", "month"),
        ("año fiscal 2012", "2011-10", "2012-09", "month"),
        ("Q1 2012", "2012-01", "2012-03", "month"),
        ("cuarto trimestre de 2012", "2012-10", "2012-12", "month"),
        ("2005–2009", "2005", "2009", "year"),
        ("enero a marzo de 2012", "2012-01", "2012-03", "month"),
        ("28 de marzo al 2 de abril de 2011", "2011-03-28", "2011-04-02", "day"),
        ("March 28 - April 2, 2011", "2011-03-28", "2011-04-02", "day"),
        ("Dec 28 to Jan 3, 2012", "2011-12-28", "2012-01-03", "day"),
        ("2005-09", "2005-09", None, "month"),
    ],
)
def test_periods(text, start, end, precision):
    when = parse_dates([text], None, "t.csv", "date")[0][0]
    assert (when.start, when.end, when.precision) == (start, end, precision)


def test_a_column_of_fiscal_years_is_no_column_of_years():
    alone = table(**{"Fiscal Year": ["2019", "2025 (FYTD)"]})
    assert alone["start"].to_pylist() == ["2018-10", "2024-10"]
    months = table(**{"Fiscal Year": ["2019", "2019"], "Month": ["OCT", "SEP"]})
    assert months["start"].to_pylist() == ["2018-10", "2019-09"]
    assert months["date_precision"].to_pylist() == ["month", "month"]


def table(**columns):
    reading = from_table(pa.table({**columns, "lon": [-106.4, -106.4], "lat": [31.9, 31.9]}), "t.csv")
    return events(reading, locate(reading)).table
