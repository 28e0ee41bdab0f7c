"""Columns to bytes and back: the forms that a column of the page can have.

A column becomes a small JSON-able description (`Encoded.meta`) and raw bytes (`Encoded.data`), byte planes of codes
(:mod:`geo.encode.planes`). Code 0 is always null, so that a blank never turns into zero.

============ =================================================================================================
``null``     every row is null; no bytes
``codes``    text with repeats: a code a row, and the distinct values, sorted
``text``     text without repeats: lengths plus one, and the UTF-8 bytes
``serial``   text that is one prefix and a whole number, padded to one width or not padded: row identifiers
``integer``  numbers that are whole multiples of 10^-scale; (code - 1 + min) / 10^scale gives back the very float.
             With ``delta`` each row is written as the difference to the last one that is not null; with ``steps``
             the whole number counts the steps of a ladder (:mod:`geo.encode.rungs`)
``float64``  all other numbers, eight planes; null is NaN
``iso``      dates as precise as they are known, see :mod:`geo.encode.dates`
``boolean``  0 null, 1 false, 2 true
``morton``   positions, see :mod:`geo.encode.grid`
``lookup``, ``parsed``, ``radial``  columns that follow from others, see :mod:`geo.encode.lookups`
============ =================================================================================================
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.encode.dates import decode_dates, encode_dates
from geo.encode.grid import decode_keys
from geo.encode.planes import Encoded, UintArray, planes, unplanes, unzigzag, width_of, zigzag
from geo.encode.rungs import Steps, rung_value, rungs
from geo.errors import PageError
from geo.table import FloatArray, IntArray

DICTIONARY_FREE = 256
"""So many distinct texts are always worth a dictionary: their codes take one byte."""
MAX_SCALE = 6
"""Decimals tried before a number is kept as a float."""
SAMPLE_ROWS = 20_000
"""Rows by which plain numbers and differences are compared."""
MAX_WIDTH = 6
"""Planes of the widest integer code: 2^48 leaves room for the arithmetic of a double."""


def encode_column(values: pa.Array | pa.ChunkedArray, kind: str = "text", steps: Steps = ()) -> Encoded:
    """Return a column as bytes, by the shortest of the forms above that gives the values back unchanged.

    Parameters
    ----------
    values : (n,) Arrow array of text, numbers, booleans, dates or timestamps
    kind
        Kind of the field; ``date`` asks for `iso`, which falls back to text where a value is no ISO date.
    steps
        Numbers are rounded to the steps of this ladder, if none is negative; without one they are kept as they are.

    Returns
    -------
    Encoded
        Numbers come back equal (the sign of a zero is not kept; NaN is null), text identical, dates and
        timestamps as ISO text.

    Raises
    ------
    PageError
        For a type that has no form on the page, such as lists.
    """
    values = whole_array(values)
    if values.null_count == len(values):
        return Encoded({"encoding": "null"}, b"")
    if pa.types.is_boolean(values.type):
        codes = pc.fill_null(values.cast(pa.uint8()), 255).to_numpy(zero_copy_only=False)
        return Encoded({"encoding": "boolean"}, (codes + np.uint8(1)).astype(np.uint8).tobytes())
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return (_encode_rungs(values, steps) if steps else None) or _encode_numbers(values)
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        values = _iso_text(values)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        raise PageError(f"a column of type {values.type} cannot be put on the page; turn it into text or numbers")
    values = values.cast(pa.string())
    if kind == "date":
        dates = encode_dates(values)
        if dates is not None:
            return dates
    return _encode_texts(values)


def whole_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column as one array of plain values, whatever its chunks and dictionaries."""
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], type=values.type)
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def _iso_text(values: pa.Array) -> pa.Array:
    if pa.types.is_date(values.type):
        return values.cast(pa.date32()).cast(pa.string())
    seconds = values.cast(pa.timestamp("s", values.type.tz), safe=False)
    return pc.strftime(seconds, "%Y-%m-%dT%H:%M:%SZ" if values.type.tz else "%Y-%m-%dT%H:%M:%S")


def _encode_rungs(values: pa.Array, steps: Steps) -> Encoded | None:
    floats = floats_of(values)
    valid = ~np.isnan(floats)
    if not valid.any() or floats[valid].min() < 0 or not floats[valid].max() < 2**53:
        return None
    encoded = _encode_integers(rungs(np.where(valid, floats, 0), steps), valid, 0)
    return encoded and Encoded(encoded.meta | {"steps": [list(part) for part in steps]}, encoded.data)


