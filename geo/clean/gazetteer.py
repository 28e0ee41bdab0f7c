"""Names of places to codes, offline: one place, several that may be meant, or none; never a silent guess.

A name is looked for in this order, and the first way that finds anything decides:

1. ``name``: the name as it stands. Case, accents and points do not matter, abbreviations are written out
   (Cd., Nvo., Pto., Gral., Pte.), other names in use count (Ciudad Acuña and Acuña), blanks may be missing.
2. ``initials``: three or more initials in capitals, SLRC.
3. ``short``: whole words of a longer name, Rosarito of Playas de Rosarito.
4. ``misspelled``: letters left out, put in, replaced or exchanged: one of five to seven, two of more, three of
   fourteen and more; none in shorter names, and in a name without state or country one from six letters on, two from
   nine on. Only the closest names count.
5. ``within``: the last named of several parts with commas, Col. Centro, Tijuana, B.C.

A state or country at the end of the name (Nogales AZ; Tecate, B.C.), one given beside it, and words for a kind of
place (POE, garita, puente, sector, field office, county) narrow the search first: LAREDO SECTOR and LAREDO FIELD
OFFICE are two areas, and neither is the port. What is the same place in several tables (the port, the town, its
municipality) counts once; what remains in several places is ambiguous and gives candidates. Without a state or
country, ways 3 and 4 take only places that a stranger would name without one: on the border, or large.

Country and code travel together: a county of the US and a municipality of Mexico may share five digits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa

from geo.clean.place_words import KIND_WORDS, NO_NAME, country_named, written_out
from geo.clean.placed import Kind, Place
from geo.clean.states import states_named
from geo.table import IntArray

__all__ = ["Gazetteer", "Kind", "Match", "Place", "areas_named", "edit_distance", "embedded", "resolve"]

Status: TypeAlias = Literal["found", "ambiguous", "unknown"]
Area: TypeAlias = tuple[str, str | None]
"""Country and state that a name is looked for in; None is any state."""

ORDER: tuple[Kind, ...] = (
    "port", "municipality", "city", "state", "crossing", "county", "sector", "field_office", "office", "country",
)  # fmt: skip
"""Of one place in several tables, the kind whose code stands for it."""
SECOND = frozenset({"crossing", "county", "sector", "field_office", "office"})
"""Kinds that a bare name means only where it means nothing else, unless the words or the caller ask for them."""
LONGEST = 50
"""Characters from which on a text is no name with a letter wrong but an address or prose."""


@dataclass(frozen=True)
class Match:
    """What a name means.

    Parameters
    ----------
    status
        ``found``, ``ambiguous`` or ``unknown``.
    place
        The place, where found.
    candidates
        All places that the name may mean; where found, the same place in all tables that have it.
    named
        Those of the candidates that go by the name itself; the others are the same place under another name.
    how
        Which way found it, in words: ``name``, ``initials``, ``short``, ``misspelled by 1``, ``within``; empty where
        unknown.
    """

    status: Status
    place: Place | None = None
    candidates: tuple[Place, ...] = ()
    how: str = ""
    named: tuple[Place, ...] = ()

    @property
    def code(self) -> str | None:
        """Code of the place; it is one of its country."""
        return None if self.place is None else self.place.code

    @property
    def kind(self) -> Kind | None:
        """Kind of the place."""
        return None if self.place is None else self.place.kind

    @property
    def country(self) -> str | None:
        """Country of the place."""
        return None if self.place is None else self.place.country

    @property
    def state(self) -> str | None:
        """State of the place."""
        return None if self.place is None else self.place.state

    def of_kind(self, kinds: Sequence[str]) -> Place | None:
        """Return the place as the first of `kinds` that has it, where found; else as it was found."""
        if self.status != "found":
            return None
        for kind in kinds:
            for place in self.candidates:
                if place.kind == kind and place.longitude is not None:
                    return place
        return self.place


UNKNOWN = Match("unknown")


@dataclass(frozen=True)
class _Reading:
    """One way to take a query apart: the words of the name, where to look, and for which kinds."""

    words: str
    areas: tuple[Area, ...] | None = None
    kinds: frozenset[str] | None = None


@dataclass(eq=False)
class Gazetteer:
    """Places by name.

    Parameters
    ----------
    entries
        Places, each with all names by which it goes.
    """

    entries: Sequence[tuple[Place, tuple[str, ...]]]
    _known: dict[tuple[object, ...], Match] = field(default_factory=dict, repr=False)
    _masks: dict[tuple[object, object], IntArray] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, table: pa.Table) -> Gazetteer:
        """Return a gazetteer of a table.

        Parameters
        ----------
        table
            Columns ``code, kind, country, name``; optional ``state, aliases`` (with ``|``), ``longitude, latitude,
            precision_m``. A name may hold its state: ``Tecate, Baja California``.
        """
        rows = table.to_pylist()
        return cls([_entry(row) for row in rows])

    def __len__(self) -> int:
        return len(self.entries)

    def coded(self, kind: str, code: str) -> Place | None:
        """Return the place of a kind that has a code; of one that lies in two countries, the entry of the US."""
        return self._codes.get((kind, code))

    def resolve(
        self,
        query: str,
        state: str | None = None,
        country: str | None = None,
        kinds: Collection[str] | None = None,
    ) -> Match:
        """Return what `query` means; see the module for how it is looked for.

        Parameters
        ----------
        query
            A name as written.
        state
            The state that the record names, in any usual spelling, or as ``US-TX``.
        country
            ``US`` or ``MX`` in any usual spelling.
        kinds
            Kinds of places to look for; None for all.

        Examples
        --------
        >>> table = pa.table({"code": ["2604", "26043"], "kind": ["port", "municipality"],
        ...                   "country": ["US", "MX"], "name": ["Nogales", "Nogales, Sonora"]})
        >>> gazetteer = Gazetteer.of(table)
        >>> gazetteer.resolve("Nogales").status, gazetteer.resolve("Nogales, Son.").code
        ('ambiguous', '26043')
        """
        asked = frozenset(kinds) if kinds is not None else None
        key = (query, state, country, asked)
        if key not in self._known:
            self._known[key] = self._resolve(query, _given_areas(state, country), asked)
        return self._known[key]

    def _resolve(self, query: str, given: tuple[Area, ...] | None, asked: frozenset[str] | None) -> Match:
        if given == ():
            return UNKNOWN
        readings = [
            replace(reading, areas=areas, kinds=kinds)
            for reading in _readings(query)
            for areas in (_both_areas(reading.areas, given),)
            for kinds in (_both_kinds(reading.kinds, asked),)
            if areas != () and kinds != frozenset()
        ]
        for way in (self._by_name, self._by_initials, self._by_part, self._by_spelling):
            for reading in readings:
                match = way(reading, query)
                if match is not None:
                    return match
        return self._within(query, given, asked)

    # --- ways --------------------------------------------------------------------------------------------

    def _by_name(self, reading: _Reading, query: str) -> Match | None:
        found = self._exact.get(reading.words.replace(" ", ""), ())
        return self._decided(found, reading, "name")

    def _by_initials(self, reading: _Reading, query: str) -> Match | None:
        letters = reading.words
        if not re.fullmatch(r"[a-z]{3,6}", letters) or letters.upper() not in re.split(r"\W+", query):
            return None
        return self._decided(self._initials.get(letters, ()), reading, "initials")

    def _by_part(self, reading: _Reading, query: str) -> Match | None:
        if not 4 <= len(reading.words) <= LONGEST:
            return None
        padded = f" {reading.words} "
        rows = [at for at in self._with_word.get(reading.words.split()[0], ()) if padded in f" {self._names[at]} "]
        if reading.kinds is None:
            # Tijuana is no part of the name of a bridge to it, nor Houston of that of an office.
            rows = [at for at in rows if self._places[at].kind not in SECOND]
        return self._decided(rows, reading, "short", known=True)

    def _by_spelling(self, reading: _Reading, query: str) -> Match | None:
        rows, distance = self._closest(reading)
        return self._decided(rows, reading, f"misspelled by {distance}", known=True)

    def _within(self, query: str, given: tuple[Area, ...] | None, asked: frozenset[str] | None) -> Match:
        """Take the last of several named parts, of which each lies in the next."""
        parts = [part for part in query.split(",") if part.strip()]
        while len(parts) > 2 and _is_area(parts[-1]) and _is_area(parts[-2]):
            parts = [*parts[:-2], f"{parts[-2]} {parts[-1]}"]
        start = len(parts) - (2 if _is_area(parts[-1]) else 1) if parts else 0
        if start < 1:
            return UNKNOWN
        kinds = frozenset({"municipality", "city", "county"})
        outer = self._resolve(", ".join(parts[start:]), given, kinds & asked if asked else kinds)
        return replace(outer, how="within") if outer.how in ("name", "short") else UNKNOWN

    # --- deciding ----------------------------------------------------------------------------------------

    def _decided(self, rows: Iterable[int], reading: _Reading, how: str, known: bool = False) -> Match | None:
        """Return the match of names at `rows`, None where nothing fits; `known`: only what a stranger would name."""
        places = list(dict.fromkeys(self._places[at] for at in rows))
        places = [p for p in places if _fits(p, reading)]
        if known and reading.areas is None:
            places = [p for p in places if p.prominent]
        if reading.kinds is None:
            first = [p for p in places if p.kind not in SECOND]
            places = first if any(p.kind != "country" for p in first) else places
        if not places:
            return None
        # A state's own town is the town where the state is named beside it, and cannot be told from it where not.
        if _names_state(reading):
            places = [p for p in places if p.kind != "state"] or places
        whole = {p.mark for p in places}
        places = [p for p in places if p.within not in whole]
        places.sort(key=_rank)
        marks = dict.fromkeys(p.mark for p in places)
        if len(marks) > 1:
            one_each = tuple(next(p for p in places if p.mark == mark) for mark in marks)
            return Match("ambiguous", None, one_each, how)
        every = [
            p for p in self._same.get(next(iter(marks)), places) if reading.kinds is None or p.kind in reading.kinds
        ]
        every = sorted(every or places, key=_rank)
        return Match("found", every[0], tuple(every), how, tuple(places))

    # --- index -------------------------------------------------------------------------------------------

    @cached_property
    def _named(self) -> tuple[list[str], list[Place]]:
        names: list[str] = []
        places: list[Place] = []
        for place, own in self.entries:
            for name in dict.fromkeys(core for text in own for core in _cores(text)):
                names.append(name)
                places.append(place)
        return names, places

    @property
    def _names(self) -> list[str]:
        return self._named[0]

    @property
    def _places(self) -> list[Place]:
        return self._named[1]

    @cached_property
    def _with_word(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, name in enumerate(self._names):
            for word in dict.fromkeys(name.split()):
                found.setdefault(word, []).append(at)
        return found

    @cached_property
    def _exact(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, name in enumerate(self._names):
            found.setdefault(name.replace(" ", ""), []).append(at)
        return found

    @cached_property
    def _initials(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, name in enumerate(self._names):
            words = name.split()
            if len(words) > 2:
                found.setdefault("".join(word[0] for word in words), []).append(at)
        return found

    @cached_property
    def _same(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place, _ in self.entries:
            if place.same:
                found.setdefault(place.same, []).append(place)
        return found

    @cached_property
    def _codes(self) -> dict[tuple[str, str], Place]:
        return {(place.kind, place.code): place for place, _ in reversed(self.entries)}

    @cached_property
    def _letters(self) -> tuple[IntArray, IntArray]:
        """Letters of each name counted, and its length: names that differ in too many cannot be close."""
        counts = np.array([_counted(name) for name in self._names], dtype=np.int64).reshape(len(self._names), -1)
        return counts, np.array([len(name) for name in self._names], dtype=np.int64)

    def _fitting(self, areas: tuple[Area, ...] | None, kinds: frozenset[str] | None) -> IntArray:
        """Return the names of places of some kinds in some areas; without areas, of what a stranger would name."""
        key = (areas, kinds)
        if key not in self._masks:
            reading = _Reading("", areas, kinds)
            fit = [_fits(p, reading) and (areas is not None or p.prominent) for p in self._places]
            self._masks[key] = np.flatnonzero(np.array(fit, dtype=bool))
        return self._masks[key]

    def _closest(self, reading: _Reading) -> tuple[list[int], int]:
        """Return the names that fit a reading with the fewest letters wrong, and how many are."""
        words = reading.words
        most = letters_allowed(words, reading.areas is not None)
        if len(words) > LONGEST or not most or not self._names:
            return [], 0
        counts, lengths = self._letters
        rows = self._fitting(reading.areas, reading.kinds)
        rows = rows[np.abs(lengths[rows] - len(words)) <= most]
        rows = rows[np.abs(counts[rows] - np.array(_counted(words))).sum(axis=1) <= 2 * most]
        best: list[int] = []
        for at in rows:
            # A short name of the gazetteer bears no more errors than a short query.
            limit = min(most, letters_allowed(self._names[at]))
            distance = edit_distance(words, self._names[at], limit)
            if distance > limit:
                continue
            if distance < most:
                best, most = [], distance
            best.append(int(at))
        return best, most


def _rank(place: Place) -> tuple[int, bool, bool, str]:
    return ORDER.index(place.kind), not place.prominent, place.country == "MX", place.code


def letters_allowed(name: str, narrowed: bool = True) -> int:
    """Return how many letters of a name may be wrong: short names are too close to others.

    Parameters
    ----------
    narrowed
        Whether a state or country is named with it; without one, Paris is not Parás.
    """
    letters = len(name.replace(" ", "")) - (0 if narrowed else 1)
    return 0 if letters < 5 else 1 if letters < 8 else 2 if letters < 14 else 3


def edit_distance(a: str, b: str, most: int) -> int:
    """Return how many letters are left out, put in, replaced or exchanged with the next; ``most + 1`` where more.

    Examples
    --------
    >>> edit_distance("agua preita", "agua prieta", 2), edit_distance("tijuna", "tijuana", 2)
    (1, 1)
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        if min(row) > most and min(last) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def _counted(name: str) -> list[int]:
    return [name.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]


