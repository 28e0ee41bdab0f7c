"""Published files that are known by name: one module each.

A module has ``NAME``, ``TITLE``, ``recognise(reading) -> float`` (how sure it is that the file is its own, 0 to 1,
from its header and content), ``events(reading, located, options) -> Events`` and, where some of its places are no
points, ``place(reading, located) -> Located``. A new source is a new file in this folder: the folder is walked.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from typing import cast

from geo.read.reading import Adapter, Reading

CERTAIN_ENOUGH = 0.5
"""Below that a file is read by its columns alone."""


@lru_cache(maxsize=1)
def adapters() -> tuple[Adapter, ...]:
    """Return the modules of this folder that recognise files, by name."""
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "recognise"):
            found.append(cast(Adapter, loaded))
    return tuple(found)


def recognise(reading: Reading) -> Adapter | None:
    """Return the source that `reading` comes from; None where none is sure enough."""
    scored = [(float(adapter.recognise(reading)), adapter) for adapter in adapters()]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= CERTAIN_ENOUGH else None
