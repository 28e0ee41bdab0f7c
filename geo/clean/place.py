"""Where each row lies: coordinates read, brought to WGS84 and checked, each fault under its own name.

Checks, in order; a row is dropped for the first that it fails: nothing written; not a number; zero (a program's
way of saying nothing); exchanged, where only the exchanged reading lies in the region; out of range; outside
the United States and Mexico and their waters; in another state than the record names, farther from it than its
own precision allows. Only a file in which the two columns are exchanged throughout is read the other way
round, and that is said; single rows are never repaired. A row without coordinates that names a known place is put
there and marked (`geo.clean.named`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.named import by_name, can_be_named, refuse_unclear
from geo.clean.problems import Located, Problems, problems
from geo.clean.radius import radii_of
from geo.clean.regions import FAR_STATES, Regions, abroad, containing, nearest_m, state_codes, within_boxes
from geo.clean.states import states_named
from geo.errors import ReadError
from geo.read.coordinates import degrees, parse_pair
from geo.read.crs import REGION, is_wgs84, refuse_metres, to_wgs84
from geo.read.jsonfiles import check_degrees
from geo.read.problems import Action
from geo.read.reading import Guess, Reading, ReadOptions
from geo.table import BoolArray, FloatArray, IntArray, ObjectArray

FINER_DEG = 1e-5
"""One metre: what a geometry column must add to two rounded columns to be used in their place."""
NEAR_ZERO_DEG = 0.001
"""Coordinates this close to zero are a program's way of saying nothing; the region is far from either line."""
STATE_TOLERANCE_M = 5_000.0
"""How far from the state that it names a point may lie unremarked: outlines are simplified, rivers move."""
STATE_DROP_M = 25_000.0
"""From here on it is the wrong place; nearer, it may be the state of the office that is wrong."""
LONGEST_NAME = 40
"""Characters of a column's name in a message."""


@dataclass(frozen=True, eq=False)
class _Raw:
    """Coordinates as written, before any check. `wrong`: something is written that is none."""

    x: FloatArray
    y: FloatArray
    wrong: BoolArray
    not_point: BoolArray
    columns: tuple[str, ...]
    given: bool
    guesses: tuple[Guess, ...] = ()


def locate(
    reading: Reading,
    options: ReadOptions | None = None,
    regions: Regions | None = None,
    *,
    required: bool = True,
    named: bool = True,
) -> Located:
    """Return where each row of a reading lies.

    Parameters
    ----------
    reading
        A file as read.
    options
        ``crs`` and ``columns`` are looked at.
    regions
        Polygons of the states; without them only a box around the two countries is checked, and no state.
    required
        Whether a file without any coordinates is an error; else all its rows are without a place.
    named
        Whether rows without coordinates are put where the place that they name is; see `geo.clean.named`.

    Raises
    ------
    ReadError
        No column holds coordinates, and most rows name no one known place; the message names the columns there are.
    CRSError
        Coordinates are metres and their system is not known.
    """
    options = options or ReadOptions()
    raw = _raw(reading, options)
    named = named and can_be_named(reading)
    if raw is None:
        if required and not (len(reading) and reading.table.num_columns):
            raise ReadError(f"{reading.name}: holds no rows, {_of_no_rows(reading)}; save or download it again")
        if required and not named:
            raise ReadError(
                f"{reading.name}: no columns of coordinates found among {_listed(reading.table.schema.names)};"
                " name them with --column longitude=NAME --column latitude=NAME"
            )
        nothing = np.full(len(reading), np.nan)
        located = Located(nothing, nothing.copy(), _missing(reading, np.arange(len(reading)), ()))
        if named:
            located = by_name(reading, located)
            if required:
                refuse_unclear(reading, located)
        return located
    lon, lat, guesses = _degrees(raw, reading, options)
    lon, lat, exchanged = _whole_column(lon, lat, raw)
    check = _Check(reading, raw, lon, lat)
    check.basic()
    state = check.places(regions)
    located = Located(check.lon, check.lat, check.found(), (*raw.guesses, *guesses, *exchanged), state)
    if named:
        located = by_name(reading, located)
    # A source may know that some of its places are none.
    refine = getattr(reading.adapter, "place", None)
    return located if refine is None else refine(reading, located)


