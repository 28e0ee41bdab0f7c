"""Columns to bytes and back: the one place where the page's binary columns are made.

A column becomes a small JSON-able description (`Encoded.meta`) and raw bytes (`Encoded.data`). Numbers are
written as *byte planes*: all lowest bytes, then all second bytes, and so on. zlib finds far more to repeat in
planes than in whole numbers. Code 0 is always null, so that a blank never turns into zero.

============ =================================================================================================
``null``     every row is null; no bytes
``codes``    text with repeats: a code a row, and the distinct values, sorted
``text``     text without repeats: lengths plus one, and the UTF-8 bytes
``serial``   text that is one prefix and a whole number, padded to one width or not padded: row identifiers
``integer``  numbers that are whole multiples of 10^-scale; (code - 1 + min) / 10^scale gives back the very float.
             With ``delta`` each row is written as the difference to the last one that is not null
``lookup``   a column that follows from another one, as a name does from its code: see :mod:`geo.encode.lookups`
``float64``  all other numbers, eight planes; null is NaN
``iso``      dates as precise as they are known: year, month, day or second
``boolean``  0 null, 1 false, 2 true
``morton``   positions, sorted: differences of successive Morton keys on a Web-Mercator grid
============ =================================================================================================

Precision of positions: the grid has 2^26 cells along each axis, one pixel of zoom 18. Decoding gives the centre
of a cell, at most `POSITION_ERROR_DEG` (2.7e-6 degree; 0.30 m in Mercator units, less on the ground) from the
original on either axis. That is under half of the fifth decimal: coordinates typed with up to five decimals come
back exactly when shown with five, and the page shows no more than five.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import PageError
from geo.table import FloatArray, IntArray

GRID_BITS = 26
"""2^26 is 256 px x 2^18: one cell is one pixel at zoom 18, and two interleaved halves fit in a double's 53 bits."""
GRID = 1 << GRID_BITS
POSITION_ERROR_DEG = 360 / GRID / 2
MAX_LATITUDE_DEG = 85.05112877980659
"""Where Web-Mercator's square ends."""
ZLIB_LEVEL = 6
"""Level 9 takes three times as long for 0.3 % fewer bytes (measured on a million rows)."""
DICTIONARY_FREE = 256
"""So many distinct texts are always worth a dictionary: their codes take one byte."""
MAX_SCALE = 6
"""Decimals tried before a number is kept as a float."""
SAMPLE_ROWS = 20_000
"""Rows by which plain numbers and differences are compared."""
MAX_WIDTH = 6
"""Planes of the widest integer code: 2^48 leaves room for the arithmetic of a double."""

UintArray = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Encoded:
    """One column or set of shapes: how to read it, and its raw bytes."""

    meta: dict[str, Any]
    data: bytes


def compress(data: bytes) -> bytes:
    """Return `data` as a zlib stream, the format that browsers inflate as ``deflate``."""
    return zlib.compress(data, ZLIB_LEVEL)


def text64(block: bytes) -> str:
    """Return a block as base64, which is inert inside a script element of type text/plain."""
    return base64.b64encode(block).decode("ascii")


# -- planes --------------------------------------------------------------------------------------------------


def width_of(highest: int) -> int:
    """Return how many byte planes numbers from 0 to `highest` need; 0 where all are 0."""
    return (int(highest).bit_length() + 7) // 8


def planes(values: npt.NDArray[Any], width: int) -> bytes:
    """Return non-negative integers as `width` byte planes, lowest bytes first.

    Parameters
    ----------
    values : (n,) integers below 256**width
    width
        Number of planes, 0 to 8.
    """
    if width == 0 or len(values) == 0:
        return b""
    octets = values.astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)
    return np.ascontiguousarray(octets[:, :width].T).tobytes()


def unplanes(data: bytes, rows: int, width: int) -> UintArray:
    """Return the (rows,) integers that `planes` wrote."""
    octets = np.zeros((rows, 8), dtype=np.uint8)
    if width and rows:
        octets[:, :width] = np.frombuffer(data, dtype=np.uint8, count=rows * width).reshape(width, rows).T
    return octets.view("<u8").reshape(rows)


