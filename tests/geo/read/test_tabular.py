"""Delimited text: whatever it is written in, the same table comes back."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clean import locate
from geo.errors import ReadError
from geo.read.columns import assign
from geo.read.layout import find_layout
from geo.read.reading import ReadOptions
from geo.read.tabular import _head_lines, _read_fast, _read_slowly, read_text

LETTERS = "abcXYZ áéíóúñÑü¿°-/'#&<>{}$"
TEXTS = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(lambda t: t and "=" not in t)
NOTES = st.text(LETTERS + '";,|\t\n', max_size=20).map(str.strip)
DEGREES = st.tuples(
    st.floats(-117, -97, allow_nan=False).map(lambda x: round(x, 5)),
    st.floats(25, 33, allow_nan=False).map(lambda y: round(y, 5)),
)
ROWS = st.lists(st.tuples(TEXTS, DEGREES, NOTES), min_size=2, max_size=12)


def written(rows, delimiter, comma, newline, encoding):
    """Write points as a spreadsheet would: fields quoted where they need it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["lugar", "longitud", "latitud", "nota"])
    for place, (lon, lat), note in rows:
        numbers = [f"{v:.5f}".replace(".", ",") if comma else f"{v:.5f}" for v in (lon, lat)]
        writer.writerow([place, *numbers, note])
    return out.getvalue().encode(encoding)


@settings(max_examples=150, deadline=None)
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    comma=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
)
def test_any_table_reads_back_the_same(rows, delimiter, comma, newline, encoding):
    # A one-byte code page cannot be told from its content, only made likely: the user can name it.
    named = encoding if encoding in ("latin-1", "cp1252") else None
    reading = read_text(written(rows, delimiter, comma, newline, encoding), "t.csv", ReadOptions(encoding=named))
    assert reading.table["lugar"].to_pylist() == [place for place, _, _ in rows]
    assert [v or "" for v in reading.table["nota"].to_pylist()] == [note for _, _, note in rows]
    roles, _ = assign(reading.table)
    located = locate(type(reading)(**{**reading.__dict__, "roles": roles}))
    np.testing.assert_allclose(located.longitude, [lon for _, (lon, _), _ in rows], atol=1e-9)
    np.testing.assert_allclose(located.latitude, [lat for _, (_, lat), _ in rows], atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, newline=st.sampled_from(["\n", "\r\n"]))
def test_both_readers_agree_on_values_and_line_numbers(rows, newline):
    data = written(rows, ",", False, newline, "utf-8")
    layout = find_layout(_head_lines(data), "t.csv")
    fast = _read_fast(data, layout)
    table, numbers, found, _ = _read_slowly(data, layout, "t.csv")
    assert not len(found)
    if fast is not None:
        assert fast[0].equals(table)
        assert fast[1].tolist() == numbers.tolist()


@settings(max_examples=50, deadline=None)
@given(rows=ROWS)
def test_row_numbers_are_the_lines_that_an_editor_shows(rows):
    data = written(rows, ",", False, "\n", "utf-8")
    reading = read_text(data, "t.csv", ReadOptions())
    lines = data.decode().split("\n")
    for row, (place, _, _) in zip(reading.row_numbers, rows, strict=True):
        assert lines[row - 1].lstrip('"').startswith(place[:1])


def test_blank_lines_are_no_rows_but_count_as_lines():
    reading = read_text(b"\n\nid,lon,lat\n\na,1,2\n\n\nb,3,4\n\n", "t.csv", ReadOptions())
    assert reading.row_numbers.tolist() == [5, 8]
    assert reading.table["id"].to_pylist() == ["a", "b"]


def test_old_macintosh_line_ends():
    reading = read_text(b"id,lon,lat\ra,1,2\rb,3,4\r", "t.csv", ReadOptions())
    assert reading.table["id"].to_pylist() == ["a", "b"]
    assert reading.row_numbers.tolist() == [2, 3]


def test_leading_zeros_and_blanks_survive():
    reading = read_text(b"code,v\n08037, x \n,0\n", "t.csv", ReadOptions())
    assert reading.table.to_pydict() == {"code": ["08037", None], "v": [" x ", "0"]}


def test_a_field_longer_than_a_block_is_read():
    long = "x" * (5 << 20)
    reading = read_text(f'id,note,lon\n1,"{long}",2\n2,y,3\n'.encode(), "t.csv", ReadOptions())
    assert [len(v) for v in reading.table["note"].to_pylist()] == [5 << 20, 1]


def test_duplicate_and_missing_names_become_unique():
    reading = read_text(b"a,a,,a_2\n1,2,3,4\n5,6,7,8\n", "t.csv", ReadOptions())
    assert reading.table.schema.names == ["a", "a_2", "column_3", "a_2_2"]


def test_skip_rows_says_where_the_header_is():
    data = b"report,of,today\nlon,lat,id\n-106,31,a\n"
    assert read_text(data, "t.csv", ReadOptions(skip_rows=1)).table.schema.names == ["lon", "lat", "id"]
    with pytest.raises(ReadError, match=r"none is left after --skip-rows 9"):
        read_text(data, "t.csv", ReadOptions(skip_rows=9))


def test_separator_line_of_a_spreadsheet():
    reading = read_text(b"sep=;\r\nid;v\r\na;1,5\r\nb;2,5\r\n", "t.csv", ReadOptions())
    assert reading.table.to_pydict() == {"id": ["a", "b"], "v": ["1,5", "2,5"]}
    assert reading.row_numbers.tolist() == [3, 4]


def test_years_are_names_of_columns_not_values():
    reading = read_text(b"state,2010,2011\nTX,1,2\nAZ,3,4\n", "t.csv", ReadOptions())
    assert reading.table.schema.names == ["state", "2010", "2011"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_header_may_lack_the_names_of_its_last_columns(rows):
    text = "id,,lon,lat,,\n" + "a,p,-106,31.5,q,r\n" * rows
    table = read_text(text.encode(), "p.csv", ReadOptions()).table
    assert table.schema.names == ["id", "column_2", "lon", "lat", "column_5", "column_6"]
    assert table["column_6"].to_pylist() == ["r"] * rows


def test_a_padded_title_is_no_header():
    layout = find_layout(["Seizures,,,,,", "1,p,-106,31.5,q,r", "2,p,-106,31.6,q,r"], "p.csv")
    assert layout.header_line == 0


def test_a_header_without_rows_is_an_empty_table():
    reading = read_text(b"id,lon,lat\n", "t.csv", ReadOptions())
    assert len(reading) == 0
    assert reading.table.schema.names == ["id", "lon", "lat"]


def test_no_row_that_fits_the_header_is_an_error():
    with pytest.raises(ReadError, match=r"row 2: 4 fields where the header has 2.*no other row"):
        read_text(b"a,b\n1,2,3,4\n", "t.csv", ReadOptions(skip_rows=0))