# --- taking names and queries apart ------------------------------------------------------------------------


def _cores(name: str) -> list[str]:
    """Return the words by which a name of the gazetteer is found: whole, and without words for its kind."""
    whole = written_out(name)
    return [words for words, _ in _without_kind(whole)] if whole else []


def _without_kind(words: str) -> list[tuple[str, frozenset[str] | None]]:
    """Return the words as they stand, and without words for a kind of place, with the kinds that these mean."""
    found: list[tuple[str, frozenset[str] | None]] = [(words, None)]
    rest, kinds = words, None
    for phrase, meant in KIND_WORDS:
        padded = f" {rest} "
        if f" {phrase} " in padded:
            shorter = " ".join(padded.replace(f" {phrase} ", " ", 1).split())
            if shorter:
                rest, kinds = shorter, meant if kinds is None else (kinds & meant or kinds)
    rest = re.sub(r"^(?:de|of)\s+(?=\S)|\s+(?:de|of)$", "", rest)
    if kinds is not None:
        found.append((rest, kinds))
    return found


def _readings(query: str) -> list[_Reading]:
    """Return the ways to take a query apart, the least interpreted first."""
    words = written_out(query)
    if not words or words in NO_NAME or len(words) > 100:
        return []
    found: list[_Reading] = []
    # The word for the kind stands before the state or after it: Lukeville POE, Arizona; Lukeville Arizona POE.
    for whole, outer in _without_kind(words):
        for rest, areas in _without_areas(whole):
            for name, inner in _without_kind(rest):
                found.append(_Reading(name, areas, inner if outer is None else outer))
    return list(dict.fromkeys(found))


