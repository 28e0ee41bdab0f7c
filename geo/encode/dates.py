"""Dates as precise as they are known, as numbers: the form ``iso`` of columns.

A year, a month, a day and a second are told apart. Each is the day on which it starts; the precision stands beside
it where the column has more than one, and the second of the day where there are times at all. A day never becomes
midnight.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.encode.planes import Encoded, planes, unplanes, width_of

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


# -- back ----------------------------------------------------------------------------------------------------


def decode_dates(meta: dict[str, Any], data: bytes, rows: int) -> list[str | None]:
    """Return the ISO text of each row, None where null."""
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
