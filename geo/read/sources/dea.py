"""US DEA, National Clandestine Laboratory Register, geocoded: one row a laboratory or dump site found.

The date stands in three columns, ``Date`` being the day of the month; ``NA`` is no date. Coordinates are those
of a street address, rounded to two decimals on purpose, for the points are homes. Nothing is seized according to
the file, so there is no commodity and no direction. The register is of places in the United States.

References
----------
US Drug Enforcement Administration, National Clandestine Laboratory Register.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from geo.clean.frame import coded
from geo.clean.problems import Events, Located
from geo.clean.standard import standardise
from geo.geodesy import SEMI_MAJOR_M
from geo.read.reading import Reading, ReadOptions
from geo.read.text import plain
from geo.table import FloatArray

NAME = "dea"
TITLE = "DEA National Clandestine Laboratory Register"

_HEADER = frozenset(("county", "state", "month", "date", "year", "lon", "lat"))


def recognise(reading: Reading) -> float:
    """Return how sure it is that the file is the register: its seven columns, and ``Date`` a day of the month."""
    names = {plain(name): name for name in reading.table.schema.names}
    if not set(names) >= _HEADER:
        return 0.0
    days = coded(reading.table[names["date"]], "date").values
    return 0.9 if all(day.upper() == "NA" or (day.isdigit() and int(day) <= 31) for day in days) else 0.0


def events(reading: Reading, located: Located, options: ReadOptions) -> Events:
    """Return the finds as standard events, without commodity and direction."""
    rows = len(reading)
    precision = np.full(rows, rounding_m(located.longitude, located.latitude))
    given = {
        "agency": pa.array(["DEA"] * rows),
        "side": pa.array(["US"] * rows),
        "location_basis": pa.array(["reported"] * rows),
        "location_precision_m": pa.array(precision, from_pandas=True),
    }
    return standardise(_own_roles(reading), located, options, given)


def _own_roles(reading: Reading) -> Reading:
    names = {plain(name): name for name in reading.table.schema.names}
    own = {"year": names["year"], "month": names["month"], "day": names["date"], "county": names["county"]}
    kept = {role: name for role, name in reading.roles.items() if role not in ("date", "start", "end")}
    return replace(reading, roles={**own, **kept})


def rounding_m(lon: FloatArray, lat: FloatArray) -> float:
    """Return how far rounding can have moved a point: half the diagonal of a cell of the last decimal.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees; the fewest decimals that hold all of them count. NaN where none is known.
    """
    known = np.concatenate([lon[np.isfinite(lon)], lat[np.isfinite(lat)]])
    if not len(known):
        return float("nan")
    decimals = next((d for d in range(7) if np.allclose(known, known.round(d), rtol=0, atol=1e-9)), 7)
    half_m = np.radians(0.5 * 10.0**-decimals) * SEMI_MAJOR_M
    # Meridians draw together with latitude; at the lowest one a cell is widest.
    return float(np.hypot(half_m, half_m * np.cos(np.radians(np.nanmin(np.abs(lat))))))
