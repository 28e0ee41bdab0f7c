"""Delimited text to a table of text columns.

Arrow's reader does the work where every record has as many fields as the header. Where one has not, or a quote
is never closed, the lines are gone through one by one instead, so that each bad row is reported with its line
and the rest is loaded. Either way the columns stay text: what a value means is decided later.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from geo.errors import ReadError
from geo.read.layout import DELIMITER_WORDS, Layout, Record, find_layout, records
from geo.read.problems import Problems, problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.sniff import to_utf8
from geo.table import IntArray

log = logging.getLogger(__name__)

SNIFF_BYTES = 1 << 18
"""Beginning of the file in which delimiter and header are looked for."""
BLOCK_BYTES = (1 << 20, 1 << 24)
"""Arrow's unit of work: at first one that fits the processor's memory, else one that fits long records. A record
that is longer still is read line by line."""


def read_text(data: bytes, name: str, options: ReadOptions) -> Reading:
    """Return the table in delimited text.

    Parameters
    ----------
    data
        Content of the file.
    name
        Name of the file, for messages.
    options
        ``encoding`` and ``skip_rows`` are looked at.

    Raises
    ------
    ReadError
        There is no table in it.
    """
    data, guesses = to_utf8(data, name, options.encoding)
    data = _newlines(data)
    lines = _head_lines(data)
    layout = find_layout(lines, name, options.skip_rows)
    fast = _read_fast(data, layout)
    if fast is not None:
        table, numbers, found = *fast, Problems()
    else:
        table, numbers, found, layout = _read_slowly(data, layout, name)
    table, dropped = _without_blank_columns(table, layout)
    if len(table) == 0 and not len(found):
        log.info("%s: a header and no rows", name)
    return Reading(
        name=name,
        format="tsv" if layout.delimiter == "\t" else "csv",
        table=table,
        row_numbers=numbers,
        guesses=(*guesses, *layout.guesses, *dropped),
        problems=found,
        titles=_titles(lines[: max(layout.header_line - 1, 0)], layout.delimiter),
    )


def _titles(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Return what the lines before the header say, without quotes and empty fields."""
    said = (" ".join(" ".join(record.fields).split()) for record in records(lines, delimiter))
    return tuple(title for title in said if title)


def _newlines(data: bytes) -> bytes:
    """Return `data` with line ends that Arrow and editors both count: a lone carriage return is one."""
    if b"\r" in data and b"\n" not in data:
        return data.replace(b"\r", b"\n")
    return data


def _head_lines(data: bytes) -> list[str]:
    head = data[:SNIFF_BYTES]
    text = head.decode("utf-8", "ignore")
    lines = text.split("\n")
    # The last line is cut off where the file goes on; one that ends the file is blank.
    return lines[:-1] if len(lines) > 1 and (len(data) > SNIFF_BYTES or not lines[-1]) else lines


def _line_start(data: bytes, line: int) -> int:
    """Byte at which line `line` (from 1) starts."""
    at = 0
    for _ in range(line - 1):
        end = data.find(b"\n", at)
        if end < 0:
            return len(data)
        at = end + 1
    return at


def _read_fast(data: bytes, layout: Layout) -> tuple[pa.Table, IntArray] | None:
    """Read with Arrow; None where a record does not fit the header or lines cannot be counted."""
    from pyarrow import csv

    offset = _line_start(data, layout.first_line)
    body = pa.py_buffer(data).slice(offset)
    if not data[offset:].strip() if len(data) - offset < BLOCK_BYTES[0] else False:
        return _empty(layout), np.empty(0, np.int64)
    quoted = data.find(b'"', offset) >= 0
    table = None
    # Blocks are parsed side by side if none needs to know whether it starts within quotes. Arrow notices where one
    # does, and then the text is read once more, block after block.
    for block_bytes, spanning in ((BLOCK_BYTES[0], False), (BLOCK_BYTES[1], quoted)):
        try:
            table = csv.read_csv(
                pa.BufferReader(body),
                read_options=csv.ReadOptions(column_names=list(layout.names), block_size=block_bytes),
                parse_options=csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=spanning),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(layout.names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
            break
        except pa.ArrowInvalid as error:
            log.debug("blocks of %d bytes: %s", block_bytes, error)
    if table is None:
        return None
    numbers = _row_numbers(data, offset, layout, quoted, len(table))
    return None if numbers is None else (table, numbers)


def _empty(layout: Layout) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in layout.names})


