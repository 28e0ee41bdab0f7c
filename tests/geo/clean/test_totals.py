"""Total rows are no data, wherever they stand."""

from __future__ import annotations

import pytest

from geo.clean.convert import convert
from geo.clean.totals import total_rows
from geo.read import read


def reading(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_a_total_is_left_out_of_the_table_and_counted(tmp_path):
    found = convert(reading(tmp_path, "id,date,lon,lat,kg\n1,2011-03-14,-110.97,31.34,5\nTOTAL,,,,5\n"))
    assert found.table["event_id"].to_pylist() == ["1"]
    assert found.problems.by_reason("dropped") == {"total_row": 1}
    assert found.rows_read == 2


@pytest.mark.parametrize("word", ["Total", "TOTALS", "Gran total", "Total general", "sub-total", " total: "])
def test_totals_say_so_in_both_languages(tmp_path, word):
    assert total_rows(reading(tmp_path, f"id,lon,lat\na,-110.97,31.34\n{word},,\n")).tolist() == [False, True]


def test_a_total_may_stand_in_the_second_column_but_not_after_a_value(tmp_path):
    table = "id,place,lon,lat\n1,Total,-110.97,31.34\n,Total,,\n2,Naco,-109.95,31.33\n"
    assert total_rows(reading(tmp_path, table)).tolist() == [False, True, False]
