"""Rows without coordinates put where their place is: a point that stands for a town or an area, and says so.

The finest name of a record that is one known place decides: its place, its port code, its municipality, its county;
the state and country that it names narrow the search. The point is the crossing, the middle of the town, the seat of
the municipality or a point inside the county, and the radius of the place goes with it, so that the mark on the map
is hollow and no join is surer than the name. What is known to its state, sector or field office has no point: a
heap of marks at an office would be a hot spot that nobody saw. A name with several meanings is not decided.

Only rows whose coordinates are missing or zero are looked at. One whose coordinates are wrong stays without a place:
its name and its numbers say two things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.frame import Coded, coded, is_blank
from geo.clean.gazetteer import Gazetteer, Match, Place, areas_named, embedded
from geo.clean.place_words import NO_NAME, country_named, folded, written_out
from geo.clean.problems import Located, Named, Problems, problems
from geo.errors import ReadError
from geo.read.reading import Guess, Reading
from geo.table import IntArray, ObjectArray

ROLES = ("place", "port_code", "municipality", "county")
"""Roles that name a place, the finest first."""
_AROUND = ("state", "country", "side")
POINTS = frozenset({"crossing", "port", "city", "municipality", "county"})
"""Kinds of places that are drawn as a point, each of which is a basis of a location."""
WITHOUT = ("missing", "zero")
"""Reasons of rows that have no coordinates."""
EXAMPLES = 3

_PORTS = frozenset(("port", "ports", "poe", "puerto", "garita", "crossing", "cruce", "puente", "bridge", "aduana"))
_TOWNS = frozenset(("city", "ciudad", "town", "localidad", "poblacion"))


@dataclass(frozen=True)
class _Found:
    """What the names of a record come to: a point, or the reason for none."""

    reason: str
    message: str
    place: Place | None = None
    value: str = ""


def can_be_named(reading: Reading) -> bool:
    """Whether a reading has a column that names places."""
    return any(role in reading.roles for role in ROLES)


def by_name(reading: Reading, located: Located, gazetteer: Gazetteer | None = None) -> Located:
    """Return `located` with rows that have no coordinates put where their place is.

    Parameters
    ----------
    reading
        A file as read.
    located
        Where its rows lie by their coordinates.
    gazetteer
        Where to look names up; the embedded one by default.

    Returns
    -------
    Located
        `named` says which rows were placed so. The problem of each row looked at is replaced: ``changed`` where it
        was placed, else ``dropped`` with what is wrong with its name.
    """
    rows = _rows_without(reading, located)
    if not can_be_named(reading) or not len(rows):
        return located
    found, back = _of_each_combination(reading, rows, gazetteer or embedded())
    placed = np.array([f.place is not None for f in found], dtype=bool)[back]
    lon, lat = located.longitude.copy(), located.latitude.copy()
    state = np.full(len(lon), None, dtype=object) if located.state is None else located.state.copy()
    places = [f.place for f in found]
    at = rows[placed]
    chosen = [places[code] for code in back[placed]]
    lon[at] = [p.longitude for p in chosen if p is not None]
    lat[at] = [p.latitude for p in chosen if p is not None]
    state[at] = [None if p is None or p.state is None else f"{p.country}-{p.state}" for p in chosen]
    guesses = located.guesses
    if len(at):
        roles = [reading.roles[role] for role in ROLES if role in reading.roles]
        reason = (
            f"{len(at):,} rows have no coordinates and a place that is known; each point stands for its whole place"
        )
        guesses = (*guesses, Guess("place", f"by name ({', '.join(roles)})", reason))
    return replace(
        located,
        longitude=lon,
        latitude=lat,
        state=state if len(at) or located.state is not None else None,
        problems=_replaced(reading, located.problems, rows, found, back),
        guesses=guesses,
        named=_named(at, chosen) if len(at) else None,
    )


def refuse_unclear(reading: Reading, located: Located) -> None:
    """Refuse a file whose only places are names, where most of them are not one known place.

    Raises
    ------
    ReadError
        Names the reason and the option that helps.
    """
    counts = located.problems.by_reason("dropped")
    unclear = counts.get("place_ambiguous", 0) + counts.get("place_unknown", 0)
    understood = len(reading) - unclear - counts.get("missing", 0)
    if not len(reading) or (understood and understood >= unclear):
        return
    listed = ", ".join(reading.table.schema.names[:12])
    if not unclear:
        raise ReadError(
            f"{reading.name}: no columns of coordinates found among {listed}, and no row names a place;"
            " name them with --column longitude=NAME --column latitude=NAME"
        )
    table = located.problems.table
    unclear_rows = pc.is_in(table["reason"], value_set=pa.array(["place_ambiguous", "place_unknown"]))
    values = pc.unique(table["value"].filter(unclear_rows)).to_pylist()[:EXAMPLES]
    examples = ", ".join(repr(value) for value in values)
    names = ", ".join(reading.roles[role] for role in ROLES if role in reading.roles)
    remedy = "give the state of each with --column state=NAME"
    if "state" in reading.roles:
        remedy = "correct them"
    raise ReadError(
        f"{reading.name}: no columns of coordinates found among {listed}, and most places of {names} are unknown or"
        f" have several candidates ({unclear:,} of {len(reading):,} rows, such as {examples}); {remedy}, or name the"
        " coordinates with --column longitude=NAME --column latitude=NAME"
    )


def _rows_without(reading: Reading, located: Located) -> IntArray:
    """Return the rows that have no coordinates; a row with wrong ones is not among them."""
    table = located.problems.table
    none = pc.is_in(table["reason"], value_set=pa.array(WITHOUT))
    numbers = table["row"].filter(pc.and_(none, pc.equal(table["action"], "dropped"))).to_numpy()
    return np.flatnonzero(np.isin(reading.row_numbers, numbers) & np.isnan(located.longitude))


def _of_each_combination(reading: Reading, rows: IntArray, gazetteer: Gazetteer) -> tuple[list[_Found], IntArray]:
    """Decide once for each combination of names that occurs; return what was decided and whose it is."""
    columns: dict[str, Coded] = {}
    for role in (*ROLES, *_AROUND):
        if role in reading.roles:
            name = reading.roles[role]
            columns[role] = coded(reading.table[name].take(pa.array(rows)), name)
    key = np.zeros(len(rows), dtype=np.int64)
    for column in columns.values():
        # Numbers of combinations that occur stay small, however many are possible.
        _, key = np.unique(key * (len(column.values) + 1) + column.codes, return_inverse=True)
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    found = []
    for row in first:
        record = {role: column.at(np.array([row]))[0] for role, column in columns.items()}
        found.append(_decide(record, reading, gazetteer))
    return found, back


def _decide(record: dict[str, str], reading: Reading, gazetteer: Gazetteer) -> _Found:
    """Return the point of a record's finest known name, or why it has none."""
    around = names_around(record)
    tried: list[_Found] = []
    for role in ROLES:
        value = record.get(role, "")
        if not value or is_blank(value) or written_out(value) in NO_NAME:
            continue
        if around is None:
            tried.append(_unknown(value, record))
            continue
        match = look_up(role, value, around, reading, gazetteer)
        tried.append(_judged(role, value, match, reading, record))
        if tried[-1].place is not None:
            return tried[-1]
    for reason in ("place_ambiguous", "place_unknown", "place_wide"):
        for found in tried:
            if found.reason == reason:
                return found
    state = record.get("state") or record.get("country") or ""
    if state and not is_blank(state):
        message = f"no coordinates, and {state!r} is too wide for a point; name the municipality or the county"
        return _Found("place_wide", message, value=state)
    return _Found("missing", "no coordinates; fill them in to see the row on the map")


