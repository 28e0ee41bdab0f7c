"""Columns that follow from another one: a name from its code, a unit from its commodity, a quantity from its words.

Joined tables are full of them, and zlib sees one column at a time. Nobody has to declare them: whether it holds is
looked up in the rows, nothing is lost, and the shortest form is taken.

``lookup``
    One value for each code of the other column (code 0, null, included).
``parsed``
    Numbers that are mostly what the other column says in digits: ``12.50`` and 12.5. A flag a row (0 null, 1 as said,
    2 otherwise) and the numbers that are otherwise.
``radial``
    Distances from the site of a code, see :mod:`geo.encode.radial`.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from geo.encode.columns import decode_column, encode_column, floats_of, whole_array
from geo.encode.grid import unmorton
from geo.encode.planes import Encoded, UintArray, unplanes
from geo.encode.radial import LEAST_ROWS, decode_radial, encode_radial
from geo.encode.rungs import Steps, rung_value
from geo.table import IntArray

PROBE_ROWS = 4096
"""Most pairs of columns disagree within so many rows, and are looked at no further."""
_DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""Numbers that Python and JavaScript read alike."""


@dataclass
class Lookups:
    """The columns of one table that were written as codes so far: what later ones may follow from."""

    rows: int
    cells: tuple[UintArray, UintArray] | None = None
    """Positions of the rows on the grid, where they have any."""
    codes: dict[str, IntArray] = field(default_factory=dict)
    """Codes of each row, 0 for null, by column."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """What the codes stand for, from code 1 on."""

    def encode(self, name: str, values: pa.Array | pa.ChunkedArray, kind: str, steps: Steps = ()) -> Encoded:
        """Return the column in the shortest of its own forms and those that follow from an earlier column."""
        values = whole_array(values)
        encoded = encode_column(values, kind, steps)
        if not encoded.data:
            return encoded
        others = (
            self._lookup(values, kind, steps),
            self._radial(name, values, steps) if steps else self._parsed(values),
        )
        found = min((o for o in others if o is not None), key=_packed, default=None)
        if found is not None and _packed(found) < _packed(encoded):
            return found
        if encoded.meta["encoding"] == "codes" and encoded.meta["width"]:
            self.codes[name] = unplanes(encoded.data, self.rows, encoded.meta["width"]).astype(np.int64)
            self.texts[name] = sorted(values.unique().drop_null().to_pylist())
        return encoded

    def _lookup(self, values: pa.Array, kind: str, steps: Steps) -> Encoded | None:
        start = _numbered(values[:PROBE_ROWS])
        full: IntArray | None = None
        for name, codes in sorted(self.codes.items(), key=lambda item: len(self.texts[item[0]])):
            if _follows(start, codes[: len(start)]) is None:
                continue
            full = _numbered(values) if full is None else full
            first = _follows(full, codes)
            if first is not None:
                table = values.take(pa.array(first, mask=first < 0))
                inner = encode_column(table, kind, steps)
                return Encoded({"encoding": "lookup", "of": name, "rows": len(table), "table": inner.meta}, inner.data)
        return None

    def _radial(self, name: str, values: pa.Array, steps: Steps) -> Encoded | None:
        if self.cells is None or self.rows < LEAST_ROWS or len(steps) < 2:
            return None
        distances = floats_of(values)
        probe = slice(None, None, max(1, self.rows // PROBE_ROWS))
        some = self.cells[0][probe], self.cells[1][probe]
        # of the columns of codes, preferably those named alike, the one of whose sites these are the distances
        alike = [n for n in self.codes if n.partition("_")[0] == name.partition("_")[0]] or list(self.codes)
        tries = {n: encode_radial(distances[probe], steps, n, self.codes[n][probe], some) for n in alike}
        sizes = {n: _packed(e) for n, e in tries.items() if e is not None}
        if not sizes:
            return None
        best = min(sizes, key=sizes.__getitem__)
        return encode_radial(distances, steps, best, self.codes[best], self.cells)

    def _parsed(self, values: pa.Array) -> Encoded | None:
        if not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
            return None
        numbers = floats_of(values)
        known = ~np.isnan(numbers)
        for name, codes in self.codes.items():
            said = np.array([np.nan, *(float(t) if _DIGITS.fullmatch(t) else np.nan for t in self.texts[name])])
            as_said = said[codes] == numbers
            if 2 * as_said.sum() < known.sum():
                continue
            flags = np.where(as_said, 1, np.where(known, 2, 0)).astype(np.uint8)
            inner = encode_column(pa.array(numbers[flags == 2]), "number")
            meta = {"encoding": "parsed", "of": name, "rows": int((flags == 2).sum()), "table": inner.meta}
            return Encoded(meta, flags.tobytes() + inner.data)
        return None


def _packed(encoded: Encoded) -> int:
    return len(zlib.compress(encoded.data, 1))


def _numbered(values: pa.Array) -> IntArray:
    """Give equal values equal numbers; null is one of them."""
    coded = values.dictionary_encode(null_encoding="encode")
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _follows(values: IntArray, codes: IntArray) -> IntArray | None:
    """For each code a row that has it (-1 for codes of no row), if rows of one code all have one value; else None."""
    first = np.full(int(codes.max(initial=0)) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first if np.array_equal(values[first[codes]], values) else None


def decode_lookup(encoded: Encoded, rows: int, others: dict[str, Encoded]) -> list[Any]:
    """Return the values of a column that may follow from one of `others`: the mirror of what the page does."""
    meta = encoded.meta
    if meta["encoding"] == "lookup":
        table = decode_column(Encoded(meta["table"], encoded.data), meta["rows"])
        key = others[meta["of"]]
        return [table[code] for code in unplanes(key.data, rows, key.meta["width"]).tolist()]
    if meta["encoding"] == "parsed":
        rest = iter(decode_column(Encoded(meta["table"], encoded.data[rows:]), meta["rows"]))
        said = decode_column(others[meta["of"]], rows)
        return [
            None if flag == 0 else float(text) if flag == 1 else next(rest)
            for flag, text in zip(encoded.data[:rows], said, strict=True)
        ]
    if meta["encoding"] == "radial":
        codes = unplanes(others[meta["of"]].data, rows, others[meta["of"]].meta["width"]).astype(np.int64)
        keys = np.array(decode_column(others["key"], rows), dtype=np.uint64)
        found = decode_radial(encoded, codes, unmorton(keys))
        return [None if rung is None else rung_value(rung, meta["steps"]) for rung in found]
    return decode_column(encoded, rows)
