"""Tables of sums: what a cell says, months as rows, one row of each key."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clean.areas import area_table, cells, melted, number_of, once_each, padded_codes, periods, without_totals
from geo.read.open import from_table
from geo.schema import AREA_COLUMNS


def reading(**columns):
    made = from_table(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}), "t.csv")
    return replace(made, adapter=None)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_with_and_without_marks(number):
    assert number_of(f"{number:,}") == number_of(f" {number} ") == (float(number), None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ""), ("  ", ""), ("ND", "cell_not_known"), ("s/d", "cell_not_known"), ("NA", "cell_not_known"),
        ("NULL", "cell_not_known"), ("#NAME?", "cell_error"), ("#¡REF!", "cell_error"),
        ("=SUMA(A1:A9)", "cell_formula"), ("12 o 13", "cell_unreadable"), ("1,03", "cell_unreadable"),
        ("1.000,5", "cell_unreadable"),
    ],
)  # fmt: skip
def test_five_things_that_are_no_number(text, fault):
    value, said = number_of(text)
    assert math.isnan(value)
    assert said == fault


def test_each_cell_that_is_no_number_is_a_problem_with_its_row():
    found = cells(reading(n=["1", "", "ND", "#N/A", "=A1", "0"]), "n")
    np.testing.assert_array_equal(found.values, [1, np.nan, np.nan, np.nan, np.nan, 0])
    assert found.blank.tolist() == [False, True, False, False, False, False]
    assert found.problems.table["row"].to_pylist() == [3, 4, 5]
    assert found.problems.table["value"].to_pylist() == ["ND", "#N/A", "=A1"]


@given(st.lists(st.tuples(*[st.sampled_from(["", "0", "1", "2,000", "ND"])] * 3), min_size=1, max_size=20))
def test_melting_keeps_every_number_and_its_own_text(rows):
    names = ("Enero", "Febrero", "Marzo")
    made = reading(**{name: [row[i] or None for row in rows] for i, name in enumerate(names)})
    melt = melted(made, names)
    numbers = [number_of(cell)[0] for row in rows for cell in row]
    assert len(melt.values) == sum(math.isfinite(n) for n in numbers)
    assert melt.values.sum() == np.nansum(numbers)
    table = area_table(made, melt.row, {"value": melt.values, "measure": "x"}, melt)
    assert table.schema.names == [*AREA_COLUMNS, *names]
    for number, name in enumerate(names):
        kept = [text for text in table[name].to_pylist() if text is not None]
        assert kept == [row[number] for row in rows if math.isfinite(number_of(row[number])[0])]


def test_a_column_named_as_a_standard_one_keeps_its_own_meaning():
    made = reading(country=["Mexico"], value=["7"])
    table = area_table(made, np.array([0]), {"country": "MX", "value": np.array([7.0])})
    assert table["source_country"].to_pylist() == ["Mexico"]
    assert "source_value" not in table.schema.names


def test_periods_end_on_the_last_day():
    starts, ends = periods(np.array([2012, 2011, 0]), np.array([2, 2, 5]))
    assert starts.to_pylist() == ["2012-02-01", "2011-02-01", None]
    assert ends.to_pylist() == ["2012-02-29", "2011-02-28", None]
    assert periods(np.array([2010, 0]))[1].to_pylist() == ["2010-12-31", None]


def test_codes_get_their_zeros_back():
    made = reading(c=["8037", "08037", "08 037", "8037.0", "NA", "", "123456"])
    assert padded_codes(made, "c", 5).to_pylist() == ["08037"] * 4 + [None] * 3


def test_of_conflicting_rows_the_last_holds_and_both_are_reported():
    made = reading(k=["a", "b", "a", "b", "c"], v=["1", "5", "2", "5", "9"])
    kept, found, guesses = once_each(made, ["k"], ["v"])
    assert kept.table.to_pydict() == {"k": ["a", "b", "c"], "v": ["2", "5", "9"]}
    assert kept.row_numbers.tolist() == [3, 4, 5]
    assert found.table.select(["row", "reason", "action"]).to_pylist() == [
        {"row": 2, "reason": "repeated", "action": "dropped"},
        {"row": 1, "reason": "conflicting", "action": "dropped"},
        {"row": 3, "reason": "conflicting", "action": "changed"},
    ]
    assert len(guesses) == 1


def test_rows_that_do_not_repeat_stay_as_they_are():
    made = reading(k=["a", "b"], v=["1", "1"])
    kept, found, guesses = once_each(made, ["k"], ["v"])
    assert kept is made
    assert len(found) == len(guesses) == 0


@pytest.mark.parametrize("word", ["Total", "GRAND TOTAL", "2019 Total", "Totales", "Subtotal", "Total general"])
def test_rows_that_people_add_for_a_sum_are_no_data(word):
    made = reading(area=["Laredo", word, "", "Tucson"], month=["OCT", "", "", ""], v=["1", "1", "2", "0"])
    kept, found = without_totals(made, ["area", "month"])
    assert kept.table["v"].to_pylist() == ["1", "0"]
    assert found.by_reason("dropped") == {"total_row": 2}
    assert found.table["row"].to_pylist() == [2, 3]


def test_a_name_with_the_word_inside_is_no_sum():
    made = reading(area=["Total Bridge", "Totality"], v=["1", "2"])
    assert without_totals(made, ["area"])[0] is made
