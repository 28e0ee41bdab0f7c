"""The international border, from the Pacific to the Gulf."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import Features
from layers._tools import say, shaped, with_geometry

BORDER = SourceNote(
    name="US Census Bureau cartographic boundaries, through plotly-geo",
    licence="US government work, public domain",
    period="2016",
    precision="14 m at the median, 114 m at the 99th percentile, 0.8 km at most, against the survey line",
)


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Draw the border line.

    Parameters
    ----------
    tables
        ``border``: one line or several.
    options
        None.
    """
    given = with_geometry(tables, "border")
    # Its parts are told apart by nothing but their shape.
    lines, dropped = shaped(Features(pa.table({"part": pa.nulls(len(given), pa.string())}), given.geometry))
    rows = len(lines)
    table = pa.table(
        {
            "name": pa.array(["US-Mexico border"] * rows, type=pa.string()),
            "name_es": pa.array(["Frontera México-Estados Unidos"] * rows, type=pa.string()),
            "_class": pa.array(np.zeros(rows, dtype=np.int64)),
        }
    )
    symbol = Symbol("line", stroke="border", stroke_px=1.6, size_px=26, outline="single", outline_color="paper")
    return LayerData(
        mark="lines",
        table=table,
        geometry=lines.geometry,
        fields=(Field("name", say("Name", "Nombre")), Field("name_es", say("Name in Spanish", "Nombre en español"))),
        classes=(LegendClass("border", say("International border", "Frontera internacional"), symbol),),
        style=Style("_class"),
        sources=sources_of(given, BORDER),
        dropped=dropped,
    )


LAYER = Layer(
    name="border",
    title=say("Border", "Frontera"),
    description=say("The line between the two countries.", "La línea entre los dos países."),
    group="base",
    needs=("border",),
    build=build,
    order=10,
)
