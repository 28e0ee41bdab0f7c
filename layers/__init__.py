"""What goes on the map: one module a layer, each with one ``LAYER``.

Layers are found, not listed: every module of this package whose name does not begin with an underscore, and every
entry point of the group ``contraflow.layers`` of other distributions. A new layer is one new file; how to write
one stands in ``docs/adding-a-layer.md``.

`available`, `get`, `all_layers`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

from geo.errors import SchemaError, UsageError
from geo.layer import Layer
from geo.layer_check import layer_faults

__all__ = ["ENTRY_POINTS", "all_layers", "available", "get"]

ENTRY_POINTS = "contraflow.layers"
"""Group of entry points under which another distribution offers layers: a module with ``LAYER``, or a `Layer`."""


def all_layers() -> list[Layer]:
    """Return every layer, in drawing order: the lowest, drawn first, comes first.

    Raises
    ------
    SchemaError
        If a module has no ``LAYER``, a declaration is incomplete or two layers have one name. All faults are named.
    """
    found: dict[str, tuple[str, Layer]] = {}
    faults = []
    for where, candidate in _candidates():
        if candidate is None:
            faults.append(f"{where} has no LAYER; add one, or begin its name with an underscore")
            continue
        wrong = layer_faults(candidate)
        faults += [f"{where}: {fault}" for fault in wrong]
        if wrong:
            continue
        if candidate.name in found:
            faults.append(f"{where} and {found[candidate.name][0]} are both named {candidate.name!r}; rename one")
        else:
            found[candidate.name] = (where, candidate)
    if faults:
        raise SchemaError("layers: " + "; ".join(faults))
    return sorted((layer for _, layer in found.values()), key=lambda layer: (layer.order, layer.name))


def available() -> list[str]:
    """Return the names of all layers, in drawing order."""
    return [layer.name for layer in all_layers()]


def get(name: str) -> Layer:
    """Return the layer called `name`.

    Raises
    ------
    UsageError
        If there is none; the message names those there are.
    """
    for layer in all_layers():
        if layer.name == name:
            return layer
    raise UsageError(f"there is no layer {name!r}; it should be one of {', '.join(available())}")


def _candidates() -> Iterator[tuple[str, Any]]:
    """Yield where a layer was found, and its ``LAYER``; None where a module has none."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        if not module.name.startswith("_"):
            loaded = importlib.import_module(f"{__name__}.{module.name}")
            yield f"layers/{module.name}.py", getattr(loaded, "LAYER", None)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        loaded = point.load()
        yield f"entry point {point.name}", loaded if isinstance(loaded, Layer) else getattr(loaded, "LAYER", None)
