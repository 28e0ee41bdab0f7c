"""Start pyarrow without pandas.

Whenever pandas is installed, pyarrow imports it on its first conversion, only to ask whether a value is one of
its frames. No command has frames, and the import takes longer than drawing a map of a thousand points. pyarrow
asks once: where pandas cannot be found at that moment it goes on without, and still finds it later when a frame
is really wanted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _NoPandas:
    """A finder that knows of no pandas."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not looked for yet", name=name)
        return None


def start_arrow() -> None:
    """Import pyarrow and let it settle that there are no frames; nothing where pandas is loaded already."""
    if "pandas" in sys.modules or "pyarrow" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        import pyarrow as pa

        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
