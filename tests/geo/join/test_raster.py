"""Raster values at points: reference systems, no data of every kind, edges, and blocks."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from geo.errors import CRSError, JoinError, ReadError
from geo.join.raster import sample

GRID = np.arange(12.0).reshape(3, 4)  # 0 1 2 3 / 4 5 6 7 / 8 9 10 11


def origin(west, north, wide, high):
    """Return the transform of a raster by its upper left corner and the size of a cell."""
    return Affine(wide, 0, west, 0, -high, north)


@pytest.fixture
def raster(tmp_path):
    """Return a function that writes a raster: by default one-degree cells from 110 W, 33 N."""

    def write(values=GRID, *, transform=None, crs="EPSG:4326", mask=None, scale=None, **profile):
        values = np.asarray(values)
        if values.ndim == 2:
            values = values[None]
        path = tmp_path / f"raster{len(list(tmp_path.iterdir()))}.tif"
        shape = dict(zip(("count", "height", "width"), values.shape, strict=True))
        transform = transform or origin(-110, 33, 1, 1)
        with (
            rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
            rasterio.open(
                path, "w", driver="GTiff", dtype=values.dtype, crs=crs, transform=transform, **shape, **profile
            ) as file,
        ):
            file.write(values)
            if mask is not None:
                file.write_mask(mask)
            if scale:
                file.scales, file.offsets = [scale[0]], [scale[1]]
        return path

    return write


def at(path, *points, **options):
    lon, lat = np.array(points, float).reshape(-1, 2).T
    (column,) = sample(lon, lat, path, **options).values()
    return column.to_pylist()


def test_a_point_takes_the_value_of_its_cell(raster):
    assert at(raster(), (-109.5, 32.5), (-106.5, 30.5), (-107.5, 31.1)) == [0.0, 11.0, 6.0]


def test_blank_outside_and_without_a_place(raster):
    points = [(-110.001, 32.5), (-105.9, 32.5), (-109, 33.1), (-109, 29.9), (np.nan, 32), (-109, np.nan), (0, 95)]
    assert at(raster(), *points) == [None] * 7


def test_cells_are_half_open_as_in_gdal(raster):
    # Upper left corner in; lower right edge out; an inner edge belongs to the cell right and below.
    assert at(raster(), (-110, 33), (-106, 32.5), (-109.5, 30), (-109, 32)) == [0.0, None, None, 5.0]


def test_the_column_is_named_and_has_the_type_of_the_raster(raster):
    found = sample(np.array([-109.5]), np.array([32.5]), raster(GRID.astype("uint8")), name="elevation")
    assert list(found) == ["elevation"]
    assert str(found["elevation"].type) == "int64"
    assert str(sample(np.array([0.0]), np.array([0.0]), raster())["raster_value"].type) == "double"


@pytest.mark.parametrize("nodata", [5.0, np.nan, np.inf], ids=str)
def test_no_data_is_blank(raster, nodata):
    values = np.where(GRID == 5, nodata, GRID)
    assert at(raster(values, nodata=nodata), (-108.5, 31.5), (-109.5, 32.5)) == [None, 0.0]


def test_a_value_that_is_not_finite_is_blank_even_if_not_declared(raster):
    values = np.where(GRID == 5, np.nan, np.where(GRID == 6, -np.inf, GRID))
    assert at(raster(values), (-108.5, 31.5), (-107.5, 31.5), (-109.5, 32.5)) == [None, None, 0.0]


def test_no_data_of_whole_numbers_is_blank_and_not_zero(raster):
    path = raster(GRID.astype("int16"), nodata=5)
    assert at(path, (-108.5, 31.5), (-109.5, 32.5)) == [None, 0]


def test_an_internal_mask_is_heeded(raster):
    path = raster(GRID.astype("uint8"), mask=np.where(GRID == 5, 0, 255).astype("uint8"))
    assert at(path, (-108.5, 31.5), (-107.5, 31.5)) == [None, 6]


def test_an_alpha_band_is_heeded(raster):
    alpha = np.where(GRID == 5, 0, 255)
    path = raster(np.stack([GRID, alpha]).astype("uint8"), photometric="MINISBLACK", alpha="YES")
    assert at(path, (-108.5, 31.5), (-107.5, 31.5)) == [None, 6]


def test_scale_and_offset_are_applied_but_not_to_no_data(raster):
    path = raster(GRID.astype("int16"), nodata=5, scale=(0.5, 100.0))
    assert at(path, (-107.5, 31.5), (-108.5, 31.5)) == [103.0, None]


def test_another_band(raster):
    assert at(raster(np.stack([GRID, -GRID])), (-107.5, 31.5), band=2) == [-6.0]


def test_longitudes_from_0_to_360(raster):
    path = raster(transform=origin(250, 33, 1, 1))
    assert at(path, (-109.5, 32.5), (-106.5, 30.5), (-110.5, 32.5)) == [0.0, 11.0, None]


def test_longitudes_across_the_date_line(raster):
    path = raster(transform=origin(-182, 33, 1, 1))
    assert at(path, (178.5, 32.5), (-178.5, 30.5), (177.5, 32.5)) == [0.0, 11.0, None]


def test_a_raster_whose_rows_run_north(raster):
    path = raster(transform=Affine(1, 0, -110, 0, 1, 30))
    assert at(path, (-109.5, 30.5), (-106.5, 32.5)) == [0.0, 11.0]


def test_a_rotated_raster(raster):
    # A quarter turn: columns run south, rows run west.
    path = raster(transform=Affine(0, -1, -106, -1, 0, 33))
    assert at(path, (-106.5, 32.5), (-106.5, 29.5), (-108.5, 32.5)) == [0.0, 3.0, 8.0]


@pytest.mark.parametrize("crs", ["EPSG:32612", "EPSG:3857", "EPSG:6372", "EPSG:4267"])
def test_points_are_brought_to_the_rasters_own_reference_system(raster, crs):
    forth = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    size = 0.01 if crs == "EPSG:4267" else 1000.0
    x, y = forth.transform(-110.0, 31.0)
    path = raster(crs=crs, transform=origin(x - size / 2, y + size / 2, size, size))
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    assert at(path, (-110.0, 31.0), back.transform(x + 3 * size, y - 2 * size)) == [0.0, 11.0]


@settings(max_examples=30, deadline=None)
@given(points=st.lists(st.tuples(st.floats(-111, -105), st.floats(29, 34)), max_size=40))
def test_rasterio_gives_the_same(points, tmp_path_factory):
    path = tmp_path_factory.mktemp("same") / "raster.tif"
    profile = {"driver": "GTiff", "dtype": "float64", "crs": "EPSG:4326", "count": 1, "nodata": -1}
    with rasterio.open(path, "w", height=3, width=4, transform=origin(-110, 33, 1, 1), **profile) as file:
        file.write(GRID, 1)
    with rasterio.open(path) as file:
        expected = [None if v[0] == -1 else v[0] for v in file.sample(points)]
    assert at(path, *points) == expected


@pytest.mark.parametrize(
    "layout", [{"blockysize": 1}, {"blockysize": 16}, {"tiled": True, "blockxsize": 16, "blockysize": 32}]
)
def test_every_block_is_read_and_the_order_of_points_is_kept(raster, layout):
    rng = np.random.default_rng(7)
    values = rng.integers(0, 10**6, (200, 170)).astype("int32")
    path = raster(values, transform=origin(-110, 33, 0.01, 0.01), **layout)
    rows, cols = rng.integers(0, 200, 3000), rng.integers(0, 170, 3000)
    points = np.column_stack([-110 + (cols + 0.5) * 0.01, 33 - (rows + 0.5) * 0.01])
    assert at(path, *points) == values[rows, cols].tolist()


def test_a_large_raster_is_not_loaded_whole(raster, monkeypatch):
    from geo.join.raster import Band

    path = raster(np.zeros((4096, 4096), "uint8"), transform=origin(-110, 33, 1e-3, 1e-3), tiled=True)
    read, cells = Band.read, []

    def counted(self, col, row, cols, rows):
        cells.append(cols * rows)
        return read(self, col, row, cols, rows)

    monkeypatch.setattr(Band, "read", counted)
    assert at(path, (-109.9, 32.9), (-109.9, 32.8999), (-106.1, 29.1)) == [0, 0, 0]
    assert sum(cells) < 1000


def test_no_points(raster):
    assert at(raster()) == []


def test_what_cannot_be_used_says_why(raster, tmp_path):
    with pytest.raises(ReadError, match=r"missing\.tif: cannot be opened"):
        at(tmp_path / "missing.tif", (0, 0))
    text = tmp_path / "notes.tif"
    text.write_text("no raster")
    with pytest.raises(ReadError, match=r"notes\.tif: cannot be opened"):
        at(text, (0, 0))
    with pytest.raises(CRSError, match="declares no reference system"):
        at(raster(crs=None), (0, 0))
    with pytest.warns(NotGeoreferencedWarning):
        unplaced = raster(transform=Affine.identity())
    with pytest.raises(CRSError, match="says not where its cells lie"):
        at(unplaced, (0, 0))
    with pytest.raises(ReadError, match="has no band 2; it has 1"):
        at(raster(), (0, 0), band=2)
    with pytest.raises(JoinError, match="complex"):
        at(raster(GRID.astype("complex64")), (0, 0))


def test_a_truncated_file_says_where(raster):
    path = raster(np.random.default_rng(1).random((256, 256)), blockysize=16, transform=origin(-110, 33, 0.01, 0.01))
    path.write_bytes(path.read_bytes()[:200_000])
    with pytest.raises(ReadError, match="cannot be read near row 24"):
        at(path, (-109.9, 33 - 2.455))
