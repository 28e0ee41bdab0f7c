"""Areas: a user's own polygons as plain outlines with their names. Nothing else of the file is shown."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.join.identity import identity, names
from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import Features
from layers._tools import say, shaped, with_geometry

AREAS = SourceNote("Polygons given by the user", "not stated", "not stated", "as given")


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Outline the areas.

    Parameters
    ----------
    tables
        ``areas``: polygons.
    options
        None.
    """
    given = with_geometry(tables, "areas")
    named = pa.table({"area_id": identity(given.table, "area"), "area_name": names(given.table, "area")})
    areas, dropped = shaped(Features(named, given.geometry), "area_id")
    table = areas.table.append_column("_class", pa.array(np.zeros(len(areas), dtype=np.int64)))
    return LayerData(
        mark="areas",
        table=table,
        geometry=areas.geometry,
        fields=(Field("area_id", say("Area code", "Clave del área"), "code"), Field("area_name", say("Area", "Área"))),
        classes=(
            LegendClass(
                "area", say("Area of your file", "Área de su archivo"), Symbol("area", stroke="ink", size_px=24)
            ),
        ),
        style=Style("_class", label_column="area_name", label_es_column="area_name", label_zoom=7),
        sources=sources_of(given, AREAS),
        dropped=dropped,
    )


LAYER = Layer(
    name="areas",
    title=say("Areas", "Áreas"),
    description=say("Your own polygons, as outlines.", "Sus propios polígonos, solo el contorno."),
    group="context",
    needs=("areas",),
    option="areas",
    build=build,
    order=45,
)
