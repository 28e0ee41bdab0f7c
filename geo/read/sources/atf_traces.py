"""US ATF, firearms by source state and state of recovery: matrices of successful traces, one workbook a year.

The orientation changes from year to year, so that the labels alone decide: ``Source State`` and ``Recovery State``
stand one over the columns and one beside the rows. Where they do not, the file is refused: turned round it would
read just as well, and every flow would run the wrong way. Total rows and columns are no flows and are compared with
their parts; the notes below the matrix give the year. A zero is a flow of none that was counted.

A flow's denominator is all guns traced from a known source that were recovered in its destination. Traces are no
sample of crime guns: a gun is in the table only if it was recovered, submitted and traced to its last dealer.

References
----------
Bureau of Alcohol, Tobacco, Firearms and Explosives, Firearms Trace Data: Source and Recovery by State.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import flagged_rows
from geo.clean.convert import Converted
from geo.clean.problems import Problems
from geo.clean.states import state_name, states_named
from geo.errors import ReadError
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain
from geo.schema import FLOW_COLUMNS
from geo.table import FloatArray, numbers, texts

NAME = "atf_traces"
TITLE = "ATF firearms by source and recovery state"
KIND: Final = "flows"

SOURCE, RECOVERY = "source state", "recovery state"
TOTALS = ("total", "totals", "grand total")
FEWEST_STATES = 20
"""A matrix has 54 of them; fewer labels than this are another table."""
OTHERS = {
    "guam northern mariana islands": ("GU", "Guam and Northern Mariana Islands"),
    "guam and northern mariana islands": ("GU", "Guam and Northern Mariana Islands"),
    "us virgin islnd": ("VI", "Virgin Islands"),
    "canada": (None, "Canada"),
    "mexico": (None, "Mexico"),
}
"""Labels that are no state, in plain letters, with their USPS code and name; a country has no code of a state."""


@dataclass(frozen=True, eq=False)
class _Matrix:
    """The cells between the labels: rows by columns."""

    down: str
    """What the rows are: `SOURCE` or `RECOVERY`."""
    rows: tuple[int, ...]
    columns: tuple[str, ...]
    labels: tuple[tuple[str | None, str], ...]
    across: tuple[tuple[str | None, str], ...]
    values: FloatArray


def recognise(reading: Reading) -> float:
    """Return how sure it is: states beside and above, whether or not their labels can be read."""
    above = sum(bool(states_named(name)) for name in reading.table.schema.names)
    if above < FEWEST_STATES:
        return 0.0
    beside = sum(bool(states_named(text)) for text in _label_column(reading) if text)
    return 0.9 if beside >= FEWEST_STATES else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one flow for each pair of states.

    Raises
    ------
    ReadError
        The labels that say what rows and columns are cannot be read, a label is no state, or no year is named.
    """
    matrix = _matrix(reading)
    year = _year(reading)
    values = matrix.values if matrix.down == SOURCE else matrix.values.T
    origins, destinations = (matrix.labels, matrix.across) if matrix.down == SOURCE else (matrix.across, matrix.labels)
    there = np.isfinite(values)
    origin, destination = np.nonzero(there)
    recovered = np.where(there, values, 0).sum(axis=0)
    made = {
        "origin_code": [origins[k][0] for k in origin],
        "origin_name": [origins[k][1] for k in origin],
        "destination_code": [destinations[k][0] for k in destination],
        "destination_name": [destinations[k][1] for k in destination],
        "period_start": [f"{year}-01-01"] * len(origin),
        "period_end": [f"{year}-12-31"] * len(origin),
        "measure": ["firearms traced"] * len(origin),
        "value": values[origin, destination],
        "denominator": recovered[destination],
        "source": [NAME] * len(origin),
    }
    table = pa.table({name: pa.array(made[name], kind) for name, kind in FLOW_COLUMNS.items()})
    rest = np.setdiff1d(np.arange(len(reading)), matrix.rows)
    total = np.array([plain(text or "") in TOTALS for text in _label_column(reading)])[rest]
    found = (
        reading.problems,
        flagged_rows(reading, rest[total], "total_row", "repeats the sum of other rows; left out", dropped=True),
        flagged_rows(reading, rest[~total], "not_data", "a note; left out", dropped=True),
    )
    return Converted(
        KIND, table, Problems.joined(found), (*reading.guesses, *_rules(reading, matrix, year)), len(reading)
    )


def _first_cells(reading: Reading) -> tuple[str, ...]:
    """Return what the first column says in its header and in its first rows: the label beside the rows."""
    name = reading.table.schema.names[0]
    return (name, *(text for text in texts(reading.table.slice(0, 3), name) if text))


