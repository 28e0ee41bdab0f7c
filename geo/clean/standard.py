"""Any table to standard events: one row an event and one commodity.

Every row read becomes a row; what a value means is decided once for each distinct text. A source whose adapter
knows better hands in the columns it knows; the rest is found by the roles of the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.commodity import OTHER, Found, code_of, commodities
from geo.clean.dates import When, day_only, in_zone, parse_dates, zone
from geo.clean.direction import BORDER_STATES, context_of, is_border_region, side_of, way_of
from geo.clean.problems import Events, Located, Problems, problems
from geo.clean.quantity import Quantity, decimal_comma, parse_quantity
from geo.read.columns import plain
from geo.read.coordinates import MISSING, degrees
from geo.read.reading import Guess, Reading, ReadOptions
from geo.schema import ALLOWED, EVENT_COLUMNS, check_events
from geo.table import BoolArray, FloatArray, IntArray, ObjectArray
from geo.units import factor, unit_named, unit_within

Columns = dict[str, pa.Array]


def events(reading: Reading, located: Located, options: ReadOptions | None = None) -> Events:
    """Return the standard events of a reading.

    Parameters
    ----------
    reading
        A file as read.
    located
        Where its rows lie.
    options
        ``date_order`` and ``tz`` are looked at.

    Returns
    -------
    Events
        All rows of the reading in their order. `problems` holds those of reading, locating and cleaning.

    Raises
    ------
    ReadError
        The order of day and month cannot be told.
    """
    options = options or ReadOptions()
    if reading.adapter is not None:
        return reading.adapter.events(reading, located, options)
    return standardise(reading, located, options)


def standardise(
    reading: Reading,
    located: Located,
    options: ReadOptions,
    given: Mapping[str, pa.Array] | None = None,
) -> Events:
    """Return standard events from the roles of the columns, and from what an adapter knows better.

    Parameters
    ----------
    given
        Standard columns that are known already; they are taken as they are.
    """
    work = _Work(reading, located, options, dict(given or {}))
    columns = work.columns()
    table = pa.table({name: columns[name].cast(kind) for name, kind in EVENT_COLUMNS.items()})
    table = _with_input(table, reading.table)
    found = Problems.joined([reading.problems, located.problems, *work.problems])
    return Events(check_events(table), found, (*reading.guesses, *located.guesses, *work.guesses))


@dataclass(frozen=True, eq=False)
class _Coded:
    """A text column as codes into its distinct values; code `len(values)` is null."""

    name: str
    values: list[str]
    codes: IntArray

    def map(self, function: Callable[[str], object], kind: pa.DataType) -> pa.Array:
        """Return the column with `function` applied to each distinct value."""
        return self.take([function(value) for value in self.values], kind)

    def take(self, made: Sequence[object], kind: pa.DataType) -> pa.Array:
        """Return a column of values made from the distinct ones."""
        return pa.array([*made, None], kind).take(pa.array(self.codes))

    def rows(self, wanted: Sequence[bool]) -> IntArray:
        """Return the rows whose distinct value is wanted."""
        return np.flatnonzero(np.array([*wanted, False], dtype=bool)[self.codes])


class _Work:
    """Cleaning of one reading: standard columns, and the problems and guesses on the way."""

    def __init__(self, reading: Reading, located: Located, options: ReadOptions, given: Columns) -> None:
        self.reading, self.located, self.options, self.given = reading, located, options, given
        self.rows = len(reading)
        self.problems: list[Problems] = []
        self.guesses: list[Guess] = []
        self._cache: dict[str, _Coded] = {}

    # --- helpers ---------------------------------------------------------------------------------------

    def coded(self, role: str) -> _Coded | None:
        """Return the column with `role` as codes into its distinct values; blanks are null."""
        name = self.reading.roles.get(role)
        if name is None:
            return None
        if role not in self._cache:
            column = self.reading.table[name]
            if not pa.types.is_string(column.type):
                column = _as_text(column)
            coded = pc.dictionary_encode(column)
            coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
            values = [value.strip() for value in coded.dictionary.to_pylist()]
            codes = np.asarray(pc.fill_null(coded.indices, len(values)).to_numpy(zero_copy_only=False), np.int64)
            blank = np.array([value.lower() in MISSING for value in values] + [True])
            self._cache[role] = _Coded(name, values, np.where(blank[codes], len(values), codes))
        return self._cache[role]

    def text(self, role: str) -> pa.Array:
        """Return the column with `role` as trimmed text, null where blank or absent."""
        coded = self.coded(role)
        return pa.nulls(self.rows, pa.string()) if coded is None else coded.map(str, pa.string())

    def flag(self, rows: IntArray, reason: str, column: str, values: Sequence[str], words: Sequence[str]) -> None:
        """Note a problem for each of `rows`; they are kept."""
        if len(rows):
            numbers = self.reading.row_numbers[rows]
            self.problems.append(
                problems(self.reading.name, numbers, reason, words, action="flagged", column=column, values=values)
            )

    def flag_values(self, coded: _Coded, wanted: Sequence[bool], reason: str, words: Callable[[str], str]) -> None:
        """Note a problem for each row whose distinct value is wanted."""
        rows = coded.rows(wanted)
        if len(rows):
            values = [coded.values[code] for code in coded.codes[rows]]
            said = {value: words(value) for value in set(values)}
            self.flag(rows, reason, coded.name, values, [said[value] for value in values])

    # --- columns ---------------------------------------------------------------------------------------

    def columns(self) -> Columns:
        """Return all standard columns."""
        made: Columns = {
            name: self.text(name) for name in ("agency", "partners", "operation", "handling") if name not in self.given
        }
        for part in (self._ids, self._source, self._dates, self._place, self._commodity, self._direction):
            made.update(
                {name: column for name, column in part({**made, **self.given}).items() if name not in self.given}
            )
        return {**made, **self.given}

    def _source(self, _: Columns) -> Columns:
        source = pc.fill_null(self.text("source"), self.reading.name)
        return {"source": source, "events": self._events()}

    def _events(self) -> pa.Array:
        column = self.reading.column("events")
        if column is None:
            return pa.array(np.ones(self.rows, dtype=np.int64))
        values, _ = degrees(column, None)
        return pa.array(np.where(np.isfinite(values), values, 1).astype(np.int64))

    def _ids(self, _: Columns) -> Columns:
        """Number rows by their line where the file has no ids, or ids that do not stand for events."""
        numbers = pa.array(self.reading.row_numbers).cast(pa.string())
        record = pc.coalesce(self.text("record_id"), numbers)
        if self.reading.roles.get("event_id") is None:
            return {"event_id": numbers, "record_id": record}
        ids = self.text("event_id")
        if not self._ids_are_events(ids):
            name = self.reading.roles["event_id"]
            reason = f"rows of one {name} lie at different places, so it names no event"
            self.guesses.append(Guess("event_id", "row number", reason))
            return {"event_id": numbers, "record_id": pc.coalesce(ids, record)}
        return {"event_id": pc.coalesce(ids, numbers), "record_id": record}

    def _ids_are_events(self, ids: pa.Array) -> bool:
        """Whether rows with the same id are at the same place, so that they can be lines of one event."""
        coded = pc.dictionary_encode(ids)
        if len(coded.dictionary) == self.rows - ids.null_count:
            return True
        codes = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
        known = np.flatnonzero((codes >= 0) & np.isfinite(self.located.longitude))
        if not len(known):
            return True
        _, first, back = np.unique(codes[known], return_index=True, return_inverse=True)
        lon, lat = self.located.longitude[known], self.located.latitude[known]
        same = (lon == lon[first][back]) & (lat == lat[first][back])
        return bool(np.mean(same) > 0.99)

    # --- dates -----------------------------------------------------------------------------------------

    def _dates(self, _: Columns) -> Columns:
        if {"start", "date_precision"} <= set(self.given):
            return {"end": pa.nulls(self.rows, pa.string()), "tz": self.text("tz")}
        if {"year", "month"} <= set(self.reading.roles) and not {"date", "start"} & set(self.reading.roles):
            return self._split_dates()
        role = "start" if "start" in self.reading.roles else "date"
        coded = self.coded(role)
        if coded is None:
            only_year = self.coded("year")
            if only_year is None:
                none = pa.nulls(self.rows, pa.string())
                return {"start": none, "end": none, "date_precision": none, "tz": none}
            coded, role = only_year, "year"
        start, end, precision, tz = self._moments(coded)
        if "end" in self.reading.roles and role == "start":
            end = self._ends(end, start, precision)
        return {"start": start, "end": end, "date_precision": precision, "tz": tz}

    def _moments(self, coded: _Coded) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
        """Return (start, end, precision, zone) of a column of dates."""
        if _all_iso_days(coded):
            text = coded.map(str, pa.string())
            none = pa.nulls(self.rows, pa.string())
            return text, none, pc.if_else(pc.is_null(text), pa.scalar(None, pa.string()), "day"), none
        found, orders = parse_dates(coded.values, self.options.date_order, self.reading.name, coded.name)
        if self.options.date_order is None:
            for mark, order in orders.items():
                reason = f"numbers above 12 in {coded.name}, where they are written with {mark!r}"
                self.guesses.append(Guess("date order", order, reason))
        self._date_rules(coded, found)
        zones = self.coded("tz")
        if zones is not None and any(when is not None and when.local for when in found):
            return self._by_row(coded, found, zones)
        resolved = [None if when is None else self._resolved(when) for when in found]
        bad = [when is None and value.lower() not in MISSING for when, value in zip(found, coded.values, strict=True)]
        self.flag_values(
            coded,
            bad,
            "date_unreadable",
            lambda v: f"{v!r} in {coded.name} is no date that is understood; the date stays blank",
        )
        unzoned = [when is not None and when.local for when in found]
        if self.options.tz is None:
            self.flag_values(
                coded,
                unzoned,
                "time_without_zone",
                lambda v: f"{v!r} has a time but no zone; only the day is used, or give the zone with --tz",
            )
        doubled = [r is not None and r[1] for r in resolved]
        self.flag_values(
            coded,
            doubled,
            "time_clock_change",
            lambda v: f"{v!r} falls on a clock change of {self.options.tz}; both instants are kept as start and end",
        )
        whens = [None if r is None else r[0] for r in resolved]
        zone_name = self.options.tz
        return (
            coded.take([None if w is None else w.start for w in whens], pa.string()),
            coded.take([None if w is None else w.end for w in whens], pa.string()),
            coded.take([None if w is None else w.precision for w in whens], pa.string()),
            coded.take([zone_name if w is not None and w.precision == "minute" else None for w in whens], pa.string()),
        )

    def _resolved(self, when: When) -> tuple[When, bool]:
        if not when.local:
            return when, False
        if self.options.tz is None:
            return day_only(when), False
        return in_zone(when, zone(self.options.tz))

    def _by_row(
        self, coded: _Coded, found: list[When | None], zones: _Coded
    ) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
        """Resolve local times with the zone that each record names."""
        known = {name: zone(name, f"column {zones.name}:") for name in zones.values if name.lower() not in MISSING}
        made: list[tuple[str | None, str | None, str | None, str | None]] = []
        cache: dict[tuple[int, int], tuple[str | None, str | None, str | None, str | None]] = {}
        for code, at in zip(coded.codes, zones.codes, strict=True):
            key = (int(code), int(at))
            if key not in cache:
                when = found[code] if code < len(found) else None
                name = zones.values[at] if at < len(zones.values) else self.options.tz
                if when is None:
                    cache[key] = (None, None, None, None)
                else:
                    where = known.get(name or "") or (zone(name) if name else None)
                    done = in_zone(when, where)[0] if where else day_only(when) if when.local else when
                    cache[key] = (done.start, done.end, done.precision, name if done.precision == "minute" else None)
            made.append(cache[key])
        start, end, precision, tz = zip(*made, strict=True) if made else ((), (), (), ())
        return tuple(pa.array(part, pa.string()) for part in (start, end, precision, tz))  # type: ignore[return-value]

    def _date_rules(self, coded: _Coded, found: list[When | None]) -> None:
        """Say which rules were applied; list the cells where a day number stands among written dates."""
        rules = {when.rule for when in found if when is not None}
        if "two_digit_year" in rules:
            self.guesses.append(Guess("two-digit years", "1969 to 2068", f"{coded.name} writes years with two digits"))
        if "epoch" in rules:
            self.guesses.append(
                Guess("date numbers", "seconds since 1970, UTC", f"{coded.name} holds numbers of 10 or 13 digits")
            )
        if "serial" in rules:
            self.guesses.append(
                Guess(
                    "date numbers",
                    "days since 1900, as spreadsheets count",
                    f"{coded.name} holds numbers of five digits",
                )
            )
            if rules - {"serial"}:
                serial = [when is not None and when.rule == "serial" for when in found]
                dates = {v: w.start for v, w in zip(coded.values, found, strict=True) if w is not None}
                self.flag_values(
                    coded,
                    serial,
                    "date_serial",
                    lambda v: f"{v} in {coded.name} is read as the day number of {dates[v]}; write the date out",
                )

    def _ends(self, end: pa.Array, start: pa.Array, precision: pa.Array) -> pa.Array:
        coded = self.coded("end")
        assert coded is not None
        given, _, end_precision, _ = self._moments(coded)
        same = pc.equal(end_precision, precision)
        earlier = pc.and_kleene(same, pc.less(given, start))
        rows = np.flatnonzero(np.asarray(pc.fill_null(earlier, False).to_numpy(zero_copy_only=False)))
        values = [coded.values[code] for code in coded.codes[rows]]
        self.flag(
            rows,
            "end_before_start",
            coded.name,
            values,
            [f"ends on {v}, before it starts; correct one of them" for v in values],
        )
        usable = pc.fill_null(pc.and_kleene(same, pc.invert(earlier)), False)
        return pc.coalesce(pc.if_else(usable, given, pa.scalar(None, pa.string())), end)

    def _split_dates(self) -> Columns:
        """Put dates together that are in columns of year, month and perhaps day."""
        parts = [self.coded(role) for role in ("year", "month", "day")]
        year, month, day = (None if part is None else part for part in parts)
        assert year is not None and month is not None
        made: list[When | None] = []
        cache: dict[tuple[str | None, ...], When | None] = {}
        keys = [
            tuple(
                None if part is None or part.codes[row] >= len(part.values) else part.values[part.codes[row]]
                for part in (year, month, day)
            )
            for row in range(self.rows)
        ]
        for key in keys:
            if key not in cache:
                cache[key] = _from_parts(*key)
            made.append(cache[key])
        bad = np.array([when is None and any(key) for when, key in zip(made, keys, strict=True)], dtype=bool)
        rows = np.flatnonzero(bad)
        columns = [part.name for part in (year, month, day) if part is not None]
        written = ["/".join(k or "" for k in keys[row]) for row in rows]
        self.flag(
            rows,
            "date_unreadable",
            " and ".join(columns),
            written,
            [f"{w} in {', '.join(columns)} is no date; the date stays blank" for w in written],
        )
        self.guesses.append(Guess("date", ", ".join(columns), "put together from these columns"))
        none = pa.nulls(self.rows, pa.string())
        return {
            "start": pa.array([None if w is None else w.start for w in made], pa.string()),
            "end": none,
            "date_precision": pa.array([None if w is None else w.precision for w in made], pa.string()),
            "tz": none,
        }

    # --- place, context --------------------------------------------------------------------------------

    def _place(self, _: Columns) -> Columns:
        place = self.text("place")
        for role in ("municipality", "county"):
            place = pc.coalesce(place, self.text(role))
        precision, _ = (
            degrees(self.reading.column("location_precision_m"), None)
            if "location_precision_m" in self.reading.roles
            else (np.full(self.rows, np.nan), None)
        )
        basis = self._allowed("location_basis")
        side = self._words("side", side_of)
        if "country" in self.reading.roles:
            side = pc.coalesce(side, self._words("country", side_of, flagged=False))
        return {
            "place": place,
            "longitude": pa.array(self.located.longitude, from_pandas=True),
            "latitude": pa.array(self.located.latitude, from_pandas=True),
            "location_precision_m": pa.array(np.where(precision > 0, precision, np.nan), from_pandas=True),
            "location_basis": basis,
            "side": side,
            "context": self._words("context", context_of),
        }

    def _allowed(self, role: str) -> pa.Array:
        """Return a column whose words must be those of the standard table; others stay with the input column."""
        allowed = ALLOWED[role]
        return self._words(role, lambda v: next((a for a in allowed if plain(a) == plain(v)), None), flagged=False)

    def _words(self, role: str, meaning: Callable[[str], str | None], flagged: bool = True) -> pa.Array:
        coded = self.coded(role)
        if coded is None:
            return pa.nulls(self.rows, pa.string())
        made = [meaning(value) for value in coded.values]
        if flagged:
            bad = [m is None and v.lower() not in MISSING for m, v in zip(made, coded.values, strict=True)]
            self.flag_values(
                coded, bad, "word_unknown", lambda v: f"{v!r} in {coded.name} is not understood and stays blank"
            )
        return coded.take(made, pa.string())

    # --- commodity and quantity ------------------------------------------------------------------------

    def _commodity(self, done: Columns) -> Columns:
        words, units = self.coded("commodity"), self.coded("unit")
        quantity = self._quantities()
        unit = self._units(units, quantity)
        if "commodity" in self.given:
            code = self.given["commodity"]
        elif words is None:
            code = pa.nulls(self.rows, pa.string())
        else:
            code = self._codes(words, unit)
        value, canonical = self._converted(code, unit, quantity.values, units)
        return {
            "commodity": code,
            "commodity_reported": self.text("commodity"),
            "quantity": value,
            "unit": canonical,
            "quantity_reported": self.text("quantity"),
            "unit_reported": self._unit_reported(units),
        }

    def _codes(self, words: _Coded, unit: ObjectArray) -> pa.Array:
        """Return commodity codes: once for each distinct pair of words and unit."""
        names, unit_codes = np.unique(unit.astype(str), return_inverse=True)
        pairs, back = np.unique(words.codes * len(names) + unit_codes, return_inverse=True)
        found: list[Found] = []
        for pair in pairs:
            word, of_unit = divmod(int(pair), len(names))
            known = word < len(words.values)
            found.append(code_of(words.values[word], _unit_text(names[of_unit])) if known else Found(None))
        ambiguous = np.array([f.code is None and bool(f.candidates) for f in found], dtype=bool)[back]
        rows = np.flatnonzero(ambiguous)
        self.flag(
            rows, "commodity_ambiguous", words.name, [words.values[words.codes[row]] for row in rows],
            [
                f"{words.values[words.codes[row]]!r} may mean {' or '.join(found[back[row]].candidates)}"
                f"{'' if len(found[back[row]].candidates) > 1 else ' or no such thing at all'}; write the commodity out"
                for row in rows
            ],
        )  # fmt: skip
        unknown = np.array([f.code == OTHER and not f.known for f in found], dtype=bool)[back]
        rows = np.flatnonzero(unknown)
        values = [words.values[words.codes[row]] for row in rows]
        self.flag(
            rows,
            "commodity_unknown",
            words.name,
            values,
            [f"{v!r} is no commodity that is known; counted as other" for v in values],
        )
        return pa.array([f.code for f in found], pa.string()).take(pa.array(back))

    def _quantities(self) -> _Quantities:
        column = self.reading.column("quantity")
        if column is None:
            return _Quantities(np.full(self.rows, np.nan), None)
        if not pa.types.is_string(column.type):
            values, _ = degrees(column, None)
            return _Quantities(self._not_negative(values), None)
        try:
            cast = pc.cast(pc.utf8_trim_whitespace(column), pa.float64()).combine_chunks()
            values = np.asarray(cast.to_numpy(zero_copy_only=False), dtype=np.float64)
            if np.isfinite(values[~np.asarray(pc.is_null(cast))]).all():
                return _Quantities(self._not_negative(values), None)
        except pa.ArrowInvalid:
            pass
        coded = self.coded("quantity")
        assert coded is not None
        comma = decimal_comma(coded.values)
        if comma:
            self.guesses.append(Guess("decimal mark", "comma", f"values of {coded.name} can only be read so"))
        read = [parse_quantity(value, comma) for value in coded.values]
        bad = [np.isnan(q.value) and v.lower() not in MISSING for q, v in zip(read, coded.values, strict=True)]
        self.flag_values(
            coded,
            bad,
            "quantity_unreadable",
            lambda v: f"{v!r} in {coded.name} is no quantity that is understood; it stays blank",
        )
        both = [
            q.ambiguous and "," in v and _contradicts(coded.values) for q, v in zip(read, coded.values, strict=True)
        ]
        self.flag_values(
            coded,
            both,
            "quantity_ambiguous",
            lambda v: f"{v!r} in {coded.name} may have thousands or decimals after the comma; read as thousands",
        )
        values = np.array([*[q.value for q in read], np.nan])[coded.codes]
        return _Quantities(self._not_negative(values), (coded, read))

    def _not_negative(self, values: FloatArray) -> FloatArray:
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(values < 0)
        if len(rows):
            name = self.reading.roles["quantity"]
            said = [f"{values[row]:g} in {name} is negative; it stays blank" for row in rows]
            self.flag(rows, "quantity_negative", name, [f"{values[row]:g}" for row in rows], said)
            values = np.where(values < 0, np.nan, values)
        return values

    def _units(self, units: _Coded | None, quantity: _Quantities) -> ObjectArray:
        """Return the unit of each row: of its column, else beside the number, else in the column's name."""
        unit = np.full(self.rows, None, dtype=object)
        name = self.reading.roles.get("quantity")
        if name is not None and (named := unit_within(name)) is not None:
            unit[:] = named
            if units is None:
                self.guesses.append(Guess("unit", named, f"in the name of {name}"))
        if quantity.cells is not None:
            coded, read = quantity.cells
            beside = np.array([*[q.unit for q in read], None], dtype=object)[coded.codes]
            unit = np.where(beside == None, unit, beside)  # noqa: E711 - elementwise
        if units is not None:
            own = np.array([*[unit_named(value) or "?" for value in units.values], None], dtype=object)[units.codes]
            unit = np.where(own == None, unit, own)  # noqa: E711 - elementwise
        return np.asarray(unit, dtype=object)

    def _unit_reported(self, units: _Coded | None) -> pa.Array:
        if units is not None:
            return self.text("unit")
        name = self.reading.roles.get("quantity")
        named = unit_within(name) if name else None
        if named is None:
            return pa.nulls(self.rows, pa.string())
        return pc.if_else(pc.is_null(self.text("quantity")), pa.scalar(None, pa.string()), named)

    def _converted(
        self, code: pa.Array, unit: ObjectArray, values: FloatArray, units: _Coded | None
    ) -> tuple[pa.Array, pa.Array]:
        """Convert quantities to the commodity's unit, where a factor is known; else leave them blank."""
        table = commodities()
        keys = (
            np.array([f"{c or ''}\t{u or ''}" for c, u in zip(code.to_pylist(), unit, strict=True)], dtype=object)
            if self.rows < 1
            else _paired(code, unit)
        )
        distinct, back = np.unique(keys, return_inverse=True)
        factors = np.full(len(distinct), np.nan)
        canonical: list[str | None] = []
        for at, key in enumerate(distinct):
            of_code, of_unit = str(key).split("\t")
            into = table[of_code].unit if of_code in table else None
            # A number of guns, rounds or pills needs no unit: the thing is its own.
            own = into if not of_unit and into in ("count", "rounds", "pills", "plants") else of_unit or None
            known = factor(own, into)
            factors[at] = np.nan if known is None else known
            canonical.append(into)
        value = values * factors[back]
        self._flag_units(values, value, code, unit, units)
        names = np.array([*canonical], dtype=object)[back] if len(distinct) else np.empty(0, dtype=object)
        names = np.where(np.isfinite(value), names, None)
        return pa.array(value, from_pandas=True), pa.array(names.tolist(), pa.string())

    def _flag_units(
        self, values: FloatArray, value: FloatArray, code: pa.Array, unit: ObjectArray, units: _Coded | None
    ) -> None:
        coded_known = ~np.asarray(pc.is_null(code).to_numpy(zero_copy_only=False))
        lost = np.isfinite(values) & ~np.isfinite(value) & coded_known
        name = units.name if units is not None else self.reading.roles.get("quantity", "quantity")
        for rows, reason, words in (
            (
                np.flatnonzero(lost & (unit == "?")),
                "unit_unknown",
                "is no unit that can be converted; the quantity stays as reported",
            ),
            (
                np.flatnonzero(lost & (unit != "?")),
                "unit_no_factor",
                "has no factor for this commodity; the quantity stays as reported",
            ),
        ):
            said = [self._unit_words(units, row) for row in rows]
            self.flag(rows, reason, name, said, [f"{text or 'no unit'!r} {words}" for text in said])

    def _unit_words(self, units: _Coded | None, row: int) -> str:
        if units is None or units.codes[row] >= len(units.values):
            return ""
        return units.values[units.codes[row]]

    # --- direction -------------------------------------------------------------------------------------

    def _direction(self, done: Columns) -> Columns:
        """Return direction and how it is known: by the record, by the commodity's default, or not."""
        coded = self.coded("direction")
        way = np.full(self.rows, None, dtype=object)
        basis = np.full(self.rows, None, dtype=object)
        if coded is not None:
            ways = [way_of(value) for value in coded.values]
            bad = [w is None and v.lower() not in MISSING for w, v in zip(ways, coded.values, strict=True)]
            self.flag_values(
                coded,
                bad,
                "word_unknown",
                lambda v: f"{v!r} in {coded.name} is no direction that is understood; it counts as unknown",
            )
            way = np.array([*[w or "unknown" for w in ways], None], dtype=object)[coded.codes]
            basis = np.where(way == None, None, np.where(way == "unknown", "unknown", "reported"))  # noqa: E711
            way, basis = self._across_border(way, basis)
        missing = way == None  # noqa: E711 - elementwise
        table = commodities()
        if missing.any():
            codes = done["commodity"]
            coded_codes = pc.dictionary_encode(codes)
            default = [table[c].direction if c in table else None for c in coded_codes.dictionary.to_pylist()]
            index = np.asarray(
                pc.fill_null(coded_codes.indices, len(default)).to_numpy(zero_copy_only=False), dtype=np.int64
            )
            by_code = np.array([*default, None], dtype=object)[index]
            basis = np.where(missing, np.where(by_code == None, "unknown", "default"), basis)  # noqa: E711
            way = np.where(missing, np.where(by_code == None, "unknown", by_code), way)  # noqa: E711
        own = self._allowed("direction_basis")
        return {
            "direction": pa.array(way.tolist(), pa.string()),
            "direction_basis": pc.coalesce(own, pa.array(basis.tolist(), pa.string())),
        }

    def _across_border(self, way: ObjectArray, basis: ObjectArray) -> tuple[ObjectArray, ObjectArray]:
        """Take inbound for north and outbound for south, at the border with Mexico only."""
        bound = (way == "inbound") | (way == "outbound")
        if not bound.any():
            return way, basis
        at_border, said = self._at_border()
        turned = np.where(way == "inbound", "north", np.where(way == "outbound", "south", way))
        way = np.where(bound & ~at_border, "unknown", turned)
        basis = np.where(bound, np.where(at_border, said, "unknown"), basis)
        return way, basis

    def _at_border(self) -> tuple[BoolArray, str]:
        region = self.coded("region")
        if region is not None and any(is_border_region(value) for value in region.values):
            found = region.map(is_border_region, pa.bool_())
            return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool), "reported"
        if self.located.state is None:
            return np.zeros(self.rows, dtype=bool), "inferred"
        return np.isin(self.located.state.astype(str), list(BORDER_STATES)), "inferred"


