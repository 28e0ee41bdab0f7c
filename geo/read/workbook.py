"""Workbooks, XLSX and XLS: the sheet with the table, its title rows left out.

Cells keep their kind: whole numbers, numbers, booleans, text. Dates become ISO 8601 text, and midnight is no
time of day. Formulas give the value that the program stored, error cells such as ``#NAME?`` stay as text.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import ReadError, UsageError
from geo.read.archive import check_sizes
from geo.read.jsonfiles import typed_array
from geo.read.layout import column_names
from geo.read.reading import Guess, Reading, ReadOptions

HEADER_ROWS = 30
"""Rows in which the header is looked for."""


def read_workbook(path: Path, options: ReadOptions) -> Reading:
    """Return the table on one sheet of a workbook.

    Raises
    ------
    ReadError
        It is damaged or locked, or no sheet holds a table.
    UsageError
        It has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            check_sizes(path.name, archive.infolist())
    try:
        book = CalamineWorkbook.from_path(str(path))
        name, rows, guesses = _sheet(book, path.name, options.sheet)
    except PasswordError:
        raise ReadError(f"{path.name}: is locked with a password; save a copy without one") from None
    except CalamineError as error:
        raise ReadError(f"{path.name}: not a whole workbook ({error}); open it and save it again") from None
    at = _header_row(rows, path.name, name, options.skip_rows)
    header = [_cell_text(cell) or "" for cell in rows[at]]
    stacked = options.skip_rows is None and at > 0 and _is_stacked(rows[at - 1], rows[at], _width(rows))
    if stacked:
        header = _stacked_names([_cell_text(cell) or "" for cell in rows[at - 1]], header)
        reason = (
            "two rows of names, one above the other: the lower one names the column, or the upper one where it is blank"
        )
        guesses += (Guess("header", f"rows {at} and {at + 1}", reason),)
    elif at:
        guesses += (Guess("header", f"row {at + 1}", f"{at} rows of title or blank before it"),)
    names, nameless = column_names(header)
    _refuse_blocks(rows, at, path.name, name)
    body = [(number, row) for number, row in enumerate(rows[at + 1 :], start=at + 2) if any(map(_filled, row))]
    kept = [c for c in range(len(names)) if c not in nameless or any(_filled(row[c]) for _, row in body)]
    if not body:
        raise ReadError(f"{path.name}: sheet {name} has a header in row {at + 1} and nothing below it")
    table = pa.table({names[c]: _column([row[c] for _, row in body]) for c in kept})
    return Reading(
        name=path.name,
        format="xls" if path.suffix.lower() == ".xls" else "xlsx",
        table=table,
        row_numbers=np.array([number for number, _ in body], dtype=np.int64),
        guesses=guesses,
        titles=_titles(rows[:at]),
    )


