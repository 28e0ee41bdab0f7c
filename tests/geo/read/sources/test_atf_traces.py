"""ATF matrices: the labels decide which way a gun went, and totals are no flows."""

from __future__ import annotations

import openpyxl
import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.errors import ReadError
from geo.read import read

STATES = [
    "ALABAMA", "ALASKA", "ARIZONA", "ARKANSAS", "CALIFORNIA", "COLORADO", "CONNECTICUT", "DELAWARE",
    "DST OF COLUMBIA", "FLORIDA", "GEORGIA", "HAWAII", "IDAHO", "ILLINOIS", "INDIANA", "IOWA", "KANSAS", "KENTUCKY",
    "LOUISIANA", "MAINE", "MARYLAND", "TEXAS", "US VIRGIN  ISLANDS", "CANADA",
]  # fmt: skip


def book(tmp_path, beside="Source State", above="Recovery State", states=STATES, year=2010):
    """Write a matrix whose cell (i, j) is 100 i + j, with totals and notes, as the agency does."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([None, None, above])
    sheet.append([beside, None, *states, "TOTAL"])
    for i, state in enumerate(states):
        row = [100 * i + j for j in range(len(states))]
        sheet.append([None, state, *row, sum(row)])
    columns = [sum(100 * i + j for i in range(len(states))) for j in range(len(states))]
    sheet.append([None, "TOTALS", *columns, sum(columns)])
    sheet.append([None, f"- Includes Firearms Recovered and Traced between 1/1/{year} - 12/31/{year}, or so."])
    sheet.append([None, "- Traces must identify a purchaser."])
    path = tmp_path / "matrix.xlsx"
    workbook.save(path)
    return path


def flow(table, origin, destination):
    found = table.filter((pc.field("origin_code") == origin) & (pc.field("destination_code") == destination))
    return found["value"].to_pylist()


def test_rows_are_sources_where_the_labels_say_so(tmp_path):
    reading = read(book(tmp_path))
    assert reading.source == "atf_traces"
    found = convert(reading)
    assert found.kind == "flows"
    assert flow(found.table, "AZ", "CA") == [204]
    assert flow(found.table, "CA", "AZ") == [402]
    assert found.table["period_start"].unique().to_pylist() == ["2010-01-01"]


def test_the_same_cells_run_the_other_way_where_the_labels_are_exchanged(tmp_path):
    table = convert(read(book(tmp_path, beside="Recovery State", above="Source State"))).table
    assert flow(table, "AZ", "CA") == [402]
    assert flow(table, "CA", "AZ") == [204]


def test_totals_and_notes_are_no_flows_and_the_denominator_is_what_was_recovered_there(tmp_path):
    found = convert(read(book(tmp_path)))
    assert len(found.table) == len(STATES) ** 2
    assert found.problems.by_reason("dropped") == {"total_row": 1, "not_data": 2}
    arizona = found.table.filter(pc.field("destination_code") == "AZ")
    assert arizona["denominator"].unique().to_pylist() == [pc.sum(arizona["value"]).as_py()]


def test_places_that_are_no_state_keep_their_name(tmp_path):
    table = convert(read(book(tmp_path))).table
    names = dict(zip(table["origin_name"].to_pylist(), table["origin_code"].to_pylist(), strict=True))
    assert names["Canada"] is None
    assert {"DC", "VI"} <= set(names.values())


def test_labels_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(ReadError, match="which side"):
        convert(read(book(tmp_path, above="Source State")))
    with pytest.raises(ReadError, match="which side"):
        convert(read(book(tmp_path, above=None, beside=None)))
    with pytest.raises(ReadError, match="ATLANTIS"):
        convert(read(book(tmp_path, states=[*STATES[:5], "ATLANTIS", *STATES[5:]])))
    # Also at the edges of the matrix, where a note or a total would stand: nothing is left out in silence.
    for states in (["ATLANTIS", *STATES], [*STATES, "ATLANTIS"], [*STATES, "#NAME?"], [*STATES, ""]):
        with pytest.raises(ReadError, match="no state that is known"):
            convert(read(book(tmp_path, states=states)))
    with pytest.raises(ReadError, match="no year"):
        convert(read(book(tmp_path, year="")))


@pytest.mark.parametrize(
    ("year", "total", "out", "back"),
    [(2010, 145_604, 832, 213), (2013, 166_426, 1_100, 177), (2016, 211_384, 1_868, 188)],
)
def test_the_real_files(public_data, year, total, out, back):
    table = convert(read(public_data / "trace" / f"atf_source_recovery_by_state_cy{year}.xlsx")).table
    assert pc.sum(table["value"]).as_py() == total
    assert (flow(table, "AZ", "CA"), flow(table, "CA", "AZ")) == ([out], [back])
    assert table["period_start"].unique().to_pylist() == [f"{year}-01-01"]
