"""Corridors: named roads that reports call routes of drugs north, or of guns, ammunition and cash south.

A corridor is a hypothesis drawn along a highway. Its line is made of straight legs between towns; the pale band
beneath is as wide as the line can be wrong. A dashed line rests on general or press text only. A seizure near a
line is no evidence that the line was used.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geo.join.identity import identity, names
from geo.layer import (
    Column,
    Field,
    Layer,
    LayerData,
    LegendClass,
    NoOptions,
    SourceNote,
    Style,
    Symbol,
    Tables,
    Words,
    sources_of,
)
from geo.table import Features, column, numbers, texts, with_columns
from layers._tools import optional, say, shaped, with_geometry

_CLASS = {"north": 0, "south": 1, "both": 2, None: 3}
_TEXTS = (
    "name_es", "direction", "commodities", "highways", "plaza_cities", "controlling_organisations", "pair_id",
    "evidence", "evidence_note", "source", "source_grade",
)  # fmt: skip

CORRIDORS = SourceNote(
    name="NDIC drug market analyses, ATF, GAO and press; drawn through towns (GeoNames) along the named highways",
    licence="facts restated, source named with each; GeoNames CC BY 4.0",
    period="2005-2013; the year of each statement stands with it",
    precision="5 to 15 km, stated with each",
)


def build(tables: Tables, options: NoOptions) -> LayerData:
    """Draw each corridor with arrows in its direction over the band of its accuracy.

    Parameters
    ----------
    tables
        ``corridors``: lines.
    options
        None.
    """
    given = with_geometry(tables, "corridors")
    named = {"corridor_id": identity(given.table, "corridor"), "name": names(given.table, "corridor")}
    lines, dropped = shaped(Features(_filled(with_columns(given.table, named)), given.geometry), "corridor_id")
    table = lines.table
    accuracy_km = numbers(table, "positional_accuracy_km")
    direction = texts(table, "direction")
    table = with_columns(
        table,
        {
            "_class": pa.array([_CLASS.get(word, 3) for word in direction], type=pa.int64()),
            "_band": column(accuracy_km * 1000.0),
            "_arrow": pa.array(_arrows(lines, direction), type=pa.int64()),
            "_dash": pa.array([word == "weak" for word in texts(table, "evidence")], type=pa.bool_()),
        },
    )
    return LayerData(
        mark="lines",
        table=table,
        geometry=lines.geometry,
        fields=_FIELDS,
        classes=_classes(direction),
        style=Style("_class", band_column="_band", arrow_column="_arrow", dash_column="_dash"),
        legend_notes=_legend_notes(accuracy_km),
        method_notes=_METHOD,
        sources=sources_of(given, CORRIDORS),
        dropped=dropped,
    )


def _filled(table: pa.Table) -> pa.Table:
    for name in _TEXTS:
        table = optional(table, name)
    for name in ("length_km", "positional_accuracy_km"):
        table = optional(table, name, pa.float64())
    return table


def _arrows(lines: Features, direction: np.ndarray) -> list[int]:
    """Return 1 where the line is drawn in its direction, -1 where against it, 0 where it has two or none.

    North and south are sides of the border: a line goes north if its last vertex lies north of its first.
    """
    arrows = []
    for shape, word in zip(lines.geometry, direction, strict=True):
        if word not in ("north", "south"):
            arrows.append(0)
            continue
        parts = list(getattr(shape, "geoms", [shape]))
        climbs = parts[-1].coords[-1][1] >= parts[0].coords[0][1]
        arrows.append(1 if climbs == (word == "north") else -1)
    return arrows


def _classes(direction: np.ndarray) -> tuple[LegendClass, ...]:
    rows = [
        ("north", say("Drugs north", "Drogas hacia el norte"), "north", 1),
        ("south", say("Guns, ammunition and cash south", "Armas, municiones y dinero hacia el sur"), "south", 1),
        ("both", say("Both ways", "Ambos sentidos"), "both", 0),
        ("both_or_unstated", say("Direction not stated", "Dirección sin especificar"), "line", 0),
    ]
    classes = [
        LegendClass(key, words, Symbol("line", stroke=color, stroke_px=2.5, size_px=26, arrow=arrow, band=True))  # type: ignore[arg-type]
        for key, words, color, arrow in rows
    ]
    if len(direction) and all(word in ("north", "south", "both") for word in direction):
        classes.pop()
    weak = Symbol("line", stroke="line", stroke_px=2.5, size_px=26, dash=(7.0, 5.0), band=True)
    return (*classes, LegendClass("weak", say("Weak evidence", "Evidencia débil"), weak))


def _legend_notes(accuracy_km: np.ndarray) -> tuple[Words, ...]:
    note = say(
        "Hypotheses along highways, not tracked routes.", "Hipótesis a lo largo de carreteras, no rutas seguidas."
    )
    known = accuracy_km[np.isfinite(accuracy_km)]
    if not len(known):
        return (note,)
    low, high = f"{known.min():g}", f"{known.max():g}"
    span = low if low == high else f"{low} to {high}"
    tramo = low if low == high else f"{low} a {high}"
    return (
        note,
        say(
            f"Drawn along highways; accurate to {span} km (the pale band).",
            f"Trazados sobre carreteras; precisión de {tramo} km (la franja clara).",
        ),
    )


_METHOD = (
    say(
        "A seizure near a corridor is no evidence that the corridor was used. Distances below the width of the band "
        "mean nothing.",
        "Un decomiso cerca de un corredor no prueba que se haya usado. Las distancias menores que la franja no "
        "significan nada.",
    ),
    say(
        "Organisations beside a corridor are what a source said of a period. They are no boundary and no control.",
        "Las organizaciones junto a un corredor son lo que una fuente dijo de un periodo. No son límite ni control.",
    ),
)

_GRADES = {
    "official": say("official document", "documento oficial"),
    "press": say("press", "prensa"),
    "secondary": say("secondary: read in a copy, or weak", "secundaria: leída en copia, o débil"),
}
_COMMODITIES = {
    "cocaine": say("cocaine", "cocaína"),
    "heroin": say("heroin", "heroína"),
    "marijuana": say("marijuana", "marihuana"),
    "methamphetamine": say("methamphetamine", "metanfetamina"),
    "fentanyl": say("fentanyl", "fentanilo"),
    "firearms": say("firearms", "armas de fuego"),
    "ammunition": say("ammunition", "municiones"),
    "currency": say("cash", "dinero en efectivo"),
    "cash": say("cash", "dinero en efectivo"),
    "precursors": say("precursors", "precursores"),
}
_FIELDS = (
    Field("corridor_id", say("Corridor code", "Clave del corredor"), "code"),
    Field("name", say("Corridor", "Corredor")),
    Field("name_es", say("Name in Spanish", "Nombre en español")),
    Field(
        "direction",
        say("Direction", "Dirección"),
        "code",
        values={
            "north": say("northbound", "hacia el norte"),
            "south": say("southbound", "hacia el sur"),
            "both": say("both ways", "ambos sentidos"),
        },
    ),
    Field("commodities", say("Said to carry", "Se dice que transporta"), "code", values=_COMMODITIES),
    Field("highways", say("Highways", "Carreteras")),
    Field("plaza_cities", say("Towns", "Ciudades")),
    Field(
        "controlling_organisations",
        say("Organisations named, by period", "Organizaciones mencionadas, por periodo"),
    ),
    Field("pair_id", say("Road shared with the other direction", "Vía compartida con el otro sentido"), "code"),
    Field(
        "evidence",
        say("Evidence", "Evidencia"),
        "code",
        values={"strong": say("strong", "sólida"), "weak": say("weak: general or press text", "débil: texto general")},
    ),
    Field("evidence_note", say("What the evidence is (in English)", "En qué se basa (en inglés)")),
    Field("positional_accuracy_km", say("Line accurate to", "Precisión del trazo"), "number", "km"),
    Field("length_km", say("Length", "Longitud"), "number", "km"),
    Field("source_grade", say("Kind of source", "Tipo de fuente"), "code", values=_GRADES),
    Field("source", say("Source", "Fuente"), "source"),
)

LAYER = Layer(
    name="corridors",
    title=say("Corridors", "Corredores"),
    description=say(
        "Routes named in reports, as hypotheses along highways, with their direction and accuracy.",
        "Rutas citadas en informes, como hipótesis a lo largo de carreteras, con su dirección y precisión.",
    ),
    group="border",
    needs=("corridors",),
    schemas={
        "corridors": {
            "corridor_id": Column("code", required=False),
            "name": Column("text", required=False),
            "name_es": Column("text", required=False),
            "direction": Column("text", required=False, allowed=("north", "south", "both")),
            "evidence": Column("text", required=False),
            "positional_accuracy_km": Column("number", required=False, minimum=0),
            "source": Column("text", required=False),
        }
    },
    option="corridors",
    build=build,
    order=55,
)
