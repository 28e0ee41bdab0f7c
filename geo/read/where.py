"""The condition of ``--where``: a small language of comparisons on the input's own columns.

``state = 'TX' and qty >= 100``, ``"Event ID" in ('1', '2')``, ``note is not null``, ``drug like 'meth%'``, with
``and``, ``or``, ``not`` and brackets. It is parsed here and nothing in it is ever run as a program. A comparison
with a number compares numbers, where the text in a row is none the row fails; any other compares text.
Column names with blanks stand in double quotes, texts in single ones. Upper and lower case of a column name
does not matter, nor do accents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import UsageError
from geo.read.coordinates import degrees
from geo.read.reading import Reading
from geo.read.text import plain, printable
from geo.table import BoolArray

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])
    | (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<op><=|>=|<>|!=|==|=|<|>|\(|\)|,)
    | (?P<word>[^\W\d][\w.]*)
    )""",
    re.VERBOSE,
)
_COMPARE: dict[str, Callable[..., pa.Array]] = {
    "=": pc.equal, "==": pc.equal, "!=": pc.not_equal, "<>": pc.not_equal,
    "<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal,
}  # fmt: skip
_KEYWORDS = frozenset(("and", "or", "not", "in", "is", "null", "like"))


def keep_where(reading: Reading, expression: str) -> Reading:
    """Return the rows of `reading` for which `expression` holds.

    Raises
    ------
    UsageError
        The expression cannot be parsed, or names a column that does not exist.
    """
    if printable(expression) != expression:
        raise UsageError(f"--where {printable(expression)}: holds bytes that are no text; write it in UTF-8")
    keep = rows_where(reading.table, expression)
    index = pa.array(np.flatnonzero(keep))
    return replace(
        reading,
        table=reading.table.take(index),
        row_numbers=reading.row_numbers[keep],
        geometry=None if reading.geometry is None else reading.geometry[keep],
        excluded=reading.excluded + int((~keep).sum()),
    )


def rows_where(table: pa.Table, expression: str) -> BoolArray:
    """Return for which rows of `table` the expression holds, (n,) bool; null is never true."""
    parser = _Parser(table, expression)
    found = parser.either()
    if parser.at < len(parser.tokens):
        raise parser.error(f"{parser.tokens[parser.at][1]!r} is not expected there")
    return found


class _Parser:
    """Recursive descent, one method a level of precedence."""

    def __init__(self, table: pa.Table, expression: str) -> None:
        self.table, self.expression = table, expression
        self.columns = {plain(name): name for name in reversed(table.schema.names)}
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, expression.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise self.error(f"{text[at:].strip()[:20]!r} is not understood")
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()
        self.at = 0

    def error(self, what: str) -> UsageError:
        """Return the error to raise, with the expression and an example of a right one."""
        return UsageError(f"--where {self.expression}: {what}; write for example state = 'TX' and year >= 2010")

    def _peek(self) -> str:
        return self.tokens[self.at][1].lower() if self.at < len(self.tokens) else ""

    def _take(self, *expected: str) -> bool:
        if self._peek() in expected and self.tokens[self.at][0] in ("op", "word"):
            self.at += 1
            return True
        return False

    def _need(self, expected: str) -> None:
        if not self._take(expected):
            raise self.error(f"{expected} is missing")

    def either(self) -> BoolArray:
        """Parse terms joined by ``or``."""
        found = self._all()
        while self._take("or"):
            found = found | self._all()
        return found

    def _all(self) -> BoolArray:
        found = self._not()
        while self._take("and"):
            found = found & self._not()
        return found

    def _not(self) -> BoolArray:
        if self._take("not"):
            return ~self._not()
        if self._take("("):
            found = self.either()
            self._need(")")
            return found
        return self._comparison()

    def _column(self) -> pa.ChunkedArray:
        if self.at >= len(self.tokens):
            raise self.error("it ends too early")
        kind, text = self.tokens[self.at]
        if kind not in ("word", "quoted") or text.lower() in _KEYWORDS:
            raise self.error(f"a column name is expected in place of {text}")
        self.at += 1
        name = text[1:-1].replace('""', '"') if kind == "quoted" else text
        found = name if name in self.table.schema.names else self.columns.get(plain(name))
        if found is None:
            raise UsageError(f"--where: no column {name!r}; there are {', '.join(self.table.schema.names)}")
        return self.table[found]

    def _value(self) -> str | float:
        if self.at >= len(self.tokens):
            raise self.error("a value is missing at the end")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if kind in ("text", "quoted"):
            return text[1:-1].replace(text[0] * 2, text[0])
        raise self.error(f"a value is expected in place of {text}; texts stand in single quotes")

    def _comparison(self) -> BoolArray:
        column = self._column()
        if self._take("is"):
            wanted = not self._take("not")
            self._need("null")
            return _blank(column) if wanted else ~_blank(column)
        negated = self._take("not")
        if self._take("in"):
            self._need("(")
            found = _holds(column, "=", self._value())
            while self._take(","):
                found = found | _holds(column, "=", self._value())
            self._need(")")
        elif self._take("like"):
            pattern = str(self._value())
            found = _bools(pc.match_like(_text(column), pattern, ignore_case=True))
        elif not negated and self._peek() in _COMPARE:
            operator = self.tokens[self.at][1]
            self.at += 1
            return _holds(column, operator, self._value())
        else:
            raise self.error("a comparison such as = or in is expected after a column name")
        # A blank is neither in a list nor outside it.
        return ~found & ~_blank(column) if negated else found


def _holds(column: pa.ChunkedArray, operator: str, value: str | float) -> BoolArray:
    if isinstance(value, float):
        numbers, _ = degrees(column, None)
        with np.errstate(invalid="ignore"):
            compared = _bools(_COMPARE[operator](pa.array(numbers), value))
        return compared & np.isfinite(numbers)
    return _bools(_COMPARE[operator](_text(column), value))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _blank(column: pa.ChunkedArray) -> BoolArray:
    if pa.types.is_string(column.type):
        return _bools(pc.or_kleene(pc.is_null(column), pc.equal(pc.utf8_trim_whitespace(column), "")))
    return _bools(pc.is_null(column))


def _bools(values: pa.ChunkedArray | pa.Array) -> BoolArray:
    filled = pc.fill_null(values, False)
    whole = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=bool)