def _of_no_rows(reading: Reading) -> str:
    return f"only the header {_listed(reading.table.schema.names)}" if reading.table.schema.names else "and no header"


def _listed(names: Sequence[str]) -> str:
    # A name may be a whole page, where the file was read in a wrong encoding or is no table.
    shown = ", ".join(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in names[:12])
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")


# --- reading --------------------------------------------------------------------------------------------


def _raw(reading: Reading, options: ReadOptions) -> _Raw | None:
    if reading.geometry is not None:
        return _of_geometry(reading.geometry, (), False)
    roles, table = reading.roles, reading.table
    given = any(role in options.columns for role in ("longitude", "latitude", "coordinates", "geometry"))
    if {"longitude", "latitude"} <= set(roles):
        names = (roles["longitude"], roles["latitude"])
        x, wrong_x = degrees(table[names[0]], "longitude")
        y, wrong_y = degrees(table[names[1]], "latitude")
        plain = _Raw(x, y, wrong_x | wrong_y, np.zeros(len(x), dtype=bool), names, given)
        return _finer(plain, reading) if "geometry" in roles and not given else plain
    if "coordinates" in roles:
        return _of_pairs(table[roles["coordinates"]], roles["coordinates"], given)
    if "geometry" in roles:
        name = roles["geometry"]
        geometry, wrong = _texts_to_geometry(table[name])
        found = _of_geometry(geometry, (name,), given)
        return _Raw(found.x, found.y, wrong, found.not_point, found.columns, given)
    return None


def _of_geometry(geometry: ObjectArray, columns: tuple[str, ...], given: bool) -> _Raw:
    """Take points as they are, and a multipoint of one point for that point."""
    import shapely

    single = np.asarray(geometry, dtype=object)
    kinds = shapely.get_type_id(single)
    lone = (kinds == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(single) == 1)
    if lone.any():
        single = single.copy()
        single[lone] = shapely.get_geometry(single[lone], 0)
        kinds = shapely.get_type_id(single)
    points = kinds == shapely.GeometryType.POINT
    empty = (kinds < 0) | shapely.is_empty(single)
    x, y = np.full(len(single), np.nan), np.full(len(single), np.nan)
    there = points & ~empty
    x[there], y[there] = shapely.get_x(single[there]), shapely.get_y(single[there])
    wrong = np.isinf(x) | np.isinf(y)
    return _Raw(x, y, wrong, ~points & ~empty, columns, given)


def _of_pairs(column: pa.ChunkedArray, name: str, given: bool) -> _Raw:
    coded = pc.dictionary_encode(column.cast(pa.string())).combine_chunks()
    pairs = np.array([parse_pair(text) for text in coded.dictionary.to_pylist()] + [(np.nan, np.nan)])
    codes = np.asarray(pc.fill_null(coded.indices, len(pairs) - 1).to_numpy(zero_copy_only=False))
    found = pairs[codes]
    blank = np.asarray(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True).to_numpy(zero_copy_only=False))
    wrong = np.isnan(found[:, 0]) & ~blank.astype(bool)
    said = Guess("coordinates", "latitude, longitude", "the usual order of a pair, where no letters say otherwise")
    return _Raw(found[:, 0], found[:, 1], wrong, np.zeros(len(found), dtype=bool), (name,), given, (said,))


def shapes(reading: Reading) -> ObjectArray | None:
    """Return the geometry of a reading: its own, else that of a column in WKT or WKB; None where it has neither.

    Raises
    ------
    ReadError
        A value of the column is no geometry.
    CRSError
        Its coordinates are not degrees.
    """
    name = reading.roles.get("geometry")
    if reading.geometry is not None or name is None:
        return reading.geometry
    geometry, wrong = _texts_to_geometry(reading.table[name])
    if wrong.any():
        row = reading.row_numbers[int(np.flatnonzero(wrong)[0])]
        raise ReadError(f"{reading.name}, row {row}: {name} is no geometry in WKT or WKB; correct it or leave it blank")
    check_degrees(geometry, None, reading.name)
    return geometry


