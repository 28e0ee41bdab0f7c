"""A place of a gazetteer: what it is, where it is, and how far around that point it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "port", "crossing", "municipality", "city", "county", "state", "sector", "field_office", "office", "country"
]
MANY_PEOPLE = 50_000
"""Population from which a place is named without its state."""


@dataclass(frozen=True)
class Place:
    """One entry of a gazetteer.

    Parameters
    ----------
    code, kind, country
        What identifies it. Codes: port Schedule D, municipality INEGI, county FIPS, state USPS or INEGI digits,
        crossing id, city GeoNames id, sector and office their name.
    state
        USPS letters or two INEGI digits; None where it has none or it is not known.
    name
        For messages.
    longitude, latitude
        WGS84 degrees of the point that stands for it; None where none is known.
    precision_m
        Radius around the point within which a thing of this place lies; None where unknown.
    prominent
        Whether its name is used without a state: it is on the border or large.
    same
        Mark shared by entries that are the same place in several tables.
    within
        Mark of the place that this one is a part of: where a name means both, it means the whole.
    """

    code: str
    kind: Kind
    country: str
    state: str | None
    name: str
    longitude: float | None = None
    latitude: float | None = None
    precision_m: float | None = None
    prominent: bool = True
    same: str = ""
    within: str = ""

    @property
    def mark(self) -> str:
        """What is one place, in however many tables."""
        return self.same or f"{self.country} {self.kind} {self.code}"

    def __str__(self) -> str:
        where = self.country if self.state is None else f"{self.country}-{self.state}"
        return f"{self.name} ({self.kind.replace('_', ' ')} {self.code}, {where})"