def floats_of(values: pa.Array) -> FloatArray:
    """Return numbers as float64, NaN where null."""
    return np.asarray(pc.fill_null(values.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False))


def _encode_numbers(values: pa.Array) -> Encoded:
    valid = values.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_integer(values.type):
        whole = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
        if int(whole.max()) > 2**53 or int(whole.min()) < -(2**53):  # a double would round it
            return _encode_texts(values.cast(pa.string()))
        return _encode_integers(whole.astype(np.int64), valid, 0) or _encode_floats(np.where(valid, whole, np.nan))
    floats = floats_of(values)
    valid = ~np.isnan(floats)
    if not valid.any():
        return Encoded({"encoding": "null"}, b"")
    scale = _scale(floats[valid])
    if scale is not None:
        whole = np.rint(np.where(valid, floats, 0) * 10.0**scale).astype(np.int64)
        encoded = _encode_integers(whole, valid, scale)
        if encoded is not None and encoded.meta["width"] <= MAX_WIDTH:
            return encoded
    return _encode_floats(floats)


def _scale(values: FloatArray) -> int | None:
    """Fewest decimals with which every value is a whole number over a power of ten, to the last bit."""
    if not np.isfinite(values).all():
        return None
    for scale in range(MAX_SCALE + 1):
        power = 10.0**scale
        for part in (values[:1000], values):  # most columns fail within the first thousand
            if np.abs(part).max() >= 2**53 / power or not np.array_equal(np.rint(part * power) / power, part):
                break
        else:
            return scale
    return None