@dataclass(frozen=True, eq=False)
class _Quantities:
    """Quantities as reported, and the distinct cells they were read from where they had words around them."""

    values: FloatArray
    cells: tuple[_Coded, list[Quantity]] | None


def _contradicts(values: Sequence[str]) -> bool:
    """Whether a column has values that can only be read with, and others only without, a decimal comma."""
    return any(decimal_comma([v]) is True for v in values) and any(decimal_comma([v]) is False for v in values)


def _paired(code: pa.Array, unit: ObjectArray) -> ObjectArray:
    joined = pc.binary_join_element_wise(
        pc.fill_null(code.cast(pa.string()), ""), pc.fill_null(pa.array(unit.tolist(), pa.string()), ""), "\t"
    )
    return np.asarray(joined.to_numpy(zero_copy_only=False), dtype=str)


def _unit_text(name: str) -> str | None:
    return None if name in ("None", "?") else str(name)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numbers as text, whole ones without a decimal point."""
    if pa.types.is_floating(column.type):
        values = column.to_pylist()
        texts = [
            None if v is None else f"{v:.0f}" if float(v).is_integer() and abs(v) < 1e15 else repr(v) for v in values
        ]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column.cast(pa.string())


def _all_iso_days(coded: _Coded) -> bool:
    """Whether every value is a day in ISO 8601 already."""
    values = pa.array([v for v in coded.values if v.lower() not in MISSING], pa.string())
    if not len(values) or not pc.all(pc.match_substring_regex(values, r"^\d{4}-\d{2}-\d{2}$")).as_py():
        return False
    try:
        pc.cast(values, pa.date32())
    except pa.ArrowInvalid:
        return False
    return True


def _from_parts(year: str | None, month: str | None, day: str | None) -> When | None:
    """Return the date whose parts stand in columns of their own, as precise as they go."""
    if year is None:
        return None
    whole = year.split(".")[0]
    if month is None:
        text = whole
    else:
        number = month.split(".")[0]
        text = f"{whole}-{int(number):02d}" if number.isdigit() else f"{month} {whole}"
        if day is not None and day.split(".")[0].isdigit():
            at = int(day.split(".")[0])
            text = f"{whole}-{int(number):02d}-{at:02d}" if number.isdigit() else f"{at} {month} {whole}"
    return parse_dates([text], "DMY", "", "")[0][0]


def _with_input(table: pa.Table, own: pa.Table) -> pa.Table:
    """Add the input's columns; one whose name is a standard one with another meaning becomes ``source_NAME``."""
    for name in own.schema.names:
        column = own[name]
        free = name
        if name in EVENT_COLUMNS:
            if _same(table[name], column):
                continue
            free = f"source_{name}"
        while free in table.schema.names:
            free += "_"
        table = table.append_column(free, column)
    return table


def _same(standard: pa.ChunkedArray, own: pa.ChunkedArray) -> bool:
    """Whether an input column says the same as the standard column of its name."""
    if pa.types.is_floating(standard.type) or pa.types.is_integer(standard.type):
        a, _ = degrees(standard, None)
        b, wrong = degrees(own, None)
        return not wrong.any() and bool(np.all((a == b) | (np.isnan(a) & np.isnan(b))))
    if not pa.types.is_string(own.type):
        own = _as_text(own)
    return bool(
        pc.all(pc.fill_null(pc.equal(standard, own), pc.equal(pc.is_null(standard), pc.is_null(own)))).as_py()
        is not False
        and standard.null_count == own.null_count
    )
