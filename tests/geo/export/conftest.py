"""A table with everything that an output could get wrong, and the way through the gate."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import strategies as st

from geo.privacy.release import release_table

HOSTILE = (
    "=1+1", "=HYPERLINK(\"http://x\",\"y\")", "+52 686", "-2", "@SUM(A1)", "'quoted", "a,b", 'say "no"', "two\nlines",
    "two\r\nlines", "\rcr", "tab\there", "\x01\x1f\x7f", "_x0041_", "_x005F_", "<b>&amp;</b>", "]]>", "</script>",
    "{{7*7}}", "${x}", "\\u0041\\", "é ñ Á 😀", "\u2028\u2029\ufeff", "  padded  ", "007", "1e5", "NaN", "NULL", "null",
    "true", "%s %n", "\ufffe\uffff", "´; DROP TABLE contraflow;--", "",
)  # fmt: skip


@pytest.fixture
def hostile():
    """Return text columns and numbers beside them, some of all null."""
    n = len(HOSTILE)
    return pa.table(
        {
            "text": [*HOSTILE],
            "turned": [None, *HOSTILE[:0:-1]],
            "count": [None if i % 5 == 0 else i for i in range(n)],
            "share": [None if i % 7 == 0 else i / 3 for i in range(n)],
            "certain": [(True, False, None)[i % 3] for i in range(n)],
        }
    )


@pytest.fixture
def released():
    """Return a function that lets a whole table through the gate."""

    def pass_all(table, geometry=None, computed=()):
        return release_table(table, table.schema.names, geometry, computed)

    return pass_all


@pytest.fixture(scope="session")
def tables():
    """Return the strategy of tables, for ``data.draw(tables(characters))``."""
    return _tables


def _tables(characters: st.SearchStrategy[str], min_rows: int = 0) -> st.SearchStrategy[pa.Table]:
    """Tables of up to 30 rows with text, whole numbers, floats and booleans, and nulls among them."""

    def of(rows: int) -> st.SearchStrategy[pa.Table]:
        def column(values, kind):
            return st.lists(st.none() | values, min_size=rows, max_size=rows).map(lambda v: pa.array(v, kind))

        return st.tuples(
            column(st.text(characters, max_size=12), pa.string()),
            column(st.integers(-(2**63), 2**63 - 1), pa.int64()),
            column(st.floats(allow_nan=False, allow_infinity=False), pa.float64()),
            column(st.booleans(), pa.bool_()),
        ).map(lambda columns: pa.table(list(columns), names=["text", "whole", "float", "flag"]))

    return st.integers(min_rows, 30).flatmap(of)
