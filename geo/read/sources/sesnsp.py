"""SESNSP, crimes by state or municipality: one row a kind of crime and modality, one column a month.

What is counted are **cases** opened by prosecutors (carpetas de investigación), a case may have several victims; the
files of victims say so by their columns of sex and age. Measures have the source's own words (``Homicidio
doloso``); the modality (with firearm, ...) stays a column, so that the modalities of one crime add up to it. A month
that is not published yet is blank for every row of its year: it is not zero and gives no row.

References
----------
Secretariado Ejecutivo del Sistema Nacional de Seguridad Pública, Incidencia delictiva.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import (
    Melted,
    area_table,
    melted,
    month_columns,
    once_each,
    padded_codes,
    periods,
    years_of,
)
from geo.clean.convert import Converted
from geo.clean.municipalities import municipality_names
from geo.clean.problems import Problems, problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain
from geo.table import BoolArray, IntArray

NAME = "sesnsp"
TITLE = "SESNSP crimes"
KIND: Final = "area_values"

_NAMES = {
    "year": ("ano", "anio"),
    "state_code": ("clave ent", "cve ent", "clave entidad"),
    "state": ("entidad",),
    "code": ("cve municipio", "clave municipio", "cve mun"),
    "municipality": ("municipio",),
    "good": ("bien juridico afectado",),
    "kind": ("tipo de delito",),
    "measure": ("subtipo de delito",),
    "modality": ("modalidad",),
    "sex": ("sexo",),
    "age": ("rango de edad",),
}
NEEDED = ("year", "state_code", "measure", "modality")
UNSPECIFIED = ("998", "999")
"""Last digits under which the source puts other and unknown municipalities of a state."""


def _columns(reading: Reading) -> dict[str, str]:
    names = {plain(name): name for name in reversed(reading.table.schema.names)}
    found = {role: next((names[word] for word in words if word in names), "") for role, words in _NAMES.items()}
    return {role: name for role, name in found.items() if name}


def recognise(reading: Reading) -> float:
    """Return how sure it is: year, state, subtype and modality of a crime, and a column for each month."""
    found = _columns(reading)
    months = month_columns(reading.table.schema.names)
    return 0.95 if set(NEEDED) <= set(found) and len(months) == 12 else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each row and month that is published."""
    names = _columns(reading)
    months = month_columns(reading.table.schema.names)
    keys = [name for name in reading.table.schema.names if name not in months]
    read_rows = len(reading)
    reading, repeated, rules = once_each(reading, keys, list(months))
    year, undated = years_of(reading, names["year"])
    melt = melted(reading, list(months))
    unpublished, blanks, guesses = _blanks(reading, year, melt)
    local = "code" in names
    codes = padded_codes(reading, names["code"] if local else names["state_code"], 5 if local else 2)
    label = names.get("municipality" if local else "state")
    victims = "sex" in names or "age" in names
    row = pa.array(melt.row)
    start, end = periods(year[melt.row], np.array(list(months.values()), dtype=np.int64)[melt.which])
    given = {
        "country": "MX",
        "area_level": "municipality" if local else "state",
        "area_code": codes.take(row),
        "area_name": None if label is None else reading.table[label].combine_chunks().take(row),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": reading.table[names["measure"]].combine_chunks().take(row),
        "value": melt.values,
        "unit": "victims" if victims else "cases",
        "source": NAME,
    }
    what = "victims" if victims else "cases opened by prosecutors; one may have several victims"
    counted = Guess("what is counted", "victims" if victims else "cases", what)
    places = _places(reading, codes, names["code"]) if local else Problems()
    return Converted(
        KIND,
        area_table(reading, melt.row, given, melt),
        Problems.joined((reading.problems, repeated, undated, places, melt.problems, unpublished, blanks)),
        (*reading.guesses, counted, *rules, *guesses),
        read_rows,
    )


def _blanks(reading: Reading, year: IntArray, melt: Melted) -> tuple[Problems, Problems, tuple[Guess, ...]]:
    """Tell months that are not published from single blank cells: the former are blank for a whole year's rows."""
    late = np.zeros(melt.blank.shape, dtype=bool)
    guesses = []
    for one in np.unique(year):
        rows = year == one
        empty = melt.blank[rows].all(axis=0)
        last = np.flatnonzero(~empty)
        # Only the months after the last that is published: a gap within a year is something else.
        ahead = np.arange(len(empty)) > (last[-1] if len(last) else -1)
        late[np.ix_(rows, ahead)] = True
        if ahead.any():
            until = melt.names[last[-1]] if len(last) else "no month"
            cells = int(ahead.sum() * rows.sum())
            reason = f"the months after it are blank in all rows: {cells:,} cells not published, not zero, no value"
            guesses.append(Guess("unfinished year", f"{one}, published up to {until}", reason))
    unpublished = _cells(reading, melt, late, "not_published", "is not published yet; no value, not zero")
    single = _cells(reading, melt, melt.blank & ~late, "cell_blank", "is blank; no value, not zero")
    return unpublished, single, tuple(guesses)


def _cells(reading: Reading, melt: Melted, mask: BoolArray, reason: str, words: str) -> Problems:
    parts = []
    for at, name in enumerate(melt.names):
        rows = np.flatnonzero(mask[:, at])
        if len(rows):
            said = [f"{name} {words}"] * len(rows)
            numbers = reading.row_numbers[rows]
            parts.append(problems(reading.name, numbers, reason, said, action="flagged", column=name))
    return Problems.joined(parts)


def _places(reading: Reading, codes: pa.Array, column: str) -> Problems:
    """Flag codes that are no municipality on a map."""
    known = municipality_names()
    texts = codes.to_pylist()
    open_ = np.array([c is not None and c.endswith(UNSPECIFIED) and c not in known for c in texts], dtype=bool)
    strange = np.array([c not in known for c in texts], dtype=bool) & ~open_
    written = reading.table[column].to_pylist()
    parts = []
    for mask, reason, words in (
        (open_, "municipality_unspecified", "is no one municipality; kept in every sum, off the map"),
        (strange, "municipality_unknown", "is no municipality of the embedded tables; kept as it is"),
    ):
        rows = np.flatnonzero(mask)
        said = [f"{column} {written[r]!r} {words}" for r in rows]
        values = [written[r] for r in rows]
        numbers = reading.row_numbers[rows]
        parts.append(problems(reading.name, numbers, reason, said, action="flagged", column=column, values=values))
    return Problems.joined(parts)
