"""The nearest municipality, what is known of its violence, and the nearest hot spot.

A municipality is as near as its polygon, where the user gives polygons with INEGI codes, and else as near as its
seat: for a point between two seats that may be the neighbour of the municipality it lies in, and most points of
this map lie across the border, where there is only "nearest". The rate is the smoothed one; count and population
stand beside it. A municipality without figures in the year is still the nearest one, with blank figures.

The hot spot is the nearest municipality whose Gi* is significantly high (false discovery rate 0.05) in the same
year and measure. Blank means that the year has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from geo.errors import UsageError
from geo.join.identity import names
from geo.join.nearest import nearest_sites
from geo.join.outline import Outlines
from geo.table import BoolArray, Features, FloatArray, IntArray, ObjectArray, column, numbers, texts

Places = tuple[ObjectArray, FloatArray]
"""Code of the nearest municipality and the distance to it in metres; None and NaN where there is none."""


def nearest_municipality(
    lon: FloatArray,
    lat: FloatArray,
    violence: pa.Table,
    areas: Features | None = None,
    *,
    year: int | Literal["match"] | None = None,
    event_year: FloatArray | None = None,
) -> dict[str, pa.Array]:
    """Join each point with the nearest municipality and the nearest hot spot.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, WGS84 degrees; NaN where there is none.
    violence
        One row a municipality, year and measure, as `geo.stats.violence.rate_table` makes them.
    areas
        Polygons with the municipalities' codes in column inegi_code. A municipality without one counts by its
        seat; rows without a code are passed over.
    year
        A year of the table; None for the latest; ``match`` for each event's own year, or the latest where the
        table lacks it. Of several measures of a year the last by name is taken: deaths before cases.
    event_year : (n,) float64
        For ``match``; NaN where unknown.

    Returns
    -------
    dict of n-row arrays
        ``violence_code, violence_name, violence_distance_m`` (0 inside a polygon), ``violence_rate_per_100k``
        (smoothed), ``violence_count, violence_population, violence_year, violence_measure, hotspot_code,
        hotspot_name, hotspot_distance_m``.

    Raises
    ------
    UsageError
        Where the table has no such year; the message lists those it has.
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    outlines = _Areas.of(areas) if areas is not None else None
    codes = texts(violence, "inegi_code")
    coded = np.array([code is not None for code in codes], dtype=bool)  # a total has no place
    seats = _Seats(codes, np.where(coded, numbers(violence, "longitude"), np.nan), numbers(violence, "latitude"))
    hot = np.array([str(word).startswith("hot") for word in texts(violence, "hotspot")], dtype=bool)
    nearest, spot = _no_places(len(lon)), _no_places(len(lon))
    figures = np.full(len(lon), -1, dtype=np.int64)
    for period, points in _by_period(violence, year, event_year, len(lon)):
        place = lon[points], lat[points]
        all_of_it, hot_ones = seats.take(period), seats.take(period[hot[period]])
        nearest[0][points], nearest[1][points] = _nearest(*place, all_of_it, outlines)
        spot[0][points], spot[1][points] = _nearest(
            *place, hot_ones, outlines.only(hot_ones.codes) if outlines else None
        )
        row = dict(zip(all_of_it.codes, period, strict=True))
        figures[points] = [row.get(code, -1) for code in nearest[0][points]]
    known = _names(violence, areas)
    taken = pa.array(figures, mask=figures < 0)
    return {
        "violence_code": column(nearest[0], pa.string()),
        "violence_name": column(_named(nearest[0], known), pa.string()),
        "violence_distance_m": column(nearest[1]),
        "violence_rate_per_100k": column(numbers(violence, "rate_smoothed_per_100k")).take(taken),
        "violence_count": _whole(column(numbers(violence, "count")).take(taken)),
        "violence_population": _whole(column(numbers(violence, "population")).take(taken)),
        "violence_year": _whole(column(numbers(violence, "year")).take(taken)),
        "violence_measure": column(texts(violence, "measure"), pa.string()).take(taken),
        "hotspot_code": column(spot[0], pa.string()),
        "hotspot_name": column(_named(spot[0], known), pa.string()),
        "hotspot_distance_m": column(spot[1]),
    }