def _label_column(reading: Reading) -> list[str | None]:
    """Return the labels of the rows: the column that names most states."""
    names = reading.table.schema.names[:3]
    return max(
        (texts(reading.table, name).tolist() for name in names),
        key=lambda column: sum(bool(states_named(text)) for text in column if text),
    )


def _matrix(reading: Reading) -> _Matrix:
    beside = {word for word in (SOURCE, RECOVERY) if word in [plain(text) for text in _first_cells(reading)]}
    over = {word for word in (SOURCE, RECOVERY) if word in [plain(text) for text in reading.titles]}
    if len(beside) != 1 or len(over) != 1 or beside == over:
        raise ReadError(
            f"{reading.name}: which side of the matrix is the source state and which the state of recovery cannot be"
            " read; the words Source State and Recovery State must stand one above the columns, one beside the rows"
        )
    labels = _label_column(reading)
    rows = tuple(k for k, text in enumerate(labels) if text and _is_place(text))
    columns = tuple(name for name in reading.table.schema.names if _is_place(name))
    _refuse_unknown(reading, rows, columns, labels)
    values = np.column_stack([numbers(reading.table, name) for name in columns])[list(rows)]
    return _Matrix(
        beside.pop(),
        rows,
        columns,
        tuple(_place(str(labels[k])) for k in rows),
        tuple(_place(c) for c in columns),
        values,
    )


def _refuse_unknown(
    reading: Reading, rows: tuple[int, ...], columns: tuple[str, ...], labels: list[str | None]
) -> None:
    """Refuse a matrix with a label that is no state beside or above numbers: its flows would be lost in silence."""
    names = reading.table.schema.names
    cells = np.column_stack([numbers(reading.table, name) for name in names])
    filled = np.isfinite(cells)
    within = np.zeros(len(labels), dtype=bool)
    within[rows[0] : rows[-1] + 1] = True
    above = [name in columns for name in names]
    beside = np.isin(np.arange(len(labels)), rows)
    # Notes below have no numbers; between the states even an empty row is a label that was not read.
    lost = (filled[:, above].any(axis=1) | within) & ~beside
    unknown = [labels[k] or "" for k in np.flatnonzero(lost)]
    first, last = names.index(columns[0]), names.index(columns[-1])
    unknown += [
        name for k, name in enumerate(names) if name not in columns and (first < k < last or filled[beside, k].any())
    ]
    unread = [text for text in unknown if plain(text) not in TOTALS]
    if unread:
        said = repr(unread[0]) if unread[0].strip() else "an empty label beside numbers"
        raise ReadError(f"{reading.name}: {said} is no state that is known; correct the label")


def _is_place(label: str) -> bool:
    return plain(label) in OTHERS or any(state.startswith("US-") for state in states_named(label))


@lru_cache(maxsize=256)
def _place(label: str) -> tuple[str | None, str]:
    """Return the USPS code and the name of a label."""
    if plain(label) in OTHERS:
        return OTHERS[plain(label)]
    state = next(state for state in states_named(label) if state.startswith("US-"))
    return state.removeprefix("US-"), state_name(state)


def _year(reading: Reading) -> int:
    """Return the year that the notes name, else the file's own name."""
    notes = " ".join(text or "" for text in _label_column(reading))
    found = re.search(r"between 1/1/(\d{4}) - 12/31/\1", notes) or re.search(
        r"(?:cy|\b)((?:19|20)\d\d)\b", reading.name
    )
    if found is None:
        raise ReadError(f"{reading.name}: no year is named in the notes below the matrix nor in the file's name")
    return int(found[1])


def _rules(reading: Reading, matrix: _Matrix, year: int) -> tuple[Guess, ...]:
    across = RECOVERY if matrix.down == SOURCE else SOURCE
    labels = _label_column(reading)
    total = next((k for k, text in enumerate(labels) if text and plain(text) in TOTALS), None)
    rules = [
        Guess(
            "orientation", f"rows are the {matrix.down}, columns the {across}", "by the labels beside and above them"
        ),
        Guess("year of recovery", str(year), "the notes name it, or the file's name"),
        Guess("denominator", "all guns of a known source recovered in the destination", "the sum of its flows"),
    ]
    if total is not None:
        said = np.array([numbers(reading.table, name)[total] for name in matrix.columns])
        agree = int(np.sum(said == np.where(np.isfinite(matrix.values), matrix.values, 0).sum(axis=0)))
        rules.append(
            Guess("totals", f"{agree} of {len(said)} columns add up", "the total row was compared and left out")
        )
    return tuple(rules)
