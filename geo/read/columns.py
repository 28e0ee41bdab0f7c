"""Which column plays which role, from its name in English or Spanish and from its values.

A name alone is no proof: a column is taken for a longitude only if its values can be one. Each choice comes
with its reason, and ``--column ROLE=NAME`` overrules it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from geo.errors import UsageError
from geo.read.coordinates import MISSING, degrees, parse_pair
from geo.read.names import NAMES
from geo.read.reading import Guess
from geo.read.text import plain

SAMPLE_ROWS = 1000
"""Values looked at in each column. Enough to refuse a column of another kind, not to validate it."""

SAMPLE_CHARACTERS = 200

_FAULT = re.compile(r"\s*(=|#(NAME|REF|VALUE|DIV/0|N/A|NUM|NULL|¿NOMBRE|¡REF|¡VALOR|¡DIV/0|N/D|¡NUM)[?!]?\s*$)")
"""Formulas and errors of spreadsheets: they say nothing of what the other values of a column are."""

Values = Sequence[str]
Check = Callable[[pa.Array, Values], "str | None"]


def _names(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split("|"))


# --- checks of values ------------------------------------------------------------------------------------


def _coordinate(axis: str) -> Check:
    def check(column: pa.Array, values: Values) -> str | None:
        numbers, wrong = degrees(column, "longitude" if axis == "longitude" else "latitude")
        known = numbers[np.isfinite(numbers)]
        filled = len(known) + int(wrong.sum())
        if not len(known) or len(known) < 0.5 * filled:
            return None
        return f"{len(known):,} of {filled:,} values looked at are numbers from {known.min():.6g} to {known.max():.6g}"

    return check


def _pair(column: pa.Array, values: Values) -> str | None:
    good = sum(not np.isnan(parse_pair(value)[0]) for value in values)
    return (
        f"{good:,} of {len(values):,} values looked at are pairs of coordinates" if good >= 0.5 * len(values) else None
    )


_WKT = re.compile(
    r"\s*(SRID=\d+;\s*)?(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(Z|M|ZM)?\s*(\(|EMPTY)", re.IGNORECASE
)
_WKB_HEX = re.compile(r"\s*0[01][0-9a-fA-F]{8,}\s*")


def _geometry(column: pa.Array, values: Values) -> str | None:
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return "binary geometry (WKB)"
    wkt = sum(bool(_WKT.match(value)) for value in values)
    wkb = sum(bool(_WKB_HEX.fullmatch(value)) for value in values)
    if max(wkt, wkb) < 0.8 * len(values):
        return None
    return "its values are geometry in text (WKT)" if wkt >= wkb else "its values are geometry in hexadecimal (WKB)"


def _matching(pattern: str, words: str) -> Check:
    compiled = re.compile(pattern, re.IGNORECASE)

    def check(column: pa.Array, values: Values) -> str | None:
        good = sum(bool(compiled.fullmatch(value.strip())) for value in values)
        return f"{good:,} of {len(values):,} values looked at are {words}" if good >= 0.6 * len(values) else None

    return check


_MONTHS = (
    r"ene(ro)?|jan(uary)?|feb(rero|ruary)?|mar(zo|ch)?|abr(il)?|apr(il)?|may(o)?|jun(io|e)?|jul(io|y)?"
    r"|ago(sto)?|aug(ust)?|sep(t|tiembre|tember)?|set(iembre)?|oct(ubre|ober)?|nov(iembre|ember)?|dic(iembre)?|dec(ember)?"
)
_is_year = _matching(r"(fy\s*)?(18|19|20)\d\d(\.0)?(\s*\(fytd\))?", "years")
_is_month = _matching(rf"(0?[1-9]|1[0-2])(\.0)?|({_MONTHS})\.?", "months")
_is_day = _matching(r"(0?[1-9]|[12]\d|3[01])(\.0)?", "days of the month")
_is_number = _matching(r"\D{0,12}[-+]?\$?\s*\d[\d.,' ]*(e[-+]?\d+)?\s*[^\d]{0,20}", "numbers")
_is_clock = _matching(
    r"\d{1,2}[:.h]\d{2}([:.]\d{2})?(\.\d+)?\s*([ap]\.?\s?m\.?)?|\d{3,4}|\d{1,2}\s*[ap]m", "times of day"
)
_is_date = _matching(
    rf".*\d[-/.]\d.*|.*\b({_MONTHS})\b.*\d.*|.*\d.*\b({_MONTHS})\b.*|\d{{8}}|\d{{5}}(\.\d+)?|(19|20)\d\d(\.0)?|\d{{10}}|\d{{13}}|\d{{6}}",
    "dates",
)  # fmt: skip


def _words(known: frozenset[str], words: str) -> Check:
    def check(column: pa.Array, values: Values) -> str | None:
        counts = Counter(values)
        good = sum(n for value, n in counts.items() if any(f" {word} " in f" {plain(value)} " for word in known))
        return f"{good:,} of {len(values):,} values looked at are {words}" if good >= 0.5 * len(values) else None

    return check


_DIRECTION_WORDS = frozenset(
    _names(
        "north|south|northbound|southbound|nb|sb|n|s|norte|sur|inbound|outbound|import|export|entrada|salida"
        "|ingreso|egreso|unknown|desconocido|other|n a|hacia el norte|hacia el sur|sn|ns"
    )
)
_CONTEXT_WORDS = frozenset(
    _names("port|poe|between|checkpoint|interior|reten|puerto|garita|aduana|crossing|inland|entre puertos|bpoe")
)
_SIDE_WORDS = frozenset(_names("us|usa|mx|mex|mexico|united states|estados unidos|ee uu|eeuu|u s|u s a"))


def _is_commodity(column: pa.Array, values: Values) -> str | None:
    """Accept a column called type or kind only if some of its words are commodities."""
    from geo.clean.commodity import known_share

    share = known_share(values)
    return f"{share:.0%} of its words are commodities" if share >= 0.3 else None


_CHECKS: Mapping[str, Check] = {
    "longitude": _coordinate("longitude"),
    "latitude": _coordinate("latitude"),
    "coordinates": _pair,
    "geometry": _geometry,
    "year": _is_year,
    "month": _is_month,
    "day": _is_day,
    "start": _is_date,
    "end": _is_date,
    "date": _is_date,
    "time": _is_clock,
    "commodity": _is_commodity,
    "quantity": _is_number,
    "direction": _words(_DIRECTION_WORDS, "directions"),
    "context": _words(_CONTEXT_WORDS, "port or checkpoint words"),
    "side": _words(_SIDE_WORDS, "countries"),
    "location_precision_m": _is_number,
    "port_code": _matching(r"\d{3,4}(\.0)?", "port codes"),
    "events": _is_number,
}

ROLES: tuple[str, ...] = tuple(NAMES)
"""Roles in the order in which they are given out; a column has one role only."""


def assign(
    table: pa.Table, overrides: Mapping[str, str] | None = None, geometry: bool = False
) -> tuple[dict[str, str], tuple[Guess, ...]]:
    """Return role to column, and why.

    Parameters
    ----------
    table
        Input columns.
    overrides
        Role to column as the user says; a blank name keeps the role free.
    geometry
        Whether the file has geometry of its own, so that no coordinate columns are needed.

    Raises
    ------
    UsageError
        An override names a role or a column that does not exist; the message lists those that do.
    """
    given = _checked(table, overrides or {})
    roles: dict[str, str] = {role: name for role, name in given.items() if name}
    guesses = [Guess(role, name, "given with --column") for role, name in roles.items()]
    samples = _Samples(table)
    for role in ROLES:
        if role in given or (geometry and role in ("longitude", "latitude", "coordinates", "geometry")):
            continue
        if role in ("coordinates", "geometry") and {"longitude", "latitude"} <= set(roles) and role == "coordinates":
            continue
        if role == "day" and not {"year", "month"} <= set(roles):
            continue
        found = _best(role, samples, set(roles.values()))
        if found:
            name, reason = found
            roles[role] = name
            guesses.append(Guess(role, name, reason))
    _drop_halves(roles, guesses, given)
    return roles, tuple(guesses)


def _checked(table: pa.Table, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the overrides with role names made uniform and column names as the file writes them."""
    given: dict[str, str] = {}
    columns = {plain(name): name for name in reversed(table.schema.names)}
    for role, name in overrides.items():
        known = role.strip().lower().replace("-", "_")
        if known not in ROLES:
            raise UsageError(f"--column {role}={name}: no such role; there are {', '.join(ROLES)}")
        if not name:
            given[known] = ""
            continue
        found = name if name in table.schema.names else columns.get(plain(name))
        if found is None:
            raise UsageError(f"--column {role}={name}: no such column; there are {', '.join(table.schema.names)}")
        given[known] = found
    return given


