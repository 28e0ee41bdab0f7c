"""UNODC, annual drug seizures by country, in kilogram equivalents.

National sums only: area values of countries. Plants, seeds and leaf are no weight of a drug; they keep the source's
own word as their measure and never stand under ``quantity``. One drug may have several rows of one country and year,
for what was counted in kilograms, litres or pills was reported apart and turned into kilograms by the source: they
are parts and all are kept. The row of any drug together is a total and gives no value. A blank is no report, not
zero.

References
----------
United Nations Office on Drugs and Crime, Annual drug seizures.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from geo.clean.areas import area_table, cells, codes_of, flagged_rows, periods, years_of
from geo.clean.commodity import OTHER_DRUG
from geo.clean.convert import Converted
from geo.clean.frame import coded
from geo.clean.problems import Problems
from geo.read.reading import Guess, Reading, ReadOptions
from geo.read.text import plain
from geo.table import IntArray

NAME = "unodc"
TITLE = "UNODC annual drug seizures"
KIND: Final = "area_values"

_HEADER = ("region", "country", "iso code", "drug group", "drug", "year", "kg equivalent")

COUNTRIES = {"USA": "US", "MEX": "MX"}
"""Codes that are written in two letters here; others keep their three."""

CODES = {
    "marijuana herb": "MARIJUANA", "cannabis herb": "MARIJUANA", "cannabis herb marijuana": "MARIJUANA",
    "cannabis plants": "MARIJUANA_PLANTS", "cannabis plant": "MARIJUANA_PLANTS",
    "cocaine base paste and salts": "COCAINE", "cocaine salts": "COCAINE", "non specified cocaine": "COCAINE",
    "crack": "CRACK", "heroin": "HEROIN", "opium": "OPIUM_GUM", "poppy plants": "POPPY_PLANTS",
    "opium poppy plants": "POPPY_PLANTS", "methamphetamine": "METH", "ecstasy type substances": "MDMA",
    "ecstasy": "MDMA", "ephedrine": "PSEUDOEPHEDRINE", "pseudoephedrine": "PSEUDOEPHEDRINE",
    "other precursors": "PSEUDOEPHEDRINE", "fentanyl": "FENTANYL",
}  # fmt: skip
"""Drug, in plain letters, to commodity. Coca paste is not yet cocaine, and hashish and oil are not the herb: they and
all drugs without a code of their own are OTHER_DRUG, with the source's word beside it."""

GROWN = ("plant", "plants", "seed", "seeds", "bush", "leaf")
"""Words that name a crop and not a drug; not "plant-based"."""


def recognise(reading: Reading) -> float:
    """Return how sure it is: country, drug, year and kilogram equivalents."""
    return 0.95 if {plain(name) for name in reading.table.schema.names} >= set(_HEADER) else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one area value for each row with a weight."""
    names = {plain(name): name for name in reading.table.schema.names}
    weight, drug = cells(reading, names["kg equivalent"]), coded(reading.table[names["drug"]], names["drug"])
    year, undated = years_of(reading, names["year"])
    total = np.zeros(len(reading), dtype=bool)
    total[drug.rows([plain(value).startswith("any ") for value in drug.values])] = True
    row = np.flatnonzero(np.isfinite(weight.values) & ~total)
    at = pa.array(row)
    country = coded(reading.table[names["iso code"]], names["iso code"])
    start, end = periods(year[row])
    given = {
        "country": country.spread([COUNTRIES.get(code, code) for code in country.values]).take(at),
        "area_level": "country",
        "area_code": country.spread(country.values).take(at),
        "area_name": reading.table[names["country"]].combine_chunks().take(at),
        "period_start": start,
        "period_end": end,
        "period_basis": "calendar",
        "measure": drug.spread([value if is_crop(value) else "quantity" for value in drug.values]).take(at),
        "commodity": drug.spread([CODES.get(plain(value), OTHER_DRUG) for value in drug.values]).take(at),
        "value": weight.values[row],
        "unit": "kg",
        "source": NAME,
    }
    found = (
        reading.problems,
        undated,
        weight.problems,
        flagged_rows(
            reading, np.flatnonzero(total), "total_row", "sums all drugs; left out", names["drug"], dropped=True
        ),
        flagged_rows(reading, np.flatnonzero(weight.blank), "cell_blank", "no weight is given; no value, not zero"),
    )
    return Converted(
        KIND,
        area_table(reading, row, given),
        Problems.joined(found),
        (*reading.guesses, *_rules(reading, names, row)),
        len(reading),
    )


def is_crop(drug: str) -> bool:
    """Tell whether a word of the source names plants, seeds or leaf.

    Examples
    --------
    >>> is_crop("Cannabis plants"), is_crop("Plant-based NPS"), is_crop("Coca leaf")
    (True, False, True)
    """
    return plain(drug).rpartition(" ")[2] in GROWN


def _rules(reading: Reading, names: dict[str, str], row: IntArray) -> tuple[Guess, ...]:
    key = codes_of(reading.table, [names[n] for n in ("iso code", "drug", "year")])[row]
    several = int((np.bincount(key)[key] > 1).sum()) if len(key) else 0
    rules = [
        Guess("plants and seeds", "measures of their own", "their kilograms are equivalents and no weight of a drug"),
    ]
    if several:
        reason = "kilograms, litres and pills were reported apart and converted by the source: parts, all kept"
        rules.append(Guess("several rows of one drug", f"{several:,} rows", reason))
    return tuple(rules)
