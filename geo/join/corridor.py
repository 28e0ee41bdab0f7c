"""Nearest corridor on the ellipsoid: which, how far, where along it, on which side, and how surely.

How the foot is found, what chainage and side mean at vertices and beyond the ends, is told in
:mod:`geo.join.lines`. Corridors that share a road are equally near; the first in file order is taken.

**How surely.** A location known to within p metres may lie p metres nearer to any other corridor and p farther from
its own. A corridor that is drawn with an accuracy of a metres (``positional_accuracy_km``; one without counts as
exact) may truly run a metres farther away, or nearer. So another corridor j could be the nearest one unless ::

    (d_j - a_j) - (d + a)  >  2 p

and `corridor_certain` is true where this holds for every other corridor. It is careful rather than sharp: the worst
of both errors seldom happens at once. Two corridors on one road are never certain.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo import geodesy
from geo.join.identity import identity, names
from geo.join.lines import Pieces, cut, nearest_on_lines
from geo.join.search import in_chunks, short_lists
from geo.table import Features, FloatArray, IntArray, numbers

ACCURACY = "positional_accuracy_km"
_SIDES = pa.array(["right", None, "left"])


def nearest_corridor(
    lon: FloatArray, lat: FloatArray, corridors: Features, precision_m: FloatArray | None = None
) -> dict[str, pa.Array]:
    """Join each point to its nearest corridor.

    Parameters
    ----------
    lon, lat : (n,) float64
        Points, WGS84 degrees; NaN where there is none.
    corridors : Features
        LineStrings or MultiLineStrings with geodesic edges, an identity and a name (see :mod:`geo.join.identity`),
        and perhaps ``positional_accuracy_km``.
    precision_m : (n,) float64, optional
        Radius within which each location is known; NaN where unknown.

    Returns
    -------
    dict of n-row arrays
        ``corridor_id, corridor_name, corridor_distance_m, corridor_chainage_m`` (from the first vertex),
        ``corridor_side`` (left or right of the digitised direction, null on the line), ``corridor_foot_lon,
        corridor_foot_lat, corridor_certain`` (null where the precision is unknown).
    """
    pieces = cut(corridors.geometry)
    feet = nearest_on_lines(lon, lat, pieces)
    none = feet.line < 0
    index = pa.array(feet.line, mask=none)
    known = np.zeros(len(lon), dtype=bool) if precision_m is None else (precision_m >= 0) & ~none
    certain = np.zeros(len(lon), dtype=bool)
    if precision_m is not None and known.any():
        rows = np.flatnonzero(known)
        accuracy = _accuracy_m(corridors)
        rival = _rivals_m(lon[rows], lat[rows], pieces, feet.line[rows], accuracy)
        own = feet.distance_m[rows] + accuracy[feet.line[rows]]
        certain[rows] = rival - own > 2 * precision_m[rows]
    return {
        "corridor_id": identity(corridors.table, "corridor").take(index),
        "corridor_name": names(corridors.table, "corridor").take(index),
        "corridor_distance_m": pa.array(feet.distance_m, from_pandas=True),
        "corridor_chainage_m": pa.array(feet.chainage_m, from_pandas=True),
        "corridor_side": _SIDES.take(pa.array(feet.side + 1, mask=none)),
        "corridor_foot_lon": pa.array(feet.lon, from_pandas=True),
        "corridor_foot_lat": pa.array(feet.lat, from_pandas=True),
        "corridor_certain": pa.array(certain, mask=~known),
    }


def _accuracy_m(corridors: Features) -> FloatArray:
    if ACCURACY not in corridors.table.column_names:
        return np.zeros(len(corridors))
    return np.nan_to_num(np.maximum(numbers(corridors.table, ACCURACY), 0.0)) * 1000.0


def _rivals_m(lon: FloatArray, lat: FloatArray, pieces: Pieces, line: IntArray, accuracy_m: FloatArray) -> FloatArray:
    """Return the least of distance less accuracy over the lines that are not the point's own.

    A lower bound by the few metres for which a piece may stray from its chord. Infinite where there is no other.
    """
    rival = np.full(len(lon), np.inf)
    spread = float(np.ptp(accuracy_m))
    others = {own: pieces.take(pieces.line != own) for own in np.unique(line)}
    targets = {own: rest.targets() for own, rest in others.items() if len(rest)}

    def work(rows: IntArray) -> None:
        for own in np.unique(line[rows]):
            if own not in targets:
                continue
            mine = rows[line[rows] == own]
            # A line drawn worse than another may be the nearer one though it is drawn farther away.
            lists = short_lists(geodesy.ecef(lon[mine], lat[mine]), targets[own], reach_m=np.full(len(mine), spread))
            rest = others[own]
            chord = np.maximum(lists.distance_m - geodesy.sagitta_m(rest.length_m[lists.target]), 0.0)
            margin = geodesy.shortest_arc_m(chord) - accuracy_m[rest.line[lists.target]]
            rival[mine] = np.minimum.reduceat(margin, lists.first[:-1])

    in_chunks(lon, lat, work)
    return rival
