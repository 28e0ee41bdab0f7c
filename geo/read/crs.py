"""Reference systems: declared by the file or the user, brought to WGS84; never assumed for metres.

Coordinates that can be degrees and declare nothing are taken as WGS84, which is said. Coordinates that cannot
are refused with the systems under which they would lie in the region, for the user to choose from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from geo.errors import CRSError, UsageError
from geo.table import FloatArray, ObjectArray

REGION = (-125.0, 14.0, -64.0, 50.0)
"""West, south, east, north of Mexico and the 48 states with their waters, degrees."""
BORDER_REGION = (-118.5, 25.0, -96.5, 35.0)
"""The same of the border and the states on it, for telling likely systems from possible ones."""

# What files of the two countries come in: UTM of the zones that they span, the national systems, the web's,
# and the state plane zones along the border (feet).
_CANDIDATES: tuple[tuple[str, str], ...] = (
    *((f"EPSG:{32600 + zone}", f"WGS 84 / UTM zone {zone}N") for zone in range(11, 17)),
    ("EPSG:3857", "Web Mercator"),
    ("EPSG:6372", "Mexico ITRF2008 / LCC, of INEGI"),
    ("EPSG:5070", "NAD83 / Conus Albers"),
    ("EPSG:2230", "California zone 6, US feet"),
    ("EPSG:2223", "Arizona Central, feet"),
    ("EPSG:2257", "New Mexico East, US feet"),
    ("EPSG:2277", "Texas Central, US feet"),
    ("EPSG:2278", "Texas South Central, US feet"),
    ("EPSG:2279", "Texas South, US feet"),
)
_SHOWN = 6


@lru_cache(maxsize=64)
def parse(text: str) -> Any:
    """Return the pyproj CRS that `text` names.

    Raises
    ------
    UsageError
        It names none.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError as Unknown

    try:
        return CRS.from_user_input(int(text) if text.isdigit() else text)
    except Unknown:
        raise UsageError(f"--crs {text}: no such reference system; write for example EPSG:32613 or EPSG:4326") from None


def is_wgs84(crs: str | None) -> bool:
    """Whether coordinates in `crs` are WGS84 longitude and latitude as they stand."""
    if crs is None or crs.upper() in ("EPSG:4326", "OGC:CRS84", "WGS84", "4326", "CRS84"):
        return True
    return bool(parse(crs).equals(parse("EPSG:4326"), ignore_axis_order=True))


def to_wgs84(x: FloatArray, y: FloatArray, crs: str | None) -> tuple[FloatArray, FloatArray]:
    """Return (longitude, latitude) in WGS84 degrees; NaN where the transformation has no answer.

    Parameters
    ----------
    x, y : (n,) float64
        Easting and northing, or longitude and latitude, in units of `crs`.
    crs
        Their reference system; None is WGS84.
    """
    if is_wgs84(crs):
        return x, y
    from pyproj import Transformer

    assert crs is not None
    way = Transformer.from_crs(parse(crs), "EPSG:4326", always_xy=True)
    lon, lat = way.transform(x, y)
    bad = ~(np.isfinite(lon) & np.isfinite(lat))
    return np.where(bad, np.nan, lon), np.where(bad, np.nan, lat)


def geometry_to_wgs84(geometry: ObjectArray, crs: str | None) -> ObjectArray:
    """Return the geometries in WGS84 longitude and latitude, without heights and measures.

    Parameters
    ----------
    geometry : (n,) object array of shapely geometries
        None where a row has none.
    crs
        Their reference system; None is WGS84.
    """
    import shapely

    flat = shapely.force_2d(geometry) if bool(np.any(shapely.has_z(geometry))) else geometry
    if is_wgs84(crs):
        return np.asarray(flat, dtype=object)

    def move(points: FloatArray) -> FloatArray:
        lon, lat = to_wgs84(points[:, 0], points[:, 1], crs)
        return np.column_stack([lon, lat])

    return np.asarray(shapely.transform(flat, move), dtype=object)


def refuse_metres(x: FloatArray, y: FloatArray, name: str) -> None:
    """Raise if most coordinates are too large for degrees.

    Raises
    ------
    CRSError
        Gives an example and the systems under which the coordinates lie in the region.
    """
    with np.errstate(invalid="ignore"):
        if not ((np.abs(x) > 360) & (np.abs(y) > 360)).any():
            return
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return
    x, y = x[known], y[known]
    large = (np.abs(x) > 360) & (np.abs(y) > 360)
    if np.mean(large) <= 0.5:
        return
    example = f"{x[large][0]:,.0f}, {y[large][0]:,.0f}"
    likely = likely_systems(x[large], y[large])
    if likely:
        systems = "; ".join(f"{code} ({words})" for code, words in likely)
        raise CRSError(
            f"{name}: coordinates such as {example} are not degrees; name their system with --crs,"
            f" likely one of {systems}"
        )
    raise CRSError(
        f"{name}: coordinates such as {example} are not degrees, and lie in the region under no usual system;"
        " name theirs with --crs"
    )


def likely_systems(x: FloatArray, y: FloatArray) -> list[tuple[str, str]]:
    """Return (code, words) of the systems under which the coordinates would lie in the region, best first.

    Those that put them along the border come first.
    """
    found: list[tuple[float, int, str, str]] = []
    for order, (code, words) in enumerate(_CANDIDATES):
        lon, lat = to_wgs84(x, y, code)
        inside = _share(lon, lat, REGION)
        if inside > 0.9:
            found.append((-_share(lon, lat, BORDER_REGION), order, code, words))
    return [(code, words) for _, _, code, words in sorted(found)][:_SHOWN]


def _share(lon: FloatArray, lat: FloatArray, box: tuple[float, float, float, float]) -> float:
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        return float(np.mean((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)))
