"""Units: what is one, and what converts."""

from __future__ import annotations

import pytest

from geo.units import factor, unit_named, unit_within


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Lbs.", "lb"), ("pounds", "lb"), ("libras", "lb"), ("KG", "kg"), ("Kilógramos", "kg"), ("kilos", "kg"),
        ("oz", "oz"), ("onzas", "oz"), ("gramos", "g"), ("toneladas", "t"), ("metric tons", "t"), ("rounds", "rounds"),
        ("Cartuchos", "rounds"), ("piezas", "count"), ("USD", "USD"), ("US$", "USD"), ("pesos", "MXN"), ("$", "$"),
        ("litros", "L"), ("US gallons", "gal"), ("pastillas", "pills"), ("short tons", "short ton"),
        ("tons", None), ("ton", None), ("dosis", None), ("paquetes", None), ("boxes", None), ("", None),
    ],
)  # fmt: skip
def test_words_for_units(text, unit):
    assert unit_named(text) == unit


def test_units_in_names_of_columns():
    assert unit_within("Sum Qty (lbs)") == "lb"
    assert unit_within("peso_kg") == "kg"
    assert unit_within("kg or lb") is None
    assert unit_within("Quantity Seized") is None
    assert unit_within("Number of guns") is None


def test_factors():
    assert factor("lb", "kg") == 0.45359237
    assert 16 * factor("oz", "kg") == pytest.approx(factor("lb", "kg"), rel=1e-12)
    assert factor("kg", "kg") == 1
    assert factor("count", "rounds") == 1
    assert factor("$", "USD") == 1


@pytest.mark.parametrize(
    ("unit", "into"),
    [("L", "kg"), ("pills", "kg"), ("rounds", "count"), (None, "kg"), ("kg", None), ("MXN", "USD"), ("lb", "count")],
)
def test_nothing_converts_without_a_factor(unit, into):
    assert factor(unit, into) is None
