"""The page as a folium map, so that a user can put folium layers on it.

:class:`Map` is a :class:`folium.Map` that loads nothing from a network. Its page is the one that
:func:`geo.page.bundle.page` writes; folium renders the skeleton of it, from constants alone, and what the user
added. Without additions the skeleton is the same each time: it is kept in ``skeleton.html`` (made by
``python -m geo.page.skeleton``, compared by a test), so that the command line need not import folium, which takes
longer than reading, joining and writing a thousand points.

Values never meet folium's templates: they are filled in afterwards, see :mod:`geo.page.bundle`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import folium
from branca.element import Element, Figure
from folium.template import Template

from geo.encode.payload import Payload
from geo.errors import PageError
from geo.page.bundle import fill

MAP_ID = "contraflow"
"""Fixed, so that the same map is the same bytes; folium would draw a random one."""

_MISSING = {
    r"\$\(": "pop-ups and other parts that need jQuery (use tooltip instead of popup)",
    r"AwesomeMarkers": "folium.Icon (use CircleMarker, or Marker with DivIcon)",
    r"L\.marker\((?![\s\S]*L\.divIcon)": "folium.Marker with its image (use CircleMarker, or Marker with DivIcon)",
    r"L\.tileLayer": "folium.TileLayer (give the address of the tiles to the page instead)",
}
"""What folium layers may use that this page does not carry, by what their scripts then say."""


class _Page(Figure):
    """The document around the map: as folium's, with the user's scripts after the page's own."""

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="[[contraflow:lang]]" data-theme-choice="[[contraflow:theme]]">\n'
        "<head>\n{{ this.header.render(**kwargs) }}\n</head>\n"
        "<body>\n{{ this.html.render(**kwargs) }}\n"
        "{% set added = this.script.render(**kwargs) %}"
        "{% if added.strip() %}<script>\n{{ added }}\n</script>\n{% endif %}"
        "</body>\n</html>\n"
    )

    def __init__(self) -> None:
        super().__init__()
        self.header = Element()
        self.header._parent = self
        self.filling: tuple[Payload, Mapping[str, Any]] | None = None

    def render(self, **kwargs: Any) -> str:
        """Return the page; the bare skeleton where there is no payload yet."""
        text: str = super().render(**kwargs)
        for sign, what in _MISSING.items():
            if re.search(sign, self.script.render(**kwargs)):
                raise PageError(f"the page cannot carry {what}")
        return fill(text, *self.filling) if self.filling else text


class Map(folium.Map):
    """A folium map that is one offline file with contraflow's layers.

    Parameters
    ----------
    payload
        From :func:`geo.encode.payload.encode`; without it the map renders the empty skeleton.
    manifest
        What the page says of its making.

    Notes
    -----
    ``save(path)`` and ``get_root().render()`` give the same page. Vector layers can be added as to any folium map
    (GeoJson, Circle, CircleMarker, PolyLine, Polygon, with tooltips); their scripts are allowed by their hash.

    Raises
    ------
    PageError
        On rendering, where an added layer needs what the page does not carry or would load from outside.
    """

    default_js = []  # noqa: RUF012  folium declares them so
    default_css = []  # noqa: RUF012

    _template = Template(
        """{% macro header(this, kwargs) %}<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="[[contraflow:policy]]">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="contraflow-bytes" content="[[contraflow:bytes]]">
<title>[[contraflow:title]]</title>
[[contraflow:style]]{% endmacro %}
{% macro html(this, kwargs) %}
<div class="cf-mark cf-mark-top" id="contraflow-mark-top">[[contraflow:handling-top]]</div>
<main id="contraflow-app"><div class="folium-map" id="{{ this.get_name() }}"></div></main>
<div class="cf-mark cf-mark-bottom" id="contraflow-mark-bottom">[[contraflow:handling-bottom]]</div>
<noscript>This map draws itself with the script it carries. Allow scripts for this file to see it. /
Este mapa se dibuja con el código que lleva. Permita el código en este archivo para verlo.</noscript>
[[contraflow:manifest]]
[[contraflow:index]]
[[contraflow:blocks]]
[[contraflow:scripts]]{% endmacro %}"""
    )

    def __init__(self, payload: Payload | None = None, manifest: Mapping[str, Any] | None = None) -> None:
        super().__init__(location=(29.3, -107.1), zoom_start=6, tiles=None)
        self._id = MAP_ID
        root = _Page()
        root.add_child(self)
        if payload is not None:
            root.filling = (payload, manifest or {})
