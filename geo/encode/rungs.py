"""Ladders: numbers carried in steps that grow with them, as distances are read.

A ladder is a list of (from, step) pairs, ascending from 0: ((0, 10), (1000, 100)) has a rung every 10 up to 1000,
then every 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from geo.table import FloatArray, IntArray

Steps: TypeAlias = Sequence[tuple[float, float]]


def rungs(values: FloatArray, steps: Steps) -> IntArray:
    """Return the rung of a ladder that is nearest to each value.

    Parameters
    ----------
    values : (n,) float64, none negative
    steps
        ((0, 10), (1000, 100)): a rung every 10 up to 1000, then every 100.
    """
    out = np.zeros(len(values), dtype=np.int64)
    for low, step, base in _ladder(steps):
        above = values >= low
        out[above] = base + np.rint((values[above] - low) / step).astype(np.int64)
    return out


def rung_value(rung: int, steps: Steps) -> float:
    """Return the value at a rung, by the arithmetic that the page uses."""
    low, step, base = [part for part in _ladder(steps) if part[2] <= rung][-1]
    return low + ((rung - base) * step if step >= 1 else (rung - base) / round(1 / step))


def _ladder(steps: Steps) -> list[tuple[float, float, int]]:
    """(from, step, number of the first rung) of each part of a ladder."""
    parts = [(steps[0][0], steps[0][1], 0)]
    for low, step in steps[1:]:
        before, width, base = parts[-1]
        parts.append((low, step, base + round((low - before) / width)))
    return parts
