"""Distances to a named site, foretold from the position: the form ``radial`` of columns.

An event has the code of its nearest port and the distance to it. The page has the event's position too; all that is
missing is where the port lies, and that follows from the distances of many events. So one centre is estimated for
each code, and each row is written as the difference, in steps, between its distance and the one foretold: mostly
zero. Nothing depends on how good the estimate is but the number of bytes. Nobody has to declare the column: it is
written so where that is shorter.

The distance is foretold by the radii of curvature of the WGS84 ellipsoid at the middle latitude (Gauss), good to a
step within some hundred kilometres. Python and JavaScript may differ in the last bits of a sine: a centre for which
any row came near enough to the edge of a step for that to matter is moved by a thousandth of a cell.

References
----------
K. Borre, "Ellipsoidal Geometry and Conformal Mapping", 2001, on the mid-latitude formula.
"""

from __future__ import annotations

import numpy as np

from geo.encode.grid import GRID
from geo.encode.planes import Encoded, UintArray, planes, unplanes, unzigzag, width_of, zigzag
from geo.encode.rungs import Steps, rungs
from geo.table import BoolArray, FloatArray, IntArray

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY_2 = 0.0066943799901413165
"""WGS84."""
CENTRE_PARTS = 16
"""Centres are written in sixteenths of a cell, 4 cm."""
NEAREST = 60
"""Rows that a centre is estimated from: those closest to it."""
LEAST_ROWS = 1_000
"""Below, there is nothing to gain."""
EDGE = 1e-8
"""Part of a step within which two ways to compute a sine may fall on different sides."""
FARTHEST_M = 1e6
"""A centre estimated farther away than this is no centre."""


def encode_radial(
    distances: FloatArray, steps: Steps, of: str, codes: IntArray, cells: tuple[UintArray, UintArray]
) -> Encoded | None:
    """Return distances as differences from those foretold, or None where there are too few rows.

    Parameters
    ----------
    distances : (n,) float64, metres, NaN where null
    steps
        Ladder that the distances are carried on.
    of
        Name of the column that `codes` are from.
    codes : (n,) int64, 0 where null
    cells : (n,), (n,)
        Positions on the grid.
    """
    valid = ~np.isnan(distances)
    if valid.sum() < LEAST_ROWS or distances[valid].min() < 0:
        return None
    x, y = (part.astype(np.float64) + 0.5 for part in cells)
    centres = _centres(distances, valid & (codes > 0), codes, x, y)
    foretold = _clear_of_edges(centres, codes, x, y, steps)
    actual = rungs(np.where(valid, distances, 0), steps)
    values = np.where(valid, zigzag(actual - foretold) + np.uint64(1), np.uint64(0))
    width = width_of(int(values.max()))
    units = np.rint(centres * CENTRE_PARTS).astype(np.int64)
    data = planes(units[1:, 0], 4) + planes(units[1:, 1], 4) + planes(values, width)
    meta = {"encoding": "radial", "of": of, "steps": [list(s) for s in steps], "centres": len(centres) - 1}
    return Encoded(meta | {"width": width}, data)


def decode_radial(encoded: Encoded, codes: IntArray, cells: tuple[UintArray, UintArray]) -> list[int | None]:
    """Return the rungs of the ladder, None where null: the mirror of what the page does."""
    meta, data = encoded.meta, encoded.data
    m = meta["centres"]
    centres = np.zeros((m + 1, 2))
    centres[1:, 0] = unplanes(data, m, 4) / CENTRE_PARTS
    centres[1:, 1] = unplanes(data[4 * m :], m, 4) / CENTRE_PARTS
    values = unplanes(data[8 * m :], len(codes), meta["width"])
    x, y = (part.astype(np.float64) + 0.5 for part in cells)
    actual = rungs(foretell(centres, codes, x, y), meta["steps"]) + unzigzag(np.maximum(values, 1) - np.uint64(1))
    return [None if v == 0 else int(r) for v, r in zip(values.tolist(), actual.tolist(), strict=True)]


