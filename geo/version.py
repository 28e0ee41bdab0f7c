"""The one version, read from the installed distribution."""

from __future__ import annotations


def version() -> str:
    """Return the version of the installed distribution, or ``0+unknown`` in a bare checkout."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("contraflow")
    except PackageNotFoundError:
        return "0+unknown"
