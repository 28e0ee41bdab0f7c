"""Fields and words of the violence layer, in both languages."""

from __future__ import annotations

from geo.layer import Field, Words
from layers._tools import say

HOTSPOTS = ("hot99", "hot95", "cold95", "cold99")
"""Hot and cold spots at false discovery rates of 0.01 and 0.05, in the order of the legend."""

MEASURES: dict[str, tuple[Words, Words]] = {
    "deaths": (
        say("Homicide deaths", "Defunciones por homicidio"),
        say("Deaths in the civil register (INEGI).", "Defunciones del registro civil (INEGI)."),
    ),
    "cases": (
        say("Homicide cases", "Carpetas por homicidio"),
        say(
            "Prosecutors' files (SESNSP): cases, fewer than victims.",
            "Carpetas de investigación (SESNSP): casos, menos que las víctimas.",
        ),
    ),
}
"""Title and legend note of each measure."""

FIELDS = (
    Field("inegi_code", say("INEGI code", "Clave INEGI"), "code"),
    Field("name", say("Municipality", "Municipio")),
    Field("state", say("State", "Estado")),
    Field("year", say("Year", "Año"), "integer"),
    Field(
        "measure",
        say("What is counted", "Qué se cuenta"),
        "code",
        values={
            "deaths": say("deaths (civil register)", "defunciones (registro civil)"),
            "cases": say("cases (prosecutors' files)", "carpetas de investigación"),
        },
    ),
    Field("count", say("Homicides", "Homicidios"), "integer"),
    Field("population", say("Population", "Población"), "integer"),
    Field("rate_per_100k", say("Rate, as counted", "Tasa, sin suavizar"), "number", "per 100,000"),
    Field("rate_smoothed_per_100k", say("Rate, smoothed", "Tasa, suavizada"), "number", "per 100,000"),
    Field(
        "hotspot",
        say("Hot spot", "Foco"),
        "code",
        values={
            "hot99": say("hot spot, 99 %", "foco, 99 %"),
            "hot95": say("hot spot, 95 %", "foco, 95 %"),
            "cold95": say("cold spot, 95 %", "zona fría, 95 %"),
            "cold99": say("cold spot, 99 %", "zona fría, 99 %"),
        },
    ),
    Field("gi_star_z", say("Getis-Ord Gi*, z", "Getis-Ord Gi*, z"), "number"),
    Field("p", say("p, before the false discovery rate", "p, antes de la tasa de falsos hallazgos"), "number"),
)


def method_notes(polygons: bool, least_px: float) -> tuple[Words, ...]:
    """Return what the method panel says; `polygons` where the user's own are drawn."""
    notes = [
        say(
            "Deaths and cases are two series: deaths count people in the year they were registered, cases count files "
            "that prosecutors opened. They are never one line.",
            "Defunciones y carpetas son dos series: las defunciones cuentan personas en el año de registro; las "
            "carpetas, expedientes que abrió la fiscalía. Nunca forman una sola línea.",
        ),
        say(
            "Rates are smoothed (spatial empirical Bayes over the eight nearest seats): a small municipality is pulled "
            "towards its neighbours. Count, population and the rate as counted stand beside it.",
            "Las tasas se suavizan (Bayes empírico espacial con las ocho cabeceras más cercanas): un municipio pequeño "
            "se acerca a sus vecinos. La cuenta, la población y la tasa sin suavizar quedan al lado.",
        ),
        say(
            "Class limits are fixed for all years and both measures: 10, 25, 50 and 100 per 100,000.",
            "Los límites de clase son fijos para todos los años y ambas medidas: 10, 25, 50 y 100 por 100,000.",
        ),
        say(
            "Hot and cold spots: Getis-Ord Gi* over the eight nearest seats, on rates shrunk towards the national one, "
            "at false discovery rates of 0.05 (one outline) and 0.01 (two).",
            "Focos y zonas frías: Gi* de Getis-Ord con las ocho cabeceras más cercanas, sobre tasas acercadas a la "
            "nacional, con tasa de falsos hallazgos de 0.05 (un contorno) y 0.01 (dos).",
        ),
    ]
    if polygons:
        notes.append(
            say(
                "Boundaries are those of the file given; codes that it lacks are not drawn.",
                "Los límites son los del archivo dado; las claves que no contiene no se dibujan.",
            )
        )
    else:
        notes.append(
            say(
                "A disc stands at the municipal seat; its area is proportional to the count "
                f"(at least {least_px:g} px wide). No boundary is drawn, because none is embedded.",
                "El disco está en la cabecera municipal y su área es proporcional a la cuenta "
                f"(al menos {least_px:g} px de ancho). No se dibujan límites porque no se incluyen.",
            )
        )
    return tuple(notes)