def zigzag(values: IntArray) -> UintArray:
    """Return signed integers as unsigned ones in which small magnitudes stay small."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def unzigzag(values: UintArray) -> IntArray:
    """Undo `zigzag`."""
    signed = values.astype(np.int64)
    return (signed >> 1) ^ -(signed & 1)


# -- columns -------------------------------------------------------------------------------------------------


def encode_column(values: pa.Array | pa.ChunkedArray, kind: str = "text", decimals: int | None = None) -> Encoded:
    """Return a column as bytes, by the shortest of the forms above that gives the values back unchanged.

    Parameters
    ----------
    values : (n,) Arrow array of text, numbers, booleans, dates or timestamps
    kind
        Kind of the field; ``date`` asks for `iso`, which falls back to text where a value is no ISO date.
    decimals
        Numbers are rounded to so many decimals first (-1: to tens); None keeps them as they are.

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
    if decimals is not None and (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        values = pc.round(values, decimals)
    if values.null_count == len(values):
        return Encoded({"encoding": "null"}, b"")
    if pa.types.is_boolean(values.type):
        codes = pc.fill_null(values.cast(pa.uint8()), 255).to_numpy(zero_copy_only=False)
        return Encoded({"encoding": "boolean"}, (codes + np.uint8(1)).astype(np.uint8).tobytes())
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return _encode_numbers(values)
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


def _encode_numbers(values: pa.Array) -> Encoded:
    valid = values.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_integer(values.type):
        whole = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
        if int(whole.max()) > 2**53 or int(whole.min()) < -(2**53):  # a double would round it
            return _encode_texts(values.cast(pa.string()))
        return _encode_integers(whole.astype(np.int64), valid, 0) or _encode_floats(np.where(valid, whole, np.nan))
    floats = np.asarray(pc.fill_null(values.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False))
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


# -- dates ---------------------------------------------------------------------------------------------------

YEAR, MONTH, DAY, SECOND = 1, 2, 3, 4
_LENGTHS = {4: YEAR, 7: MONTH, 10: DAY, 20: SECOND}


def encode_dates(values: pa.Array) -> Encoded | None:
    """Return ISO dates of mixed precision as days, precisions and seconds of the day; None if any is no date.

    Only the exact forms ``2011``, ``2011-03``, ``2011-03-14`` and ``2011-03-14T22:15:00Z`` count.
    """
    coded = values.dictionary_encode()  # few distinct dates, many rows
    texts = coded.dictionary.to_pylist()
    parsed = [_date(text) for text in texts]
    if any(p is None for p in parsed):
        return None
    days_of, precision_of, seconds_of = (np.array([p[k] for p in parsed if p], dtype=np.int64) for k in range(3))
    at = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    valid = at >= 0
    low = int(days_of.min())
    days = np.where(valid, days_of[at] - low + 1, 0)
    day_width = width_of(int(days.max()))
    data = planes(days, day_width)
    meta: dict[str, Any] = {"encoding": "iso", "min": low, "width": day_width}
    if len(set(precision_of.tolist())) == 1:
        meta["precision"] = int(precision_of[0])
    else:
        data += planes(np.where(valid, precision_of[at], 0), 1)
    if (precision_of == SECOND).any():
        meta["seconds"] = True
        data += planes(np.where(valid, seconds_of[at], 0), 3)
    return Encoded(meta, data)


def _date(text: str) -> tuple[int, int, int] | None:
    """(day since 1970 on which the period starts, precision, second of the day) or None."""
    precision = _LENGTHS.get(len(text))
    if precision is None or not text.isascii() or text[:4] < "0001":
        return None
    try:
        moment = np.datetime64(text[:19], "s")
    except ValueError:
        return None
    stamp = str(moment)
    back = {YEAR: stamp[:4], MONTH: stamp[:7], DAY: stamp[:10], SECOND: stamp + "Z"}[precision]
    if back != text:
        return None
    seconds = int(moment.astype(np.int64))
    return seconds // 86400, precision, seconds % 86400


# -- positions -----------------------------------------------------------------------------------------------


def grid_cells(longitude: FloatArray, latitude: FloatArray) -> tuple[UintArray, UintArray]:
    """Return the Web-Mercator grid cells (column from the west, row from the north) of WGS84 positions.

    Raises
    ------
    PageError
        For a position beyond the square of Web-Mercator, which the page cannot draw.
    """
    if len(longitude) and not (
        np.abs(longitude).max() <= 180 and np.abs(latitude).max() <= MAX_LATITUDE_DEG
    ):  # also where NaN
        raise PageError(
            f"a position beyond longitude +-180 or latitude +-{MAX_LATITUDE_DEG:.2f} cannot be drawn; leave the row out"
        )
    x = (longitude + 180.0) / 360.0
    phi = np.radians(latitude)
    y = 0.5 - np.arctanh(np.sin(phi)) / (2 * np.pi)
    cells = [np.clip(np.floor(v * GRID), 0, GRID - 1).astype(np.uint64) for v in (x, y)]
    return cells[0], cells[1]


def cell_centres(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude in degrees of the centres of grid cells."""
    longitude = (x.astype(np.float64) + 0.5) / GRID * 360.0 - 180.0
    latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y.astype(np.float64) + 0.5) / GRID))))
    return longitude, latitude


def morton(x: UintArray, y: UintArray) -> UintArray:
    """Return Morton keys: the bits of column and row interleaved, the row's above the column's.

    In their order a map tile of any zoom is one contiguous run of rows, so that the page needs no spatial index.
    """
    return _spread(x) | (_spread(y) << np.uint64(1))


def unmorton(keys: UintArray) -> tuple[UintArray, UintArray]:
    """Undo `morton`."""
    return _squeeze(keys), _squeeze(keys >> np.uint64(1))


_STEPS = (
    (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)  # fmt: skip


def _spread(values: UintArray) -> UintArray:
    out = values
    for shift, mask in _STEPS:
        out = (out | (out << np.uint64(shift))) & np.uint64(mask)
    return out


def _squeeze(values: UintArray) -> UintArray:
    out = values & np.uint64(0x5555555555555555)
    for (shift, _), mask in zip(
        reversed(_STEPS), [m for _, m in reversed(_STEPS[:-1])] + [0x00000000FFFFFFFF], strict=True
    ):
        out = (out | (out >> np.uint64(shift))) & np.uint64(mask)
    return out


def encode_keys(keys: UintArray) -> Encoded:
    """Return ascending Morton keys as byte planes of their differences.

    Raises
    ------
    ValueError
        Where the keys do not ascend.
    """
    if len(keys) == 0:
        return Encoded({"encoding": "morton", "bits": GRID_BITS, "first": 0, "width": 0}, b"")
    if (keys[1:] < keys[:-1]).any():
        raise ValueError("keys must ascend")
    steps = np.diff(keys, prepend=keys[:1])
    width = width_of(int(steps.max()))
    return Encoded(
        {"encoding": "morton", "bits": GRID_BITS, "first": int(keys[0]), "width": width}, planes(steps, width)
    )


# -- back ----------------------------------------------------------------------------------------------------


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
    return [None if c == 0 else (c - 1 + meta["min"]) / 10 ** meta["scale"] for c in _codes(meta, data, rows)]


def _decode_serial(meta: dict[str, Any], data: bytes, rows: int) -> list[str | None]:
    prefix, digits, low = meta["prefix"], meta["digits"], meta["min"]
    return [None if c == 0 else f"{prefix}{c - 1 + low:0{digits}d}" for c in _codes(meta, data, rows)]


def _decode_codes(meta: dict[str, Any], data: bytes, rows: int) -> list[str | None]:
    lexicon = _decode_long(data[rows * meta["width"] :], meta["distinct"], meta["lexicon"]["width"])
    return [None if c == 0 else lexicon[c - 1] for c in _codes(meta, data, rows)]


def _decode_floats(data: bytes, rows: int) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in unplanes(data, rows, 8).view("<f8")]


def _decode_keys(meta: dict[str, Any], data: bytes, rows: int) -> list[int]:
    keys: list[int] = (np.cumsum(unplanes(data, rows, meta["width"])) + np.uint64(meta["first"])).tolist()
    return keys


def _decode_long(data: bytes, rows: int, width: int) -> list[str | None]:
    sizes = unplanes(data, rows, width).tolist()
    out: list[str | None] = []
    at = rows * width
    for size in sizes:
        out.append(None if size == 0 else data[at : at + size - 1].decode("utf-8", "surrogatepass"))
        at += max(size - 1, 0)
    return out


def _decode_dates(meta: dict[str, Any], data: bytes, rows: int) -> list[str | None]:
    width = meta["width"]
    days = unplanes(data, rows, width).tolist()
    at = rows * width
    if "precision" in meta:
        precisions = [meta["precision"]] * rows
    else:
        precisions = list(data[at : at + rows])
        at += rows
    seconds = unplanes(data[at:], rows, 3).tolist() if meta.get("seconds") else [0] * rows
    out: list[str | None] = []
    for day, precision, second in zip(days, precisions, seconds, strict=True):
        if day == 0:
            out.append(None)
            continue
        stamp = str(np.datetime64((day - 1 + meta["min"]) * 86400 + second, "s"))
        out.append({YEAR: stamp[:4], MONTH: stamp[:7], DAY: stamp[:10], SECOND: stamp + "Z"}[precision])
    return out


_FORMS: dict[str, Callable[[dict[str, Any], bytes, int], list[Any]]] = {
    "null": lambda meta, data, rows: [None] * rows,
    "boolean": lambda meta, data, rows: [(None, False, True)[code] for code in data[:rows]],
    "codes": _decode_codes,
    "text": lambda meta, data, rows: _decode_long(data, rows, meta["width"]),
    "serial": _decode_serial,
    "integer": _decode_integers,
    "float64": lambda meta, data, rows: _decode_floats(data, rows),
    "iso": _decode_dates,
    "morton": _decode_keys,
}
