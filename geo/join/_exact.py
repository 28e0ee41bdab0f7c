"""exactextract, fed with our bands and polygons: values with no data told apart, and true cell areas as weights.

exactextract's own rasterio source knows neither rasters whose rows run north, nor values that are not finite, and
takes weights only as a second file. It is imported here, so this module is imported where zonal statistics begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource
from exactextract.raster import RasterSource

from geo.geodesy import ECCENTRICITY_2, SEMI_MINOR_M
from geo.join.raster import Band
from geo.table import FloatArray, ObjectArray

_OPERATIONS = ("count", "sum", "mean", "min", "max", "weighted_mean")

_CELLS_AT_ONCE = 4_000_000
"""A larger raster is read by polygon, and a larger polygon in parts of so many cells: about 100 MB."""


def statistics(shapes: ObjectArray, raster: Band) -> FloatArray:
    """Return (n, 6) float64: covered cells, sum, mean, min, max and area-weighted mean of each polygon.

    Parameters
    ----------
    shapes : (n,) valid shapely polygons
        In the reference system of the raster.
    raster
        Not rotated.

    Returns
    -------
    (n, 6) float64
        NaN for all but the first where a polygon covers no cell with data.
    """
    found = exact_extract(
        _Values(raster),
        _Polygons(shapes),
        list(_OPERATIONS),
        weights=_CellAreas(raster),
        max_cells_in_memory=_CELLS_AT_ONCE,
    )
    rows = [[f["properties"][name] for name in _OPERATIONS] for f in found]
    table = np.array(rows, dtype=np.float64).reshape(-1, len(_OPERATIONS))
    table[table[:, 0] == 0, 1:] = np.nan
    return table


class _Polygon(Feature):  # type: ignore[misc]  # exactextract has no types
    """One geometry without attributes going in, and the results coming out."""

    def __init__(self, wkb: bytes) -> None:
        super().__init__()
        self._wkb = wkb

    def geometry(self) -> bytes:
        return self._wkb

    def fields(self) -> list[str]:
        return []


class _Polygons(FeatureSource):  # type: ignore[misc]
    def __init__(self, shapes: ObjectArray) -> None:
        super().__init__()
        self._shapes = shapes

    def __iter__(self) -> Iterator[_Polygon]:
        import shapely

        for shape in self._shapes:
            yield _Polygon(shapely.to_wkb(shape))

    def count(self) -> int:
        return len(self._shapes)

    def srs_wkt(self) -> None:  # polygons and raster are in one system: nothing to compare
        return None


class _Grid(RasterSource):  # type: ignore[misc]
    """A band as exactextract sees it: rows from north to south, columns from west to east."""

    def __init__(self, raster: Band, name: str) -> None:
        super().__init__()
        self.set_name(name)
        self._raster = raster
        transform = raster.dataset.transform
        self._flips = (transform.e > 0, transform.a < 0)

    def res(self) -> tuple[float, float]:
        west, south, east, north = self._raster.extent
        return (east - west) / self._raster.dataset.width, (north - south) / self._raster.dataset.height

    def extent(self) -> tuple[float, float, float, float]:
        return self._raster.extent

    def nodata_value(self) -> float:
        return float("nan")

    def srs_wkt(self) -> None:
        return None


class _Values(_Grid):
    """The values of the band."""

    def __init__(self, raster: Band) -> None:
        super().__init__(raster, "value")
        high, wide = raster.dataset.shape
        # Polygons are many and meet the same blocks again and again: what fits is read once.
        self._whole = self._read(0, 0, wide, high) if high * wide <= _CELLS_AT_ONCE else None

    def read_window(self, x0: int, y0: int, nx: int, ny: int) -> FloatArray:
        if not (nx and ny):
            return np.empty((ny, nx))
        if self._whole is None:
            return self._read(x0, y0, nx, ny)
        return self._whole[y0 : y0 + ny, x0 : x0 + nx]

    def _read(self, x0: int, y0: int, nx: int, ny: int) -> FloatArray:
        dataset = self._raster.dataset
        rows_north, columns_west = self._flips
        row = dataset.height - y0 - ny if rows_north else y0
        col = dataset.width - x0 - nx if columns_west else x0
        values = self._raster.read(col, row, nx, ny)
        return np.ascontiguousarray(values[:: -1 if rows_north else 1, :: -1 if columns_west else 1])


class _CellAreas(_Grid):
    """The true area of the cells in square metres."""

    def __init__(self, raster: Band) -> None:
        super().__init__(raster, "area")
        self._crs = raster.crs

    def read_window(self, x0: int, y0: int, nx: int, ny: int) -> FloatArray:
        left, _, _, top = self.extent()
        wide, high = self.res()
        x = np.asarray(left + wide * np.arange(x0, x0 + nx + 1), np.float64)
        y = np.asarray(top - high * np.arange(y0, y0 + ny + 1), np.float64)
        if self._crs.is_geographic:
            # One column will do: all cells of a row are equal.
            areas = cell_areas_m2(*np.meshgrid([0.0, wide], y))
            return np.ascontiguousarray(np.broadcast_to(areas, (ny, nx)))
        return cell_areas_m2(*_geographic(self._crs, *np.meshgrid(x, y)))


def cell_areas_m2(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the areas on the WGS84 ellipsoid of the cells between a grid of corners.

    Parameters
    ----------
    lon, lat : (rows + 1, columns + 1) float64, degrees
        Corners. A latitude beyond a pole (global grids may reach half a cell over) counts as the pole.

    Returns
    -------
    (rows, columns) float64, m²
        0 where a corner has no place.

    Notes
    -----
    On the cylindrical equal-area projection areas are true, and the shoelace formula gives them. It is exact for
    cells between parallels and meridians, which are straight there; elsewhere edges are taken as straight, a
    difference that shrinks with the square of the cell.
    """
    sin = np.sin(np.radians(np.clip(lat, -90.0, 90.0)))
    e = np.sqrt(ECCENTRICITY_2)
    y = SEMI_MINOR_M * (sin / (1 - ECCENTRICITY_2 * sin**2) + np.arctanh(e * sin) / e) / 2
    x = SEMI_MINOR_M * np.radians(lon)
    turn = 2 * np.pi * SEMI_MINOR_M

    def across(values: FloatArray, other: FloatArray) -> FloatArray:
        """Return how far `other` is east of `values`, the short way round."""
        return np.asarray((other - values + turn / 2) % turn - turn / 2)

    # Both diagonals; half their cross product is the area.
    dx1, dy1 = across(x[1:, :-1], x[:-1, 1:]), y[:-1, 1:] - y[1:, :-1]
    dx2, dy2 = across(x[1:, 1:], x[:-1, :-1]), y[:-1, :-1] - y[1:, 1:]
    return np.asarray(np.nan_to_num(np.abs(dx1 * dy2 - dx2 * dy1) / 2), np.float64)


def _geographic(crs: Any, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return WGS84 longitude and latitude; NaN where the projection has no such place."""
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y, errcheck=False)
    nowhere = ~(np.isfinite(lon) & np.isfinite(lat))
    return np.where(nowhere, np.nan, lon), np.where(nowhere, np.nan, lat)
