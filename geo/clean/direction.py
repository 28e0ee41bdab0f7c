"""Words for direction, context and side of the border, to the few that the standard table knows.

Direction is across the border. Inbound and outbound are seen from the United States and mean north and south
only at the border with Mexico; a file says where that is by its region, or by the place of the record.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

from geo.read.text import plain

Way: TypeAlias = Literal["north", "south", "unknown", "inbound", "outbound"]

BORDER_STATES = frozenset(("US-CA", "US-AZ", "US-NM", "US-TX"))
"""Where an inbound load comes from Mexico."""

_WAYS: dict[str, Way] = {
    **dict.fromkeys(("north", "northbound", "north bound", "nb", "n", "norte", "hacia el norte", "rumbo al norte",
                     "sn", "s n", "sur norte", "south to north", "al norte", "northward"), "north"),
    **dict.fromkeys(("south", "southbound", "south bound", "sb", "s", "sur", "hacia el sur", "rumbo al sur", "ns",
                     "n s", "norte sur", "north to south", "al sur", "southward"), "south"),
    **dict.fromkeys(("inbound", "import", "imports", "in", "entry", "into us", "into the us"), "inbound"),
    **dict.fromkeys(("outbound", "export", "exports", "out", "exit", "out of us"), "outbound"),
    **dict.fromkeys(("unknown", "unk", "other", "u", "na", "n a", "desconocido", "desconocida", "no aplica",
                     "not applicable", "none", "otro", "undetermined", "east", "west", "interior"), "unknown"),
}  # fmt: skip

_CONTEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("between_ports", ("between ports", "between ports of entry", "bpoe", "entre puertos", "between", "between poes")),
    ("checkpoint", ("checkpoint", "check point", "reten", "puesto de control", "punto de revision", "filtro")),
    ("port", ("port", "port of entry", "poe", "ports of entry", "puerto", "puerto fronterizo", "garita", "aduana",
              "crossing", "bridge", "puente", "cruce", "international bridge", "at port")),
    ("interior", ("interior", "inland", "tierra adentro", "city", "residence", "stash house", "casa de seguridad")),
)  # fmt: skip

_SIDES = {
    **dict.fromkeys(("us", "usa", "u s", "u s a", "united states", "united states of america", "estados unidos",
                     "ee uu", "eeuu", "eua", "e u a"), "US"),
    **dict.fromkeys(("mx", "mex", "mexico", "estados unidos mexicanos", "m"), "MX"),
}  # fmt: skip


@lru_cache(maxsize=4096)
def way_of(text: str) -> Way | None:
    """Return what a word for direction means, None where it is none.

    Examples
    --------
    >>> way_of("Southbound"), way_of("OUTBOUND"), way_of("hacia el norte"), way_of("up")
    ('south', 'outbound', 'north', None)
    """
    return _WAYS.get(plain(text))


@lru_cache(maxsize=4096)
def context_of(text: str) -> str | None:
    """Return the context that a word stands for, None where it is none.

    Examples
    --------
    >>> context_of("Between Ports"), context_of("Garita San Ysidro"), context_of("I-35 checkpoint")
    ('between_ports', 'port', 'checkpoint')
    """
    words = f" {plain(text)} "
    for context, known in _CONTEXTS:
        if any(f" {word} " in words for word in known):
            return context
    return None


@lru_cache(maxsize=4096)
def side_of(text: str) -> str | None:
    """Return US or MX for a word for a country, None for another."""
    return _SIDES.get(plain(text))


def is_border_region(text: str) -> bool:
    """Whether the region that a US file names is that of the border with Mexico."""
    return plain(text) in ("southwest border", "sw border", "swb", "southwest", "southwest land border")
