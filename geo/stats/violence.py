"""The violence table: homicide counts of one year and measure, with smoothed rates and hot spots.

Deaths (civil registers) and cases (prosecutors' files) are two measures of the same thing and never one series:
each year and measure is computed by itself.

Two rates are shown and a third one is tested, for these reasons:

- `rate_per_100k` is raw: count over population, what a reader can check.
- `rate_smoothed_per_100k` is the spatial empirical-Bayes rate: a small municipality is pulled towards the rate of
  its neighbourhood. It is for display and for reading off a single place.
- Gi* is computed on the rate shrunk towards the *national* rate (global empirical Bayes). On raw rates one killing
  in a village of 500 would make a hot spot of all villages around it; on neighbour-smoothed rates the smoothing
  itself would make clusters, and p would be too small. Shrinking towards one common value does neither.

A municipality without a place (or neighbours) cannot borrow from its neighbourhood: its smoothed rate is the one
shrunk towards the national rate, it has no z, and `note` says so.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import StatisticError
from geo.stats.gistar import NO_NEIGHBOURS, gi_star
from geo.stats.rates import global_bayes, raw_rate, spatial_bayes
from geo.stats.weights import Neighbours, nearest_sites
from geo.table import BoolArray, FloatArray, ObjectArray, column, numbers

SEAT_NEIGHBOURS = 8
"""Nearest seats that make a neighbourhood: as many as a cell has in a lattice under queen contiguity, and enough
for a normal approximation, while staying within one region of a state."""

NO_POPULATION = "no population: no rate"
NO_COUNT = "no count: no rate"
NO_CODE = "no municipality code: a total, or deaths of unknown place; left out"

COLUMNS = (
    "inegi_code", "name", "state", "longitude", "latitude", "year", "measure", "count", "population",
    "rate_per_100k", "rate_smoothed_per_100k", "gi_star_z", "p", "p_fdr", "hotspot", "note",
)  # fmt: skip


def seat_neighbours(municipalities: pa.Table, k: int = SEAT_NEIGHBOURS) -> Neighbours:
    """Return the `k` nearest other seats of each municipality, on the ellipsoid.

    Parameters
    ----------
    municipalities
        Columns inegi_code, longitude, latitude in degrees. A row without a code or seat is an island.
    k
        See `SEAT_NEIGHBOURS`.
    """
    uncoded = municipalities["inegi_code"].is_null().to_numpy()
    longitude = np.where(uncoded, np.nan, numbers(municipalities, "longitude"))
    return nearest_sites(longitude, numbers(municipalities, "latitude"), k)


def rate_table(municipalities: pa.Table, neighbours: Neighbours | None = None) -> pa.Table:
    """Return rates and hot spots of one year and one measure.

    Parameters
    ----------
    municipalities
        One row a municipality, columns inegi_code, name, state, longitude, latitude, year, measure, count,
        population. Further columns are dropped; `state` may be absent. A row without a code (a total, deaths of
        unknown place) is kept, and has no part in any rate.
    neighbours
        Over the same rows, e.g. queen contiguity of polygons; None takes `seat_neighbours`.

    Returns
    -------
    pyarrow.Table
        `COLUMNS`, rows in their order. Rates are per 100,000 people; gi_star_z has no unit; p is two-sided and
        p_fdr the same adjusted for the false discovery rate over all municipalities; hotspot is hot99, hot95,
        cold95 or cold99 at false discovery rates of 0.01 and 0.05, null where neither or not computable; note
        says what could not be computed and why, null where nothing is amiss.

    Raises
    ------
    StatisticError
        Where the rows mix years or measures, a municipality repeats, or a count is negative.
    """
    for name in ("year", "measure"):
        found = pc.unique(municipalities[name]).to_pylist()
        if len(found) > 1:
            raise StatisticError(f"column {name} holds {', '.join(map(str, found[:4]))}; compute one {name} at a time")
    _one_row_each(municipalities)
    neighbours = seat_neighbours(municipalities) if neighbours is None else neighbours
    count, population = numbers(municipalities, "count"), numbers(municipalities, "population")
    uncoded = municipalities["inegi_code"].is_null().to_numpy()
    count = np.where(uncoded, np.nan, count)
    shrunk = global_bayes(count, population)
    smoothed = spatial_bayes(count, population, neighbours)
    alone = neighbours.among(np.isfinite(shrunk)).islands
    smoothed[np.flatnonzero(np.isfinite(shrunk))[alone]] = shrunk[np.isfinite(shrunk)][alone]
    spots = gi_star(shrunk, neighbours, islands="null")
    computed = {
        "rate_per_100k": column(raw_rate(count, population) * 1e5),
        "rate_smoothed_per_100k": column(smoothed * 1e5),
        "gi_star_z": column(spots.z),
        "p": column(spots.p),
        "p_fdr": column(spots.p_fdr),
        "hotspot": column(spots.hotspot, pa.string()),
        "note": column(_notes(count, population, uncoded, spots.reason), pa.string()),
    }
    given = {name: municipalities[name] for name in COLUMNS if name in municipalities.schema.names}
    given.setdefault("state", pa.nulls(len(municipalities), pa.string()))
    return pa.table({name: computed.get(name, given.get(name)) for name in COLUMNS})


def from_homicides(homicides: pa.Table) -> pa.Table:
    """Return the violence table of every year and measure of a homicides table.

    Parameters
    ----------
    homicides
        One row a municipality, year and measure: inegi_code, state, municipality, longitude, latitude,
        population, year, homicides, measure.

    Returns
    -------
    pyarrow.Table
        `COLUMNS`, sorted by measure, year and inegi_code; each year and measure computed by itself.
    """
    renamed = {"municipality": "name", "homicides": "count"}
    table = homicides.rename_columns([renamed.get(name, name) for name in homicides.schema.names])
    table = table.sort_by([("measure", "ascending"), ("year", "ascending"), ("inegi_code", "ascending")])
    keys = table.select(["measure", "year"]).group_by(["measure", "year"], use_threads=False).aggregate([])
    parts = [
        rate_table(table.filter((pc.field("measure") == key["measure"]) & (pc.field("year") == key["year"])))
        for key in keys.to_pylist()
    ]
    return pa.concat_tables(parts).combine_chunks()


def _notes(count: FloatArray, population: FloatArray, uncoded: BoolArray, reason: ObjectArray) -> ObjectArray:
    """Say of each row, in words for the reader, what was not computed; the first fault found is named."""
    notes = np.array([f"hot spot not computable: {r}" if r else None for r in reason], dtype=object)
    notes[reason == NO_NEIGHBOURS] = (
        "no known seat or neighbour: smoothed towards the national rate, hot spot not computable"
    )
    notes[~np.isfinite(count)] = NO_COUNT
    notes[~(population > 0)] = NO_POPULATION
    notes[uncoded] = NO_CODE
    return notes


def _one_row_each(municipalities: pa.Table) -> None:
    codes = municipalities["inegi_code"]
    tally = codes.value_counts()
    twice = [row["values"] for row in tally.to_pylist() if row["counts"] > 1 and row["values"] is not None]
    if twice:
        raise StatisticError(f"municipality {twice[0]} has more than one row in its year and measure; keep one of them")
