"""Writes ``skeleton.html``, the constant frame of the page as folium renders it: ``python -m geo.page.skeleton``."""

from __future__ import annotations

from pathlib import Path

PATH = Path(__file__).parent / "skeleton.html"


def render() -> str:
    """Return a fresh rendering of the skeleton."""
    from geo.page.map import Map

    text: str = Map().get_root().render()
    return text


def main() -> None:
    """Write the skeleton beside this module."""
    PATH.write_text(render(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
