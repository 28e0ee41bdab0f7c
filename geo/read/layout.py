"""How a delimited text is laid out: delimiter, title lines, header, and its records line by line.

The delimiter is the one under which most records have the same number of fields, the header among them. With a
decimal comma both the comma and the semicolon cut every record alike; the header tells them apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.errors import ReadError
from geo.read.reading import Guess

SAMPLE_RECORDS = 200
"""Records looked at to find delimiter and header: enough to pass long titles, little to read."""
RECORD_LINES = 500
"""Lines that one record may span. Notes typed into a cell have a few; an unpaired quote takes all the rest."""
DELIMITERS = (",", ";", "\t", "|")
DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?")
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Layout:
    """Where the table is in a delimited text.

    Parameters
    ----------
    delimiter
        Character between fields.
    header_line
        Line of the header, from 1; 0 where there is none.
    first_line
        Line at which the records start, after the header.
    names
        Column names, unique and not blank, one a field.
    nameless
        Positions of fields without a name in the header.
    """

    delimiter: str
    header_line: int
    first_line: int
    names: tuple[str, ...]
    nameless: frozenset[int] = frozenset()
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True)
class Record:
    """One record: the line it starts on, its fields, and whether a quote in it is never closed."""

    line: int
    fields: list[str]
    unclosed: bool = False


def records(lines: Sequence[str], delimiter: str, first: int = 0) -> Iterator[Record]:
    """Yield the records of `lines` from index `first` on; blank lines are none.

    A carriage return at the end of a line is part of the line end, within quotes it is part of the value.

    A quote that is never closed would swallow what follows: after `RECORD_LINES` lines it is read as a plain
    character, so that one bad line stays one bad line.
    """
    at = first
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            if line.strip():
                yield Record(at + 1, line.rstrip("\r").split(delimiter))
            at += 1
            continue
        last = at
        inside: bool | None = _quoted_after(line, False, delimiter)
        while inside and last + 1 < len(lines) and last - at < RECORD_LINES:
            last += 1
            inside = _quoted_after(lines[last], True, delimiter)
        if inside is not False:
            yield Record(at + 1, line.rstrip("\r").split(delimiter), unclosed=True)
            at += 1
        else:
            yield Record(at + 1, _fields("\n".join(lines[at : last + 1]).rstrip("\r"), delimiter))
            at = last + 1


def _quoted_after(line: str, inside: bool, delimiter: str) -> bool | None:
    """Whether the end of `line` is within quotes. A quote opens only at the start of a field.

    None where a quote from an earlier line ends in the middle of a field here: then it was no quote at all, but
    one that nobody closed, and this is another one, such as the sign for inches.
    """
    at, start, carried = 0, not inside, inside
    while at < len(line):
        if inside:
            close = line.find('"', at)
            if close < 0:
                return True
            if line[close + 1 : close + 2] == '"':
                at = close + 2
                continue
            if carried and line[close + 1 : close + 2] not in ("", delimiter, "\r"):
                return None
            inside, start, carried, at = False, False, False, close + 1
        elif start and line[at] == '"':
            inside, at = True, at + 1
        else:
            cut = line.find(delimiter, at)
            if cut < 0:
                return False
            at, start = cut + 1, True
    return inside


def _fields(record: str, delimiter: str) -> list[str]:
    """Split one record whose quotes are closed. Unlike the csv module, a field may be of any length."""
    fields: list[str] = []
    at = 0
    while True:
        if record[at : at + 1] == '"':
            close = at + 1
            while True:
                close = record.find('"', close)
                if record[close + 1 : close + 2] != '"':
                    break
                close += 2
            cut = record.find(delimiter, close + 1)
            rest = record[close + 1 : cut if cut >= 0 else None]
            fields.append(record[at + 1 : close].replace('""', '"') + rest)
        else:
            cut = record.find(delimiter, at)
            fields.append(record[at : cut if cut >= 0 else None])
        if cut < 0:
            return fields
        at = cut + 1


def find_layout(lines: Sequence[str], name: str, skip_rows: int | None = None) -> Layout:
    """Return delimiter, header and column names of a delimited text.

    Parameters
    ----------
    lines
        The text's lines without their ends; the beginning of the file is enough.
    name
        Name of the file, for messages.
    skip_rows
        Lines before the header, where the user says so.

    Raises
    ------
    ReadError
        There is no line of text, or nothing after `skip_rows`.
    """
    first = skip_rows or 0
    if skip_rows is not None and skip_rows >= len(lines):
        raise ReadError(f"{name}: has {len(lines)} lines, none is left after --skip-rows {skip_rows}")
    forced = re.fullmatch(r"sep=(.)", lines[0].strip(), re.IGNORECASE) if lines else None
    if forced:
        first = max(first, 1)
    candidates = (forced.group(1),) if forced else DELIMITERS
    best: tuple[float, Layout] | None = None
    for delimiter in candidates:
        sample = _sample(lines, delimiter, first)
        if not sample:
            raise ReadError(f"{name}: holds no text")
        scored = _layout(sample, delimiter, fixed=skip_rows is not None)
        if best is None or scored[0] > best[0]:
            best = scored
    assert best is not None
    return best[1]


def _sample(lines: Sequence[str], delimiter: str, first: int) -> list[Record]:
    found: list[Record] = []
    for record in records(lines, delimiter, first):
        found.append(record)
        if len(found) >= SAMPLE_RECORDS:
            break
    # The sample may end in the middle of a record.
    return found[:-1] if len(found) > 2 and found[-1].unclosed else found


def _layout(sample: list[Record], delimiter: str, fixed: bool) -> tuple[float, Layout]:
    """Return (how well the delimiter fits, layout)."""
    counts = Counter(_width(record.fields) for record in sample)
    # Of equally frequent widths the larger: titles and notes are narrow.
    width = max(counts, key=lambda w: (counts[w], w))
    raw = Counter(len(record.fields) for record in sample)
    if width == 1:
        width = _padded_width(sample, raw, counts[1])
    share = max(counts[width], *raw.values()) / len(sample)
    position = 0 if fixed else _header_position(sample, width)
    header = sample[position].fields if position is not None else None
    fits = share + (1.0 if width > 1 else 0.0) + 0.001 * width
    # Lines before the header speak against a delimiter, no header even more.
    fits -= 0.5 if position is None else min(0.02 * position, 0.4)
    guesses = [Guess("delimiter", DELIMITER_WORDS.get(delimiter, delimiter), _fit_words(share, width))]
    if header is None:
        at = next(i for i, record in enumerate(sample) if _width(record.fields) == width)
        names = tuple(f"column_{i + 1}" for i in range(width))
        guesses.append(Guess("header", "none", "the first line holds values, not names"))
        return fits, Layout(delimiter, 0, sample[at].line, names, frozenset(), tuple(guesses))
    assert position is not None
    line = sample[position].line
    if line > 1:
        guesses.append(Guess("header", f"line {line}", f"{line - 1} lines of title or blank before it"))
    names, nameless = column_names(header)
    after = sample[position + 1].line if position + 1 < len(sample) else line + 1
    return fits, Layout(delimiter, line, after, names, nameless, tuple(guesses))


def _padded_width(sample: list[Record], raw: Counter[int], single: int) -> int:
    """Return how wide rows are whose last fields are blank more often than not, 1 where most are one field.

    Such rows have all the same number of fields and hardly two the same number up to the last that is filled.
    """
    fields, rows = max(raw.items(), key=lambda pair: (pair[1], pair[0]))
    if fields == 1 or rows <= single:
        return 1
    return max(_width(record.fields) for record in sample if len(record.fields) == fields)


def _fit_words(share: float, width: int) -> str:
    if width == 1:
        return "one column only"
    return f"{share:.0%} of the first lines have {width} fields"


def _width(fields: Sequence[str]) -> int:
    """Fields of a record up to the last that is not blank: spreadsheets pad with empty fields."""
    width = len(fields)
    while width > 1 and not fields[width - 1].strip():
        width -= 1
    return width


def _header_position(sample: list[Record], width: int) -> int | None:
    """Return which record of the sample is the header; None where the table starts with values.

    The header is the first record that is as wide as the table. It is taken for values if a cell in one of
    the numeric columns below is itself a number, other than a year (tables with a column for each year); the header
    may then be one that has no names at its end.
    """
    position = next((i for i, r in enumerate(sample) if _width(r.fields) >= max(width, 1) - _slack(width)), 0)
    cells = [cell.strip() for cell in sample[position].fields]
    below = [r.fields for r in sample[position + 1 :] if _width(r.fields) >= width - _slack(width)][:50]
    if not below:
        holds_values = any(_NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in cells)
        nameless = _with_nameless(sample[:position], width) if holds_values else None
        return position if nameless is None else nameless
    for at, cell in enumerate(cells):
        values = [row[at].strip() for row in below if at < len(row) and row[at].strip()]
        numeric = sum(bool(_NUMBER.fullmatch(v)) for v in values)
        if values and numeric > 0.8 * len(values) and _NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell):
            return _with_nameless(sample[:position], width)
    return position


def _with_nameless(before: list[Record], width: int) -> int | None:
    """Return which of the records before the values is a header whose last columns have no name; None for titles."""
    for at in range(len(before) - 1, -1, -1):
        fields = before[at].fields
        filled = [field.strip() for field in fields if field.strip()]
        if len(fields) == width and 2 * len(filled) >= width and not any(_NUMBER.fullmatch(cell) for cell in filled):
            return at
    return None


def _slack(width: int) -> int:
    """How many names a header may lack against the width of its rows (nameless last columns)."""
    return 1 if width > 2 else 0


def column_names(header: Sequence[str]) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return names that are unique and not blank, and the positions that had none.

    Blanks around a name and line breaks in it are dropped, also the byte order mark that some programs write
    twice. A name that is taken gets a number.
    """
    names: list[str] = []
    nameless = set()
    for at, raw in enumerate(header):
        name = " ".join(raw.replace("\ufeff", "").replace("\u200b", "").split())
        if not name:
            nameless.add(at)
            name = f"column_{at + 1}"
        unique, number = name, 2
        while unique in names:
            unique, number = f"{name}_{number}", number + 1
        names.append(unique)
    return tuple(names), frozenset(nameless)
