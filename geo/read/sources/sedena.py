"""SEDENA, gun exchanges: arms handed in for cash or goods, by day and municipality.

Nothing here was seized: the measures say ``handed_in``, so that no sum of seizures takes them in. There is no
direction. A row is what one table took in on one day; several tables may stand in one municipality, and their rows
may be equal to the last number. Equal rows are therefore kept, and their number is said.

States are written in dozens of ways over the years (``CHIH.``, ``CD. MÉX.``, ``Nvo. León``) and municipalities with
their state behind them (``TIJUANA, B.C.``): both become INEGI codes by their names. A municipality that is not
found, or fits several, keeps its row and has no code. Where the state beside the municipality is another than that
of the column, the one beside it is taken and the row is flagged. ``TOTAL`` repeats handguns and long guns and
gives no value. Dates are day first.

References
----------
Secretaría de la Defensa Nacional, answers to requests for public information, such as 330026424002055.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import area_table, codes_of, melted
from geo.clean.convert import Converted
from geo.clean.dates import parse_dates
from geo.clean.frame import Coded, coded, distinct_pairs
from geo.clean.municipalities import How, Municipality, mexican_state, municipality, municipality_names
from geo.clean.problems import Problems, problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain
from geo.table import IntArray

NAME = "sedena"
TITLE = "SEDENA gun exchanges"
KIND: Final = "area_values"

_NAMES = {
    "date": ("fecha evento", "fecha del evento", "fecha"),
    "state": ("estado", "entidad", "entidad federativa"),
    "municipality": ("municipio", "lugar", "municipio o alcaldia"),
    "handguns_handed_in": ("corta", "cortas", "arma corta", "armas cortas"),
    "long_guns_handed_in": ("larga", "largas", "arma larga", "armas largas"),
    "magazines_handed_in": ("cargs", "carg", "cargadores"),
    "grenades_handed_in": ("gdas", "gda", "granadas"),
    "cartridges_handed_in": ("carts", "cart", "cartuchos"),
}
GOODS = {
    "handguns_handed_in": ("HANDGUN", "count"),
    "long_guns_handed_in": ("LONG_GUN", "count"),
    "magazines_handed_in": ("MAGAZINE", "count"),
    "grenades_handed_in": ("GRENADE", "count"),
    "cartridges_handed_in": ("AMMO", "rounds"),
}
"""Measure to commodity and unit."""
NEEDED = ("date", "state", "municipality", "handguns_handed_in", "long_guns_handed_in")


def _columns(reading: Reading) -> dict[str, str]:
    names = {plain(name): name for name in reversed(reading.table.schema.names)}
    found = {}
    for role, words in _NAMES.items():
        name = next((names[word] for word in words if word in names), None)
        if name is not None:
            found[role] = name
    return found


def recognise(reading: Reading) -> float:
    """Return how sure it is: day, state, municipality, short and long arms, and magazines or cartridges."""
    found = _columns(reading)
    goods = set(found) & {"magazines_handed_in", "grenades_handed_in", "cartridges_handed_in"}
    return 0.95 if set(NEEDED) <= set(found) and goods else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each day, municipality and kind of goods."""
    names = _columns(reading)
    days, found, guesses = _days(reading, names["date"], options)
    place, said, how = _places(reading, names["state"], names["municipality"])
    measures = [measure for measure in GOODS if measure in names]
    melt = melted(reading, [names[measure] for measure in measures])
    row = pa.array(melt.row)
    start = days.take(row)
    given = {
        "country": "MX",
        "area_level": "municipality",
        "area_code": place["code"].take(row),
        "area_name": place["name"].take(row),
        "period_start": start,
        "period_end": start,
        "period_basis": "calendar",
        "measure": melt.of(measures),
        "commodity": melt.of([GOODS[measure][0] for measure in measures]),
        "value": melt.values,
        "unit": melt.of([GOODS[measure][1] for measure in measures]),
        "source": NAME,
    }
    return Converted(
        KIND,
        area_table(reading, melt.row, given, melt),
        Problems.joined((reading.problems, found, said, melt.problems)),
        (*reading.guesses, *guesses, *how, *_rules(reading, names)),
        len(reading),
    )


def _rules(reading: Reading, names: dict[str, str]) -> tuple[Guess, ...]:
    """Return what the reader decided about hand-ins, totals and equal rows."""
    keys = codes_of(reading.table, reading.table.schema.names)
    equal = len(keys) - len(np.unique(keys))
    rules = [Guess("measures", "handed in", "arms exchanged of their owners' free will: no seizures, no direction")]
    if equal:
        reason = "separate tables of one day and place may take in the same: all are kept and counted"
        rules.append(Guess("identical rows", f"{equal:,} repeat another", reason))
    total = next((name for name in reading.table.schema.names if plain(name) in ("total", "totales")), None)
    if total is not None:
        short, long = names["handguns_handed_in"], names["long_guns_handed_in"]
        rules.append(Guess("totals", total, f"repeats {short} and {long}; gives no value of its own"))
    return tuple(rules)