def _encode_integers(whole: IntArray, valid: npt.NDArray[np.bool_], scale: int) -> Encoded | None:
    low, high = int(whole[valid].min()), int(whole[valid].max())
    if valid.all() and low == high:
        return Encoded({"encoding": "integer", "scale": scale, "min": low, "width": 0}, b"")
    width = width_of(high - low + 1)
    if width > MAX_WIDTH:
        return None
    meta = {"encoding": "integer", "scale": scale, "min": low, "width": width}
    codes = np.where(valid, whole - low + 1, 0)
    steps = _steps(codes)
    step_width = width_of(int(steps.max()))
    middle = slice(len(codes) // 2 - SAMPLE_ROWS // 2, len(codes) // 2 + SAMPLE_ROWS // 2)
    part = middle if len(codes) > SAMPLE_ROWS else slice(None)
    plain, stepped = planes(codes[part], width), planes(steps[part], step_width)
    if step_width <= MAX_WIDTH and len(zlib.compress(stepped, 1)) < 0.97 * len(zlib.compress(plain, 1)):
        return Encoded(meta | {"delta": step_width}, planes(steps, step_width))
    return Encoded(meta, planes(codes, width))


def _steps(codes: IntArray) -> UintArray:
    """Zigzag differences plus one between rows that are not null; 0 where null."""
    valid = codes > 0
    steps = np.zeros(len(codes), dtype=np.uint64)
    steps[valid] = zigzag(np.diff(codes[valid], prepend=0)) + np.uint64(1)
    return steps


def _unsteps(steps: UintArray) -> IntArray:
    valid = steps > 0
    codes = np.zeros(len(steps), dtype=np.int64)
    codes[valid] = np.cumsum(unzigzag(steps[valid] - np.uint64(1)))
    return codes


def _encode_floats(floats: FloatArray) -> Encoded:
    floats = np.where(np.isnan(floats), np.nan, floats)  # one NaN, whatever its payload was
    return Encoded({"encoding": "float64"}, planes(floats.astype("<f8").view("<u8"), 8))


def _encode_texts(values: pa.Array) -> Encoded:
    coded = values.dictionary_encode()
    distinct = coded.dictionary.to_pylist()
    filled = len(values) - values.null_count
    if len(distinct) > max(DICTIONARY_FREE, filled // 2):
        return _encode_serial(values) or _encode_long(values)
    order = sorted(range(len(distinct)), key=distinct.__getitem__)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    at = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    codes = np.where(at >= 0, rank[at], 0)
    width = 0 if len(distinct) == 1 and filled == len(values) else width_of(len(distinct))
    meta, lexicon = _long([distinct[i] for i in order])
    return Encoded(
        {"encoding": "codes", "width": width, "distinct": len(distinct), "lexicon": meta},
        planes(codes, width) + lexicon,
    )


def _long(texts: Sequence[str | None]) -> tuple[dict[str, int], bytes]:
    octets = [b"" if t is None else t.encode("utf-8", "surrogatepass") for t in texts]
    sizes = np.array([0 if t is None else len(o) + 1 for t, o in zip(texts, octets, strict=True)], dtype=np.int64)
    width = width_of(int(sizes.max(initial=0)))
    return {"width": width}, planes(sizes, width) + b"".join(octets)


def _encode_long(values: pa.Array) -> Encoded:
    meta, data = _long(values.to_pylist())
    return Encoded({"encoding": "text"} | meta, data)


def _encode_serial(values: pa.Array) -> Encoded | None:
    first = values.drop_null()[0].as_py()
    found = re.fullmatch(r"(.*?)(\d{1,15})", first, re.DOTALL)
    if found is None:
        return None
    prefix = found[1]
    rests = pc.if_else(pc.starts_with(values, pattern=prefix), pc.utf8_slice_codeunits(values, len(prefix)), "")
    if not pc.all(pc.match_substring_regex(rests, r"^(0|[1-9][0-9]{0,14})$")).as_py():
        sizes = pc.unique(pc.utf8_length(rests.drop_null())).to_pylist()
        if len(sizes) > 1 or not pc.all(pc.match_substring_regex(rests, r"^[0-9]{1,15}$")).as_py():
            return None
        digits = int(sizes[0])
    else:
        digits = 0
    valid = values.is_valid().to_numpy(zero_copy_only=False)
    whole = pc.fill_null(rests, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    encoded = _encode_integers(whole, valid, 0)
    if encoded is None:
        return None
    return Encoded(encoded.meta | {"encoding": "serial", "prefix": prefix, "digits": digits}, encoded.data)


def decode_column(encoded: Encoded, rows: int) -> list[Any]:
    """Return the values of a column as Python objects, None where null: the mirror of what the page does."""
    return _FORMS[encoded.meta["encoding"]](encoded.meta, encoded.data, rows)


def _codes(meta: dict[str, Any], data: bytes, rows: int) -> list[int]:
    if meta.get("delta"):
        steps: list[int] = _unsteps(unplanes(data, rows, meta["delta"])).tolist()
        return steps
    plain: list[int] = unplanes(data, rows, meta["width"]).tolist()
    return plain if meta["width"] else [1] * rows


def _decode_integers(meta: dict[str, Any], data: bytes, rows: int) -> list[float | None]:
    whole = [None if c == 0 else c - 1 + meta["min"] for c in _codes(meta, data, rows)]
    if "steps" in meta:
        return [None if v is None else rung_value(v, meta["steps"]) for v in whole]
    return [None if v is None else v / 10 ** meta["scale"] for v in whole]


def _decode_serial(meta: dict[str, Any], data: bytes, rows: int) -> list[str | None]:
    prefix, digits, low = meta["prefix"], meta["digits"], meta["min"]
    return [None if c == 0 else f"{prefix}{c - 1 + low:0{digits}d}" for c in _codes(meta, data, rows)]


def _decode_codes(meta: dict[str, Any], data: bytes, rows: int) -> list[str | None]:
    lexicon = _decode_long(data[rows * meta["width"] :], meta["distinct"], meta["lexicon"]["width"])
    return [None if c == 0 else lexicon[c - 1] for c in _codes(meta, data, rows)]


def _decode_floats(data: bytes, rows: int) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in unplanes(data, rows, 8).view("<f8")]


def _decode_long(data: bytes, rows: int, width: int) -> list[str | None]:
    sizes = unplanes(data, rows, width).tolist()
    out: list[str | None] = []
    at = rows * width
    for size in sizes:
        out.append(None if size == 0 else data[at : at + size - 1].decode("utf-8", "surrogatepass"))
        at += max(size - 1, 0)
    return out


_FORMS: dict[str, Callable[[dict[str, Any], bytes, int], list[Any]]] = {
    "null": lambda meta, data, rows: [None] * rows,
    "boolean": lambda meta, data, rows: [(None, False, True)[code] for code in data[:rows]],
    "codes": _decode_codes,
    "text": lambda meta, data, rows: _decode_long(data, rows, meta["width"]),
    "serial": _decode_serial,
    "integer": _decode_integers,
    "float64": lambda meta, data, rows: _decode_floats(data, rows),
    "iso": decode_dates,
    "morton": decode_keys,
}
