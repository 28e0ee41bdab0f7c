"""The handling mark: the line that says who may hold a page or a file, printed at its top and bottom.

A mark is the words of whoever owns the data; contraflow orders no marks by rank. Where the inputs carry marks of
their own and none is given, the output carries them all; one that is given replaces them, and the log says so.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable

from geo.errors import UsageError

logger = logging.getLogger(__name__)

MAX_LENGTH = 120
"""Characters that fit on one line of the narrowest page in print."""


def handling_mark(text: str | None) -> str:
    """Return a handling mark as it is to be printed; empty where there is none.

    White space at the ends goes, runs of blanks become one. Nothing else changes.

    Parameters
    ----------
    text
        The words of the mark.

    Raises
    ------
    UsageError
        If it has more than one line, is longer than `MAX_LENGTH`, or holds characters that are not seen or that
        turn the direction of the text: a mark must read as it was given.
    """
    mark = (text or "").strip()
    if len(mark.splitlines()) > 1:
        raise UsageError("the handling mark has more than one line; give it as one")
    hidden = next((c for c in mark if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c != "\t"), None)
    if hidden is not None:
        raise UsageError(f"the handling mark holds the invisible character U+{ord(hidden):04X}; take it out")
    mark = " ".join(mark.split())
    if len(mark) > MAX_LENGTH:
        raise UsageError(f"the handling mark has {len(mark)} characters; at most {MAX_LENGTH} fit on the page")
    return mark


def mark_of_inputs(given: str | None, found: Iterable[str | None]) -> str:
    """Return the mark of an output: the one given, else every mark that its inputs carry.

    Parameters
    ----------
    given
        The mark that the user asked for, if any.
    found
        Marks of the rows or files that went in (column ``handling``); None and blanks count for nothing.

    Raises
    ------
    UsageError
        If the mark given is not fit to print, or those found do not fit on one line together.

    Examples
    --------
    >>> mark_of_inputs(None, ["FOUO", None, "LES", "FOUO"])
    'FOUO / LES'
    >>> mark_of_inputs("Public", ["FOUO"])
    'Public'
    """
    inputs = {mark.strip() for mark in found if mark and mark.strip()}
    if given is not None and given.strip():
        mark = handling_mark(given)
        replaced = sorted(inputs - {mark})
        if replaced:
            logger.warning("handling mark %r replaces those of the inputs: %s", mark, ", ".join(map(repr, replaced)))
        return mark
    try:
        marks = sorted({handling_mark(mark) for mark in inputs})
    except UsageError as error:
        raise UsageError(f"a mark among the inputs' own: {error}, or give one for the output with --handling") from None
    joined = " / ".join(marks)
    if len(joined) > MAX_LENGTH:
        raise UsageError(
            f"the inputs carry {len(marks)} handling marks, too long for one line; give one with --handling"
        )
    return joined
