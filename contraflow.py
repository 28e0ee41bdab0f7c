"""Both directions of the US-Mexico traffic on one map: drugs north; guns, ammunition and cash south.

The public API in one place. Names are loaded when they are first used, so that importing contraflow is quick.

Examples
--------
>>> import contraflow
>>> contraflow.layers()[:2]
['areas', 'border']
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "ContraflowError": "geo.errors",
    "Map": "geo.page.map",
    "convert": "geo.api",
    "draw": "geo.pipeline",
    "inspect": "geo.api",
    "join": "geo.api",
    "map": "geo.api",
    "read": "geo.api",
    "zonal": "geo.api",
    "layers": "geo.api",
    "main": "geo.cli.main",
}
__all__ = [  # noqa: F822
    "ContraflowError", "Map", "convert", "draw", "inspect", "join", "layers", "main", "map", "read", "zonal",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from geo.version import version

        return version()
    if name not in _HOME:
        raise AttributeError(f"module 'contraflow' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


if __name__ == "__main__":
    from geo.cli.main import main

    main()
