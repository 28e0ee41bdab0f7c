"""Rows that sum other rows: not data, in whatever file they stand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.problems import Problems
from geo.read.reading import Reading
from geo.read.text import plain
from geo.table import BoolArray

WORDS = frozenset(
    ("total", "totals", "grand total", "sub total", "subtotal", "totales", "total general", "gran total", "suma")
)
"""What such a row says of itself, in plain letters."""
LABELS = 3
"""Columns from the left in which it says so."""


def total_rows(reading: Reading) -> BoolArray:
    """Return which rows (n,) are totals: one of the first columns says so, and nothing before it says anything.

    A place or a person called Total stands beside other values; a total stands first.
    """
    found = np.zeros(len(reading), dtype=bool)
    before = np.ones(len(reading), dtype=bool)
    for name in reading.table.schema.names[:LABELS]:
        column = reading.table[name]
        if not pa.types.is_string(column.type):
            before &= _booleans(pc.is_null(column))
            continue
        distinct = pc.unique(column).to_pylist()
        words = [text for text in distinct if text and plain(text) in WORDS]
        if words:
            found |= before & _booleans(pc.is_in(column, value_set=pa.array(words, column.type)))
        before &= _booleans(pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(pc.fill_null(column, ""))), 0))
    return found


def told_as_totals(reading: Reading, found: Problems) -> Problems:
    """Return the problems of a reading with those of its total rows under that reason."""
    totals = total_rows(reading)
    if not totals.any():
        return found
    rows = pa.array(reading.row_numbers[totals])
    is_total = pc.is_in(found.table["row"], value_set=rows)
    dropped = pc.and_(is_total, pc.equal(found.table["action"], "dropped"))
    kept = found.table.filter(pc.invert(pc.and_(is_total, pc.invert(dropped))))
    mask = pc.and_(pc.is_in(kept["row"], value_set=rows), pc.equal(kept["action"], "dropped"))
    said = pc.binary_join_element_wise(
        kept["file"], ", row ", pc.cast(kept["row"], pa.string()), ": repeats the sum of other rows; left out", ""
    )
    table = kept
    for name, value in (("reason", pa.scalar("total_row")), ("message", said)):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pc.if_else(mask, value, table[name]))
    return Problems(table)


def _booleans(column: pa.ChunkedArray) -> BoolArray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), dtype=bool)
