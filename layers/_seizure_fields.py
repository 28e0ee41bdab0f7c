"""Fields and words of the seizures layer: every column that a reader of the map may see, in both languages."""

from __future__ import annotations

from geo.layer import DISTANCE_STEPS, Field, Words
from layers._tools import say

DIRECTIONS = {
    "north": say("Northbound", "Hacia el norte"),
    "south": say("Southbound", "Hacia el sur"),
    "unknown": say("Direction unknown", "Dirección desconocida"),
}
GROUPS: dict[str, tuple[Words, str]] = {
    "drug": (say("Drugs", "Drogas"), "circle"),
    "firearm": (say("Firearms", "Armas de fuego"), "square"),
    "ammunition": (say("Ammunition", "Municiones"), "triangle"),
    "currency": (say("Cash", "Dinero en efectivo"), "diamond"),
    "parts": (say("Magazines and parts", "Cargadores y piezas"), "pentagon"),
    "other": (say("Other", "Otros"), "cross"),
    "unstated": (say("Not stated", "Sin especificar"), "dot"),
}
CONTEXTS: dict[str, tuple[Words, str]] = {
    "port": (say("At a port of entry", "En un puerto de entrada"), "single"),
    "between_ports": (say("Between ports", "Entre puertos de entrada"), "dashed"),
    "checkpoint": (say("At a checkpoint", "En un retén"), "double"),
    "interior": (say("Inland", "Tierra adentro"), "none"),
}
_YES_NO = {"true": say("yes", "sí"), "false": say("no", "no")}

EVENT_FIELDS = (
    Field("event_id", say("Event", "Evento"), "code"),
    Field("start", say("Date", "Fecha"), "date"),
    Field("end", say("Until", "Hasta"), "date"),
    Field(
        "date_precision",
        say("Date known to the", "Fecha precisa al"),
        "code",
        values={
            "minute": say("minute", "minuto"),
            "day": say("day", "día"),
            "month": say("month", "mes"),
            "year": say("year", "año"),
        },
    ),
    Field("tz", say("Time zone", "Zona horaria"), "code"),
    Field("place", say("Place as written", "Lugar según la fuente")),
    Field("direction", say("Direction", "Dirección"), "code", values=DIRECTIONS),
    Field(
        "direction_basis",
        say("Direction known from", "Dirección según"),
        "code",
        values={
            "reported": say("the report", "el informe"),
            "inferred": say("the story, not the record", "el relato, no el registro"),
            "default": say("the commodity, as a default", "la mercancía, por omisión"),
            "unknown": say("not known", "no se sabe"),
        },
    ),
    Field("context", say("Kind of place", "Tipo de lugar"), "code", values={k: v[0] for k, v in CONTEXTS.items()}),
    Field("group", say("What was seized", "Qué se decomisó"), "code", values={k: v[0] for k, v in GROUPS.items()}),
    Field(
        "side",
        say("Side of the border", "Lado de la frontera"),
        "code",
        values={"US": say("United States", "Estados Unidos"), "MX": say("Mexico", "México")},
    ),
    Field("agency", say("Agency", "Dependencia")),
    Field("partners", say("With", "Con")),
    Field("operation", say("Operation", "Operativo")),
    Field("location_precision_m", say("Place known to", "Lugar conocido con precisión de"), "number", "m"),
    Field(
        "location_basis",
        say("Placed at the", "Situado en"),
        "code",
        values={
            "reported": say("reported point", "el punto informado"),
            "crossing": say("crossing", "el cruce"),
            "port": say("port of entry", "el puerto de entrada"),
            "checkpoint": say("checkpoint", "el retén"),
            "city": say("town", "la población"),
            "municipality": say("municipality", "el municipio"),
            "county": say("county", "el condado"),
            "sector": say("sector", "el sector"),
            "field_office": say("field office", "la oficina regional"),
            "state": say("state", "el estado"),
        },
    ),
    Field("events", say("Events in this row", "Eventos en este registro"), "integer"),
    Field("handling", say("Handling", "Manejo")),
    Field("source", say("Source", "Fuente"), "source"),
)
"""Fields of the standard table that belong to the event as a whole."""

