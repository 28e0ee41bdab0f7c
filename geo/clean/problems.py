"""What the cleaning steps return: places, events, and the problems found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from geo.read.problems import PROBLEM_SCHEMA, REASONS, Problems, problems, reason_words
from geo.read.reading import Guess
from geo.table import FloatArray, ObjectArray

__all__ = ["PROBLEM_SCHEMA", "REASONS", "Events", "Located", "Problems", "problems", "reason_words"]


@dataclass(frozen=True, eq=False)
class Located:
    """Where the rows of a reading lie.

    Parameters
    ----------
    longitude, latitude : (n,) float64
        WGS84 degrees; NaN where a row has no usable place. The problems say why.
    state : (n,) object, optional
        State in which the point lies, such as ``US-TX`` or ``MX-08``; None at sea, abroad and without a place.
    """

    longitude: FloatArray
    latitude: FloatArray
    problems: Problems = field(default_factory=Problems)
    guesses: tuple[Guess, ...] = ()
    state: ObjectArray | None = None

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
