"""Coordinates in all the ways people write them."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.read.coordinates import degrees, parse_degrees, parse_pair

WEST = -(106 + 29 / 60 + 6.5 / 3600)


@pytest.mark.parametrize(
    "text",
    [
        "106°29'6.5\"W", "106° 29' 6.5\" O", "W 106 29 6.5", "-106 29 6.5", "-106:29:06.5", "106º29’6,5”O",
        "106°29′6.5″ oeste", "106d29m6.5s W", "106 29 6.5 w", "1062906.5W", "O106°29'6.5''", "106 deg 29 min 6.5 sec W",
        "lon: 106°29'6.5\"W", "-106°29'6.5\"", "106-29-6.5W", "106° 29.108333333333334' W", "-106°29'6.5\" W",
    ],
)  # fmt: skip
def test_one_place_in_many_spellings(text):
    assert parse_degrees(text, "longitude") == pytest.approx(WEST, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    ["106°61'00\"W", "106°29'75\"W", "106.5°29'W", "31°44'N", "abc", "12/31/2010", "10 20 30 40", "--5", "°", "W"],
)
def test_what_is_not_certain_is_no_longitude(text):
    assert math.isnan(parse_degrees(text, "longitude"))


def test_decimals_with_point_or_comma():
    assert parse_degrees("31,7587") == 31.7587
    assert parse_degrees("-106.48") == -106.48
    assert parse_degrees("1e-6") == 1e-6
    assert parse_degrees("31.74° N", "latitude") == 31.74


def test_seconds_are_not_south():
    assert parse_degrees("31d44m12s", "latitude") == pytest.approx(31.7366667)
    assert parse_degrees("31 44 12 S", "latitude") == pytest.approx(-31.7366667)


@given(st.floats(-179.9, 179.9).map(lambda x: round(x, 6)))
def test_degrees_minutes_seconds_come_back(value):
    whole, rest = divmod(abs(value) * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    if round(seconds, 4) >= 60 or round(minutes) >= 60:
        return
    text = f"{whole:.0f}°{minutes:.0f}'{seconds:.4f}\"{'E' if value >= 0 else 'O'}"
    assert parse_degrees(text, "longitude") == pytest.approx(value, abs=1e-7)


@pytest.mark.parametrize(
    "text",
    [
        "31.74, -106.48", "31,74; -106,48", "31,74, -106,48", "(31.74 -106.48)", "31.74/-106.48", "31.74N 106.48W",
        "106.48 W, 31.74 N", "lat: 31.74, lon: -106.48", "31°44'24\"N, 106°28'48\"W", "N31.74 W106.48", "31,74,-106,48",
    ],
)  # fmt: skip
def test_a_pair_in_one_cell(text):
    assert parse_pair(text) == pytest.approx((-106.48, 31.74), abs=1e-9)


def test_a_column_says_what_is_blank_and_what_is_wrong():
    column = pa.chunked_array([["-106.48", None, " ", "NA", "s/d", "#NAME?", "=A1", "106 29 6.5 W", "inf", "0"]])
    values, wrong = degrees(column, "longitude")
    assert np.isfinite(values).tolist() == [True] + [False] * 6 + [True, False, True]
    assert wrong.tolist() == [False] * 5 + [True, True, False, True, False]


def test_numbers_stay_numbers():
    values, wrong = degrees(pa.chunked_array([[1, None, 3]]), None)
    assert values[0] == 1
    assert np.isnan(values[1])
    assert not wrong.any()
    values, wrong = degrees(pa.chunked_array([pa.array([1.5, float("nan"), float("inf")])]), None)
    assert wrong.tolist() == [False, False, True]
