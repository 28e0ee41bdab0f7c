"""Enforcement: where the offices of the agencies sit. Points are the centres of their towns, not buildings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import texts, with_columns
from layers._tools import placed, plain, say
from layers.boundaries import COUNTRIES

OFFICES = SourceNote(
    name="Agency pages, court papers and press, named with each office",
    licence="facts restated, source named",
    period="1996-2025, by office",
    precision="centre of the seat city, not the building",
)
_TYPES = {
    "CBP OFO field office": say("CBP field office (ports)", "Oficina regional de CBP (puertos)"),
    "USBP sector": say("Border Patrol sector", "Sector de la Patrulla Fronteriza"),
    "ICE/HSI SAC": say("HSI special agent in charge", "Oficina de HSI (agente a cargo)"),
    "ATF field division": say("ATF field division", "División de la ATF"),
    "DEA division": say("DEA division", "División de la DEA"),
    "HIDTA region": say("HIDTA region", "Región HIDTA"),
    "intelligence center": say("intelligence centre", "centro de inteligencia"),
    "tracing": say("gun tracing centre", "centro de rastreo de armas"),
    "Mexican army": say("Mexican army", "Ejército mexicano"),
    "Mexican navy": say("Mexican navy", "Marina de México"),
    "Mexican national guard": say("National Guard of Mexico", "Guardia Nacional"),
    "Mexican prosecutor": say("Mexican federal prosecutor", "Fiscalía General de la República"),
}


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Draw the offices of both countries at the centres of their towns.

    Parameters
    ----------
    tables
        ``enforcement``.
    options
        None.
    """
    given = plain(tables, "enforcement")
    kept = placed(given, "name")
    mexican = np.array([country == "MX" for country in texts(kept.table, "country")], dtype=np.int64)
    return LayerData(
        mark="sites",
        table=with_columns(kept.table, {"_class": pa.array(mexican)}),
        fields=_FIELDS,
        classes=(
            LegendClass("US", say("US office", "Oficina de EE. UU."), Symbol("dot", fill="office", size_px=8)),
            LegendClass(
                "MX",
                say("Mexican office", "Oficina mexicana"),
                Symbol("dot", fill="paper", stroke="office", stroke_px=2, size_px=8),
            ),
        ),
        style=Style("_class", label_column="name", label_es_column="name", label_zoom=9),
        legend_notes=(
            say("At the centre of the town, not at the building.", "En el centro de la ciudad, no en el edificio."),
        ),
        method_notes=(
            say(
                "All nine southwest sectors and all four field offices of CBP are here; other agencies only along the "
                "border.",
                "Están los nueve sectores del suroeste y las cuatro oficinas regionales de CBP; de otras dependencias, "
                "solo las de la frontera.",
            ),
        ),
        sources=sources_of(given, OFFICES),
        dropped=kept.dropped,
    )


_FIELDS = (
    Field("name", say("Office", "Oficina")),
    Field("type", say("Kind", "Tipo"), "code", values=_TYPES),
    Field("country", say("Country", "País"), "code", values=COUNTRIES),
    Field("seat_city", say("Town", "Ciudad")),
    Field("seat_state", say("State", "Estado"), "code"),
    Field("covers", say("Covers (in English)", "Cubre (en inglés)")),
    Field("coordinate_basis", say("Place is", "El lugar es")),
    Field("source", say("Source", "Fuente"), "source"),
)

LAYER = Layer(
    name="enforcement",
    title=say("Agency offices", "Oficinas de las dependencias"),
    description=say(
        "Offices, sectors and centres of the agencies, at the centres of their towns.",
        "Oficinas, sectores y centros de las dependencias, en el centro de sus ciudades.",
    ),
    group="context",
    needs=("enforcement",),
    build=build,
    visible=False,
    order=60,
)
