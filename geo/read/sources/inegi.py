"""INEGI, deaths by homicide: export of the cube of mortality by municipality of occurrence.

By year of **registration**, not of death. Five lines of title say which year it is. Columns without a name hold
code and name; the code of a municipality is written `` 08 037 ``, and that of a state is a broken formula
(``=CONCATENAR(0,08)``), which is text here and never evaluated. The rows of the country and of the states repeat
their municipalities, and the column ``Total`` its months: neither gives a value, and where the parts do not add up
the row is flagged. A blank cell of this source says that there was none in that month; it gives no row, which is
allowed only because the total of the line says so too.

Municipality 999 is not known within its state: its deaths stay in every sum, under the source's own code and off
the map. Codes from 33 on are other countries; they have no country code here.

References
----------
Instituto Nacional de Estadística y Geografía, Estadísticas de mortalidad.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import Melted, area_table, cells, flagged_rows, kept_rows, melted, month_columns, periods
from geo.clean.convert import Converted
from geo.clean.frame import as_text
from geo.clean.municipalities import mexican_state, municipality_names
from geo.clean.problems import Problems
from geo.errors import ReadError
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain
from geo.table import BoolArray, IntArray

NAME = "inegi"
TITLE = "INEGI deaths by homicide, registered"
KIND: Final = "area_values"

ABROAD_FROM = 33
"""First code that is no Mexican state."""
UNSPECIFIED = "999"

_CODE = re.compile(r"(\d{2})\s+(\d{3})")
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")
_YEAR_NAME = re.compile(r"(19[5-9]\d|20\d\d)")


def _texts(reading: Reading, at: int) -> list[str]:
    column = reading.table.column(at)
    texts = column if pa.types.is_string(column.type) else as_text(column)
    return [text.strip() if text else "" for text in texts.to_pylist()]


def recognise(reading: Reading) -> float:
    """Return how sure it is: two columns without names, of codes `` 08 037 `` and of names, then ``Total``."""
    names = reading.table.schema.names
    if len(names) < 3 or plain(names[2]) != "total" or not len(reading):
        return 0.0
    codes = _texts(reading, 0)
    shown = [text for text in codes if text]
    good = sum(bool(_CODE.fullmatch(text)) or text.startswith("=") for text in shown)
    if not shown or good < 0.8 * len(shown):
        return 0.0
    return 0.95 if any("homicidio" in plain(title) for title in reading.titles) else 0.6


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each municipality and month of registration that has deaths."""
    level = _Levels(reading)
    parts = kept_rows(reading, level.own)
    melt, year, month, said = _values(parts)
    codes, names, country, kinds, places = _areas(parts, level)
    row = pa.array(melt.row)
    start, end = periods(year, month)
    given = {
        "country": country.take(row),
        "area_level": kinds.take(row),
        "area_code": codes.take(row),
        "area_name": names.take(row),
        "period_start": start,
        "period_end": end,
        "period_basis": "registration",
        "measure": "homicides",
        "value": melt.values,
        "unit": "deaths",
        "source": NAME,
    }
    return Converted(
        KIND,
        area_table(parts, melt.row, given, melt),
        Problems.joined((reading.problems, level.problems, places, melt.problems, said[0])),
        (*reading.guesses, *level.guesses, *said[1]),
        len(reading),
    )


class _Levels:
    """Which rows are municipalities, which repeat the rows after them.

    A row without a code of five digits heads the coded rows that follow it; it is a state only where none follow.
    """

    def __init__(self, reading: Reading) -> None:
        codes, names = _texts(reading, 0), _texts(reading, 1)
        coded = np.array([bool(_CODE.fullmatch(code)) for code in codes], dtype=bool)
        nation = np.array([not c and plain(name) in ("total", "nacional", "estados unidos mexicanos")
                           for c, name in zip(coded, names, strict=True)], dtype=bool)  # fmt: skip
        follows = np.append(coded[1:], False)
        state = ~coded & ~nation
        heads = state & follows
        self.own = coded | (state & ~follows)
        totals = cells(reading, reading.table.schema.names[2]).values
        group = np.cumsum(~coded)
        found = [flagged_rows(reading, np.flatnonzero(heads | nation), "total_row", _TOTAL, dropped=True)]
        sums = np.bincount(group, np.where(coded & np.isfinite(totals), totals, 0.0), minlength=int(group.max()) + 1)
        differs = heads & (sums[group] != totals) & np.isfinite(totals)
        whole = np.nansum(np.where(self.own, totals, 0.0))
        differs |= nation & (totals != whole) & np.isfinite(totals)
        found.append(flagged_rows(reading, np.flatnonzero(differs), "total_differs", _DIFFERS))
        self.problems = Problems.joined(found)
        formulas = sum(code.startswith("=") for code in codes)
        listed = f"{int(coded.sum()):,} municipalities; {int((heads | nation).sum())} rows of totals left out"
        self.guesses: tuple[Guess, ...] = (
            Guess("rows", listed, "the rows of the country and of the states repeat their municipalities"),
        )
        if formulas:
            reason = "a formula that no spreadsheet knows; read as text, never evaluated"
            self.guesses += (Guess("formulas", f"{formulas} cells", reason),)