def _without_areas(words: str) -> list[tuple[str, tuple[Area, ...] | None]]:
    """Return the words as they stand, and without states and countries at their end."""
    found: list[tuple[str, tuple[Area, ...] | None]] = [(words, None)]
    tokens = words.split()
    for size in range(min(7, len(tokens) - 1), 0, -1):
        areas = areas_named(" ".join(tokens[-size:]))
        if not areas:
            continue
        for rest, inner in _without_areas(" ".join(tokens[:-size])):
            both = _both_areas(inner, areas)
            if both:
                found.append((rest, both))
    return found


def areas_named(text: str) -> tuple[Area, ...]:
    """Return the states and countries that `text` may mean; empty where none."""
    areas: list[Area] = [(state[:2], state[3:]) for state in states_named(text)]
    country = country_named(text)
    if country:
        areas.append((country, None))
    return tuple(areas)


def _is_area(text: str) -> bool:
    return bool(areas_named(written_out(text)))


def _given_areas(state: str | None, country: str | None) -> tuple[Area, ...] | None:
    """Return where the record says that the place is; None where it says nothing that is understood."""
    areas: tuple[Area, ...] | None = None
    if state is not None and state.strip():
        coded = re.fullmatch(r"(US|MX)-(\w\w)", state.strip())
        areas = ((coded[1], coded[2]),) if coded else areas_named(written_out(state)) or None
    nation = country_named(written_out(country)) if country else None
    if nation is None:
        return areas
    return _both_areas(areas, ((nation, None),))