def _titles(rows: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """Return what the rows before the header say."""
    said = (" ".join(_cell_text(cell) or "" for cell in row if _filled(cell)) for row in rows)
    return tuple(title for title in said if title)


def _sheet(book: Any, file: str, chosen: str | None) -> tuple[str, list[list[Any]], tuple[Guess, ...]]:
    """Return (name, rows from the first row of the sheet, guesses) of the sheet to read."""
    names: list[str] = list(book.sheet_names)
    if chosen is not None:
        name = chosen
        if name not in names and name.isdigit() and 1 <= int(name) <= len(names):
            name = names[int(name) - 1]
        if name not in names:
            raise UsageError(f"--sheet {chosen}: {file} has the sheets {', '.join(names)}")
        return name, _rows(book, name), ()
    filled = [(name, rows) for name in names if len(rows := _rows(book, name)) > 1 and _width(rows) > 1]
    if not filled:
        raise ReadError(f"{file}: no sheet holds a table")
    if len(filled) == 1:
        said = (Guess("sheet", filled[0][0], "the only one with a table"),) if len(names) > 1 else ()
        return filled[0][0], filled[0][1], said
    # A table of records is longer than the notes, lists and summaries that go with it.
    filled.sort(key=lambda pair: -len(pair[1]))
    others = ", ".join(name for name, _ in filled[1:])
    if len(filled[0][1]) < 2 * len(filled[1][1]):
        raise ReadError(f"{file}: has the sheets {filled[0][0]}, {others}; choose one with --sheet")
    return filled[0][0], filled[0][1], (Guess("sheet", filled[0][0], f"by far the longest; there are also {others}"),)


def _rows(book: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _width(rows: Sequence[Sequence[Any]]) -> int:
    return max((sum(map(_filled, row)) for row in rows[:HEADER_ROWS]), default=0)


def _filled(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _header_row(rows: Sequence[Sequence[Any]], file: str, sheet: str, skip_rows: int | None) -> int:
    """Return the index of the header: the first row as wide as the table and made of text."""
    if skip_rows is not None:
        if skip_rows >= len(rows):
            raise ReadError(f"{file}: sheet {sheet} has {len(rows)} rows, none is left after --skip-rows {skip_rows}")
        return skip_rows
    width = _width(rows)
    for at, row in enumerate(rows[:HEADER_ROWS]):
        if at and _is_stacked(rows[at - 1], row, width):
            return at
        texts = sum(isinstance(cell, str) and bool(cell.strip()) for cell in row)
        # A header may lack a name or two, and may have years or numbers as names.
        if texts >= max(1, 0.5 * width) and sum(map(_filled, row)) >= 0.7 * width:
            return at
    raise ReadError(f"{file}: sheet {sheet} has no row of column names; write one, or say where with --skip-rows")


def _is_text(row: Sequence[Any]) -> bool:
    """Whether a row has two cells or more, and text in all of them."""
    cells = [cell for cell in row if _filled(cell)]
    return len(cells) > 1 and all(isinstance(cell, str) for cell in cells)


def _is_stacked(upper: Sequence[Any], lower: Sequence[Any], width: int) -> bool:
    """Whether two rows are one header: names above, and below them those of their parts.

    Either neither row is as wide as the table and both together are, or the lower one repeats its names and only
    the upper one tells them apart.
    """
    if not _is_text(upper) or not _is_text(lower):
        return False
    above, below = [_filled(cell) for cell in upper], [_filled(cell) for cell in lower]
    both = sum(a or b for a, b in zip(above, below, strict=True))
    parts = sum(above) < 0.7 * width and sum(below) < 0.7 * width and both >= 0.7 * width
    names = [cell.strip() for cell in lower if _filled(cell)]
    return parts or (len(set(names)) < len(names) and sum(above) < sum(below) and both >= 0.7 * width)


def _stacked_names(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return one name a column: the lower name, with the upper one before it where the lower is there twice.

    An upper name stands for the blank cells to its right, as a merged cell does.
    """
    twice = {name for name in lower if lower.count(name) > 1}
    names, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        names.append(f"{group} {below}".strip() if below in twice and below else below or above)
    return names


def _refuse_blocks(rows: Sequence[Sequence[Any]], header: int, file: str, sheet: str) -> None:
    """Refuse a sheet on which a second table begins below the first.

    Raises
    ------
    ReadError
        A row repeats the header, or after a blank row one of text alone is followed by values.
    """
    names = [_cell_text(cell) for cell in rows[header]]
    for at in range(header + 2, len(rows)):
        row = rows[at]
        if not _is_text(row):
            continue
        again = [_cell_text(cell) for cell in row] == names
        after_blank = not any(map(_filled, rows[at - 1])) or sum(map(_filled, rows[at - 1])) == 1 < sum(
            map(_filled, row)
        )
        blank_above = after_blank and any(not any(map(_filled, rows[k])) for k in (at - 1, at - 2))
        below = rows[at + 1] if at + 1 < len(rows) else []
        values = any(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in below)
        if again or (blank_above and values):
            raise ReadError(
                f"{file}: on sheet {sheet} another table begins in row {at + 1}; put each table on a sheet of its own"
            )


def _column(cells: Sequence[Any]) -> pa.Array:
    """Return a column of cells: numbers where all are, else text."""
    values = [_value(cell) for cell in cells]
    numbers = [v for v in values if v is not None]
    if numbers and all(isinstance(v, float) and v.is_integer() and abs(v) < 1e15 for v in numbers):
        return pa.array([None if v is None else int(v) for v in values], pa.int64())
    if all(isinstance(v, float) for v in numbers):
        return typed_array(values)
    return typed_array([_cell_text(v) for v in values]) if len({type(v) for v in numbers}) > 1 else typed_array(values)


def _value(cell: Any) -> Any:
    """Return the cell as a JSON value: number, boolean, text or None."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int):
        return float(cell)
    if isinstance(cell, datetime):
        midnight = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if midnight else cell.replace(microsecond=0).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell if _filled(cell) else None


def _cell_text(cell: Any) -> str | None:
    value = _value(cell)
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
