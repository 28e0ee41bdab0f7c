"""The value of a raster at a point.

A point takes the value of the cell it falls into: no interpolation, because a raster of counts or classes has no
values between its cells. Cells are half open, as in GDAL and rasterio: a point on the edge between two cells
belongs to the one to the right of it and below (where columns run east and rows south), and a point on the last
edge of the raster lies outside.

Points are brought to the raster's own reference system, so the raster is never resampled. Blank are: a point
without a place, a point outside, a cell that the file declares as no data (a no-data value, NaN included, a mask,
or an alpha band), and a cell whose value is not finite. Scale and offset of the band are applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import CRSError, JoinError, ReadError
from geo.table import BoolArray, FloatArray, IntArray, column

_STRIP_ROWS = 64
"""Files stored row by row are read this many rows at a time: one call a row costs more than the rows."""

_READ_CELLS = 2**22
"""But never more cells at once than this (32 MB of float64), unless one block of the file is larger."""


@dataclass(frozen=True)
class Band:
    """One band of an open raster, its values as float64 with NaN where there is no data.

    Parameters
    ----------
    dataset
        An open `rasterio.DatasetReader` with a reference system.
    index
        1-based number of the band.
    path
        For messages.
    """

    dataset: Any
    index: int
    path: str

    @property
    def crs(self) -> Any:
        """The reference system, a `pyproj.CRS`."""
        from pyproj import CRS

        return CRS.from_wkt(self.dataset.crs.to_wkt())

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north end, in the raster's reference system, whichever way its rows run."""
        t, wide, high = self.dataset.transform, self.dataset.width, self.dataset.height
        x = [t.c, t.c + t.a * wide, t.c + t.b * high, t.c + t.a * wide + t.b * high]
        y = [t.f, t.f + t.d * wide, t.f + t.e * high, t.f + t.d * wide + t.e * high]
        return min(x), min(y), max(x), max(y)

    @property
    def is_integer(self) -> bool:
        """Whether the values are whole numbers, as stored and after scaling."""
        whole = np.issubdtype(np.dtype(self.dataset.dtypes[self.index - 1]), np.integer)
        return bool(whole) and self._scale == (1.0, 0.0)

    @property
    def _scale(self) -> tuple[float, float]:
        return self.dataset.scales[self.index - 1], self.dataset.offsets[self.index - 1]

    def read(self, col: int, row: int, cols: int, rows: int) -> FloatArray:
        """Return the values of a window as (rows, cols) float64, NaN where there is no data.

        Raises
        ------
        ReadError
            Where the file is damaged there.
        """
        from rasterio.errors import RasterioError
        from rasterio.windows import Window

        try:
            window = Window(col, row, cols, rows)
            stored = self.dataset.read(self.index, window=window, masked=True)
        except RasterioError as error:
            raise ReadError(f"{self.path}: cannot be read near row {row}: {error}; is it complete?") from error
        values = np.ma.filled(stored.astype(np.float64), np.nan)
        scale, offset = self._scale
        if (scale, offset) != (1.0, 0.0):
            values = values * scale + offset
        values[np.isinf(values)] = np.nan
        return np.asarray(values)


