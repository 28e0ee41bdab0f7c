"""The violence table: rates, hot spots, and what could not be computed."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from geo.errors import StatisticError
from geo.read import seeds
from geo.stats.rates import global_bayes
from geo.stats.violence import COLUMNS, from_homicides, rate_table, seat_neighbours
from geo.stats.weights import from_pairs, queen
from geo.table import numbers


def municipalities(side=8, hot=((2, 2), (2, 3), (3, 2), (3, 3)), **changes):
    """Return a lattice of seats, a tenth of a degree apart, all quiet but `hot`."""
    row, col = (i.ravel() for i in np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    columns = {
        "inegi_code": [f"{code:05d}" for code in range(1, side * side + 1)],
        "name": ["Juárez"] * (side * side),
        "state": ["Chihuahua"] * (side * side),
        "longitude": -106 + col / 10,
        "latitude": 31 + row / 10,
        "year": np.full(side * side, 2010),
        "measure": ["deaths"] * (side * side),
        "count": [60 if (r, c) in hot else 2 + (r + c) % 3 for r, c in zip(row, col, strict=True)],
        "population": np.full(side * side, 10_000),
    }
    return pa.table(columns | changes)


def test_rates_hot_spots_and_the_counts_beside_them():
    given = municipalities()
    table = rate_table(given)
    assert tuple(table.schema.names) == COLUMNS
    assert table.select(given.schema.names).equals(given)
    first = table.slice(2 * 8 + 2, 1).to_pylist()[0]
    assert first["rate_per_100k"] == 600.0
    assert first["rate_smoothed_per_100k"] < 600.0
    assert first["hotspot"] == "hot99"
    assert first["p_fdr"] >= first["p"] < 0.01
    assert first["note"] is None
    assert table["hotspot"].to_pylist()[-1] is None


def test_hot_spots_are_of_the_rate_shrunk_towards_the_whole():
    table = municipalities(population=np.where(np.arange(64) == 60, 50, 10_000))
    from geo.stats.gistar import gi_star

    shrunk = global_bayes(numbers(table, "count"), numbers(table, "population"))
    np.testing.assert_array_equal(numbers(rate_table(table), "gi_star_z"), gi_star(shrunk, seat_neighbours(table)).z)


def test_a_village_with_one_killing_does_not_light_up_its_surroundings():
    village = municipalities(hot=(), population=np.where(np.arange(64) == 27, 40, 10_000))
    table = rate_table(village)
    assert table["rate_per_100k"][27].as_py() > 2500
    assert table["hotspot"].null_count == 64


def test_what_is_missing_stays_missing_and_is_said():
    given = municipalities()
    for name, row in (("longitude", 0), ("latitude", 0), ("count", 1), ("population", 2)):
        values = [None if i == row else v for i, v in enumerate(given[name].to_pylist())]
        given = given.set_column(given.schema.get_field_index(name), name, pa.array(values))
    table = rate_table(given)
    no_seat, no_count, no_people, usual = table.slice(0, 4).to_pylist()
    assert no_seat["gi_star_z"] is None
    assert no_seat["hotspot"] is None
    assert "no known seat" in no_seat["note"]
    # Nothing to borrow from around it: shrunk towards the whole.
    whole = global_bayes(numbers(given, "count"), numbers(given, "population"))
    assert no_seat["rate_smoothed_per_100k"] == pytest.approx(whole[0] * 1e5)
    for row, note in ((no_count, "no count"), (no_people, "no population")):
        assert note in row["note"]
        assert row["rate_per_100k"] is None
        assert row["rate_smoothed_per_100k"] is None
        assert row["gi_star_z"] is None
    assert usual["note"] is None


def test_a_total_without_a_code_has_no_part_in_any_rate():
    given = municipalities()
    total = given.slice(0, 1).set_column(0, "inegi_code", pa.array([None], pa.string()))
    total = total.set_column(7, "count", pa.array([50_000])).set_column(8, "population", pa.array([10**6]))
    table = rate_table(pa.concat_tables([total, total, given]))
    assert table.slice(2).equals(rate_table(given))
    assert {row["rate_per_100k"] for row in table.slice(0, 2).to_pylist()} == {None}
    assert all("no municipality code" in row["note"] for row in table.slice(0, 2).to_pylist())


def test_equal_rates_have_no_hot_spots_and_say_so():
    table = rate_table(municipalities(count=np.full(64, 3)))
    assert set(table["note"].to_pylist()) == {"hot spot not computable: all values are equal"}
    assert table["gi_star_z"].null_count == 64


def test_neighbours_of_polygons_may_be_given():
    pair_only = from_pairs([0, 1], [1, 0], 64)
    table = rate_table(municipalities(), pair_only)
    assert table["gi_star_z"].null_count == 62


def test_the_order_of_rows_does_not_matter():
    given = municipalities()
    order = np.random.default_rng(5).permutation(64)
    shuffled = rate_table(given.take(pa.array(order))).sort_by("inegi_code")
    table = rate_table(given)
    assert shuffled["hotspot"].equals(table["hotspot"])
    np.testing.assert_allclose(numbers(shuffled, "gi_star_z"), numbers(table, "gi_star_z"), atol=1e-9)


def test_no_municipalities():
    assert len(rate_table(municipalities().slice(0, 0))) == 0


def test_years_and_measures_are_never_mixed():
    with pytest.raises(StatisticError, match="column year holds"):
        rate_table(municipalities(year=[2009] + [2010] * 63))
    with pytest.raises(StatisticError, match="column measure holds"):
        rate_table(municipalities(measure=["cases"] + ["deaths"] * 63))
    with pytest.raises(StatisticError, match="municipality 00001 has more than one row"):
        rate_table(pa.concat_tables([municipalities(), municipalities()]))


def test_each_year_and_measure_is_computed_by_itself():
    def homicides(year, measure, hot):
        table = municipalities(hot=hot, year=np.full(64, year), measure=[measure] * 64)
        names = {"name": "municipality", "count": "homicides"}
        return table.rename_columns([names.get(n, n) for n in table.schema.names])

    corner = ((0, 0), (0, 1), (1, 0), (1, 1))
    parts = [homicides(2015, "deaths", corner), homicides(2015, "cases", ()), homicides(2010, "deaths", ())]
    table = from_homicides(pa.concat_tables(parts))
    assert table.select(["measure", "year"]).slice(0, 1).to_pylist() == [{"measure": "cases", "year": 2015}]
    alone = rate_table(municipalities(hot=corner, year=np.full(64, 2015)))
    assert table.slice(128, 64).equals(alone)
    assert {r["year"] for r in table.to_pylist() if r["hotspot"]} == {2015}


@pytest.mark.data
def test_hot_spots_of_2010_over_polygons_agree_with_those_over_seats(public_data):
    """The violence of 2010 lay in the north, whichever way neighbours are told."""
    file = public_data / "boundaries" / "mx_municipalities.geojson"
    polygons = {
        f"{f['properties']['state_code']:02d}{f['properties']['mun_code']:03d}": shapely.from_geojson(
            json.dumps(f["geometry"])
        )
        for f in json.loads(file.read_text())["features"]
    }
    homicides = seeds.table("homicides").filter((pc.field("year") == 2010) & (pc.field("measure") == "deaths"))
    by_seat = from_homicides(homicides)
    given = by_seat.select(COLUMNS[:9])
    codes = given["inegi_code"].to_pylist()

    by_polygon = rate_table(given, queen(np.array([polygons.get(code) for code in codes], dtype=object)))

    def hot(table):
        return {c for c, h in zip(codes, table["hotspot"].to_pylist(), strict=True) if h in ("hot95", "hot99")}

    assert "08037" in hot(by_seat) & hot(by_polygon)  # Ciudad Juárez
    assert len(hot(by_seat) & hot(by_polygon)) > 0.8 * len(hot(by_polygon))
    northern = {"08", "10", "19", "25", "26", "28"}  # Chihuahua, Durango, Nuevo León, Sinaloa, Sonora, Tamaulipas
    assert sum(code[:2] in northern for code in hot(by_polygon)) > 0.9 * len(hot(by_polygon))
    # Municipalities founded after 2010 have no polygon: no neighbours, no answer, and a note.
    unplaced = [code not in polygons for code in codes]
    assert all(note for note, missing in zip(by_polygon["note"].to_pylist(), unplaced, strict=True) if missing)