def _row_numbers(data: bytes, offset: int, layout: Layout, quoted: bool, rows: int) -> IntArray | None:
    """Return the line on which each record starts, without going through the lines in Python.

    A line end is the end of a record if the number of quotes before it is even; a line of nothing is no
    record. None where the count disagrees with the rows that Arrow found.
    """
    ends = data.count(b"\n", offset) + (0 if data.endswith(b"\n") else 1)
    if ends == rows:
        return np.arange(layout.first_line, layout.first_line + rows, dtype=np.int64)
    text = np.frombuffer(data, np.uint8)[offset:]
    newline = np.flatnonzero(text == 10)
    starts = np.concatenate([[0], newline + 1])
    starts = starts[starts < len(text)]
    first = text[starts]
    after = text[np.minimum(starts + 1, len(text) - 1)]
    blank = (first == 10) | ((first == 13) & (after == 10))
    inside = np.zeros(len(starts), dtype=bool)
    if quoted:
        quotes = np.flatnonzero(text == 34)
        inside = np.searchsorted(quotes, starts) % 2 == 1
        # A quote in the middle of a field, where others span lines: one of them may never have been closed.
        if inside.any() and _stray_quote(layout.delimiter).search(data, offset):
            return None
    lines = np.flatnonzero(~blank & ~inside) + layout.first_line
    return lines.astype(np.int64) if len(lines) == rows else None


def _stray_quote(delimiter: str) -> re.Pattern[bytes]:
    mark = re.escape(delimiter.encode())
    return re.compile(rb'(?<![\n"' + mark + rb'])"(?![\r\n"' + mark + rb"])")


def _read_slowly(data: bytes, layout: Layout, name: str) -> tuple[pa.Table, IntArray, Problems, Layout]:
    """Go through the records one by one, setting aside those that do not fit the header."""
    lines = data.decode("utf-8", "replace").split("\n")
    width = len(layout.names)
    needed = 1 + max((at for at in range(width) if at not in layout.nameless), default=0)
    kept: list[list[str]] = []
    numbers: list[int] = []
    bad: list[tuple[Record, str, str]] = []
    short: list[tuple[Record, str, str]] = []
    for record in records(lines, layout.delimiter, layout.first_line - 1):
        fields = record.fields
        while len(fields) > width and not fields[-1].strip():
            fields.pop()
        filled = sum(bool(field.strip()) for field in fields)
        if filled == 0:
            continue
        if record.unclosed:
            bad.append((record, "fields", "a quote is opened and never closed; close it or take it out"))
        elif len(fields) > width:
            mark = DELIMITER_WORDS.get(layout.delimiter, layout.delimiter)
            what = f"{len(fields)} fields where the header has {width}; put the one with a {mark} in quotes"
            bad.append((record, "fields", what))
        elif filled == 1 and len(fields) == 1 and width > 2:
            bad.append((record, "not_data", "a single text where the header has columns; left out as a note"))
        else:
            if len(fields) < needed:
                what = f"{len(fields)} fields where the header has {width}; the last ones are taken as blank"
                short.append((record, "fields", what))
            kept.append(fields + [""] * (width - len(fields)))
            numbers.append(record.line)
    if not kept and bad:
        record, _, what = bad[0]
        raise ReadError(f"{name}, row {record.line}: {what}; no other row could be read either")
    columns = {
        column: pa.array([row[at] or None for row in kept], pa.string()) for at, column in enumerate(layout.names)
    }
    found = Problems.joined(
        [_set_aside(name, bad, "fields"), _set_aside(name, bad, "not_data"), _set_aside(name, short, "fields", True)]
    )
    return pa.table(columns), np.array(numbers, dtype=np.int64), found, layout


def _set_aside(name: str, bad: Sequence[tuple[Record, str, str]], reason: str, kept: bool = False) -> Problems:
    rows = [item for item in bad if item[1] == reason]
    return problems(
        name,
        [record.line for record, _, _ in rows],
        reason,
        [what for _, _, what in rows],
        action="flagged" if kept else "dropped",
        values=[" ".join(record.fields)[:200] for record, _, _ in rows],
    )


def _without_blank_columns(table: pa.Table, layout: Layout) -> tuple[pa.Table, tuple[Guess, ...]]:
    """Drop the columns that have neither a name nor a value: a delimiter at the end of every line."""
    blank = [layout.names[at] for at in sorted(layout.nameless) if table[layout.names[at]].null_count == len(table)]
    if not blank:
        return table, ()
    reason = "no name in the header and no value in any row"
    return table.drop_columns(blank), (Guess("columns left out", ", ".join(blank), reason),)