@contextmanager
def opened(path: str | PathLike[str], band: int = 1) -> Iterator[Band]:
    """Open a raster and check that places can be found in it.

    Raises
    ------
    ReadError
        Where the file is not there, is no raster, or lacks the band.
    CRSError
        Where it declares no reference system or no position.
    JoinError
        Where its values are complex numbers.
    """
    import warnings

    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    name = fspath(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # said below, as an error
            dataset = rasterio.open(path)
    except RasterioIOError as error:
        raise ReadError(f"{name}: cannot be opened as a raster: {error}; give a GeoTIFF") from error
    with dataset:
        if not 1 <= band <= dataset.count:
            raise ReadError(f"{name}: has no band {band}; it has {dataset.count}")
        if dataset.crs is None:
            raise CRSError(f"{name}: declares no reference system; assign one, e.g. with gdal_edit.py -a_srs")
        if dataset.transform.is_identity:
            raise CRSError(f"{name}: says not where its cells lie; georeference it, e.g. with gdalwarp")
        if np.issubdtype(np.dtype(dataset.dtypes[band - 1]), np.complexfloating):
            raise JoinError(f"{name}: holds complex numbers; give a raster of real ones")
        yield Band(dataset, band, name)


def sample(
    lon: FloatArray, lat: FloatArray, path: str | PathLike[str], name: str = "raster_value", band: int = 1
) -> dict[str, pa.Array]:
    """Return the value of the raster at each point.

    Parameters
    ----------
    lon, lat : (n,) float64
        WGS84 degrees; NaN where a row has no place.
    path
        Any raster that GDAL reads, in any reference system.
    name
        Name of the column.
    band
        1-based number of the band.

    Returns
    -------
    dict of one Arrow column, n rows in their order
        int64 where the raster holds whole numbers, else float64; null outside and where there is no data.

    Raises
    ------
    ReadError, CRSError, JoinError
        As `opened`; CRSError also where the points cannot be brought to the raster's reference system.

    Notes
    -----
    Points are sorted by block of the file, and of each block with points the part that holds them is read once:
    a large raster is never loaded whole unless it is stored as one block.
    """
    with opened(path, band) as raster:
        x, y = to_raster(raster, np.asarray(lon, float), np.asarray(lat, float))
        rows, cols, inside = _cells(raster, x, y)
        values = np.full(len(x), np.nan)
        values[inside] = _values(raster, rows[inside], cols[inside])
        if not raster.is_integer:
            return {name: column(values)}
        missing = np.isnan(values)
        whole = np.where(missing, 0, values).astype(np.int64)
        return {name: pa.array(whole, mask=missing)}


def to_raster(raster: Band, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return WGS84 points in the raster's reference system; not finite where that has no such place.

    Raises
    ------
    CRSError
        Where there is no way from longitude and latitude to that system.
    """
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    crs = raster.crs
    try:
        transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        x, y = transformer.transform(lon, lat, errcheck=False)
    except ProjError as error:
        raise CRSError(f"{raster.path}: its reference system has no known relation to WGS84: {error}") from error
    x, y = np.asarray(x, float), np.asarray(y, float)
    if crs.is_geographic:
        # Longitudes may run 0 to 360: a point left or right of the raster is tried one turn on.
        left, _, right, _ = raster.extent
        with np.errstate(invalid="ignore"):
            x = np.where(x < left, x + 360.0, np.where(x >= right, x - 360.0, x))
    return x, y


def _cells(raster: Band, x: FloatArray, y: FloatArray) -> tuple[IntArray, IntArray, BoolArray]:
    """Return row and column of the cell of each point, and whether there is one."""
    there = np.isfinite(x) & np.isfinite(y)
    back = ~raster.dataset.transform
    with np.errstate(invalid="ignore"):
        col = np.floor(back.a * x + back.b * y + back.c)
        row = np.floor(back.d * x + back.e * y + back.f)
        there &= (col >= 0) & (col < raster.dataset.width) & (row >= 0) & (row < raster.dataset.height)
    return (
        np.where(there, row, 0).astype(np.int64),
        np.where(there, col, 0).astype(np.int64),
        np.asarray(there),
    )


def _values(raster: Band, rows: IntArray, cols: IntArray) -> FloatArray:
    """Return the values of cells, block after block of the file."""
    high, wide = raster.dataset.block_shapes[raster.index - 1]
    if high < _STRIP_ROWS:
        high *= max(1, min(_STRIP_ROWS, _READ_CELLS // wide) // high)
    block = (rows // high) * (raster.dataset.width // wide + 1) + cols // wide
    order = np.argsort(block, kind="stable")
    values = np.full(len(rows), np.nan)
    for part in np.split(order, np.flatnonzero(np.diff(block[order])) + 1) if len(order) else []:
        top, left = int(rows[part].min()), int(cols[part].min())
        down, across = int(rows[part].max()) - top + 1, int(cols[part].max()) - left + 1
        values[part] = raster.read(left, top, across, down)[rows[part] - top, cols[part] - left]
    return values