_TOTAL = "repeats the sum of other rows; left out"
_DIFFERS = "its parts do not add up to it; the parts are kept"


def _values(reading: Reading) -> tuple[Melted, IntArray, IntArray | None, tuple[Problems, tuple[Guess, ...]]]:
    """Return the values of the rows, with their year and month."""
    names = reading.table.schema.names
    months = month_columns(names[3:])
    years = {name: int(name) for name in names[2:] if _YEAR_NAME.fullmatch(name)}
    if years:
        melt = melted(reading, list(years))
        year = np.array(list(years.values()), dtype=np.int64)[melt.which]
        return melt, year, None, _checked(reading, melt)
    one, said = _year(reading)
    melt = melted(reading, list(months) or [names[2]])
    year = np.full(len(melt.row), one, dtype=np.int64)
    if not months:
        return melt, year, None, (Problems(), said)
    found, guesses = _checked(reading, melt)
    return melt, year, np.array(list(months.values()), dtype=np.int64)[melt.which], (found, (*said, *guesses))


def _checked(reading: Reading, melt: Melted) -> tuple[Problems, tuple[Guess, ...]]:
    """Compare each row's total with its parts."""
    total = cells(reading, reading.table.schema.names[2])
    sums = np.bincount(melt.row, melt.values, minlength=len(reading))
    differs = np.isfinite(total.values) & (sums != total.values)
    blank = int(melt.blank.sum())
    reason = "the column Total repeats its months; it gives no value of its own and was compared with them"
    guesses = [Guess("totals", f"{int((~differs).sum()):,} of {len(reading):,} rows add up", reason)]
    if blank:
        none = "this source leaves out what is none, and the totals add up without them; they give no row"
        doubt = "none or not known, for not all totals add up without them; they give no row"
        reason = doubt if differs.any() else none
        guesses.append(Guess("blank cells", f"{blank:,}", reason))
    found = Problems.joined(
        (total.problems, flagged_rows(reading, np.flatnonzero(differs), "total_differs", _DIFFERS, "Total"))
    )
    return found, tuple(guesses)


def _year(reading: Reading) -> tuple[int, tuple[Guess, ...]]:
    """Return the year that the titles name, else the file's name."""
    for title in reading.titles:
        found = _YEAR.findall(title)
        if "registro" in plain(title) and len(set(found)) == 1:
            return int(found[0]), (Guess("year of registration", found[0], f"the title says {title!r}"),)
    named = set(re.findall(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)", reading.name))
    if len(named) == 1:
        year = named.pop()
        return int(year), (Guess("year of registration", year, "no title says it; taken from the name of the file"),)
    raise ReadError(
        f"{reading.name}: no title line says which year of registration it is; export it again with its titles, or"
        " put the year into the name of the file"
    )


def _areas(reading: Reading, level: _Levels) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array, Problems]:
    """Return code, name, country and level of each row, and the rows that no map can show."""
    written, named = _texts(reading, 0), _texts(reading, 1)
    known = municipality_names()
    codes: list[str | None] = []
    kinds: list[str] = []
    for text, name in zip(written, named, strict=True):
        match = _CODE.fullmatch(text)
        if match:
            codes.append(match[1] + match[2])
            kinds.append("country" if int(match[1]) >= ABROAD_FROM else "municipality")
        else:
            state = mexican_state(name) if name else None
            codes.append(state)
            kinds.append("state" if state else "country")
    abroad = np.array([kind == "country" for kind in kinds], dtype=bool)
    open_ = np.array([c is not None and c.endswith(UNSPECIFIED) and k == "municipality"
                      for c, k in zip(codes, kinds, strict=True)], dtype=bool)  # fmt: skip
    strange = _mask(codes, kinds, known) & ~open_
    first = reading.table.schema.names[0]
    found = Problems.joined(
        (
            flagged_rows(reading, np.flatnonzero(open_), "municipality_unspecified", _OPEN, first),
            flagged_rows(reading, np.flatnonzero(abroad), "abroad", _ABROAD, first),
            flagged_rows(reading, np.flatnonzero(strange), "municipality_unknown", _STRANGE, first),
        )
    )
    country = pa.array([None if far else "MX" for far in abroad], pa.string())
    names = pa.array([name or None for name in named], pa.string())
    return pa.array(codes, pa.string()), names, country, pa.array(kinds, pa.string()), found


def _mask(codes: list[str | None], kinds: list[str], known: dict[str, str]) -> BoolArray:
    return np.array([k == "municipality" and c not in known for c, k in zip(codes, kinds, strict=True)], dtype=bool)


_OPEN = "the municipality is not known; kept in every sum, off the map"
_ABROAD = "another country; kept under the source's own code, off the map"
_STRANGE = "no municipality has this code in the embedded tables; kept under it"
