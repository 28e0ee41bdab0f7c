"""What the cleaning steps return: places, events, and the problems found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from geo.read.problems import PROBLEM_SCHEMA, REASONS, Problems, problems, reason_words
from geo.read.reading import Guess
from geo.table import FloatArray, IntArray, ObjectArray

__all__ = ["PROBLEM_SCHEMA", "REASONS", "Events", "Located", "Named", "Problems", "problems", "reason_words"]


@dataclass(frozen=True, eq=False)
class Named:
    """Rows that have no coordinates and lie where their place does.

    Parameters
    ----------
    rows : (k,) int
        Which rows of the reading.
    precision_m : (k,) float64
        Radius of the place around its point.
    basis : (k,) object
        What the point is of: ``crossing``, ``port``, ``city``, ``municipality``, ``county``.
    side : (k,) object
        Country of the place; None for a crossing, which is of both.
    code : (k,) object
        Code of the place, within its country and kind.
    """

    rows: IntArray
    precision_m: FloatArray
    basis: ObjectArray
    side: ObjectArray
    code: ObjectArray


@dataclass(frozen=True, eq=False)
class Located:
    """Where the rows of a reading lie.

    Parameters
    ----------
    longitude, latitude : (n,) float64
        WGS84 degrees; NaN where a row has no usable place. The problems say why.
    state : (n,) object, optional
        State in which the point lies, such as ``US-TX`` or ``MX-08``; None at sea, abroad and without a place.
    named
        Rows placed by name; their points stand for the whole place.
    """

    longitude: FloatArray
    latitude: FloatArray
    problems: Problems = field(default_factory=Problems)
    guesses: tuple[Guess, ...] = ()
    state: ObjectArray | None = None
    named: Named | None = None

    def __len__(self) -> int:
        return len(self.longitude)


@dataclass(frozen=True, eq=False)
class Events:
    """Standard events.

    Parameters
    ----------
    table
        `geo.schema.EVENT_COLUMNS`, then the input's own columns. Every row read is here; one whose longitude
        is null has no place on the map, and `problems` says why.
    """

    table: pa.Table
    problems: Problems = field(default_factory=Problems)
    guesses: tuple[Guess, ...] = ()
