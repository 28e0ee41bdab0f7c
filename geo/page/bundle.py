"""Payload and manifest to one HTML file.

The skeleton (``skeleton.html``) is what folium renders for :class:`geo.page.map.Map`: constants only, and slots
``[[contraflow:NAME]]``. All slots are filled in one pass over the skeleton, so that nothing that is filled in is
ever searched for slots; text is escaped for the place where it goes, and data go only into inert script elements
(JSON with <, > and & escaped, and the blocks in an alphabet without <). No value meets a template engine.

The scripts of the page stand in fixed order: Leaflet, the engine, the interface. Same input, same bytes.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from geo.encode.payload import Payload
from geo.encode.planes import as_text
from geo.errors import PageError
from geo.page.policy import content_policy, outside_addresses, script_hashes

_HERE = Path(__file__).parent
LEAFLET = _HERE / "_vendor" / "leaflet-1.9.4"
ENGINE = (
    "namespace", "decode", "columns", "shapes", "mercator", "points", "areas", "worker", "tokens", "store", "filter",
    "painter", "tiles", "map", "hit", "api",
)  # fmt: skip
"""Scripts of js/engine, in order; ``start`` runs last of all, after the interface."""
UI_FIRST = ("dom", "i18n", "format", "words", "symbols")
"""Scripts of js/ui that others build on; the rest follow by name."""
CSS_FIRST = ("tokens",)
THEMES = ("auto", "light", "dark", "contrast")
LANGUAGES = ("en", "es")
_BASE_STYLE = """html, body { height: 100%; margin: 0; }
#contraflow-app { height: 100%; }
.folium-map { width: 100%; height: 100%; background: var(--cf-water); }"""
"""What the map needs to have a size at all; the style sheets of css/ lay out the page."""
_SLOT = re.compile(r"\[\[contraflow:([a-z-]+)\]\]")
_BYTES_DIGITS = 12
"""Width of the file's own size within it: fixed, so that writing it does not change it."""
_JSON_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def page(payload: Payload, manifest: Mapping[str, Any]) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    payload
        From :func:`geo.encode.payload.encode`.
    manifest
        What the page says of its making, see the interface: version, parameters, layers, counts, handling, recipe.

    Raises
    ------
    PageError
        Where something in the page would be loaded from outside, or a value cannot be written as JSON.
    """
    return fill(_skeleton(), payload, manifest)


def fill(skeleton: str, payload: Payload, manifest: Mapping[str, Any]) -> str:
    """Return `skeleton` with its slots filled; `page` for a skeleton of one's own, such as a map with folium layers."""
    index = payload.index
    tiles = (index.get("tiles") or {}).get("url")
    styles, scripts = _styles(), _scripts()
    frame = _SLOT.sub("", skeleton)
    _refuse_outside(frame + styles)
    policy = content_policy(script_hashes(scripts + frame), tiles)
    handling = escape(str(index.get("handling") or ""))
    language = _one_of("language", index.get("language", "en"), LANGUAGES)
    slots = {
        "lang": language,
        "theme": _one_of("theme", index.get("theme", "auto"), THEMES),
        "policy": escape(policy, quote=True),
        "title": escape(index["title"].get(language) or index["title"].get("en") or "contraflow"),
        "style": styles,
        "handling-top": handling,
        "handling-bottom": handling,
        "manifest": _json_element("contraflow-manifest", manifest),
        "index": _json_element("contraflow-index", index),
        "blocks": "\n".join(
            f'<script type="text/plain" id="contraflow-block-{n}" data-bytes="{len(block)}">{as_text(block)}</script>'
            for n, block in enumerate(payload.blocks)
        ),
        "scripts": scripts,
        "bytes": "0" * _BYTES_DIGITS,
    }
    pieces = _SLOT.split(skeleton)
    names = pieces[1::2]
    if sorted(names) != sorted(slots):
        raise PageError(
            f"the skeleton must have each of these slots once: {', '.join(sorted(slots))}; it has {', '.join(names)}"
        )
    parts = [slots[piece] if k % 2 else piece for k, piece in enumerate(pieces)]
    size = sum(len(part) if part.isascii() else len(part.encode("utf-8")) for part in parts)
    parts[2 * names.index("bytes") + 1] = f"{size:0{_BYTES_DIGITS}d}"
    return "".join(parts)


def _one_of(what: str, value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise PageError(f"{what} {value!r}: expected one of {', '.join(allowed)}")
    return str(value)


def _refuse_outside(html: str) -> None:
    found = outside_addresses(html)
    if found:
        raise PageError(
            "the page would load something from outside, and its policy forbids that: "
            + "; ".join(found[:5])
            + "; leave that layer or plugin out"
        )


def json_text(value: Any) -> str:
    """Return JSON that is safe within a script element: no tag, comment or line separator can come out of it."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PageError(f"a value cannot be written as JSON: {error}; turn it into text or a finite number") from error
    text = text.translate(_JSON_ESCAPES)
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def _json_element(name: str, value: Any) -> str:
    return f'<script type="application/json" id="{name}">{json_text(value)}</script>'


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def _skeleton() -> str:
    return _read(_HERE / "skeleton.html")


@functools.cache
def _styles() -> str:
    """All style sheets; Leaflet's without its images, which the page neither holds nor needs."""
    leaflet = re.sub(r"[^\n]*(?:url\(images/|url\(#)[^\n]*\n", "", _read(LEAFLET / "leaflet.css"))
    own = _ordered(_HERE / "css", "css", CSS_FIRST)
    text = "\n".join([leaflet, _BASE_STYLE, *(_lean(_read(path), path.name) for path in own)])
    if "</" in text:
        raise PageError("a style sheet of the page holds '</', which could end its element")
    return f"<style>\n{text}</style>"


def script_files() -> list[tuple[str, Path]]:
    """Return the page's scripts with their element ids, in the order in which they run."""
    folder = _HERE / "js" / "engine"
    *engine, start = [(f"contraflow-js-{name}", folder / f"{name}.js") for name in (*ENGINE, "start")]
    ui = [(f"contraflow-ui-{path.stem}", path) for path in _ordered(_HERE / "js" / "ui", "js", UI_FIRST)]
    return [("contraflow-leaflet", LEAFLET / "leaflet.js"), *engine, *ui, start]


def _ordered(folder: Path, ending: str, first: tuple[str, ...]) -> list[Path]:
    rank = {name: k for k, name in enumerate(first)}
    return sorted(folder.glob(f"*.{ending}"), key=lambda p: (rank.get(p.stem, len(first)), p.stem))


def _lean(text: str, name: str) -> str:
    """Return our own script or style sheet without indentation and without comments that have lines of their own.

    Raises
    ------
    PageError
        Where a template literal runs over several lines: its text could be changed.
    """
    if any(line.count("`") % 2 for line in text.splitlines()):
        raise PageError(f"{name} has a template literal of several lines; write it as several strings")
    text = re.sub(r"^\s*/\*.*?\*/[ \t]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@functools.cache
def _scripts() -> str:
    elements = []
    for name, path in script_files():
        text = _read(path)
        if path.parent == LEAFLET:  # its licence asks to be kept with copies; the map file is not shipped
            text = f"/*\n{_read(LEAFLET / 'LICENSE')}*/\n" + re.sub(r"//# sourceMappingURL=.*", "", text)
        else:
            text = _lean(text, path.name)
        if re.search(r"</script|<!--", text, re.IGNORECASE):
            raise PageError(f"{path.name} holds '</script' or '<!--', which would end or hide it in the page")
        elements.append(f'<script id="{name}">{text}</script>')
    return "\n".join(elements)