def foretell(centres: FloatArray, codes: IntArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the distance in metres of each position from the centre of its code; 0 for code 0.

    Parameters
    ----------
    centres : (m + 1, 2), column and row on the grid, by code
    codes : (n,)
    x, y : (n,), column and row on the grid
    """
    at = centres[codes]
    north_of, here = _latitude(at[:, 1]), _latitude(y)
    middle = (here + north_of) / 2
    sine = np.sin(middle)
    w = 1 - ECCENTRICITY_2 * sine * sine
    north = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / (w * np.sqrt(w)) * (here - north_of)
    east = SEMI_MAJOR_M / np.sqrt(w) * np.cos(middle) * ((x - at[:, 0]) * (2 * np.pi / GRID))
    return np.where(codes > 0, np.sqrt(north * north + east * east), 0.0)


def _latitude(y: FloatArray) -> FloatArray:
    return np.arctan(np.sinh(np.pi * (1 - 2 * y / GRID)))


def _clear_of_edges(centres: FloatArray, codes: IntArray, x: FloatArray, y: FloatArray, steps: Steps) -> IntArray:
    """Move centres until no foretold distance lies on the edge between two steps; return the rungs foretold."""
    while True:
        metres = foretell(centres, codes, x, y)
        part = np.searchsorted([low for low, _ in steps], metres, side="right") - 1
        low, step = (np.array([s[k] for s in steps])[part] for k in (0, 1))
        away = np.abs((metres - low) / step % 1 - 0.5)
        bad = np.unique(codes[(away < EDGE) & (codes > 0)])
        if len(bad) == 0:
            return rungs(metres, steps)
        centres[bad, 0] += 1 / CENTRE_PARTS


def _centres(distances: FloatArray, usable: BoolArray, codes: IntArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Estimate where the site of each code lies, in cells of the grid, rounded as they are written.

    Each site is solved for on a plane around its nearest row, with the rows that are nearest to it: first the linear
    problem of the squared distances, then Gauss-Newton steps; all sites at once.
    """
    out = np.zeros((int(codes.max(initial=0)) + 1, 2))
    rows = np.flatnonzero(usable)
    rows = rows[np.lexsort((distances[rows], codes[rows]))]
    starts = np.searchsorted(codes[rows], np.arange(len(out)))
    near = np.arange(len(rows)) - starts[codes[rows]] < NEAREST
    rows, known = rows[near], np.unique(codes[rows])
    of = np.searchsorted(known, codes[rows])
    first = np.searchsorted(of, np.arange(len(known)))
    origin = np.column_stack([x[rows][first], y[rows][first]])

    sine = np.sin(_latitude(origin[:, 1]))
    w = 1 - ECCENTRICITY_2 * sine * sine
    cell = 2 * np.pi / GRID * np.sqrt(1 - sine * sine) * SEMI_MAJOR_M / np.sqrt(w)
    scale = np.column_stack([cell, -cell * (1 - ECCENTRICITY_2) / w])  # metres east and north of one cell
    plane = (np.column_stack([x[rows], y[rows]]) - origin[of]) * scale[of]
    metres = distances[rows]
    weight = 1 / (metres + 50)
    squares = (plane**2).sum(axis=1) - metres**2
    guess = _solved(of, np.column_stack([2 * plane, np.full(len(plane), 1e3)]), squares, weight)[:, :2]
    for _ in range(6):
        off = guess[of] - plane
        reach = np.maximum(np.sqrt((off**2).sum(axis=1)), 1e-3)
        guess = guess - _solved(of, off / reach[:, None], reach - metres, weight)
    lost = ~(np.abs(guess).max(axis=1, initial=0) < FARTHEST_M)
    guess[lost] = np.column_stack([np.zeros(lost.sum()), metres[first][lost]])
    out[known] = np.clip(origin + guess / scale, 0, GRID - 1)
    return np.rint(out * CENTRE_PARTS) / CENTRE_PARTS


def _solved(of: IntArray, design: FloatArray, target: FloatArray, weight: FloatArray) -> FloatArray:
    """Solve weighted least squares, one system for each number in `of`; a trace of damping where there is no answer."""
    design, target = design * weight[:, None], target * weight
    k = design.shape[1]
    normal = np.stack([np.bincount(of, design[:, i] * design[:, j]) for i in range(k) for j in range(k)], axis=1)
    right = np.stack([np.bincount(of, design[:, i] * target) for i in range(k)], axis=1)
    matrix = normal.reshape(-1, k, k)
    damping = 1e-9 * np.trace(matrix, axis1=1, axis2=2) + 1e-30
    solved = np.linalg.solve(matrix + damping[:, None, None] * np.eye(k), right[:, :, None])[:, :, 0]
    return np.asarray(solved, dtype=np.float64)
