"""Which sites or pieces of line can be nearest to which points: an exact short list for each point.

Points are put in an order that keeps neighbours together and gathered into boxes of 8, boxes of 8 boxes and so
on. From the largest boxes down, each box hands its short list on to its parts, which strike out whatever cannot be
nearest for any of their points. Long lines are gathered, too, into chords over 4, 16, 64 ... of their pieces, which
stand for all of them as long as boxes are large. So lists stay short, and the work is the same handful of numpy calls
for a thousand points or a million, for 29 ports or a border of 40,000 vertices. (A KD-tree over the ports or over
densified lines does the same job at about the same speed, but its nearest vertex need not lie on the nearest edge,
and importing scipy takes longer than a map of 1,000 points needs for all its joins.)

What may be struck out follows from the triangle inequality and from the bound between chord and arc in
:mod:`geo.geodesy`: with a box of radius r about C, and D the straight distance from C to the nearest target, no
point of the box is farther than D + r from it. A target farther from C than r more than the longest chord whose
arc could rival that is the nearest of none. The last lists therefore hold every target that can be the
geodesically nearest, whatever the order or number of the points.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from geo.geodesy import longest_rival_chord
from geo.table import FloatArray, IntArray

TIE_M = 1e-3
"""Distances that differ by less are one distance; of several such targets the first in file order is taken."""

_FAN = 8
"""Points in a box, and boxes in the next larger box."""
_CHUNK = 1 << 15
"""Points worked on at a time: keeps the arrays in the caches and the memory bounded."""
_PAIRS = 1 << 17
"""Pairs of box and target measured at a time, likewise."""
_RUN = 4
"""Pieces gathered into one coarser target."""
_SHORT = 10
"""Lists no longer than this on average take up finer targets."""


@dataclass(frozen=True, eq=False)
class Targets:
    """Straight segments in space; a site is one of no length.

    Parameters
    ----------
    start, chord : (3, m) float64
        Earth-centred start and the vector from it to the end, metres.
    stray_m : (m,) float64
        How far the curve that the segment stands for strays from it. The curve is unbroken and has the same
        ends; so no place on the segment is farther from the curve than that, either.
    finer : Targets, optional
        The targets that these stand for.
    first : (m + 1,) int64, optional
        Those of target i are ``first[i]`` to ``first[i + 1]`` of `finer`.
    """

    start: FloatArray
    chord: FloatArray
    stray_m: FloatArray
    finer: Targets | None = None
    first: IntArray | None = None

    def __len__(self) -> int:
        return int(self.start.shape[1])

    def distance_m(self, points: FloatArray, target: IntArray) -> FloatArray:
        """Return the straight distance from each point (3, p) to its target (p,)."""
        away = points - np.take(self.start, target, axis=1)
        if self._extended:
            chord = np.take(self.chord, target, axis=1)
            at = dot(away, chord) / np.take(self._square, target)
            away -= np.clip(at, 0.0, 1.0) * chord
        return np.sqrt(dot(away, away))

    @cached_property
    def _square(self) -> FloatArray:
        return np.maximum(dot(self.chord, self.chord), 1e-12)

    @cached_property
    def _extended(self) -> bool:
        return bool(self.chord.any())


def gathered(targets: Targets, run: IntArray) -> Targets:
    """Return coarser targets for pieces of unbroken curves: chords over 4 pieces, over 4 of those, and so on.

    Parameters
    ----------
    targets : Targets
        Pieces; those of one curve follow each other end to end.
    run : (m,) int64
        Number of the curve that each belongs to, ascending.
    """
    while len(targets) > 64:
        number = np.arange(len(targets)) - np.searchsorted(run, run)
        heads = np.flatnonzero(number % _RUN == 0)
        if len(heads) * 2 > len(targets):
            break
        first = np.append(heads, len(targets))
        start = targets.start[:, heads]
        end = (targets.start + targets.chord)[:, first[1:] - 1]
        coarse = Targets(start, end - start, np.zeros(len(heads)), targets, first)
        group = np.repeat(np.arange(len(heads)), np.diff(first))
        # Along a piece nothing is farther from the chord than its ends; both are starts of pieces, or on the chord.
        off = coarse.distance_m(targets.start, group)
        coarse.stray_m[:] = np.maximum.reduceat(off, heads) + np.maximum.reduceat(targets.stray_m, heads)
        targets, run = coarse, run[heads]
    return targets


@dataclass(frozen=True, eq=False)
class ShortLists:
    """Targets that can be nearest: those of row i are ``target[first[i]:first[i + 1]]``, in file order."""

    first: IntArray
    target: IntArray
    distance_m: FloatArray
    """Straight distance from the point to the target, within the target's stray."""

    @property
    def row(self) -> IntArray:
        """The row of each pair."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def rivals(self, count: int) -> ShortLists:
        """Return the lists without what is on them only for `reach_m`; for targets that do not stray."""
        row = self.row
        limit = longest_rival_chord(_smallest(self.distance_m, self.first[:-1], row, count)) + TIE_M
        keep = self.distance_m <= limit[row]
        sizes = np.add.reduceat(keep, self.first[:-1], dtype=np.int64)
        return ShortLists(np.concatenate([[0], np.cumsum(sizes)]), self.target[keep], self.distance_m[keep])


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return scalar products down the first axis, added in a fixed order."""
    total: FloatArray = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return total


