"""Workbooks read back with openpyxl and calamine."""

from __future__ import annotations

import io
import re
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from geo.errors import ExportError
from geo.export.xlsx import check_limits, column_letters, write_xlsx


def as_xlsx(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    write_xlsx(table, sink)
    return sink.getvalue()


def sheet(table: pa.Table):
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(table))).active


def text(value: str | None) -> str | None:
    """Return a cell's text as Excel shows it: openpyxl leaves ``_xHHHH_`` as it stands in the file."""
    return unescape(value) if value else None


def test_text_is_text_and_numbers_are_numbers(hostile):
    header, *rows = sheet(hostile).iter_rows()
    assert [c.value for c in header] == hostile.schema.names
    for cells, expected in zip(rows, hostile.to_pylist(), strict=True):
        assert text(cells[0].value) == (expected["text"] or None)
        assert cells[0].data_type in ("s", "inlineStr", "n" if not expected["text"] else "s"), "never a formula"
        assert cells[2].value == expected["count"]
        assert cells[3].value == expected["share"]
        assert cells[4].value == expected["certain"]
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(as_xlsx(hostile))).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("value", ["_x0041_", "a_x000d_b", "\rcr", "<", "=1+1"])
def test_a_text_that_needs_care_is_right_without_others_beside_it(value):
    assert text(sheet(pa.table({"x": [value]}))["A2"].value) == value


def test_the_header_is_frozen_and_bold():
    ws = sheet(pa.table({"=a": ["x"]}))
    assert ws.freeze_panes == "A2"
    assert ws["A1"].font.bold
    assert ws["A1"].value == "=a"
    assert ws["A1"].data_type == "s"
    assert ws["A2"].number_format == "@", "editing the cell in Excel does not turn it into a number"


# Excel has no \r\n apart from \n in a cell's text as openpyxl reads it; the escape is tested above.
XML_TEXT = st.characters(exclude_categories=["Cs"])


@settings(max_examples=40)
@given(data=st.data())
def test_a_workbook_reads_back_as_it_was(tables, data):
    table = data.draw(tables(XML_TEXT))
    # By address: a row of blanks at the end is nothing to a worksheet.
    rows = list(sheet(table).iter_rows(min_row=2, max_row=len(table) + 1, max_col=4, values_only=True))[: len(table)]
    for row, expected in zip(rows, table.to_pylist(), strict=True):
        assert text(row[0]) == (expected["text"] or None)
        whole = row[1]
        assert (int(whole) if whole is not None else None) == expected["whole"]
        assert isinstance(whole, str) == (whole is not None and abs(expected["whole"]) >= 10**15)
        assert row[2] == expected["float"]
        assert row[3] == expected["flag"]


def test_another_reader_agrees(hostile):
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(hostile)))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header == hostile.schema.names
    for row, expected in zip(rows, hostile.to_pylist(), strict=True):
        assert row[2] == ("" if expected["count"] is None else expected["count"])
        assert row[4] == ("" if expected["certain"] is None else expected["certain"])
        if expected["text"] and not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x", expected["text"]):
            assert row[0] == expected["text"]


def test_infinity_is_blank_and_no_rows_are_a_header():
    assert [r[0].value for r in sheet(pa.table({"x": [float("inf"), 1.0]})).iter_rows()] == ["x", None, 1]
    assert [r[0].value for r in sheet(pa.table({"x": pa.array([], pa.string())})).iter_rows()] == ["x"]


def test_the_file_holds_no_time_and_no_author():
    archive = zipfile.ZipFile(io.BytesIO(as_xlsx(pa.table({"x": ["y"]}))))
    assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [n for n in archive.namelist() if n.startswith("docProps")]
    assert archive.testzip() is None


def test_what_a_worksheet_cannot_hold_is_refused_with_a_remedy():
    rows = pa.table({"x": pa.nulls(1_048_576)})
    with pytest.raises(ExportError, match=r"1,048,576 rows and a header do not fit .*\.parquet"):
        check_limits(rows)
    check_limits(rows.slice(1))
    with pytest.raises(ExportError, match="16,385 columns"):
        check_limits(pa.table({f"c{i}": [1] for i in range(16_385)}))
    with pytest.raises(ExportError, match=r"row 2, column note: .*32,767 characters"):
        check_limits(pa.table({"note": [None, "ñ" * 32_768]}))
    check_limits(pa.table({"note": ["ñ" * 32_767]}))


def test_column_letters_count_as_a_spreadsheet_does():
    assert [column_letters(i) for i in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert len({column_letters(i) for i in np.arange(16_384).tolist()}) == 16_384
