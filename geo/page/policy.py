"""The page's Content-Security-Policy, and the proof that the page loads nothing from outside.

The policy allows exactly the scripts that the page holds, by their SHA-256, and blob: workers, which the page
makes from those same scripts. Everything that would send or fetch is refused: default-src and connect-src are
'none', there is no base address and no form. Styles may be inline, because Leaflet moves its panes by style.

A policy is a second lock. The first is `outside_addresses`, which finds anything in the markup or the style
sheets that a browser would try to load.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import NamedTuple

from geo.errors import PageError

INERT_TYPES = ("application/json", "text/plain")
"""Types of script elements that hold data and never run."""
_LOADING_ATTRIBUTES = ("src", "srcset", "href", "xlink:href", "data", "action", "formaction", "poster", "background")
_CSS_ADDRESS = re.compile(r"url\(\s*['\"]?\s*(?!data:)([^)'\"]*)|@import\s+([^;]+)", re.IGNORECASE)
_TILES = re.compile(r"(https?)://((?:\{s\}\.)?)([A-Za-z0-9.-]+(?::\d+)?)(/[^\s'\"<>;]*)")


class _Script(NamedTuple):
    kind: str
    text: str


class _Page(HTMLParser):
    """Collects scripts, style sheets and addresses that a browser would load."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[_Script] = []
        self.styles: list[str] = []
        self.addresses: list[str] = []
        self._inside: str | None = None
        self._kind = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name == "style":
                self.styles.append(value)
            elif tag != "a" and name in _LOADING_ATTRIBUTES and not value.strip().startswith(("#", "data:")):
                self.addresses.append(f"<{tag} {name}={value.strip()}>")
        if tag in ("script", "style"):
            self._inside, self._kind, self._text = tag, given.get("type", ""), []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        text = "".join(self._text)
        if tag == "style":
            self.styles.append(text)
        else:
            self.scripts.append(_Script(self._kind, text))
        self._inside = None


def _parsed(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def script_hashes(html: str) -> list[str]:
    """Return the CSP sources of all scripts in `html` that run, in their order, each once."""
    running = [s.text for s in _parsed(html).scripts if s.kind not in INERT_TYPES]
    hashes = (base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in running)
    return list(dict.fromkeys(f"'sha256-{h}'" for h in hashes))


def content_policy(hashes: list[str], tiles: str | None = None) -> str:
    """Return the policy for a page with these scripts.

    Parameters
    ----------
    hashes
        From `script_hashes`.
    tiles
        Address template of background tiles, e.g. ``https://tile.example.org/{z}/{x}/{y}.png``: its host, and no
        other, may then be asked for images.
    """
    images = ["data:", "blob:"]
    if tiles is not None:
        images.append(tile_host(tiles))
    return "; ".join(
        [
            "default-src 'none'",
            "script-src " + (" ".join(hashes) or "'none'"),
            "worker-src blob:",
            "style-src 'unsafe-inline'",
            "img-src " + " ".join(images),
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def tile_host(tiles: str) -> str:
    """Return the CSP source of a tile address.

    Raises
    ------
    PageError
        Where the address is no http or https template with {z}, {x} and {y}.
    """
    found = _TILES.fullmatch(tiles)
    if found is None or not all(part in found[4] for part in ("{z}", "{x}", "{y}")):
        raise PageError(f"tiles {tiles!r}: expected an address such as https://tile.example.org/{{z}}/{{x}}/{{y}}.png")
    return f"{found[1]}://{'*.' if found[2] else ''}{found[3]}"


def outside_addresses(html: str) -> list[str]:
    """Return whatever in markup and style sheets a browser would load; empty for a page that asks for nothing.

    Links that a reader has to click are not meant: opening the page does not follow them.
    """
    page = _parsed(html)
    found = list(page.addresses)
    for style in page.styles:
        found += [(m[1] or m[2] or "").strip() for m in _CSS_ADDRESS.finditer(style)]
    return [address for address in found if address]
