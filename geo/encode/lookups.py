"""Columns that follow from another one: a name from its code, a unit from its commodity, a rate from its municipality.

Joined tables are full of them, and zlib sees one column at a time. Such a column is written as a table: one value for
each code of the column that it follows from (code 0, null, included). Nothing is lost, and nobody has to declare it:
whether it holds is looked up in the rows.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from geo.encode.columns import Encoded, decode_column, encode_column, unplanes, whole_array
from geo.table import IntArray

PROBE_ROWS = 4096
"""Most pairs of columns disagree within so many rows, and are looked at no further."""


@dataclass
class Lookups:
    """The columns of one table that were written as codes so far: what later ones may follow from."""

    rows: int
    codes: dict[str, IntArray] = field(default_factory=dict)
    """Codes of each row, 0 for null, by column; those with fewest values first when searched."""

    def encode(self, name: str, values: pa.Array | pa.ChunkedArray, kind: str, decimals: int | None = None) -> Encoded:
        """Return the column, as a lookup where it follows from an earlier one and that is shorter."""
        values = whole_array(values)
        encoded = encode_column(values, kind, decimals)
        found = self._lookup(values, kind, decimals) if encoded.data else None
        if found is not None and _packed(found) < _packed(encoded):
            return found
        if encoded.meta["encoding"] == "codes" and encoded.meta["width"]:
            self.codes[name] = unplanes(encoded.data, self.rows, encoded.meta["width"]).astype(np.int64)
        return encoded

    def _lookup(self, values: pa.Array, kind: str, decimals: int | None) -> Encoded | None:
        start = _numbered(values[:PROBE_ROWS])
        full: IntArray | None = None
        for name, codes in sorted(self.codes.items(), key=lambda item: int(item[1].max(initial=0))):
            if _follows(start, codes[: len(start)]) is None:
                continue
            full = _numbered(values) if full is None else full
            first = _follows(full, codes)
            if first is not None:
                table = values.take(pa.array(first, mask=first < 0))
                inner = encode_column(table, kind, decimals)
                return Encoded({"encoding": "lookup", "of": name, "rows": len(table), "table": inner.meta}, inner.data)
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
    """Return the values of a column that may be a lookup into one of `others`: the mirror of what the page does."""
    meta = encoded.meta
    if meta["encoding"] != "lookup":
        return decode_column(encoded, rows)
    table = decode_column(Encoded(meta["table"], encoded.data), meta["rows"])
    key = others[meta["of"]]
    return [table[code] for code in unplanes(key.data, rows, key.meta["width"]).tolist()]