def _texts_to_geometry(column: pa.ChunkedArray) -> tuple[ObjectArray, BoolArray]:
    """Parse WKT or WKB, each distinct value once; (geometry, which values are none)."""
    import shapely

    coded = pc.dictionary_encode(column).combine_chunks()
    values = coded.dictionary.to_pylist()
    made = []
    for value in values:
        if isinstance(value, bytes):
            made.append(shapely.from_wkb(value, on_invalid="ignore"))
            continue
        text = value.split(";", 1)[1] if value.lstrip().upper().startswith("SRID=") else value
        read = shapely.from_wkt if any(c in text for c in "( EMPTY") else shapely.from_wkb
        made.append(read(text.strip(), on_invalid="ignore") if text.strip() else None)
    parsed = np.full(len(values) + 1, None, dtype=object)
    parsed[: len(values)] = made
    bad = np.array([m is None and bool(str(v).strip()) for m, v in zip(made, values, strict=True)] + [False])
    codes = np.asarray(pc.fill_null(coded.indices, len(values)).to_numpy(zero_copy_only=False))
    return parsed[codes], bad[codes]


def _finer(plain: _Raw, reading: Reading) -> _Raw:
    """Use a WKT column of points beside the two columns where it is the same places, written more finely.

    Some publishers round the columns and leave the geometry whole.
    """
    name = reading.roles["geometry"]
    geometry, wrong = _texts_to_geometry(reading.table[name])
    fine = _of_geometry(geometry, (name,), False)
    both = np.isfinite(plain.x) & np.isfinite(fine.x)
    gap = np.maximum(np.abs(plain.x - fine.x), np.abs(plain.y - fine.y))[both]
    if not both.any() or wrong.any() or fine.not_point.any() or gap.max() > 0.01 or np.mean(gap > FINER_DEG) < 0.1:
        return plain
    if int(np.isfinite(fine.x).sum()) < int(np.isfinite(plain.x).sum()):
        return plain
    said = Guess("coordinates", name, f"the same points as {' and '.join(plain.columns)}, with more decimals")
    return _Raw(fine.x, fine.y, plain.wrong, fine.not_point, (name,), False, (said,))


def _degrees(raw: _Raw, reading: Reading, options: ReadOptions) -> tuple[FloatArray, FloatArray, tuple[Guess, ...]]:
    """Bring columns to WGS84; a reading's own geometry is there already."""
    if reading.geometry is not None:
        return raw.x, raw.y, ()
    if options.crs is None:
        refuse_metres(raw.x, raw.y, reading.name)
        return raw.x, raw.y, ()
    if is_wgs84(options.crs):
        return raw.x, raw.y, ()
    lon, lat = to_wgs84(raw.x, raw.y, options.crs)
    raw.wrong[np.isfinite(raw.x) & ~np.isfinite(lon)] = True
    return lon, lat, (Guess("crs", options.crs, "given with --crs; coordinates brought to WGS84"),)


def _whole_column(lon: FloatArray, lat: FloatArray, raw: _Raw) -> tuple[FloatArray, FloatArray, tuple[Guess, ...]]:
    """Exchange the columns where they are exchanged throughout, unless the user named them."""
    usable = np.isfinite(lon) & np.isfinite(lat) & ~_zero(lon, lat)
    if raw.given or not usable.any():
        return lon, lat, ()
    as_is = _in_region(lon[usable], lat[usable])
    other = _in_region(lat[usable], lon[usable])
    if as_is.any() or np.mean(other) < 0.8 or other.sum() < 2:
        return lon, lat, ()
    columns = " and ".join(raw.columns) or "the geometry"
    reason = (
        f"{int(other.sum()):,} of {int(usable.sum()):,} points lie in the region only with {columns} exchanged, "
        "none as written"
    )
    return lat, lon, (Guess("axes", "exchanged", reason),)


def _zero(lon: FloatArray, lat: FloatArray) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return (np.abs(lon) < NEAR_ZERO_DEG) | (np.abs(lat) < NEAR_ZERO_DEG)


