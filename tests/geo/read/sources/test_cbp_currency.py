"""CBP currency: events and dollars. The rows of messy/currency_by_area_and_month.csv are made up.

No published file is at hand; only the header is the official one.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read
from geo.schema import AREA_COLUMNS

MESSY = Path(__file__).parents[3] / "messy" / "currency_by_area_and_month.csv"


def rows(table, **wanted):
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table


@pytest.fixture(scope="module")
def small():
    return convert(read(MESSY))


def test_events_and_dollars_of_each_row(small):
    assert read(MESSY).source == "cbp_currency"
    assert small.kind == "area_values"
    assert small.table.schema.names[: len(AREA_COLUMNS)] == list(AREA_COLUMNS)
    south = rows(small.table, direction="south")
    assert south.select(["measure", "value", "unit", "commodity"]).to_pylist() == [
        {"measure": "events", "value": 3, "unit": "events", "commodity": "CASH_USD"},
        {"measure": "quantity", "value": 120_000.5, "unit": "USD", "commodity": "CASH_USD"},
    ]
    assert south["Currency Seizures Amount (USD)"].to_pylist() == [None, "$120,000.50"]


def test_out_is_south_only_at_the_border_with_mexico(small):
    dollars = rows(small.table, measure="quantity")
    assert dollars["direction"].to_pylist() == ["south", "north", "unknown", "unknown", "unknown"]
    assert set(rows(small.table, area_name="Miami Field Office")["Inbound/Outbound"].to_pylist()) == {"Outbound"}


def test_fiscal_months_and_areas(small):
    dollars = rows(small.table, measure="quantity")
    assert dollars["period_start"].to_pylist() == ["2022-10-01"] * 3 + ["2024-01-01", "2024-02-01"]
    assert dollars["area_name"].to_pylist()[:3] == ["Laredo Field Office", "Laredo Field Office", "Laredo Sector"]
    assert dollars["area_level"].to_pylist()[:3] == ["field_office", "field_office", "sector"]
    assert any(guess.what == "unfinished year" for guess in small.guesses)


def test_zero_blank_errors_and_repeats_are_told_apart(small):
    assert rows(small.table, area_name="Laredo Sector")["value"].to_pylist() == [2, 0]
    assert rows(small.table, area_name="Tampa Field Office")["measure"].to_pylist() == ["events"]
    assert small.problems.by_reason("flagged") == {"cell_blank": 1, "cell_error": 1}
    # January of the year to date stands again in the finished year.
    assert small.problems.by_reason("dropped") == {"repeated": 1}
    assert rows(small.table, period_start="2024-01-01", area_name="Miami Field Office")["value"].to_pylist() == [
        5, 250_000,
    ]  # fmt: skip
