"""Municipal codes of Mexico's statistics office, INEGI: two digits for the state, three for the municipality.

Files write them in one column or two, as text or as numbers that have lost their leading zeros. A United States
county has a code of five digits too, and both codes exist: 04001 is a county of Arizona and a municipality of
Campeche. So a code is taken only from a column that is named as INEGI or its users name it, never from its
digits alone.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.table import ObjectArray, column, texts

STATES = 32
WHOLE = ("inegi_code", "cvegeo", "cve_geo", "inegi", "cve_inegi", "cve_mun_inegi", "codigo_inegi", "clave_inegi")
"""Names of a column that holds all five digits."""
HALVES = (
    ("state_code", "mun_code"),
    ("cve_ent", "cve_mun"),
    ("cve_edo", "cve_mun"),
    ("clave_ent", "clave_mun"),
    ("ent", "mun"),
    ("edo", "mun"),
)
"""Names of two columns that hold the state and the municipality."""
ENOUGH = 0.95
"""Share of the rows that must hold a code, so that a column of another meaning is not taken for it."""


def municipal_codes(table: pa.Table) -> tuple[pa.Array, str] | None:
    """Find the column or columns of a table that hold municipal codes.

    Parameters
    ----------
    table
        Attributes of a user's areas, or of any table, one row a municipality (or a part of one).

    Returns
    -------
    (codes, where) or None
        `codes` is (n,) text of five digits, null in rows that hold none; `where` names the column or columns.
        None where no column is named like a code, or too few of its rows hold one.
    """
    found = {name.casefold().strip(): name for name in reversed(table.schema.names)}
    tries: list[tuple[ObjectArray, str]] = []
    for name in WHOLE:
        if name in found:
            tries.append((_digits(table, found[name], 5), found[name]))
    for state, municipality in HALVES:
        if state in found and municipality in found:
            halves = _digits(table, found[state], 2), _digits(table, found[municipality], 3)
            joined = [None if a is None or b is None else a + b for a, b in zip(*halves, strict=True)]
            tries.append((_objects(joined), f"{found[state]} and {found[municipality]}"))
    for codes, where in tries:
        valid = [code if code is not None and is_municipal(code) else None for code in codes]
        if valid and sum(code is not None for code in valid) >= ENOUGH * len(valid):
            return column(_objects(valid), pa.string()), where
    return None


def is_municipal(code: str) -> bool:
    """Tell whether text is the code of a municipality: five digits, a state from 01 to 32, not municipality 000."""
    plain = len(code) == 5 and code.isascii() and code.isdigit()
    return plain and 1 <= int(code[:2]) <= STATES and code[2:] != "000"


def _digits(table: pa.Table, name: str, width: int) -> ObjectArray:
    """Return whole numbers and text of digits, padded with zeros to `width`; None for all else."""
    out: list[str | None] = []
    for text in texts(table, name):
        # A number column with a gap is often read as floating: 8037.0.
        digits = None if text is None else text.strip().removesuffix(".0")
        plain = digits is not None and digits.isascii() and digits.isdigit() and len(digits) <= width
        out.append(digits.zfill(width) if plain and digits is not None else None)
    return _objects(out)


def _objects(values: list[str | None]) -> ObjectArray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
