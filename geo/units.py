"""Units of quantities, and the factors between them. Without a stated factor nothing is converted.

A unit is known by a short name (`lb`, `kg`, `rounds`). Words that stand for more than one unit stay unknown:
an English "ton" may be short, long or metric, a "dose" or a "package" any weight. A "$" is of dollars or of
pesos, as the commodity says.

References
----------
Factors of mass and volume are exact by definition: NIST Special Publication 811 (2008), appendix B.8.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPELLINGS: dict[str, str] = {
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramo kilogramos k kgm",
    "g": "g gr grs gm gms gram grams gramme grammes gramo gramos",
    "mg": "mg milligram milligrams miligramo miligramos",
    "lb": "lb lbs pound pounds libra libras lbm",
    "oz": "oz ozs ounce ounces onza onzas",
    "t": "tonne tonnes tonelada toneladas metric_ton metric_tons mt tonelada_metrica toneladas_metricas",
    "short ton": "short_ton short_tons us_ton us_tons",
    "L": "l lt lts liter liters litre litres litro litros",
    "mL": "ml milliliter milliliters millilitre millilitres mililitro mililitros cc",
    "gal": "gal gals gallon gallons us_gallon us_gallons",
    "ha": "ha has hectare hectares hectarea hectareas",
    "m2": "m2 sq_m square_meters square_metres metros_cuadrados",
    "rounds": "round rounds rds rd cartridge cartridges cartucho cartuchos tiro tiros bala balas"
    " rounds_of_ammunition cartuchos_utiles",
    "pills": "pill pills tablet tablets pastilla pastillas tableta tabletas pildora pildoras tabs comprimidos",
    "plants": "plant plants planta plantas",
    "count": "count each ea piece pieces pcs pc pieza piezas pza pzas unit units unidad unidades item items"
    " number numero weapon weapons firearm firearms gun guns arma armas handgun handguns rifle rifles magazine"
    " magazines cargador cargadores vehicle vehicles grenade grenades granada granadas sticks",
    "USD": "usd us_dollar us_dollars dollar dollars dolar dolares us$ dolares_americanos u_s_dollars",
    "$": "$",
    "MXN": "mxn mxp peso pesos pesos_mexicanos mn m_n mexican_pesos moneda_nacional",
}

_FACTORS: dict[tuple[str, str], float] = {
    ("g", "kg"): 0.001,
    ("mg", "kg"): 1e-6,
    ("lb", "kg"): 0.45359237,
    ("oz", "kg"): 0.028349523125,
    ("t", "kg"): 1000.0,
    ("short ton", "kg"): 907.18474,
    ("mL", "L"): 0.001,
    ("gal", "L"): 3.785411784,
    ("m2", "ha"): 0.0001,
    ("$", "USD"): 1.0,
    ("$", "MXN"): 1.0,
    # Things counted one by one: the unit of the record names the thing or only says "pieces".
    ("count", "rounds"): 1.0,
    ("count", "pills"): 1.0,
    ("count", "plants"): 1.0,
}


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    return {word.replace("_", " "): unit for unit, words in _SPELLINGS.items() for word in words.split()}


@lru_cache(maxsize=4096)
def unit_named(text: str) -> str | None:
    """Return the unit that `text` names, None where it names none or more than one.

    Examples
    --------
    >>> unit_named("Lbs."), unit_named("kilógramos"), unit_named("tons"), unit_named("US$")
    ('lb', 'kg', None, 'USD')
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    words = " ".join(re.sub(r"[^\w$]+", " ", bare).split())
    return _index().get(words)


@lru_cache(maxsize=1024)
def unit_within(text: str) -> str | None:
    """Return the one unit named within a longer text such as a column's name; None where none or several.

    Examples
    --------
    >>> unit_within("Sum Qty (lbs)"), unit_within("peso_kg"), unit_within("quantity")
    ('lb', 'kg', None)
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c)).replace("_", " ")
    words = re.sub(r"[^\w$]+", " ", bare).split()
    # One-letter units and words for plain counts are part of too many names to mean a unit there, and "peso" in a
    # name is the weight, not the money.
    found = {_index().get(w) for w in words if len(w) > 1 and w != "peso"} - {None, "count"}
    return found.pop() if len(found) == 1 else None


def factor(unit: str | None, into: str | None) -> float | None:
    """Return what to multiply a quantity in `unit` with to have it in `into`; None where no factor is known."""
    if unit is None or into is None:
        return None
    return 1.0 if unit == into else _FACTORS.get((unit, into))
