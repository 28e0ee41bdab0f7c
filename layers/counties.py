"""Counties of the United States near the border: lines for orientation, once there is room for them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import with_columns
from layers._tools import say, shaped, with_geometry

COUNTIES = SourceNote(
    name="US Census Bureau cartographic boundaries, through plotly-geo",
    licence="US government work, public domain",
    period="2016",
    precision="as the border line near the border; beyond, 0.1 km",
)


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Draw the outlines of the counties.

    Parameters
    ----------
    tables
        ``us_counties``: polygons.
    options
        None.
    """
    given = with_geometry(tables, "us_counties")
    counties, dropped = shaped(given, "code")
    return LayerData(
        mark="areas",
        table=with_columns(counties.table, {"_class": pa.array(np.zeros(len(counties), dtype=np.int64))}),
        geometry=counties.geometry,
        fields=_FIELDS,
        classes=(LegendClass("county", say("County", "Condado"), Symbol("area", stroke="state-line", stroke_px=0.5)),),
        style=Style("_class", min_zoom=7, label_column="name", label_es_column="name_es", label_zoom=9),
        sources=sources_of(given, COUNTIES),
        dropped=dropped,
    )


_FIELDS = (
    Field("code", say("FIPS code", "Clave FIPS"), "code"),
    Field("name", say("County", "Condado")),
    Field("name_es", say("Name in Spanish", "Nombre en español")),
    Field("state_code", say("State", "Estado"), "code"),
)

LAYER = Layer(
    name="counties",
    title=say("US counties", "Condados de EE. UU."),
    description=say("Counties near the border, from zoom 7.", "Condados cercanos a la frontera, desde el zoom 7."),
    group="base",
    needs=("us_counties",),
    build=build,
    order=5,
)
