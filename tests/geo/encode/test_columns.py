"""Columns come back as they went in; positions to the stated bound."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.encode.columns import decode_column, encode_column
from geo.encode.dates import encode_dates
from geo.encode.rungs import rung_value, rungs
from geo.errors import PageError


def back(values: list, kind: str = "text", arrow: pa.DataType | None = None) -> list:
    array = pa.array(values, type=arrow)
    return decode_column(encode_column(array, kind), len(array))


def form(values: list, kind: str = "text") -> str:
    return encode_column(pa.array(values), kind).meta["encoding"]


texts = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.none() | texts))
def test_text_comes_back_character_by_character(values):
    assert back(values, arrow=pa.string()) == values


@given(st.lists(st.sampled_from(["north", "south", "", "café", "🚚", None])))
def test_text_with_repeats_comes_back(values):
    assert back(values, arrow=pa.string()) == values


@given(st.lists(st.none() | st.floats(allow_nan=False)))
def test_numbers_come_back_equal(values):
    assert back(values, "number", pa.float64()) == values


@given(st.lists(st.none() | st.integers(-(10**7), 10**7).map(lambda n: n / 1000)))
def test_decimals_are_kept_to_the_last_bit(values):
    assert back(values, "number", pa.float64()) == values
    assert encode_column(pa.array(values, pa.float64())).meta["encoding"] in ("integer", "null")


@given(st.lists(st.none() | st.integers(-(2**53), 2**53)))
def test_whole_numbers_come_back(values):
    assert back(values, "integer", pa.int64()) == values


@given(st.lists(st.none() | st.booleans()))
def test_booleans_come_back(values):
    assert back(values, "boolean", pa.bool_()) == values


dates = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)).map(str)
moments = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31)).map(
    lambda d: d.replace(microsecond=0).isoformat() + "Z"
)


@given(st.lists(st.none() | dates | dates.map(lambda d: d[:7]) | dates.map(lambda d: d[:4]) | moments))
def test_dates_keep_the_precision_they_had(values):
    assert back(values, "date", pa.string()) == values
    assert encode_column(pa.array(values, pa.string()), "date").meta["encoding"] in ("iso", "null")


@pytest.mark.parametrize(
    "odd", ["2011-02-30", "2011-3-14", "14/03/2011", "2011-03-14T22:15Z", "", "spring", "20110314"]
)
def test_a_column_with_something_that_is_no_iso_date_stays_text(odd):
    assert encode_dates(pa.array(["2011-03-14", odd])) is None
    assert back(["2011-03-14", odd], "date") == ["2011-03-14", odd]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "b", "a"], "codes"),
        ([f"S{i:07d}" for i in range(1000)], "serial"),
        ([f"file.csv:{i}" for i in range(1000)], "serial"),
        ([f"S{i}" if i % 2 else f"T{i}" for i in range(1000)], "text"),
        ([f"{i:04d}" if i else "0" for i in range(1000)], "text"),
        ([1.5, 2.25, None], "integer"),
        ([0.1 + 0.2, 1.0], "float64"),
        ([float("inf"), 1.0], "float64"),
        ([None, None], "null"),
    ],
)
def test_the_form_follows_the_values(values, expected):
    assert form(values) == expected
    assert back(values) == values


def test_blank_is_not_zero_and_not_the_empty_text():
    assert back([0, None, 1], "integer") == [0, None, 1]
    assert back(["", None, "x"]) == ["", None, "x"]
    assert back([0.0, None], "number") == [0.0, None]
    assert encode_column(pa.array([np.nan, 1.0])).meta["min"] == 1  # NaN is blank


def test_whole_numbers_beyond_a_double_become_text_rather_than_be_rounded():
    assert back([2**60 + 1, 3], "integer") == [str(2**60 + 1), "3"]


def test_a_column_that_is_all_alike_takes_no_bytes_per_row():
    assert len(encode_column(pa.array(["US"] * 1000)).data) < 10
    assert encode_column(pa.array([7] * 1000)).data == b""


def test_arrow_dates_and_dictionaries_are_taken_too():
    day = datetime.date(2011, 3, 14)
    assert back([day, None], "date", pa.date32()) == ["2011-03-14", None]
    moment = datetime.datetime(2011, 3, 14, 22, 15, tzinfo=datetime.UTC)
    assert back([moment], "date", pa.timestamp("us", "UTC")) == ["2011-03-14T22:15:00Z"]
    assert decode_column(encode_column(pa.array(["a", "b", "a"]).dictionary_encode()), 3) == ["a", "b", "a"]


def test_a_list_is_refused_with_what_to_do():
    with pytest.raises(PageError, match="turn it into text"):
        encode_column(pa.array([[1, 2]]))


def test_the_same_values_give_the_same_bytes_however_they_are_chunked():
    values = ["b", "a", None, "b"]
    whole = encode_column(pa.array(values))
    parts = encode_column(pa.chunked_array([pa.array(values[:1]), pa.array(values[1:])]))
    assert whole == parts


DISTANCES = ((0.0, 10.0), (1_000.0, 100.0), (100_000.0, 1_000.0))


@given(st.lists(st.none() | st.floats(0, 1e7)))
def test_a_ladder_rounds_to_its_steps_and_no_further(values):
    array = pa.array(values, pa.float64())
    found = decode_column(encode_column(array, "number", DISTANCES), len(array))
    for value, carried in zip(values, found, strict=True):
        if value is None:
            assert carried is None
            continue
        step = 10 if value < 1000 else 100 if value < 100_000 else 1000
        assert carried % step == 0
        assert abs(carried - value) <= step / 2


def test_a_ladder_meets_at_its_joints():
    values = np.array([0.0, 4.9, 5.1, 994.9, 996.0, 1000.0, 1049.0, 99_960.0, 100_000.0, 250_499.0])
    carried = [rung_value(r, DISTANCES) for r in rungs(values, DISTANCES).tolist()]
    assert carried == [0, 0, 10, 990, 1000, 1000, 1000, 100_000, 100_000, 250_000]


def test_small_steps_are_decimals():
    found = decode_column(encode_column(pa.array([0.17, 0.3, 12.346]), "number", ((0.0, 0.01),)), 3)
    assert found == [0.17, 0.3, 12.35]


def test_a_ladder_leaves_negative_numbers_exact():
    assert decode_column(encode_column(pa.array([-3.25, 7.5]), "number", DISTANCES), 2) == [-3.25, 7.5]
