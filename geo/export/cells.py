"""Values as they leave: few plain types, stable names, computed numbers without noise.

A table may hold any Arrow type; files know text, whole numbers, numbers and true or false. `plain` turns the
rest into those: dates and times into ISO 8601 text, decimals into their exact text, lists and structures into
JSON, binary into hexadecimal. Text is never changed.

Two rules about numbers are decided here, once, for all formats:

**Rounding.** Columns that contraflow computed are rounded by the unit at the end of their name, to 0.1 mm for
``_m`` (4 decimals; 7 for ``_km``) and to 1e-9 degrees, about 0.1 mm, for ``_deg``, ``_lon`` and ``_lat``: the
digits beyond are noise of the arithmetic. Columns of the input are never rounded.

**Numbers in text.** A CSV file has text only. In formats with types, a text column of the input becomes
numbers when every value that is not blank is a plain decimal number (``-12.5``, not ``+1``, ``1e5``, ``1,000``
or ``007``) of at most 15 digits, which a double holds exactly; blank becomes null. Columns whose name says code
or identifier (`IDENTIFIERS`) stay text, so do the standard ones, and so does everything in CSV.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.schema import EVENT_COLUMNS

DECIMALS = {"m": 4, "km": 7, "deg": 9, "lon": 9, "lat": 9, "longitude": 9, "latitude": 9}
"""Decimals kept of a computed column, by the last word of its name."""

IDENTIFIERS = frozenset({
    "id", "ids", "code", "codes", "key", "fips", "geoid", "zip", "inegi", "cve", "clave", "cvegeo", "ent", "mun",
    "folio", "serial", "phone", "tel", "telefono", "plate", "docket", "expediente", "oficio", "codigo", "código",
})  # fmt: skip
"""Words that, first or last in a column's name, say that its digits are no quantity."""
_LAST_ONLY = frozenset({"number", "num", "no"})
"""Last in a name these say the same: ``case number``, but not ``number of cases``."""

PLAIN_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
EXACT_DIGITS = 15
"""A double keeps every decimal number of so many digits; Excel shows no more."""


def plain(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Return a column as large_string, int64, float64 or bool; NaN is null.

    Parameters
    ----------
    column : (n,) any Arrow type

    Returns
    -------
    (n,) pyarrow.ChunkedArray
    """
    if not isinstance(column, pa.ChunkedArray):
        column = pa.chunked_array([column])
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return plain(pa.chunked_array([c.storage for c in column.chunks], type=kind.storage_type))
    if pa.types.is_boolean(kind):
        return column
    return _plain_number(column) if pa.types.is_integer(kind) or pa.types.is_floating(kind) else _plain_text(column)


def _plain_number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(column.type):
        return _without_nan(column)
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:  # unsigned, beyond 2^63
        return column.cast(pa.large_string())


def _plain_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return _iso(column)
    if _is_nested(column.type) or _is_binary(column.type):
        return pa.chunked_array([[_described(v) for v in column.to_pylist()]], type=pa.large_string())
    return column.cast(pa.large_string())


def _is_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_duration(kind) or pa.types.is_interval(kind))


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _described(value: Any) -> str | None:
    if value is None or isinstance(value, bytes):
        return None if value is None else value.hex()
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=_described)
    return str(value)


def _without_nan(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type != pa.float64():
        # By way of the shortest text: the float32 0.1 leaves as 0.1, not as 0.10000000149011612.
        column = column.cast(pa.float32()).cast(pa.string()).cast(pa.float64())
    return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)


def _iso(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return timestamps as ``2011-03-14T22:15:00``, with ``Z`` where they have a zone (Arrow keeps those in UTC)."""
    zoned = column.type.tz is not None
    text = column.cast(pa.timestamp(column.type.unit)).cast(pa.large_string())
    text = pc.replace_substring_regex(text, r"^(\S+) (\S+?)(\.0+)?$", r"\1T\2")
    return pc.replace_substring_regex(text, "$", "Z") if zoned else text


def rounded(table: pa.Table, computed: Collection[str]) -> pa.Table:
    """Return `table` with the `computed` columns of floats rounded by the unit in their name (see module).

    Parameters
    ----------
    table
        Any table.
    computed
        Names of the columns that contraflow computed. Columns of the input must not be among them.
    """
    for index, name in enumerate(table.schema.names):
        decimals = DECIMALS.get(_words(name.removesuffix("_joined"))[-1])
        if name in computed and decimals is not None and pa.types.is_floating(table.schema.field(index).type):
            values = np.asarray(table.column(index).to_numpy(zero_copy_only=False), dtype=np.float64)
            # Adding 0.0 turns the -0.0 that rounding makes of a tiny negative number into 0.
            kept = pa.array(np.round(values, decimals) + 0.0, from_pandas=True)
            table = table.set_column(index, table.schema.field(index).with_type(pa.float64()), kept)
    return table


def typed(table: pa.Table, fixed: Collection[str] = ()) -> pa.Table:
    """Return `table` with text columns that hold plain numbers as int64 or float64 (see module).

    Parameters
    ----------
    table
        Any table.
    fixed
        Names of columns whose type is known and stays, beside the standard ones and the identifiers.
    """
    for index, field in enumerate(table.schema):
        is_text = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        if not is_text or field.name in fixed or field.name in EVENT_COLUMNS or is_identifier(field.name):
            continue
        numbers = _numbers(table.column(index))
        if numbers is not None:
            table = table.set_column(index, pa.field(field.name, numbers.type), numbers)
    return table


def is_identifier(name: str) -> bool:
    """Tell whether a column's name says that it holds codes or identifiers, in English or Spanish."""
    words = _words(name)
    return words[0] in IDENTIFIERS or words[-1] in IDENTIFIERS or words[-1] in _LAST_ONLY


def _words(name: str) -> list[str]:
    """Split ``port_code``, ``Event ID`` and ``MunCode`` into lower-case words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W_]+", spaced.lower()) or [""]


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return text as numbers, or None where not all of it are plain ones, or there are none."""
    blank = pc.equal(pc.utf8_trim_whitespace(column), "")
    values = pc.if_else(blank, pa.scalar(None, column.type), column)
    if values.null_count == len(values):
        return None
    # The first rows settle most columns of words; the rest is looked at only where they do not.
    for part in (values.slice(0, 1000), values):
        if not pc.all(pc.match_substring_regex(part, PLAIN_NUMBER), min_count=0).as_py():
            return None
    digits = pc.utf8_length(pc.replace_substring_regex(values, r"[-.]", ""))
    if pc.max(digits).as_py() > EXACT_DIGITS:
        return None
    whole = not pc.any(pc.match_substring(values, ".")).as_py()
    return values.cast(pa.int64() if whole else pa.float64())


def unique_names(names: Sequence[str], taken: Iterable[str] = (), fold_case: bool = False) -> list[str]:
    """Return `names` with blank ones named by their place and repeated ones numbered: ``x``, ``x_2``.

    Parameters
    ----------
    names
        Column names, possibly blank or repeated.
    taken
        Names that the format keeps for itself.
    fold_case
        Whether ``Lat`` and ``LAT`` are the same name, as they are in SQLite.
    """

    def key(name: str) -> str:
        return name.casefold() if fold_case else name

    used = {key(n) for n in taken}
    own = {key(n) for n in names}
    result = []
    for position, given in enumerate(names, start=1):
        stem = given if given.strip() else f"column_{position}"
        name, number = stem, 1
        while key(name) in used or (number > 1 and key(name) in own):
            number += 1
            name = f"{stem}_{number}"
        used.add(key(name))
        result.append(name)
    return result