def _in_region(lon: FloatArray, lat: FloatArray) -> BoolArray:
    return within_boxes(lon, lat, (REGION, *FAR_STATES))


# --- checking -------------------------------------------------------------------------------------------


class _Check:
    """The checks of one reading: takes places away and keeps the reasons."""

    def __init__(self, reading: Reading, raw: _Raw, lon: FloatArray, lat: FloatArray) -> None:
        self.reading, self.raw = reading, raw
        self.lon, self.lat = lon.copy(), lat.copy()
        self.parts: list[Problems] = []

    def found(self) -> Problems:
        """Return all problems, in the order of the rows."""
        all_ = Problems.joined(self.parts)
        order = pc.sort_indices(all_.table, sort_keys=[("row", "ascending")])
        return Problems(all_.table.take(order))

    def _written(self, rows: IntArray) -> list[str]:
        """Return what the file says at `rows`."""
        if not len(rows):
            return []
        if not self.raw.columns:
            return [f"{x:.6g}, {y:.6g}" for x, y in zip(self.raw.x[rows], self.raw.y[rows], strict=True)]
        columns = []
        for name in self.raw.columns:
            values = self.reading.table[name].take(pa.array(rows)).to_pylist()
            columns.append([f"{name} {'blank' if value is None else value}" for value in values])
        return [", ".join(row) for row in zip(*columns, strict=True)]

    def _drop(self, rows: IntArray, reason: str, messages: Sequence[str], written: Sequence[str]) -> None:
        self._tell(rows, reason, messages, written, "dropped")
        self.lon[rows] = self.lat[rows] = np.nan

    def _tell(
        self, rows: IntArray, reason: str, messages: Sequence[str], written: Sequence[str], action: Action
    ) -> None:
        if not len(rows):
            return
        self.parts.append(
            problems(
                self.reading.name,
                self.reading.row_numbers[rows],
                reason,
                messages,
                action=action,
                column=" and ".join(self.raw.columns) or None,
                values=written,
            )
        )

    def basic(self) -> None:
        """Check what the numbers themselves tell."""
        lon, lat = self.lon, self.lat
        taken = self.raw.not_point.copy()
        rows = np.flatnonzero(taken)
        kinds = "the geometry is a line or an area, and points are needed; give it with --corridors or --areas"
        self._drop(rows, "not_a_point", [kinds] * len(rows), [""] * len(rows))
        wrong = self.raw.wrong & ~taken
        rows = np.flatnonzero(wrong)
        written = self._written(rows)
        said = [f"{text!r} is no coordinate; write decimal degrees" for text in written]
        self._drop(rows, "not_a_number", said, written)
        taken |= wrong
        blank = (np.isnan(lon) | np.isnan(lat)) & ~taken
        rows = np.flatnonzero(blank)
        self.parts.append(_missing(self.reading, rows, self.raw.columns))
        self.lon[rows] = self.lat[rows] = np.nan
        taken |= blank
        zero = _zero(lon, lat) & ~taken
        rows = np.flatnonzero(zero)
        written = self._written(rows)
        said = [f"{t} only says that nothing is known; give the coordinates or leave them blank" for t in written]
        self._drop(rows, "zero", said, written)
        taken |= zero
        here, exchanged = _in_region(lon, lat), _in_region(lat, lon)
        swapped = exchanged & ~here & ~taken
        rows = np.flatnonzero(swapped)
        written = self._written(rows)
        said = [f"{t} lies in the region only with longitude and latitude exchanged; exchange them" for t in written]
        self._drop(rows, "swapped", said, written)
        taken |= swapped
        with np.errstate(invalid="ignore"):
            beyond = ((np.abs(lat) > 90) | (np.abs(lon) > 180)) & ~taken
        rows = np.flatnonzero(beyond)
        written = self._written(rows)
        said = [f"{t} is out of range: longitude goes to 180 degrees, latitude to 90; correct it" for t in written]
        self._drop(rows, "out_of_range", said, written)

    def places(self, regions: Regions | None) -> ObjectArray | None:
        """Check against the states, and return the state of each point; without them, against a box."""
        rows = np.flatnonzero(np.isfinite(self.lon))
        if regions is None:
            out = rows[~_in_region(self.lon[rows], self.lat[rows])]
            self._outside(out, np.full(len(out), None, dtype=object))
            return None
        index = containing(self.lon, self.lat, regions.polygons)
        lost, country = abroad(self.lon[rows], self.lat[rows], index[rows], regions)
        self._outside(rows[lost], country[lost])
        self._other_state(index, regions)
        index[np.isnan(self.lon)] = -1
        return state_codes(index, regions)

    def _outside(self, rows: IntArray, country: ObjectArray) -> None:
        written = [_position(self.lon[row], self.lat[row]) for row in rows]
        said = []
        for row, where, text in zip(rows, country, written, strict=True):
            place = f"in {where}, " if where else ""
            sign = self.lon[row] > 0 and bool(_in_region(-self.lon[row : row + 1], self.lat[row : row + 1])[0])
            remedy = "west is negative: put a minus before the longitude" if sign else "correct the coordinates"
            said.append(f"{text} lies {place}outside the US and Mexico; {remedy}")
        self._drop(rows, "outside", said, written)

    def _other_state(self, index: IntArray, regions: Regions) -> None:
        """Compare with the state that the record names.

        A point farther from it than its own precision and a few kilometres is in the wrong place: just over
        the line it is kept and flagged, since either may be wrong; farther off it is dropped.
        """
        name = self.reading.roles.get("state")
        if name is None:
            return
        coded = pc.dictionary_encode(self.reading.table[name].cast(pa.string())).combine_chunks()
        texts = coded.dictionary.to_pylist()
        codes = np.asarray(pc.fill_null(coded.indices, len(texts)).to_numpy(zero_copy_only=False))
        away = np.zeros(len(self.lon))
        for at, text in enumerate(texts):
            known = np.flatnonzero(np.isin(regions.codes, states_named(text)))
            # At sea there is no state to be in: only a point in a state can be in the wrong one.
            rows = np.flatnonzero((codes == at) & (index >= 0) & ~np.isnan(self.lon) & ~np.isin(index, known))
            if len(known) and len(rows):
                away[rows] = [
                    nearest_m(self.lon[row : row + 1], self.lat[row : row + 1], regions.polygons[known])[0]
                    for row in rows
                ]
        beyond = away - _precision(self.reading)
        far = np.flatnonzero(beyond > STATE_TOLERANCE_M)

        def words(rows: IntArray) -> list[str]:
            return [
                f"{_position(self.lon[row], self.lat[row])} lies in {regions.names[index[row]]},"
                f" {away[row] / 1000:,.0f} km from {texts[codes[row]].strip()} that the record names;"
                " correct the one or the other"
                for row in rows
            ]

        wrong = beyond[far] > STATE_DROP_M
        near, off = far[~wrong], far[wrong]
        self._tell(near, "other_state", words(near), self._written(near), "flagged")
        self._drop(off, "other_state", words(off), self._written(off))


def _missing(reading: Reading, rows: IntArray, columns: Sequence[str]) -> Problems:
    return problems(
        reading.name,
        reading.row_numbers[rows],
        "missing",
        ["no coordinates; fill them in to see the row on the map"] * len(rows),
        action="dropped",
        column=" and ".join(columns) or None,
    )


def _position(lon: float, lat: float) -> str:
    """Write a position for a message.

    Examples
    --------
    >>> _position(-95.25, 38.32)
    '95.25 W 38.32 N'
    """
    return f"{abs(lon):.6g} {'W' if lon < 0 else 'E'} {abs(lat):.6g} {'N' if lat >= 0 else 'S'}"


def _precision(reading: Reading) -> FloatArray:
    """Return the precision in metres that the record states for its location, 0 where it states none."""
    column = reading.column("location_precision_m")
    if column is None:
        return np.zeros(len(reading))
    metres, _ = radii_of(column, "location_precision_m")
    return np.where(np.isfinite(metres), metres, 0.0)
