"""The embedded statistics are those that the code gives, and say where they could not be computed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from geo.read import seeds
from geo.stats.violence import from_homicides
from geo.table import numbers, texts
from seeds.making.violence import COMPUTED, round_mantissa

VIOLENCE = seeds.table("violence")


@pytest.mark.parametrize(("measure", "year"), [("deaths", 2010), ("cases", 2024)])
def test_a_year_computed_again_is_the_embedded_one(measure, year):
    chosen = (pc.field("measure") == measure) & (pc.field("year") == year)
    again = from_homicides(seeds.table("homicides").filter(chosen))
    embedded = VIOLENCE.filter(chosen)
    assert embedded["inegi_code"].to_pylist() == again["inegi_code"].to_pylist()
    for name in COMPUTED:
        np.testing.assert_allclose(numbers(embedded, name), numbers(again, name), rtol=1e-9, atol=1e-300, err_msg=name)
    assert embedded["hotspot"].to_pylist() == again["hotspot"].to_pylist()
    assert embedded["note"].to_pylist() == again["note"].to_pylist()


def test_counts_and_population_are_those_of_the_homicides():
    keys = ["inegi_code", "year", "measure"]
    order = [(key, "ascending") for key in keys]
    homicides = seeds.table("homicides").sort_by(order)
    violence = VIOLENCE.sort_by(order)
    for name in keys:
        assert violence[name].to_pylist() == homicides[name].to_pylist()
    assert violence["count"].to_pylist() == homicides["homicides"].to_pylist()
    assert violence["population"].to_pylist() == homicides["population"].to_pylist()


def test_juarez_is_a_hot_spot_of_2010_and_a_village_with_one_killing_is_not():
    year = VIOLENCE.filter((pc.field("measure") == "deaths") & (pc.field("year") == 2010))
    rows = {row["inegi_code"]: row for row in year.to_pylist()}
    assert rows["08037"]["hotspot"] == "hot99"
    assert rows["08037"]["rate_per_100k"] == pytest.approx(3766 / rows["08037"]["population"] * 1e5)
    small = min((r for r in rows.values() if r["count"] == 1 and r["hotspot"] is None), key=lambda r: r["population"])
    assert small["rate_per_100k"] > 100
    assert small["rate_smoothed_per_100k"] < small["rate_per_100k"] / 2


def test_a_municipality_without_a_seat_has_a_rate_and_no_z():
    nowhere = VIOLENCE.filter(pc.is_null(VIOLENCE["longitude"]))
    assert len(set(texts(nowhere, "inegi_code"))) == 21
    assert nowhere["gi_star_z"].null_count == nowhere["hotspot"].null_count == len(nowhere)
    assert nowhere["note"].null_count == nowhere["rate_smoothed_per_100k"].null_count == 0


def test_hot_spots_have_a_positive_z_and_keep_their_false_discovery_rate():
    for row in VIOLENCE.filter(pc.is_valid(VIOLENCE["hotspot"])).to_pylist():
        assert row["gi_star_z"] > 0
        assert row["p_fdr"] <= {"hot95": 0.05, "hot99": 0.01}[row["hotspot"]] * (1 + 1e-8)


def test_what_it_was_made_with_is_in_the_file():
    made_with = seeds.parameters("violence")
    assert made_with["k"] == 8
    assert "Marshall 1991" in made_with["rate_smoothed_per_100k"]
    assert "national" in made_with["gi_star_z"]


def test_the_mantissa_is_rounded_to_nearest_and_nothing_else_changes():
    values = np.array([0.0, 1.0, -1 / 3, 123456.789, 1e-300, np.nan])
    rounded = round_mantissa(values)
    np.testing.assert_allclose(rounded, values, rtol=2.0**-30)
    assert np.isnan(rounded[-1])
    assert rounded[:2].tolist() == [0.0, 1.0]
    np.testing.assert_array_equal(round_mantissa(rounded), rounded)
    assert pa.array(rounded).null_count == 0
