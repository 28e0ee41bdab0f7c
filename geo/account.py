"""What became of every row: the account that the command line prints, the page shows and the manifest keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.layer import SourceNote
from geo.read.problems import Action
from geo.version import version

if TYPE_CHECKING:
    from geo.clean.problems import Problems
    from geo.gather import Gathered
    from geo.privacy.release import Released
    from geo.table import FloatArray

EXAMPLES = 5
"""Rows named for each reason; all of them are in the file of rejects."""


@dataclass(frozen=True, eq=False)
class Account:
    """Rows read, placed, drawn and dropped.

    Parameters
    ----------
    read
        Rows of the input, or of the embedded table.
    placed
        Rows with a usable place.
    events
        Events with a place: what is drawn. Several commodities of one event are one.
    dropped
        Reason code to rows not drawn.
    excluded
        Rows left out by ``--where``.
    guesses
        (file, guess) pairs.
    named
        Rows among the placed that have no coordinates and lie where their place does.
    """

    read: int
    placed: int
    problems: Problems
    events: int = 0
    excluded: int = 0
    added: tuple[str, ...] = ()
    guesses: tuple[tuple[str, Any], ...] = field(default=())
    named: int = 0

    @property
    def dropped(self) -> Mapping[str, int]:
        """Rows not drawn, by reason code."""
        return self.problems.by_reason("dropped")

    @property
    def without_place(self) -> int:
        """Rows that have no usable place, for whatever reason."""
        return self.read - self.placed

    @property
    def counts(self) -> dict[str, Any]:
        """Counts for the page and the manifest: reasons in words, both languages beside them in the index."""
        return {
            "read": self.read,
            "drawn": self.events,
            "rows_drawn": self.placed,
            "without_place": self.without_place,
            "placed_by_name": self.named,
            "excluded": self.excluded,
            "dropped": self.problems.counts("dropped"),
            "dropped_es": self.problems.counts("dropped", "es"),
        }

    def sentences(self, target: str, what: str, without: str) -> list[str]:
        """Return what to tell the user, line by line: what was done, then what was not and why.

        Parameters
        ----------
        target
            Where the output went.
        what
            What was written: ``383 events drawn from 625 rows,``.
        without
            What the rows without a usable place are: ``left off the map``.
        """
        lines = [f"{what} written to {target}"]
        if self.excluded:
            lines.append(f"{self.excluded:,} rows left out by --where")
        if self.without_place:
            lines.append(f"{self.without_place:,} of {self.read:,} rows {without}:")
            lines += [f"  {n:,} {reason}" for reason, n in self.problems.counts("dropped").items()]
            lines += [f"  {message}" for message in self.problems.messages(EXAMPLES, "dropped")]
        return lines + doubts(self.problems)

    def summary(self, target: str) -> dict[str, Any]:
        """Return the same for machines."""
        return {
            "output": target,
            "rows_read": self.read,
            "rows_placed": self.placed,
            "events_drawn": self.events,
            "without_place": self.without_place,
            "placed_by_name": self.named,
            "excluded_by_where": self.excluded,
            "dropped": dict(self.dropped),
            "changed": self.problems.by_reason("changed"),
            "flagged": self.problems.by_reason("flagged"),
            "columns_added": list(self.added),
            "guesses": [{"file": file, **asdict(guess)} for file, guess in self.guesses],
        }


def doubts(problems: Problems) -> list[str]:
    """Return what to tell the user of rows that were kept but changed or doubted, with an example of each reason."""
    lines = []
    doubtful: tuple[tuple[Action, str], ...] = (
        ("changed", "read otherwise than written"),
        ("flagged", "kept, but look at them"),
    )
    for action, words in doubtful:
        counts = problems.counts(action)
        if counts:
            lines.append(f"{words}: " + "; ".join(f"{n:,} {reason}" for reason, n in counts.items()))
            lines += [f"  {message}" for message in problems.messages(1, action)]
    return lines


def period_of(events: pa.Table) -> tuple[str, str] | None:
    """Return the first and the last date of the events that have a place, as precise as each is known."""
    placed = pc.and_(pc.is_valid(events["longitude"]), pc.is_valid(events["start"]))
    first = events["start"].filter(placed)
    last = pc.coalesce(events["end"], events["start"]).filter(placed)
    if not len(first):
        return None
    return pc.min(first).as_py(), pc.max(last).as_py()


def source_notes(points: Gathered) -> tuple[SourceNote, ...]:
    """Return where the points of a run come from: the user's files, one note each; none where they are embedded."""
    notes, at = [], 0
    for file in points.files:
        dates = period_of(points.events.slice(at, file.rows))
        precision_m = points.precision_m[at : at + file.rows]
        at += file.rows
        notes.append(
            SourceNote(
                name=f"{file.name} ({file.title})" if file.title else file.name,
                licence="as supplied",
                period=" – ".join(dict.fromkeys(dates)) if dates else "no dates",
                precision=_range_m(precision_m[np.isfinite(precision_m)]),
                rows=file.rows,
            )
        )
    return tuple(notes)


def _range_m(precision_m: FloatArray) -> str:
    if not len(precision_m):
        return "not stated"
    return " – ".join(dict.fromkeys(f"{x:,.0f}" for x in (precision_m.min(), precision_m.max()))) + " m"


def manifest(
    points: Gathered,
    parameters: Mapping[str, Any],
    released: Sequence[Released],
    account: Account,
    handling: str,
) -> dict[str, Any]:
    """Return what the page says of its own making; see the interface.

    Parameters
    ----------
    points
        The inputs.
    parameters
        Every choice made, by its name on the command line.
    released
        The layers drawn.
    """
    counts = {k: v for k, v in account.counts.items() if k != "dropped_es"}
    return {
        "version": version(),
        "parameters": {**parameters, "layers": {r.name: dict(r.parameters) for r in released if r.parameters}},
        "layers": [_layer(r) for r in released],
        "counts": counts,
        "handling": handling,
        "recipe": {
            "inputs": [file.told() for file in points.files] or "embedded",
            # Without their reasons: those quote values, also of columns and rows that are not in the page.
            "guesses": [{"file": file, "what": guess.what, "value": guess.value} for file, guess in points.guesses],
            "parameters": dict(parameters),
        },
    }


def _layer(released: Released) -> dict[str, Any]:
    """Return the entry of a layer: its sources joined where there are several."""
    sources = released.sources

    def told(part: str) -> str:
        return "; ".join(dict.fromkeys(getattr(source, part) for source in sources if getattr(source, part)))

    return {
        "name": released.name,
        "title": dict(released.title),
        "source": told("name"),
        "period": told("period"),
        "licence": told("licence"),
        "precision": told("precision"),
        "rows": len(released),
        "dropped": dict(released.dropped),
    }