def _both_areas(a: tuple[Area, ...] | None, b: tuple[Area, ...] | None) -> tuple[Area, ...] | None:
    """Return what lies in both; empty where they contradict each other."""
    if a is None or b is None:
        return b if a is None else a
    found: list[Area] = []
    for country, state in a:
        for other, its in b:
            if country == other and (state is None or its is None or state == its):
                found.append((country, state or its))
    # A country says nothing more where one of its states is meant.
    states = {country for country, state in found if state is not None}
    exact = [area for area in found if area[1] is not None or area[0] not in states]
    return tuple(dict.fromkeys(exact if len(states) == len({c for c, _ in found}) else found))


def _both_kinds(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    return (b if a is None else a) if a is None or b is None else a & b


def _fits(place: Place, reading: _Reading) -> bool:
    if reading.kinds is not None and place.kind not in reading.kinds:
        return False
    return reading.areas is None or any(
        country == place.country and (state is None or place.state is None or state == place.state)
        for country, state in reading.areas
    )


def _names_state(reading: _Reading) -> bool:
    return reading.areas is not None and any(state is not None for _, state in reading.areas)


def _entry(row: dict[str, object]) -> tuple[Place, tuple[str, ...]]:
    """Return a place and its names from a row of a table."""
    name, country = str(row["name"]), str(row["country"])
    state = row.get("state")
    head, _, tail = name.rpartition(",")
    named = [code for code in states_named(tail) if code.startswith(country)] if head else []
    if state is None and len(named) == 1:
        state, name = named[0][3:], head
    aliases = tuple(alias for alias in str(row.get("aliases") or "").split("|") if alias.strip())

    def number(key: str) -> float | None:
        value = row.get(key)
        return None if value is None else float(str(value))

    place = Place(
        str(row["code"]),
        str(row["kind"]),  # type: ignore[arg-type]
        country,
        None if state is None else str(state),
        name.strip(),
        number("longitude"),
        number("latitude"),
        number("precision_m"),
    )
    return place, (name, *aliases)


# --- the embedded one --------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def embedded() -> Gazetteer:
    """Return the gazetteer of the embedded tables, built once when first asked for."""
    from geo.clean.gazetteer_seeds import entries

    return Gazetteer(entries())


def resolve(
    query: str, state: str | None = None, country: str | None = None, kinds: Collection[str] | None = None
) -> Match:
    """Return what a name means in the embedded gazetteer; see `Gazetteer.resolve`.

    Examples
    --------
    >>> resolve("Nvo. Laredo, Tamps.").code, resolve("Naco").status, resolve("LAREDO SECTOR").kind
    ('28027', 'ambiguous', 'sector')
    """
    return embedded().resolve(query, state, country, kinds)
