"""Municipal seats and centroids of Mexico: one point a municipality, by INEGI code.

Two public tables, one with names (``CVE_ENT``, ``CVE_MUN``, ``MunName``) and one with codes alone (``state_code``,
``mun_code``). Codes have lost their leading zeros; as the id of a site they have five digits again. A site without
a name in the file stays without one.

References
----------
Tables by D. Valle-Jones after INEGI, catalogue of municipalities.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.areas import flagged_rows, padded_codes
from geo.clean.convert import Converted
from geo.clean.frame import booleans
from geo.clean.place import locate
from geo.clean.problems import Problems
from geo.clean.standard import with_input
from geo.read.reading import Reading, ReadOptions
from geo.schema import SITE_COLUMNS

NAME = "seats"
TITLE = "Municipal seats and centroids of Mexico"
KIND: Final = "sites"

_SEATS = frozenset(("CVE_ENT", "CVE_MUN", "MunName", "Long", "Lat"))
_CENTROIDS = frozenset(("long", "lat", "state_code", "mun_code"))


def recognise(reading: Reading) -> float:
    """Return how sure it is: the columns of the seats, or those of the centroids and no others."""
    names = set(reading.table.schema.names)
    return 0.95 if names >= _SEATS else 0.9 if names == _CENTROIDS else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one site for each municipality that has a code and a place."""
    seats = set(reading.table.schema.names) >= _SEATS
    halves = ("CVE_ENT", "CVE_MUN") if seats else ("state_code", "mun_code")
    state, own = padded_codes(reading, halves[0], 2), padded_codes(reading, halves[1], 3)
    codes = pc.binary_join_element_wise(state, own, "")
    located = locate(reading, options, required=False, named=False)
    coded = ~booleans(pc.is_null(codes))
    found = flagged_rows(reading, np.flatnonzero(~coded), "municipality_unknown", "no code; left out", dropped=True)
    there = np.flatnonzero(coded & np.isfinite(located.longitude))
    at = pa.array(there)
    names = pc.utf8_trim_whitespace(reading.table["MunName"]).combine_chunks().take(at) if seats else None
    columns = {
        "id": codes.take(at),
        "name": names,
        "name_es": names,
        "longitude": pa.array(located.longitude[there]),
        "latitude": pa.array(located.latitude[there]),
        "source": pa.repeat(pa.scalar(NAME), len(there)),
    }
    table = pa.table(
        {
            name: pa.nulls(len(there), kind) if columns[name] is None else columns[name].cast(kind)
            for name, kind in SITE_COLUMNS.items()
        }
    )
    return Converted(
        KIND,
        with_input(table, reading.table.take(at), SITE_COLUMNS),
        Problems.joined((reading.problems, located.problems, found)),
        (*reading.guesses, *located.guesses),
        len(reading),
    )
