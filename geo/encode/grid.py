"""Positions on the grid of the page: Web-Mercator, sorted along the Morton curve.

The grid has 2^26 cells along each axis, one pixel of zoom 18. Decoding gives the centre of a cell, at most
`POSITION_ERROR_DEG` (2.7e-6 degree; 0.30 m in Mercator units, less on the ground) from the original on either axis.
That is under half of the fifth decimal: coordinates typed with up to five decimals come back exactly when shown with
five, and the page shows no more than five.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.encode.planes import Encoded, UintArray, planes, unplanes, width_of
from geo.errors import PageError
from geo.table import FloatArray

GRID_BITS = 26
"""2^26 is 256 px x 2^18: one cell is one pixel at zoom 18, and two interleaved halves fit in a double's 53 bits."""
GRID = 1 << GRID_BITS
POSITION_ERROR_DEG = 360 / GRID / 2
MAX_LATITUDE_DEG = 85.05112877980659
"""Where Web-Mercator's square ends."""


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
        return Encoded({"encoding": "morton", "bits": GRID_BITS, "start": 0, "width": 0}, b"")
    if (keys[1:] < keys[:-1]).any():
        raise ValueError("keys must ascend")
    steps = np.diff(keys, prepend=keys[:1])
    width = width_of(int(steps.max()))
    return Encoded(
        {"encoding": "morton", "bits": GRID_BITS, "start": int(keys[0]), "width": width}, planes(steps, width)
    )


def decode_keys(meta: dict[str, Any], data: bytes, rows: int) -> list[int]:
    """Return the Morton keys that `encode_keys` wrote."""
    keys: list[int] = (np.cumsum(unplanes(data, rows, meta["width"])) + np.uint64(meta["start"])).tolist()
    return keys