def names_around(record: dict[str, str]) -> tuple[str | None, str | None] | None:
    """Return the state and country that a record names; None where it names one that is none of ours.

    Parameters
    ----------
    record
        Role to value, as written.
    """
    state, country = record.get("state") or None, record.get("country") or record.get("side") or None
    nation = country_named(written_out(country)) if country else None
    if country is not None and nation is None:
        return None
    if state is not None and state.isdigit() and nation == "MX":
        state = f"MX-{state.zfill(2)}"
    elif state is not None and not areas_named(written_out(state)):
        return None
    return state, nation


def look_up(
    role: str, value: str, around: tuple[str | None, str | None], reading: Reading, gazetteer: Gazetteer
) -> Match:
    """Return what a value of one of `ROLES` means, in the state and country that `names_around` gives."""
    state, country = around
    if role == "port_code":
        return _port(value, gazetteer)
    if role == "municipality":
        return gazetteer.resolve(value, state, country, ("municipality", "city"))
    if role == "county":
        return gazetteer.resolve(value, state, country, ("county",))
    if _PORTS & set(folded(reading.roles[role]).split()):
        match = gazetteer.resolve(value, state, country, ("port", "crossing"))
        if match.status != "unknown":
            return match
    return gazetteer.resolve(value, state, country)


