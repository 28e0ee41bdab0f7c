"""Texas-Mexico border crossings with coordinates, of TxDOT and the University of North Texas: one site a crossing.

Rail bridges and dams are among them. The code says port and crossing (``ELP-ELP-GOOD``); addresses and districts
keep their own columns.

References
----------
Texas Department of Transportation and University of North Texas, Center for Logistics, border crossings of Texas.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.clean.convert import Converted
from geo.clean.place import locate
from geo.clean.problems import Problems
from geo.clean.standard import with_input
from geo.read.reading import Reading, ReadOptions
from geo.schema import SITE_COLUMNS

NAME = "txdot"
TITLE = "Texas-Mexico border crossings"
KIND: Final = "sites"

_HEADER = frozenset(("Border Crossing Name", "Code", "Port Of Entry", "Lat", "Lon"))


def recognise(reading: Reading) -> float:
    """Return how sure it is: the names of its columns."""
    return 0.95 if set(reading.table.schema.names) >= _HEADER else 0.0


def convert(reading: Reading, options: ReadOptions) -> Converted:
    """Return one site for each crossing that has a place."""
    located = locate(reading, options, required=False, named=False)
    there = np.flatnonzero(np.isfinite(located.longitude))
    own = reading.table.take(pa.array(there))
    columns = {
        "id": pc.utf8_trim_whitespace(own["Code"]),
        "name": pc.utf8_trim_whitespace(own["Border Crossing Name"]),
        "name_es": pa.nulls(len(there), pa.string()),
        "longitude": pa.array(located.longitude[there]),
        "latitude": pa.array(located.latitude[there]),
        "source": pa.repeat(pa.scalar(NAME), len(there)),
    }
    table = pa.table({name: columns[name].cast(kind) for name, kind in SITE_COLUMNS.items()})
    return Converted(
        KIND,
        with_input(table, own, SITE_COLUMNS),
        Problems.joined((reading.problems, located.problems)),
        (*reading.guesses, *located.guesses),
        len(reading),
    )
