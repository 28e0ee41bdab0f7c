"""Figures that are known from elsewhere: counts and sums of the sources, and those that the README states."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from geo.read import seeds

README = (Path(__file__).parents[2] / "seeds" / "README.md").read_text(encoding="utf-8")
NORTH = ("Baja California", "Sonora", "Chihuahua", "Coahuila", "Nuevo León", "Tamaulipas")


@pytest.mark.parametrize(
    ("name", "rows"),
    {
        "ports": 28, "crossings": 58, "corridors": 21, "homicides": 37_040, "violence": 37_040, "organisations": 1_550,
        "organisations_by_municipality": 5_338, "enforcement": 45, "commodities": 49, "context": 43, "trace_facts": 48,
        "published_seizures": 86, "documented_seizures": 383, "documented_seizure_items": 625, "mx_states": 32,
        "us_states": 49,
    }.items(),
)  # fmt: skip
def test_rows(name, rows):
    assert len(seeds.table(name)) == rows


def sums(column: str, states: tuple[str, ...] | None = None) -> dict[tuple[str, int], int]:
    table = seeds.table("homicides")
    if states:
        table = table.filter(pc.is_in(table["state"], pa.array(states)))
    found = table.group_by(["measure", "year"]).aggregate([(column, "sum")]).to_pylist()
    return {(row["measure"], row["year"]): row[f"{column}_sum"] for row in found}


def test_homicides_sum_to_the_published_totals():
    homicides = sums("homicides")
    assert homicides["deaths", 2007] == 8_853
    assert homicides["deaths", 2010] == 25_736  # 25,757 published, 21 of unknown municipality
    assert homicides["deaths", 2011] == 27_113
    assert min(v for (measure, _), v in homicides.items() if measure == "deaths") == 8_853


def test_deaths_and_cases_never_share_a_year():
    years: dict[str, set[int]] = {}
    for measure, year in sums("homicides"):
        years.setdefault(measure, set()).add(year)
    assert years == {"deaths": set(range(2006, 2016)), "cases": {2016, 2017, 2018, 2019, 2024}}


def test_rivalry_deaths():
    table = seeds.table("homicides")
    assert pc.sum(table["rivalry_deaths"]).as_py() == 34_497
    by_code = Counter()
    for row in table.filter(pc.is_valid(table["rivalry_deaths"])).to_pylist():
        by_code[row["inegi_code"]] += row["rivalry_deaths"]
        assert row["year"] <= 2010
    assert (by_code["08037"], by_code["02004"], by_code["12001"]) == (6_437, 1_667, 661)


def test_every_municipality_of_a_year_has_a_population():
    table = seeds.table("homicides")
    assert table["population"].null_count == 0
    assert pc.min(table["population"]).as_py() > 0
    assert pc.min(table["homicides"]).as_py() == 0


def test_seizures_by_direction_side_and_precision():
    events = seeds.table("documented_seizures").to_pylist()
    assert Counter((e["side"], e["direction"]) for e in events) == {
        ("US", "north"): 209, ("US", "south"): 132, ("US", "unknown"): 1,
        ("MX", "north"): 4, ("MX", "south"): 14, ("MX", "unknown"): 23,
    }  # fmt: skip
    assert Counter(e["location_precision"] for e in events) == {"crossing": 252, "port": 36, "city": 95}
    assert Counter(e["date_precision"] for e in events) == {"day": 321, "month": 54, "year": 8}
    assert Counter(e["context"] for e in events) == {"port": 285, "between_ports": 38, "interior": 30, "checkpoint": 30}
    assert Counter((e["direction"], e["direction_basis"]) for e in events if e["direction_basis"]) == {
        ("north", "reported"): 164, ("south", "reported"): 135, ("north", "inferred"): 49, ("south", "inferred"): 11,
    }  # fmt: skip


def test_dates_are_as_precise_as_they_say():
    length = {"day": 10, "month": 7, "year": 4}
    for event in seeds.table("documented_seizures").to_pylist():
        assert len(event["date"]) == length[event["date_precision"]], event["event_id"]


def test_pounds_are_converted_with_the_exact_factor():
    checked = 0
    for item in seeds.table("documented_seizure_items").to_pylist():
        if item["unit_reported"] == "lb" and item["unit"] == "kg" and item["quantity"] is not None:
            number = re.findall(r"[\d,]+(?:\.\d+)?", item["quantity_reported"] or "")
            if len(number) == 1:
                pounds = float(number[0].replace(",", ""))
                assert item["quantity"] == pytest.approx(pounds * 0.45359237, abs=0.0006), item
                checked += 1
    assert checked > 150


def test_organisations_are_those_of_the_source():
    table = seeds.table("organisations")
    mentions = table.filter(pc.starts_with(table["source"], "Coscia & Rios 2012"))
    assert len(mentions) == 1_526
    assert pc.max(mentions["year_to"]).as_py() == 2010
    assert pc.max(table["year_to"]).as_py() == 2015


def test_traffic_is_by_calendar_year_and_corrects_known_points():
    traffic = seeds.table("port_traffic")
    laredo = traffic.filter((pc.field("port_code") == "2304") & (pc.field("year") <= 2014))
    assert pc.sum(laredo["trucks"]).as_py() == 17_733_070
    ports = {r["port_code"]: (r["longitude"], r["latitude"]) for r in seeds.table("ports").to_pylist()}
    assert ports["2503"] != ports["2507"]
    assert ports["2301"][0] < -97.45  # the bridge, and not the seaport 11 km east


def test_the_readme_repeats_the_figures_of_the_data():
    def total(column: str, states: tuple[str, ...] | None) -> str:
        found = sums(column, states)
        return f"{sum(found['deaths', year] or 0 for year in range(2006, 2010)):,}"

    wider = (*NORTH, "Sinaloa", "Durango")
    row = next(line for line in README.splitlines() if "11,000 murders in northern Mexico" in line)
    for column in ("homicides", "rivalry_deaths"):
        for states in (NORTH, wider, None):
            assert total(column, states) in row
    assert {fact["fact_id"]: fact["value"] for fact in seeds.table("trace_facts").to_pylist()}["T01"] == "87"


def test_the_dated_events_to_which_the_readme_points_are_there():
    dates = set(seeds.table("context")["date"].to_pylist())
    table = README.split("## The article this began with")[1]
    named = set(re.findall(r"\b\d{4}-\d\d(?:-\d\d)?\b", table))
    assert len(named) > 8
    assert named <= dates


def test_no_event_names_a_person_killed():
    text = " ".join(f"{e['title_en']} {e['title_es']} {e['fact']}" for e in seeds.table("context").to_pylist())
    assert "Border Patrol agent was killed" in text
    assert "Terry" not in text