def _days(reading: Reading, name: str, options: ReadOptions) -> tuple[pa.Array, Problems, tuple[Guess, ...]]:
    column = coded(reading.table[name], name)
    # The source writes days first; a file too short to show it is no reason to ask.
    order = options.date_order or "DMY"
    made, _ = parse_dates(column.values, order, reading.name, name)
    days = [when.start[:10] if when is not None and when.precision in ("day", "minute") else None for when in made]
    unread = column.rows([day is None for day in days])
    blank = np.flatnonzero(column.codes == len(column.values))
    rows = np.sort(np.concatenate([unread, blank]))
    values = column.at(rows)
    said = [f"{name} {value!r} is not a day; kept without a period" for value in values]
    found = _flag(reading, rows, "date_unreadable", name, values=values, said=said)
    reason = "as the user says" if options.date_order else "the source writes the day first"
    return column.spread(days), found, (Guess("date order", order, reason),)


def _places(reading: Reading, state: str, name: str) -> tuple[dict[str, pa.Array], Problems, tuple[Guess, ...]]:
    """Return codes and names of the municipalities, and what could not be found."""
    states, places = coded(reading.table[state], state), coded(reading.table[name], name)
    size = (len(states.values) + 1, len(places.values) + 1)
    pairs, at = distinct_pairs(states.codes, places.codes, size)
    read = [_place(_value(states, a), _value(places, b)) for a, b in pairs]
    index = pa.array(at.astype(np.int64))
    columns = {
        "code": pa.array([found.code for found, _ in read], pa.string()).take(index),
        "name": pa.array([_called(found, _value(places, b)) for (found, _), (_, b) in zip(read, pairs, strict=True)])
        .cast(pa.string())
        .take(index),
    }
    parts = []
    for reason, words in _WORDS.items():
        wanted = np.array([reason in reasons for _, reasons in read], dtype=bool)
        rows = np.flatnonzero(wanted[at])
        written = [
            f"{_value(places, pairs[n][1]) or 'nothing'} ({_value(states, pairs[n][0]) or 'no state'})"
            for n in at[rows]
        ]
        said = [words(text, read[n][0]) for text, n in zip(written, at[rows], strict=True)]
        parts.append(_flag(reading, rows, reason, name, values=written, said=said))
    count = np.bincount(at, minlength=len(pairs))
    return columns, Problems.joined(parts), _said(read, count)


def _said(read: list[tuple[Municipality, tuple[str, ...]]], count: IntArray) -> tuple[Guess, ...]:
    rows: dict[How, int] = {}
    for (found, _), n in zip(read, count, strict=True):
        rows[found.how] = rows.get(found.how, 0) + int(n)
    coded_rows = sum(rows.get(how, 0) for how in ("name", "short", "close"))
    without = sum(rows.values()) - coded_rows
    reason = (
        f"INEGI codes by the names of state and municipality: {rows.get('name', 0):,} rows by the whole name,"
        f" {rows.get('short', 0):,} by a part that fits one only, {rows.get('close', 0):,} by a close spelling"
    )
    return (Guess("municipalities", f"{coded_rows:,} rows with a code, {without:,} without", reason),)


def _value(column: Coded, code: int) -> str:
    return column.values[code] if code < len(column.values) else ""


def _called(found: Municipality, text: str) -> str | None:
    return found.name or text or None


def _place(state: str, text: str) -> tuple[Municipality, tuple[str, ...]]:
    """Return the municipality of a pair of cells, and the codes of what is wrong with it."""
    column = mexican_state(state) if state else None
    name, beside = text, None
    while "," in name:
        head, _, tail = name.rpartition(",")
        named = mexican_state(tail.strip())
        if named is None:
            break
        name, beside = head.strip(), beside or named
    reasons = []
    code = beside or column
    if code is None:
        return Municipality(None, None, "unknown"), ("state_unknown",)
    if column is None and state:
        reasons.append("state_unknown")
    elif column is not None and beside is not None and beside != column:
        reasons.append("state_contradicted")
    found = municipality(code, name) if name else Municipality(None, None, "unknown")
    fault = {"unknown": "municipality_unknown", "ambiguous": "municipality_ambiguous", "close": "municipality_close"}
    return found, (*reasons, *([fault[found.how]] if found.how in fault else []))


def _contradiction(text: str, found: Municipality) -> str:
    return (
        f"{text}: the state beside the municipality is another; {found.name or 'the municipality'} is looked for there"
    )


def _candidates(text: str, found: Municipality) -> str:
    names = municipality_names()
    listed = " or ".join(f"{names[code]} {code}" for code in found.candidates)
    return f"{text} may be {listed}; kept without a code"


_WORDS: dict[str, Callable[[str, Municipality], str]] = {
    "state_unknown": lambda text, found: f"{text}: the state is not known",
    "state_contradicted": _contradiction,
    "municipality_unknown": lambda text, found: f"{text} is no municipality of that state; kept without a code",
    "municipality_ambiguous": _candidates,
    "municipality_close": lambda text, found: f"{text} is read as {found.name} {found.code}",
}


def _flag(
    reading: Reading, rows: IntArray, reason: str, column: str, *, values: list[str], said: list[str]
) -> Problems:
    numbers = reading.row_numbers[rows]
    return problems(reading.name, numbers, reason, said, action="flagged", column=column, values=values)
