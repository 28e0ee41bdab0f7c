"""Quantities as written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clean.quantity import contradicts, decimal_comma, parse_quantity


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("62.13 lbs", 62.13, "lb"), ("about 1,641", 1641, None), ("more than 500 rounds", 500, "rounds"),
        ("1,000.50", 1000.5, None), ("1.000,50", 1000.5, None), ("1 000 000", 1e6, None), ("1'000'000", 1e6, None),
        ("12,75 kg", 12.75, "kg"), ("86 mil 740", 86740, None), ("medio millón", 5e5, None), ("2 million", 2e6, None),
        ("US$ 1,500", 1500, "USD"), ("$1,500", 1500, "$"), ("500+", 500, None), ("~12", 12, None), ("0", 0, None),
        ("casi 3 toneladas", 3, "t"), (".5", 0.5, None), ("-3", -3, None),
        ("1E+06", 1e6, None), ("1.5e3", 1500, None), ("2,5E-02", 0.025, None),
    ],
)  # fmt: skip
def test_quantities(text, value, unit):
    found = parse_quantity(text, None)
    assert found.value == pytest.approx(value)
    assert found.unit == unit


@pytest.mark.parametrize(
    "text",
    ["", " ", "NA", "s/d", "ND", "#NAME?", "=A1+B1", "10-12", "3 lbs 4 oz", "12 boxes", "1.2.3", "1,23,456", "some"],
)
def test_what_is_no_quantity_is_blank_and_never_zero(text):
    assert math.isnan(parse_quantity(text, None).value)


def test_minus_zero_is_zero():
    assert math.copysign(1, parse_quantity("-0", None).value) == 1


def test_the_column_decides_what_a_comma_is():
    assert decimal_comma(["1,5", "1,234"]) is True
    assert decimal_comma(["1.234,5"]) is True
    assert decimal_comma(["1,234.5", "1,234"]) is False
    assert decimal_comma(["1,234,567"]) is False
    assert decimal_comma(["0,500"]) is True
    assert decimal_comma(["1,234", "12", "5,678"]) is None
    assert decimal_comma(["1,5", "2.5"]) is None
    assert contradicts(["1,5", "2.5"])
    assert not contradicts(["1,5", "1,234"])


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1,234", True, 1.234),
        ("1,234", False, 1234),
        ("1.234", True, 1234),
        ("1.234", False, 1.234),
        ("1.234", None, 1.234),
    ],
)
def test_a_group_of_three_follows_the_column(text, comma, value):
    assert parse_quantity(text, comma).value == value


def test_doubt_is_marked():
    assert parse_quantity("1,234", None).ambiguous
    assert not parse_quantity("1,234", False).ambiguous
    assert not parse_quantity("1.234", None).ambiguous


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_thousands_and_decimals_in_both_styles(whole, cents):
    english = f"{whole:,}.{cents:02d}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    value = whole + cents / 100
    assert parse_quantity(english, False).value == pytest.approx(value)
    assert parse_quantity(spanish, True).value == pytest.approx(value)