def spatial_order(lon: FloatArray, lat: FloatArray) -> IntArray:
    """Return an order of the points in which neighbours stand close together (Morton curve)."""
    if len(lon) == 0:
        return np.zeros(0, dtype=np.int64)
    west, south = lon.min(), lat.min()
    span = max(lon.max() - west, lat.max() - south, 1e-9)
    key = _spread((lon - west) / span) | (_spread((lat - south) / span) << np.uint64(1))
    return np.argsort(key.astype(np.uint32), kind="stable")


def _spread(unit: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return 16-bit integers of values in 0..1 with a zero bit put before each of their bits."""
    bits = np.minimum(unit * 65536.0, 65535.0).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def chunks(lon: FloatArray, lat: FloatArray, size: int = _CHUNK) -> list[IntArray]:
    """Return the rows of usable points, `size` neighbours at a time.

    Rows without a usable place (NaN, or a latitude beyond the poles) are left out.
    """
    with np.errstate(invalid="ignore"):
        usable = np.flatnonzero(np.isfinite(lon) & (np.abs(lat) <= 90.0))
    rows = usable[spatial_order(lon[usable], lat[usable])]
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def in_chunks(lon: FloatArray, lat: FloatArray, work: Callable[[IntArray], None]) -> None:
    """Call `work` with the rows of usable points, a chunk of neighbours at a time, on all processors.

    Each call may write its own rows into shared arrays; numpy and pyproj let go of the interpreter while they
    compute, so threads help.
    """
    parts = chunks(lon, lat)
    if len(parts) < 2:
        for part in parts:
            work(part)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        list(pool.map(work, parts))


def short_lists(
    points: FloatArray, targets: Targets, *, count: int = 1, reach_m: FloatArray | None = None
) -> ShortLists:
    """List for each point the targets that can be among its `count` geodesically nearest.

    Parameters
    ----------
    points : (3, n) float64
        Earth-centred, neighbours close together (:func:`spatial_order`).
    targets : Targets
        At least one.
    count : {1, 2}
        Nearest only, or nearest and runner-up.
    reach_m : (n,) float64, optional
        Also list targets up to this much farther away.
    """
    reach = np.zeros(points.shape[1]) if reach_m is None else reach_m
    levels = _boxes(points, reach)
    boxes = levels[-1][0].shape[1]
    lists = ShortLists(
        first=np.arange(boxes + 1) * len(targets),
        target=np.tile(np.arange(len(targets)), boxes),
        distance_m=np.zeros(0),
    )
    for centre, radius, reach in reversed(levels):
        ball = _Balls(centre, radius, reach)
        lists = _narrow(ball, _of_parents(lists, boxes=len(ball)), targets, count)
        last = centre is points
        while targets.finer is not None and (last or len(lists.target) <= _SHORT * len(ball)):
            lists = _narrow(ball, _of_coarser(lists, targets), targets.finer, count)
            targets = targets.finer
    return lists


def _boxes(points: FloatArray, reach: FloatArray) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
    """Return centre, radius and largest reach: of the points, of boxes of them, ... up to few boxes."""
    low = high = points
    levels = [(points, np.zeros(points.shape[1]), reach)]
    while low.shape[1] > _FAN:
        low, high = _gather(low, np.minimum), _gather(high, np.maximum)
        reach = _gather(reach[None], np.maximum)[0]
        half = (high - low) / 2
        levels.append((low + half, np.sqrt(dot(half, half)), reach))
    return levels


def _gather(values: FloatArray, how: np.ufunc) -> FloatArray:
    """Return the least or greatest of every 8 columns."""
    missing = -values.shape[1] % _FAN
    if missing:
        values = np.concatenate([values, np.repeat(values[:, -1:], missing, axis=1)], axis=1)
    return np.asarray(how.reduce(values.reshape(len(values), -1, _FAN), axis=2))


@dataclass(frozen=True, eq=False)
class _Balls:
    """Balls about the boxes of one size; points, at the end."""

    centre: FloatArray
    radius: FloatArray
    reach: FloatArray

    def __len__(self) -> int:
        return len(self.radius)


_Pairs: TypeAlias = Iterator[tuple[slice, IntArray, IntArray]]
"""Runs of rows; for each, the sizes of their lists and the targets on them."""


def _of_parents(lists: ShortLists, boxes: int) -> _Pairs:
    """Give each box the list of the box that holds it."""
    held = len(lists.first) - 1
    parent = np.arange(boxes) // (1 if boxes == held else _FAN)
    long = np.diff(lists.first)[parent]
    for rows in _runs(long):
        size = long[rows]
        shift = lists.first[parent[rows]] - (np.cumsum(size) - size)
        yield rows, size, lists.target[np.arange(size.sum()) + np.repeat(shift, size)]


def _of_coarser(lists: ShortLists, targets: Targets) -> _Pairs:
    """Put in the place of each target those that it stands for."""
    assert targets.first is not None
    parts = np.diff(targets.first)[lists.target]
    long = np.add.reduceat(parts, lists.first[:-1])
    for rows in _runs(long):
        pairs = slice(lists.first[rows.start], lists.first[rows.stop])
        part = parts[pairs]
        shift = targets.first[lists.target[pairs]] - (np.cumsum(part) - part)
        yield rows, long[rows], np.arange(part.sum()) + np.repeat(shift, part)


def _narrow(balls: _Balls, pairs: _Pairs, targets: Targets, count: int) -> ShortLists:
    """Strike out of the lists what cannot be nearest for any point of the ball."""
    kept: list[tuple[IntArray, IntArray, FloatArray]] = []
    for rows, size, target in pairs:
        first = np.cumsum(size) - size
        row = np.repeat(np.arange(len(size)), size)
        distance = targets.distance_m(np.take(balls.centre[:, rows], row, axis=1), target)
        stray = targets.stray_m[target]
        radius = balls.radius[rows]
        worst = _smallest(distance + stray, first, row, count) + radius
        limit = longest_rival_chord(worst) + radius + balls.reach[rows] + TIE_M
        keep = distance - stray <= limit[row]
        kept.append((np.add.reduceat(keep, first, dtype=np.int64), target[keep], distance[keep]))
    sizes = np.concatenate([k[0] for k in kept])
    return ShortLists(
        first=np.concatenate([[0], np.cumsum(sizes)]),
        target=np.concatenate([k[1] for k in kept]),
        distance_m=np.concatenate([k[2] for k in kept]),
    )


def _runs(sizes: IntArray) -> Iterator[slice]:
    """Cut rows into runs whose sizes add up to about `_PAIRS` or less."""
    total = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        done = total[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(total, done + _PAIRS, side="right")))
        yield slice(start, stop)
        start = stop


def _smallest(values: FloatArray, first: IntArray, row: IntArray, count: int) -> FloatArray:
    """Return the smallest value of each list, or the second smallest (infinite where there is only one)."""
    least = np.minimum.reduceat(values, first)
    if count == 1:
        return least
    is_least = values == least[row]
    others = np.minimum.reduceat(np.where(is_least, np.inf, values), first)
    return np.where(np.add.reduceat(is_least, first, dtype=np.int64) > 1, least, others)


def first_smallest(values: FloatArray, first: IntArray, row: IntArray) -> IntArray:
    """Return for each list the position of its smallest value; the first of those that tie within `TIE_M`."""
    least = np.minimum.reduceat(values, first)
    position = np.where(values <= least[row] + TIE_M, np.arange(len(values)), len(values))
    return np.minimum.reduceat(position, first)
