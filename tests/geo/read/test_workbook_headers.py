"""Headers of two rows, and sheets that hold more than one table."""

from __future__ import annotations

import openpyxl
import pytest

from geo.clean.convert import convert
from geo.errors import ReadError
from geo.read import read


def book(tmp_path, *rows, merged=()):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for cells in merged:
        workbook.active.merge_cells(cells)
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return path


def test_names_under_merged_names_are_the_columns(tmp_path):
    path = book(
        tmp_path,
        ["Seizures 2011"], [],
        ["Case", "Location", None, "Date", "Seized", None],
        [None, "Longitude", "Latitude", None, "Drug", "kg"],
        ["a", -110.97, 31.34, "2011-03-14", "cocaine", 5],
        ["b", -99.5, 27.5, "2011-03-15", "heroin", 6],
        merged=("A3:A4", "B3:C3", "D3:D4", "E3:F3"),
    )  # fmt: skip
    reading = read(path)
    assert reading.table.schema.names == ["Case", "Longitude", "Latitude", "Date", "Drug", "kg"]
    assert reading.row_numbers.tolist() == [5, 6]
    assert reading.guess("header").value == "rows 3 and 4"
    events = convert(reading).table
    assert events["commodity"].to_pylist() == ["COCAINE", "HEROIN"]
    assert events["longitude"].to_pylist() == [-110.97, -99.5]


def test_names_that_are_there_twice_take_the_name_above_them(tmp_path):
    path = book(
        tmp_path,
        [None, "North", None, "South", None],
        ["Port", "Trucks", "People", "Trucks", "People"],
        ["Nogales", 1, 2, 3, 4],
        ["Laredo", 5, 6, 7, 8],
    )
    names = read(path).table.schema.names
    assert names == ["Port", "North Trucks", "North People", "South Trucks", "South People"]


def test_a_title_of_several_cells_is_no_header(tmp_path):
    path = book(tmp_path, ["Report", "Draft"], ["id", "lon", "lat"], ["a", -110.97, 31.34])
    assert read(path).table.schema.names == ["id", "lon", "lat"]


@pytest.mark.parametrize("second", [["id", "lon", "lat"], ["case", "x", "y"]])
def test_a_second_table_below_the_first_is_refused(tmp_path, second):
    path = book(tmp_path, ["id", "lon", "lat"], ["a", -110.97, 31.34], [], ["Block two"], second, ["b", -110.97, 31.34])
    with pytest.raises(ReadError, match="another table begins in row 5"):
        read(path)


def test_notes_below_a_table_are_no_table(tmp_path):
    path = book(
        tmp_path, ["id", "lon", "lat"], ["a", -110.97, 31.34], [], ["Source: made up"], ["Note", "of two cells"]
    )
    assert len(read(path)) >= 1
