"""Rows as text, column by column: the engine of the formats that are text.

A line of CSV, a record of JSON, a row of a worksheet are the same thing: the values of a row, escaped, between
fixed pieces of text. Whole columns are escaped and joined at once in Arrow, some ten times as fast as a loop
over rows; each distinct text is escaped once. Rows go out in blocks, so that memory does not grow with the
table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from geo.export.cells import plain

Piece: TypeAlias = "str | pa.Array"
"""Fixed text, or one text a row."""

TEXT = pa.large_string()
BLOCK_ROWS = 16_384
"""Rows joined at once: a block of forty columns is some 10 MB."""


def blocks(table: pa.Table) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the first row's number (from 0) and the rows of each block, with plain columns."""
    for start in range(0, len(table), BLOCK_ROWS):
        part = table.slice(start, BLOCK_ROWS)
        columns = [pa.concat_arrays(plain(c).chunks) for c in part.columns]
        yield start, pa.RecordBatch.from_arrays(columns, names=part.schema.names)


def concatenated(*pieces: Piece) -> pa.Array:
    """Return, row by row, all pieces one after the other as (n,) large_string; null where one of them is.

    Parameters
    ----------
    pieces
        At least one of them an array; all arrays (n,) large_string.
    """
    scalars = [pa.scalar(p, TEXT) if isinstance(p, str) else p for p in pieces]
    return pc.binary_join_element_wise(*scalars, pa.scalar("", TEXT))


def join(pieces: list[Piece]) -> pa.Buffer:
    """Return the text of a block: the rows of `concatenated` one after the other. No array may hold nulls."""
    lines = concatenated(*pieces)
    # The values of a fresh array lie one after the other: its buffer is the file's text, no copy needed.
    return lines.buffers()[2].slice(0, pc.sum(pc.binary_length(lines)).as_py())


def escaped(texts: pa.Array, escape: Callable[[str], str], pattern: str | None = None) -> pa.Array:
    """Return `texts` with `escape` applied to each, null where null.

    Parameters
    ----------
    texts : (n,) large_string
    escape
        Called once for each distinct text.
    pattern
        RE2 expression that only texts that need escaping match; most columns need none and stay as they are.
    """
    if pattern is not None and not pc.any(pc.match_substring_regex(texts, pattern)).as_py():
        return texts
    coded = texts.dictionary_encode()
    words = pa.array([escape(t) for t in coded.dictionary.to_pylist()], TEXT)
    return words.take(coded.indices)


def number_texts(column: pa.Array, infinite: bool = False) -> pa.Array:
    """Return numbers in their shortest form that reads back as the same number; booleans as true and false.

    Parameters
    ----------
    column : (n,) int64, float64 or bool
    infinite
        Whether infinity may stay (``inf``); else it is null.
    """
    if pa.types.is_floating(column.type) and not infinite:
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, pa.float64()))
    return column.cast(TEXT)