class _Samples:
    """Values of the columns, taken once each and only when a check asks for them."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.names = {name: plain(name) for name in table.schema.names}
        self._taken: dict[str, tuple[pa.Array, list[str]]] = {}

    def of(self, name: str) -> tuple[pa.Array, list[str]]:
        """Return (values as stored, values as text without those that mean nothing)."""
        if name not in self._taken:
            column = self.table[name].slice(0, 5 * SAMPLE_ROWS).drop_null()
            if not len(column):
                column = self.table[name].drop_null()
            stored = column.slice(0, SAMPLE_ROWS)
            array = stored.combine_chunks() if isinstance(stored, pa.ChunkedArray) else stored
            texts = [] if pa.types.is_nested(array.type) or pa.types.is_binary(array.type) else _texts(array)
            # What a value is shows in its beginning; patterns over whole documents would take long.
            texts = [text[:SAMPLE_CHARACTERS] for text in texts]
            self._taken[name] = array, [t for t in texts if t.strip().lower() not in MISSING and not _FAULT.match(t)]
        return self._taken[name]


def _texts(array: pa.Array) -> list[str]:
    return [value if isinstance(value, str) else str(value) for value in array.to_pylist()]


def _best(role: str, samples: _Samples, taken: set[str]) -> tuple[str, str] | None:
    """Return (column, reason) of the best column for a role."""
    ranked: list[tuple[int, int, str]] = []
    for order, (name, words) in enumerate(samples.names.items()):
        if name in taken:
            continue
        rank = _rank(role, words)
        if rank is not None:
            ranked.append((rank, order, name))
    check = _CHECKS.get(role)
    good: list[tuple[str, str]] = []
    for _, _, name in sorted(ranked):
        array, values = samples.of(name)
        if not len(array) or (not values and not pa.types.is_binary(array.type)):
            continue
        why = check(array, values) if check else ""
        if why is not None:
            good.append((name, why))
            if len(good) > 3:
                break
    if not good:
        return None
    name, why = good[0]
    reason = f"by its name{'; ' + why if why else ''}"
    if len(good) > 1:
        reason += f"; also possible: {', '.join(other for other, _ in good[1:])}"
    return name, reason


def _rank(role: str, words: str) -> int | None:
    """Rank of a name for a role, 0 the best; None where it does not mean it."""
    exact, within = NAMES[role]
    if words in exact:
        return exact.index(words)
    compact = words.replace(" ", "")
    for at, name in enumerate(exact):
        if len(compact) > 3 and compact == name.replace(" ", ""):
            return at
    padded = f" {words} "
    for at, part in enumerate(within):
        if f" {part} " in padded:
            return 1000 + at + 10 * len(words.split())
    return None


def _drop_halves(roles: dict[str, str], guesses: list[Guess], given: Mapping[str, str]) -> None:
    """Take a longitude without a latitude for none, and the other way round."""
    for one, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if one in roles and other not in roles and one not in given:
            del roles[one]
            guesses[:] = [guess for guess in guesses if guess.what != one]