def _port(value: str, gazetteer: Gazetteer) -> Match:
    code = value.partition(".")[0].strip().zfill(4)
    place = gazetteer.coded("port", code)
    return Match("unknown") if place is None else Match("found", place, (place,), "code", (place,))


def _judged(role: str, value: str, match: Match, reading: Reading, record: dict[str, str]) -> _Found:
    """Return the point of a match, or why there is none."""
    if match.status == "unknown" or match.place is None:
        if match.status == "ambiguous":
            listed = _listed([str(place) for place in match.candidates])
            message = f"no coordinates, and {value!r} may be {listed}; name its state or country"
            return _Found("place_ambiguous", message, value=value)
        return _unknown(value, record)
    place = _point_of(role, match, reading)
    if place.kind not in POINTS:
        message = f"no coordinates, and {value!r} is {place}, too wide for a point; name the town or the county"
        return _Found("place_wide", message, value=value)
    if place.longitude is None or place.precision_m is None:
        message = f"no coordinates, and no point is known of {value!r}, {place}; fill them in"
        return _Found("place_unknown", message, value=value)
    wrong = match.how.startswith("misspelled")
    read_as = f"{value!r} read as {place}" if wrong else f"{value!r} is {place}"
    known = f"{place.precision_m / 1000:,.3g} km"
    message = f"no coordinates; placed by name: {read_as}, known to {known}; give coordinates if you have better"
    return _Found("placed_by_close_name" if wrong else "placed_by_name", message, place, value)


def _point_of(role: str, match: Match, reading: Reading) -> Place:
    """Return which point stands for a name: a Mexican town's name is its municipality's too, and that is wider."""
    place = match.place
    assert place is not None
    widest = role == "municipality" or not _TOWNS & set(folded(reading.roles.get(role, "")).split())
    if widest and any(p.kind == "municipality" for p in match.named):
        kinds: tuple[str, ...] = ("municipality",)
    else:
        kinds = ("crossing", "city", "port", "municipality", "county")
    return match.of_kind(kinds) or place


def _unknown(value: str, record: dict[str, str]) -> _Found:
    where = ", ".join(record[role] for role in _AROUND if record.get(role))
    within = f" in {where}" if where else ""
    message = f"no coordinates, and {value!r} is no place known{within}; fill them in or correct the name"
    return _Found("place_unknown", message, value=value)


def _listed(names: Sequence[str], most: int = 6) -> str:
    shown = list(names[:most])
    if len(names) > most:
        return ", ".join(shown) + f" or {len(names) - most} more"
    return ", ".join(shown[:-1]) + f" or {shown[-1]}"


def _replaced(reading: Reading, before: Problems, rows: IntArray, found: Sequence[_Found], back: IntArray) -> Problems:
    """Return the problems with those of `rows` said anew."""
    numbers = reading.row_numbers[rows]
    table = before.table
    without = pc.is_in(table["reason"], value_set=pa.array(WITHOUT))
    ours = pc.and_(without, pc.is_in(table["row"], value_set=pa.array(numbers)))
    parts = [Problems(table.filter(pc.invert(ours)))]
    reasons = np.array([f.reason for f in found], dtype=object)[back]
    columns = " and ".join(reading.roles[role] for role in ROLES if role in reading.roles)
    for reason in dict.fromkeys(f.reason for f in found):
        these = np.flatnonzero(reasons == reason)
        said = [found[code] for code in back[these]]
        placed = said[0].place is not None
        parts.append(
            problems(
                reading.name,
                numbers[these],
                reason,
                [f.message for f in said],
                action="changed" if placed else "dropped",
                column=columns,
                values=[f.value or None for f in said],
            )
        )
    every = Problems.joined(parts).table
    return Problems(every.take(pc.sort_indices(every, sort_keys=[("row", "ascending")])))


def _named(rows: IntArray, places: Sequence[Place | None]) -> Named:
    known = [place for place in places if place is not None]
    return Named(
        rows,
        np.array([place.precision_m for place in known], dtype=np.float64),
        _objects([place.kind for place in known]),
        _objects([None if place.kind == "crossing" else place.country for place in known]),
        _objects([place.code for place in known]),
    )


def _objects(values: Sequence[str | None]) -> ObjectArray:
    out = np.full(len(values), None, dtype=object)
    out[:] = values
    return out