JOINED_FIELDS = (
    Field("port_code", say("Nearest port, code", "Puerto más cercano, clave"), "code"),
    Field("port_name", say("Nearest port", "Puerto más cercano")),
    Field("port_distance_m", say("Distance to the port", "Distancia al puerto"), "number", "m", steps=DISTANCE_STEPS),
    Field(
        "port_bearing_deg", say("Bearing from the port", "Rumbo desde el puerto"), "number", "deg", steps=((0.0, 1.0),)
    ),
    Field("port_second_code", say("Second nearest port", "Segundo puerto más cercano"), "code"),
    Field(
        "port_second_distance_m",
        say("Distance to the second", "Distancia al segundo"),
        "number",
        "m",
        steps=DISTANCE_STEPS,
    ),
    Field("port_certain", say("Nearest port certain", "Puerto más cercano seguro"), "boolean", values=_YES_NO),
    Field("corridor_id", say("Nearest corridor, code", "Corredor más cercano, clave"), "code"),
    Field("corridor_name", say("Nearest corridor", "Corredor más cercano")),
    Field(
        "corridor_distance_m",
        say("Distance to the corridor", "Distancia al corredor"),
        "number",
        "m",
        steps=DISTANCE_STEPS,
    ),
    Field(
        "corridor_chainage_m", say("Along the corridor", "A lo largo del corredor"), "number", "m", steps=DISTANCE_STEPS
    ),
    Field(
        "corridor_side",
        say("Side of the corridor", "Lado del corredor"),
        "code",
        values={"left": say("left", "izquierdo"), "right": say("right", "derecho"), "on": say("on it", "sobre él")},
    ),
    Field(
        "corridor_certain", say("Nearest corridor certain", "Corredor más cercano seguro"), "boolean", values=_YES_NO
    ),
    Field("violence_code", say("Nearest municipality, code", "Municipio más cercano, clave"), "code"),
    Field("violence_name", say("Nearest municipality", "Municipio más cercano")),
    Field("violence_distance_m", say("Distance to it", "Distancia al municipio"), "number", "m", steps=DISTANCE_STEPS),
    Field(
        "violence_rate_per_100k",
        say("Homicide rate there, smoothed", "Tasa de homicidios ahí, suavizada"),
        "number",
        "per 100,000",
        steps=((0.0, 0.01),),
    ),
    Field("violence_count", say("Homicides there", "Homicidios ahí"), "integer"),
    Field("violence_population", say("Population there", "Población ahí"), "integer"),
    Field("violence_year", say("Year of these figures", "Año de estas cifras"), "integer"),
    Field(
        "violence_measure",
        say("What is counted", "Qué se cuenta"),
        "code",
        values={
            "deaths": say("deaths (civil register)", "defunciones (registro civil)"),
            "cases": say("cases (prosecutors' files)", "carpetas de investigación"),
        },
    ),
    Field("hotspot_code", say("Nearest hot spot, code", "Foco más cercano, clave"), "code"),
    Field("hotspot_name", say("Nearest hot spot of homicide", "Foco de homicidios más cercano")),
    Field(
        "hotspot_distance_m", say("Distance to the hot spot", "Distancia al foco"), "number", "m", steps=DISTANCE_STEPS
    ),
    Field("area_id", say("Area, code", "Área, clave"), "code"),
    Field("area_name", say("Area", "Área")),
    Field("raster_value", say("Raster value", "Valor del ráster"), "number"),
    Field(
        "side_joined",
        say("Side of the border by its point", "Lado de la frontera según el punto"),
        "code",
        values={"US": say("United States", "Estados Unidos"), "MX": say("Mexico", "México")},
    ),
    Field(
        "border_distance_m",
        say("Distance to the border", "Distancia a la frontera"),
        "number",
        "m",
        steps=DISTANCE_STEPS,
    ),
    Field("side_certain", say("Side certain", "Lado seguro"), "boolean", values=_YES_NO),
)
"""Fields that the joins add; those that are there pass. The page carries distances in steps: more would double it
where there are many points.

The foot on the corridor follows from the distance along it and stays with the table that ``contraflow join`` writes.
"""

_UNITS = {
    "kg": say("kg", "kg"),
    "L": say("L", "L"),
    "ha": say("ha", "ha"),
    "USD": say("US dollars", "dólares"),
    "MXN": say("pesos", "pesos"),
    "count": say("pieces", "piezas"),
    "rounds": say("rounds", "cartuchos"),
    "pills": say("pills", "pastillas"),
    "plants": say("plants", "plantas"),
}
ITEM_FIELDS = (
    Field("commodity", say("Commodity", "Mercancía"), "code"),
    Field("commodity_reported", say("As reported", "Según la fuente")),
    Field("quantity", say("Quantity", "Cantidad"), "number"),
    Field("unit", say("Unit", "Unidad"), "code", values=_UNITS),
    Field("quantity_reported", say("Quantity as reported", "Cantidad según la fuente")),
    Field("unit_reported", say("Unit as reported", "Unidad según la fuente")),
)