@dataclass(frozen=True, eq=False)
class _Seats:
    """Municipalities by code, with their seats; NaN where the seat is unknown."""

    codes: ObjectArray
    lon: FloatArray
    lat: FloatArray

    def take(self, which: IntArray | BoolArray) -> _Seats:
        return _Seats(self.codes[which], self.lon[which], self.lat[which])


@dataclass(frozen=True, eq=False)
class _Areas:
    """Municipalities by code, with their polygons; a code may have several."""

    codes: ObjectArray
    outlines: Outlines

    @classmethod
    def of(cls, areas: Features) -> _Areas:
        codes = texts(areas.table, "inegi_code")
        coded = np.array([code is not None for code in codes], dtype=bool)
        return cls(codes[coded], Outlines(areas.geometry[coded]))

    def only(self, codes: ObjectArray) -> _Areas:
        wanted = np.isin(self.codes.astype(str), codes.astype(str))
        return _Areas(self.codes[wanted], Outlines(self.outlines.shapes[wanted]))


def _nearest(lon: FloatArray, lat: FloatArray, seats: _Seats, areas: _Areas | None) -> Places:
    """Return the nearest of some municipalities: by polygon, and by seat those that have none."""
    code, distance = _no_places(len(lon))
    if areas is not None:
        index, distance = areas.outlines.nearest(lon, lat)
        code[index >= 0] = areas.codes[index[index >= 0]]
        seats = seats.take(~np.isin(seats.codes.astype(str), areas.codes.astype(str)))
    found = nearest_sites(lon, lat, seats.lon, seats.lat, runner_up=False)
    with np.errstate(invalid="ignore"):
        nearer = (found.site >= 0) & ~(distance <= found.distance_m)
    code[nearer], distance[nearer] = seats.codes[found.site[nearer]], found.distance_m[nearer]
    return code, distance


def _by_period(
    violence: pa.Table, year: int | str | None, event_year: FloatArray | None, points: int
) -> list[tuple[IntArray, IntArray]]:
    """Return for each year that is needed its rows of the table, and the points that it is for."""
    years, measures = numbers(violence, "year"), texts(violence, "measure")
    there = sorted({int(y) for y in years[np.isfinite(years)]})
    everyone = np.arange(points)
    if not there:
        return [(np.arange(len(violence)), everyone)]
    if isinstance(year, int) and year not in there:
        raise UsageError(f"violence: there is no year {year}; there are {', '.join(map(str, there))}")
    wanted = np.full(points, float(year) if isinstance(year, int) else there[-1])
    if year == "match" and event_year is not None:
        own = np.isin(event_year, there)
        wanted[own] = event_year[own]
    periods = []
    for each in np.unique(wanted):
        rows = np.flatnonzero(years == each)
        rows = rows[measures[rows] == max(measures[rows], key=str)]
        periods.append((rows, everyone[wanted == each]))
    return periods


def _no_places(count: int) -> Places:
    return np.full(count, None, dtype=object), np.full(count, np.nan)


def _names(violence: pa.Table, areas: Features | None) -> dict[str, str | None]:
    """Return the name of each municipality: that of the violence table, else that of its polygon."""
    known = dict(zip(texts(violence, "inegi_code"), texts(violence, "name"), strict=True))
    if areas is not None:
        drawn = zip(texts(areas.table, "inegi_code"), names(areas.table, "municipality").to_pylist(), strict=True)
        known = {code: name for code, name in drawn if code} | known
    return known


def _named(codes: ObjectArray, known: dict[str, str | None]) -> ObjectArray:
    found = np.full(len(codes), None, dtype=object)
    found[:] = [known.get(code) for code in codes]
    return found


def _whole(values: pa.Array) -> pa.Array:
    """Return numbers that a file gave as decimals (12.0) as the whole numbers they are; others as they are."""
    if pa.types.is_floating(values.type):
        there = values.drop_null().to_numpy(zero_copy_only=False)
        if not np.array_equal(there, np.floor(there)):
            return values
    return values.cast(pa.int64())
