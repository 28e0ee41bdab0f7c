"""Context: dated events that changed what was looked for, counted or published. They have a date and no place."""

from __future__ import annotations

import pyarrow.compute as pc

from geo.layer import Field, Layer, LayerData, NoOptions, SourceNote, Style, Tables, sources_of
from layers._tools import in_order, plain, say

EVENTS = SourceNote(
    name="GAO, DOJ and DHS inspectors general, agencies, press; named with each",
    licence="facts restated, source named",
    period="1974-2025",
    precision="day, month or year, as known",
)


def build(tables: Tables, options: NoOptions) -> LayerData:
    """List the events by date; a date is as precise as it is known.

    Parameters
    ----------
    tables
        ``context``.
    options
        None.
    """
    given = plain(tables, "context")
    dated = given.filter(pc.is_valid(given["date"]))
    lost = len(given) - len(dated)
    return LayerData(
        mark="dates",
        # As text 2009 comes before 2009-06: what is known to the year only opens it.
        table=in_order(dated, "date", "title_en"),
        fields=_FIELDS,
        style=Style(label_column="title_en", label_es_column="title_es"),
        legend_notes=(
            say(
                "What changed the looking and the counting, by date.",
                "Lo que cambió la búsqueda y el conteo, por fecha.",
            ),
        ),
        method_notes=(
            say(
                "An event beside a change in the series is no proof that it caused the change.",
                "Un hecho junto a un cambio en la serie no prueba que lo haya causado.",
            ),
        ),
        sources=sources_of(given, EVENTS),
        dropped={"without a date": lost} if lost else {},
    )


_FIELDS = (
    Field("date", say("Date", "Fecha"), "date"),
    Field("title_en", say("Event", "Hecho, en inglés")),
    Field("title_es", say("Event, in Spanish", "Hecho")),
    Field("fact", say("What happened (in English)", "Qué pasó (en inglés)")),
    Field(
        "source_grade",
        say("Kind of source", "Tipo de fuente"),
        "code",
        values={
            "official": say("official document", "documento oficial"),
            "press": say("press", "prensa"),
            "secondary": say("secondary: read in a copy, or weak", "secundaria: leída en copia, o débil"),
        },
    ),
    Field("source", say("Source", "Fuente"), "source"),
)

LAYER = Layer(
    name="context",
    title=say("Dated events", "Hechos con fecha"),
    description=say(
        "Operations, laws, reviews and breaks in the series, by date.",
        "Operativos, leyes, revisiones y cortes en las series, por fecha.",
    ),
    group="context",
    needs=("context",),
    build=build,
    order=80,
)
