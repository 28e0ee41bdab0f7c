"""Crossings: the bridges, gates, ferries and rail lines that a port of entry is made of.

The layer says where a crossing is and what may use it. Whether anybody looks at what leaves there is not part of
it: that is told by port only (see the ports layer).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.layer import Field, Layer, LayerData, LegendClass, NoOptions, SourceNote, Style, Symbol, Tables, sources_of
from geo.table import numbers, with_columns
from layers._tools import placed, plain, say
from layers.ports import MODES

ROUGH_FROM_M = 300.0
"""A crossing placed no better than this is drawn hollow; a bridge is 100 to 300 m long."""

CROSSINGS = SourceNote(
    name="TxDOT and University of North Texas (Texas bridges), CBP Border Wait Times (California, Arizona)",
    licence="no licence file seen: facts restated, source named",
    period="as of 2024-2025",
    precision="100 to 1,500 m, our estimate, stated with each",
)
_WAYS = {"north": say("northbound only", "solo hacia el norte"), "south": say("southbound only", "solo hacia el sur")}
_KINDS = {
    "bridge": say("bridge", "puente"),
    "pedestrian bridge": say("footbridge", "puente peatonal"),
    "rail bridge": say("rail bridge", "puente ferroviario"),
    "rail": say("rail line", "vía férrea"),
    "land gate": say("gate", "garita"),
    "dam": say("road on a dam", "paso sobre presa"),
    "ferry": say("ferry", "chalán"),
    "informal river crossing": say("river crossing by boat", "paso de río en lancha"),
}


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Draw each crossing where it is, hollow where its place is not known well.

    Parameters
    ----------
    tables
        ``crossings``.
    options
        None.
    """
    kept = placed(plain(tables, "crossings"), "crossing_id")
    accuracy = numbers(kept.table, "accuracy_m")
    # An unknown accuracy is not a good one.
    rough = ~(accuracy < ROUGH_FROM_M)
    table = with_columns(kept.table, {"_class": pa.array(rough.astype(np.int64))})
    return LayerData(
        mark="sites",
        table=table,
        fields=_FIELDS,
        classes=_CLASSES,
        style=Style("_class", label_column="name", label_es_column="name_es", min_zoom=9, label_zoom=11),
        legend_notes=(
            say("Drawn from zoom 9. A port can hold several.", "Se dibujan desde el zoom 9. Un puerto reúne varios."),
        ),
        method_notes=(
            say(
                "Road and foot crossings are close to complete. Missing: a few rail crossings, closed and planned "
                "ones, and tribal gates.",
                "Los cruces viales y peatonales están casi completos. Faltan algunos ferroviarios, los cerrados o "
                "planeados y los pasos de pueblos originarios.",
            ),
        ),
        sources=sources_of(plain(tables, "crossings"), CROSSINGS),
        parameters={"rough_from_m": ROUGH_FROM_M},
        dropped=kept.dropped,
    )


_CLASSES = (
    LegendClass("exact", say("Crossing", "Cruce"), Symbol("dot", fill="port", stroke="paper", size_px=8)),
    LegendClass(
        "rough",
        say("Crossing, place known only roughly", "Cruce de ubicación aproximada"),
        Symbol("dot", fill="paper", stroke="port", stroke_px=1.5, size_px=8),
    ),
)

_FIELDS = (
    Field("crossing_id", say("Crossing code", "Clave del cruce"), "code"),
    Field("name", say("Crossing", "Cruce")),
    Field("name_es", say("Name in Spanish", "Nombre en español")),
    Field("aliases", say("Also called", "También llamado")),
    Field("port_code", say("Part of port", "Parte del puerto"), "code"),
    Field("us_city", say("US city", "Ciudad de EE. UU.")),
    Field("us_state", say("US state", "Estado de EE. UU."), "code"),
    Field("mx_city", say("Mexican city", "Ciudad mexicana")),
    Field("mx_state", say("Mexican state", "Estado mexicano")),
    Field("kind", say("Kind", "Tipo"), "code", values=_KINDS),
    Field("modes", say("Open to", "Abierto a"), "code", values=MODES),
    Field("direction_of_traffic", say("One way", "Sentido único"), "code", values=_WAYS),
    Field("accuracy_m", say("Place known to", "Lugar conocido con precisión de"), "number", "m"),
    Field("opened", say("Opened", "Abrió")),
    Field("status", say("Status", "Situación"), values={"open": say("open", "abierto")}),
    Field("note", say("Note (in English)", "Nota (en inglés)")),
    Field("source", say("Source", "Fuente"), "source"),
)

LAYER = Layer(
    name="crossings",
    title=say("Crossings", "Cruces"),
    description=say(
        "Bridges, gates, ferries and rail crossings of the ports of entry.",
        "Puentes, garitas, chalanes y cruces ferroviarios de los puertos de entrada.",
    ),
    group="border",
    needs=("crossings",),
    build=build,
    order=65,
)
