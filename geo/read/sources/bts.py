"""US Bureau of Transportation Statistics, border crossing entries: counts by port, month and measure.

Entries into the United States: northbound at the border with Mexico. Ports of the border with Canada are kept, with
a direction that is not known, for north and south here are across the border with Mexico. Every measure keeps the
source's own word, and no two are added: trucks and truck containers are the same lorries, passengers and vehicles
the same cars. A zero is a count; later releases leave such rows out, and a row that is absent gives nothing.

Ports are known by their code of four digits, whose leading zero spreadsheets drop. The places of the embedded ports
stand in ``port_longitude`` and ``port_latitude``, also for releases without coordinates: the file gives Calexico and
Calexico East one point, and puts Brownsville at the seaport. The file's own columns stay as they are. Ports that are
not embedded have the file's point.

Some releases repeat a port, month and measure: identical rows count once, of conflicting ones the last holds.

References
----------
US Bureau of Transportation Statistics, Border Crossing/Entry Data.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.areas import area_table, cells, flagged_rows, once_each_of, padded_codes, periods, without_totals
from geo.clean.cbp import columns_of
from geo.clean.convert import Converted
from geo.clean.dates import When, parse_dates
from geo.clean.frame import coded
from geo.clean.problems import Problems, problems
from geo.geodesy import distance_m
from geo.read.coordinates import degrees
from geo.read.reading import DateOrder, Guess, Reading, ReadOptions
from geo.read.seeds import table as seed_table
from geo.read.text import plain
from geo.table import FloatArray, IntArray

NAME = "bts"
TITLE = "BTS border crossing entries"
KIND: Final = "area_values"

_NAMES = {
    "name": ("port name",),
    "code": ("port code",),
    "border": ("border",),
    "date": ("date",),
    "measure": ("measure",),
    "value": ("value",),
    "longitude": ("longitude",),
    "latitude": ("latitude",),
    "point": ("point", "location"),
}
NEEDED = ("name", "code", "border", "date", "measure", "value")
MOVED_M = 1_000.0
"""How far from the file's point the embedded one must lie to be told of: more than rounding moves it."""

_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)


def recognise(reading: Reading) -> float:
    """Return how sure it is: port and its code, border, date, measure and value."""
    return 0.95 if set(columns_of(reading, _NAMES)) >= set(NEEDED) else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each port, month and measure that has a count."""
    names = columns_of(reading, _NAMES)
    read_rows = len(reading)
    reading, totals = without_totals(reading, [names[part] for part in ("name", "code", "date", "measure")])
    start, undated, order = _months(reading, names["date"], options)
    codes = padded_codes(reading, names["code"], 4)
    number = cells(reading, names["value"])
    measure = coded(reading.table[names["measure"]], names["measure"])
    words = measure.spread(measure.values)
    keys = {names["code"]: codes, names["date"]: start[0], names["measure"]: words}
    kept, repeats, said = once_each_of(reading, keys, {names["value"]: pa.array(number.values)})
    row = np.flatnonzero(np.isfinite(number.values) & kept)
    at = pa.array(row)
    way, ways = _directions(reading, names["border"])
    name = coded(reading.table[names["name"]], names["name"])
    given = {
        "country": "US",
        "area_level": "port",
        "area_code": codes.take(at),
        "area_name": name.spread(name.values).take(at),
        "period_start": start[0].take(at),
        "period_end": start[1].take(at),
        "period_basis": "calendar",
        "measure": words.take(at),
        "direction": way.take(at),
        "value": number.values[row],
        "unit": "count",
        "source": NAME,
    }
    table = area_table(reading, row, given)
    lon, lat, moved = _places(reading, names, codes)
    for axis, values in (("port_longitude", lon), ("port_latitude", lat)):
        table = table.append_column(axis, pa.array(values[row], from_pandas=True))
    uncoded = np.flatnonzero(np.asarray(pc.is_null(codes).to_numpy(zero_copy_only=False)))
    found = (
        reading.problems,
        totals,
        undated,
        repeats,
        flagged_rows(reading, uncoded, "port_unknown", "is no port code of four digits; kept without", names["code"]),
        number.problems,
        flagged_rows(reading, np.flatnonzero(number.blank), "cell_blank", "no count is given; no value, not zero"),
    )
    return Converted(
        KIND, table, Problems.joined(found), (*reading.guesses, *order, *said, *ways, _OVERLAP, *moved), read_rows
    )


_OVERLAP = Guess(
    "measures", "never added", "they overlap: trucks and their containers, vehicles and their passengers are the same"
)


def _months(
    reading: Reading, name: str, options: ReadOptions
) -> tuple[tuple[pa.Array, pa.Array], Problems, tuple[Guess, ...]]:
    """Return the first and the last day of each month."""
    date = coded(reading.table[name], name)
    whens, order = _dates(date.values, reading.name, name, options.date_order)
    good = [when is not None and len(when.start) >= 7 for when in whens]
    read = [
        (int(w.start[:4]), int(w.start[5:7])) if w is not None and g else (0, 0)
        for w, g in zip(whens, good, strict=True)
    ]
    bad = np.flatnonzero(np.array([*(not g for g in good), True], dtype=bool)[date.codes])
    written = date.at(bad)
    said = [f"{text!r} in {name} is no month; the date stays blank" for text in written]
    numbers = reading.row_numbers[bad]
    found = problems(reading.name, numbers, "date_unreadable", said, action="flagged", column=name, values=written)
    year, month = (np.array([pair[k] for pair in read] + [0], dtype=np.int64)[date.codes] for k in (0, 1))
    return periods(year, month), found, order


def _dates(
    values: list[str], file: str, name: str, order: DateOrder | None
) -> tuple[list[When | None], tuple[Guess, ...]]:
    """Return the dates in the order in which they are first days of months, as the source has them all.

    It writes the month first, and a program set to another country turns that round when it saves the file: then
    01/02/2004 is February, and read as January would stand for another month's count.
    """
    if order is not None:
        return parse_dates(values, order, file, name)[0], ()
    found = {}
    for turn in ("MDY", "DMY"):
        found[turn] = parse_dates(values, turn, file, name)[0]
        if all(
            when is None or when.precision not in ("day", "minute") or when.start[8:10] == "01" for when in found[turn]
        ):
            break
    else:
        return parse_dates(values, None, file, name)[0], ()
    if turn == "MDY" or sum(map(bool, found["DMY"])) < sum(map(bool, found["MDY"])):
        return found["MDY"], ()
    return found["DMY"], (Guess("date order", "DMY", f"only so is every date of {name} the first day of a month"),)


def _directions(reading: Reading, name: str) -> tuple[pa.Array, tuple[Guess, ...]]:
    """Return north for entries from Mexico, unknown for those of another border."""
    border = coded(reading.table[name], name)
    south = ["mexico" in plain(text).split() for text in border.values]
    guesses = [Guess("direction", "north", "the counts are entries into the United States; no others are published")]
    other = len(border.rows([not mexican for mexican in south]))
    if other:
        reason = "not at the border with Mexico; kept, and no direction across that border can be theirs"
        guesses.append(Guess("another border", f"{other:,} rows", reason))
    way = border.spread(["north" if mexican else "unknown" for mexican in south])
    return pc.fill_null(way, "unknown"), tuple(guesses)


def _places(
    reading: Reading, names: dict[str, str], codes: pa.Array
) -> tuple[FloatArray, FloatArray, tuple[Guess, ...]]:
    """Return where the port of each row lies, and which ports the file puts elsewhere or nowhere."""
    ports = {port["port_code"]: port for port in seed_table("ports").to_pylist()}
    port = pc.dictionary_encode(codes)
    index = np.asarray(pc.fill_null(port.indices, len(port.dictionary)).to_numpy(zero_copy_only=False))
    lon, lat = np.full(len(port.dictionary) + 1, np.nan), np.full(len(port.dictionary) + 1, np.nan)
    moved, nowhere = [], []
    for at, (code, own) in enumerate(zip(port.dictionary.to_pylist(), _own(reading, names, index), strict=False)):
        known = ports.get(code)
        lon[at], lat[at] = (known["longitude"], known["latitude"]) if known else own
        if np.isnan(lon[at]):
            nowhere.append(code)
        elif known and np.isfinite(own[0]):
            away = float(distance_m([own[0]], [own[1]], [lon[at]], [lat[at]])[0])
            if away > MOVED_M:
                moved.append((code, f"{known['port_name']} ({code}) by {away / 1000:.0f} km"))
    guesses = []
    if moved:
        listed = ", ".join(words for _, words in sorted(moved))
        reason = "the file's point is wrong; port_longitude and port_latitude are corrected, its own columns are not"
        guesses.append(Guess("ports moved", listed, reason))
    if nowhere:
        reason = "neither the file nor the embedded ports say where they lie"
        guesses.append(Guess("ports without a place", ", ".join(sorted(nowhere)), reason))
    return lon[index], lat[index], tuple(guesses)


def _own(reading: Reading, names: dict[str, str], index: IntArray) -> list[tuple[float, float]]:
    """Return the file's own point of each port, from its first row; the geometry has more decimals than the columns."""
    count = int(index.max()) if len(index) else 0
    first = np.full(count + 1, -1, dtype=np.int64)
    first[index[::-1]] = np.arange(len(index))[::-1]
    found = []
    for row in first[first >= 0]:
        text = str(reading.table[names["point"]][int(row)].as_py() or "") if "point" in names else ""
        match = _POINT.search(text)
        if match:
            found.append((float(match[1]), float(match[2])))
        elif {"longitude", "latitude"} <= set(names):
            one = reading.table.slice(int(row), 1)
            lon, lat = degrees(one[names["longitude"]], "longitude"), degrees(one[names["latitude"]], "latitude")
            found.append((float(lon[0][0]), float(lat[0][0])))
        else:
            found.append((np.nan, np.nan))
    return found
