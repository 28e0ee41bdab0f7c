"""Zonal statistics against sums by hand, and against cell-by-cell intersections."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
import rasterio
import shapely
from pyproj import Geod, Transformer
from rasterio.transform import Affine
from shapely import MultiPolygon, Polygon, box

from geo.errors import CRSError, JoinError
from geo.join import _exact
from geo.join._exact import cell_areas_m2
from geo.join.zonal import STATISTICS, zonal
from geo.table import Features

GRID = np.arange(12.0).reshape(3, 4)  # one-degree cells from 110 W, 33 N: 0 1 2 3 / 4 5 6 7 / 8 9 10 11
NORTH_UP = Affine(1, 0, -110, 0, -1, 33)


@pytest.fixture
def raster(tmp_path):
    """Return a function that writes a raster."""

    def write(values=GRID, transform=NORTH_UP, crs="EPSG:4326", **profile):
        path = tmp_path / f"raster{len(list(tmp_path.iterdir()))}.tif"
        high, wide = values.shape
        profile |= {"driver": "GTiff", "dtype": values.dtype, "crs": crs, "transform": transform, "count": 1}
        with rasterio.open(path, "w", height=high, width=wide, **profile) as file:
            file.write(values, 1)
        return path

    return write


def areas(*shapes, **columns):
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Features(pa.table(columns or {"id": [f"z{i}" for i in range(len(shapes))]}), geometry)


def only(table):
    (row,) = table.to_pylist()
    row.pop("id")
    return row


def row_areas(*parallels):
    """Return the areas of the cells one degree wide between parallels."""
    return cell_areas_m2(*np.meshgrid([0.0, 1.0], parallels))[:, 0].tolist()


def test_whole_and_partial_cells(raster):
    row = only(zonal(areas(box(-109, 31.5, -107.5, 32)), raster()))
    assert list(row) == list(STATISTICS)
    assert row["covered_cells"] == pytest.approx(0.5 + 0.25)
    assert row["sum"] == pytest.approx(5 * 0.5 + 6 * 0.25)
    assert row["mean"] == pytest.approx(4 / 0.75)
    assert (row["min"], row["max"]) == (5.0, 6.0)
    # Both cells lie in one row: equal areas.
    assert row["area_weighted_mean"] == pytest.approx(row["mean"])


def test_a_cell_counts_by_its_true_area(raster):
    row = only(zonal(areas(box(-110, 30, -109, 33)), raster()))
    geod = Geod(ellps="WGS84")
    true = [
        # A cell's edge follows its parallel: many vertices.
        abs(
            geod.polygon_area_perimeter(
                np.r_[np.linspace(-110, -109, 2001), np.linspace(-109, -110, 2001)],
                np.r_[np.full(2001, north), np.full(2001, north - 1)],
            )[0]
        )
        for north in (33.0, 32.0, 31.0)
    ]
    np.testing.assert_allclose(row_areas(33.0, 32.0, 31.0, 30.0), true, rtol=1e-9)
    assert row["area_weighted_mean"] == pytest.approx(np.average([0, 4, 8], weights=true), rel=1e-9)
    assert row["mean"] == pytest.approx(4.0)


def test_cells_over_the_pole_end_at_the_pole():
    assert row_areas(90.5, 89.5) == row_areas(90.0, 89.5)
    assert 360 * row_areas(90.0, -90.0)[0] == pytest.approx(510_065_621_724_000, rel=1e-9)  # of WGS84, m²


def test_a_cell_across_the_date_line_is_no_larger():
    lat = np.array([[1.0, 1.0], [0.0, 0.0]])
    across = cell_areas_m2(np.array([[179.5, -179.5], [179.5, -179.5]]), lat)
    assert across == pytest.approx(cell_areas_m2(np.array([[0.0, 1.0], [0.0, 1.0]]), lat))


def test_without_data_is_blank_and_never_zero(raster):
    path = raster(np.where(GRID >= 8, -9999.0, GRID), nodata=-9999)
    found = zonal(
        areas(
            box(-109.8, 30.2, -106.2, 30.8),  # all no data
            box(-100, 30, -99, 31),  # outside
            None,
            Polygon(),
            box(-110, 30.5, -109, 31.5),  # half of it no data
        ),
        path,
    ).to_pylist()
    for row in found[:2]:
        assert row["covered_cells"] == 0.0
        assert all(row[name] is None for name in STATISTICS[1:])
    for row in found[2:4]:
        assert all(row[name] is None for name in STATISTICS)
    assert found[4]["covered_cells"] == pytest.approx(0.5)
    assert found[4]["sum"] == pytest.approx(2.0)


def test_zeros_are_data(raster):
    row = only(zonal(areas(box(-109, 31, -108, 32)), raster(np.zeros((3, 4)))))
    assert row["covered_cells"] == 1.0
    assert [row[name] for name in STATISTICS[1:]] == [0.0] * 5


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_values_that_are_not_finite_are_no_data(raster, missing):
    row = only(zonal(areas(box(-110, 30, -106, 33)), raster(np.where(GRID == 5, missing, GRID))))
    assert row["covered_cells"] == 11.0
    assert row["sum"] == GRID.sum() - 5


def test_a_sliver_that_no_cell_centre_hits(raster):
    row = only(zonal(areas(box(-108.01, 31.7, -107.99, 31.701)), raster()))
    assert row["covered_cells"] == pytest.approx(2e-5, rel=1e-4)
    assert (row["min"], row["max"]) == (5.0, 6.0)


def test_holes_and_parts(raster):
    ring = box(-110, 30, -106, 33) - box(-109, 31, -107, 32)
    parts = MultiPolygon([box(-110, 32, -109, 33), box(-107, 30, -106, 31)])
    found = zonal(areas(ring, parts), raster()).to_pylist()
    assert found[0]["sum"] == pytest.approx(GRID.sum() - 11)
    assert found[1]["sum"] == pytest.approx(11.0)


def test_invalid_rings_are_mended(raster):
    bow_tie = Polygon([(-110, 32), (-109, 33), (-109, 32), (-110, 33)])
    collapsed = Polygon([(-110, 32), (-109, 33), (-110, 32)])
    found = zonal(areas(bow_tie, collapsed), raster()).to_pylist()
    assert found[0]["covered_cells"] == pytest.approx(0.5)
    assert found[1]["covered_cells"] is None


def test_polygons_that_tile_the_raster_share_out_its_sum(raster):
    rng = np.random.default_rng(11)
    values = rng.random((40, 50))
    path = raster(values, Affine(0.1, 0, -110, 0, -0.1, 33))
    points = shapely.MultiPoint(np.column_stack([rng.uniform(-110, -105, 30), rng.uniform(29, 33, 30)]))
    extent = box(-110, 29, -105, 33)
    tiles = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=extent))
    found = zonal(areas(*shapely.intersection(tiles, extent)), path)
    assert sum(found["sum"].to_pylist()) == pytest.approx(values.sum(), rel=1e-6)
    assert sum(found["covered_cells"].to_pylist()) == pytest.approx(values.size, rel=1e-6)


def test_shares_are_those_of_cell_by_cell_intersections(raster):
    zone = shapely.Point(-108, 31.5).buffer(1.2)
    row = only(zonal(areas(zone), raster()))
    cells = [(box(x, y - 1, x + 1, y), GRID[33 - y, x + 110]) for y in (33, 32, 31) for x in range(-110, -106)]
    shares = np.array([zone.intersection(cell).area for cell, _ in cells])
    assert row["covered_cells"] == pytest.approx(shares.sum(), rel=1e-6)
    assert row["sum"] == pytest.approx((shares * [value for _, value in cells]).sum(), rel=1e-6)


@pytest.mark.parametrize("at_once", [4_000_000, 4], ids=["read whole", "read by window"])
@pytest.mark.parametrize(
    ("transform", "flip"),
    [(Affine(1, 0, -110, 0, 1, 30), np.flipud), (Affine(-1, 0, -106, 0, -1, 33), np.fliplr)],
    ids=["rows run north", "columns run west"],
)
def test_a_raster_stored_the_other_way_round(raster, monkeypatch, transform, flip, at_once):
    zone = areas(box(-109.5, 31.2, -107.1, 32.9))
    expected = only(zonal(zone, raster()))
    monkeypatch.setattr(_exact, "_CELLS_AT_ONCE", at_once)
    assert only(zonal(zone, raster(np.ascontiguousarray(flip(GRID)), transform))) == pytest.approx(expected)


def test_longitudes_from_0_to_360(raster):
    zone = areas(box(-109.5, 30.2, -107.1, 32.9))
    turned = only(zonal(zone, raster(transform=Affine(1, 0, 250, 0, -1, 33))))
    assert turned == pytest.approx(only(zonal(zone, raster())))


@pytest.mark.parametrize("crs", ["EPSG:6372", "EPSG:32613", "EPSG:3857"])
def test_zones_are_brought_to_a_projected_raster(raster, crs):
    """An edge of five degrees, straight in degrees, is bent on the projected raster; the cells see it."""
    forth = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    zone = box(-107.5, 30.5, -102.5, 31.0)
    dense = shapely.segmentize(zone, 0.001)
    shape = shapely.transform(dense, lambda xy: np.column_stack(forth.transform(*xy.T)))
    west, south, east, north = shape.bounds
    cell = 5000.0
    wide, high = int((east - west) / cell) + 4, int((north - south) / cell) + 4
    transform = Affine(cell, 0, west - cell, 0, -cell, north + cell)
    column = np.broadcast_to(np.arange(wide, dtype=float), (high, wide)).copy()

    row = only(zonal(areas(zone), raster(column, transform, crs)))

    assert row["covered_cells"] == pytest.approx(shape.area / cell**2, rel=1e-5)
    # The true area, by the cells' shares and the scale of the projection: 32 times the mean of the values.
    lon = np.linspace(-107.5, -102.5, 2001)
    parallel = [np.r_[lon, lon[::-1]], np.r_[np.full(2001, 30.5), np.full(2001, 31.0)]]
    area_m2 = abs(Geod(ellps="WGS84").polygon_area_perimeter(*parallel)[0])
    scale = row["covered_cells"] * cell**2 / area_m2
    assert scale == pytest.approx({"EPSG:6372": 1.0, "EPSG:32613": 1.0, "EPSG:3857": 1.36}[crs], abs=0.02)


def test_a_cell_of_a_projected_raster_counts_by_its_true_area(raster):
    """In Web Mercator northern cells are small; the mean by area is that of the same field in degrees."""
    forth = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    (west, east), (south, north) = forth.transform([-110, -106], [20.0, 45.0])
    cell = (north - south) / 600
    wide = int((east - west) / cell)
    transform = Affine((east - west) / wide, 0, west, 0, -cell, north)
    y = north - cell * (np.arange(600) + 0.5)
    latitude = np.array(forth.transform(np.zeros(600), y, direction="INVERSE")[1])
    path = raster(np.broadcast_to(latitude[:, None], (600, wide)).copy(), transform, "EPSG:3857")

    row = only(zonal(areas(box(-109.9, 20.01, -106.1, 44.99)), path))

    fine = np.linspace(44.99, 20.01, 20001)
    truth = np.average((fine[1:] + fine[:-1]) / 2, weights=row_areas(*fine))
    assert row["area_weighted_mean"] == pytest.approx(truth, rel=1e-5)
    assert abs(row["mean"] - truth) > 0.5


def test_edges_stay_straight_in_the_reference_system_they_were_drawn_in(raster):
    utm = Transformer.from_crs("EPSG:4326", "EPSG:32612", always_xy=True)
    x, y = utm.transform([-109.9, -106.1], [30.1, 32.9])
    drawn = box(*np.column_stack([x, y]).ravel())

    def to_degrees(shape):
        return shapely.transform(shape, lambda xy: np.column_stack(utm.transform(*xy.T, direction="INVERSE")))

    corners, bent = to_degrees(drawn), to_degrees(shapely.segmentize(drawn, 500))
    extent = box(-110, 30, -106, 33)
    assert abs(corners.intersection(extent).area - bent.intersection(extent).area) > 5e-4

    by_degrees = only(zonal(areas(corners), raster()))
    as_drawn = only(zonal(areas(corners), raster(), edges_crs="EPSG:32612"))

    assert by_degrees["covered_cells"] == pytest.approx(corners.intersection(extent).area, rel=1e-6)
    assert as_drawn["covered_cells"] == pytest.approx(bent.intersection(extent).area, rel=1e-5)


def test_zones_drawn_in_the_rasters_own_projection_are_cut_by_its_cells_exactly(raster):
    utm = Transformer.from_crs("EPSG:4326", "EPSG:32612", always_xy=True)
    drawn = box(500_000, 3_400_000, 800_000, 3_500_000)
    corners = shapely.transform(drawn, lambda xy: np.column_stack(utm.transform(*xy.T, direction="INVERSE")))
    path = raster(np.ones((20, 40)), Affine(10_000, 0, 450_000, 0, -10_000, 3_550_000), "EPSG:32612")
    row = only(zonal(areas(corners), path, edges_crs="EPSG:32612"))
    assert row["covered_cells"] == pytest.approx(300, rel=1e-6)


def test_ids_are_those_of_the_layer(raster):
    zones = [box(-110, 32, -109, 33), box(-109, 32, -108, 33)]
    assert zonal(areas(*zones, inegi_code=["08037", "26043"]), raster())["id"].to_pylist() == ["08037", "26043"]
    assert zonal(areas(*zones, note=["a", "a"]), raster())["id"].to_pylist() == ["1", "2"]


def test_a_polygon_larger_than_one_read(raster, monkeypatch):
    rng = np.random.default_rng(2)
    path = raster(rng.random((90, 80)), Affine(0.05, 0, -110, 0, -0.05, 33))
    zone = areas(shapely.Point(-108, 31).buffer(1.9))
    whole = only(zonal(zone, path))
    monkeypatch.setattr(_exact, "_CELLS_AT_ONCE", 300)
    assert only(zonal(zone, path)) == pytest.approx(whole, rel=1e-9)


def test_no_areas(raster):
    found = zonal(areas(id=pa.array([], pa.string())), raster())
    assert found.column_names == ["id", *STATISTICS]
    assert len(found) == 0


def test_what_cannot_be_used_says_why(raster):
    with pytest.raises(JoinError, match="area 2 is a Point"):
        zonal(areas(box(0, 0, 1, 1), shapely.Point(0, 0)), raster())
    with pytest.raises(JoinError, match="is rotated"):
        zonal(areas(box(0, 0, 1, 1)), raster(transform=Affine(1, 0.1, -110, 0.1, -1, 33)))
    half_the_earth = raster(crs="+proj=ortho +lat_0=30 +lon_0=-110", transform=Affine(1e5, 0, 0, 0, -1e5, 0))
    with pytest.raises(CRSError, match="area 1 has no place"):
        zonal(areas(box(70, 10, 80, 20)), half_the_earth)


@pytest.fixture
def states(public_data):
    features = json.loads((public_data / "boundaries" / "mx_states.geojson").read_text())["features"]
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    return areas(*shapes, state_code=[f"{f['properties']['state_code']:02d}" for f in features])


@pytest.fixture
def municipalities(public_data):
    features = json.loads((public_data / "boundaries" / "mx_municipalities.geojson").read_text())["features"]
    return areas(*shapely.from_geojson([json.dumps(f["geometry"]) for f in features]))


@pytest.mark.data
@pytest.mark.parametrize("level", ["states", "municipalities"])
def test_real_areas_add_up_to_the_raster_less_what_its_cells_have_outside(public_data, level, request):
    """Half of the deaths are lost: the cell of Ciudad Juárez lies mostly in the US, and sums spread evenly."""
    zones = request.getfixturevalue(level)
    path = public_data / "raster" / "ucdp_deaths_2004_2010_half_degree.tif"
    with rasterio.open(path) as file:
        values, left, top, size = file.read(1, masked=True), file.transform.c, file.transform.f, file.transform.a

    found = zonal(zones, path).to_pylist()

    rows, cols = np.nonzero(values.filled(0) > 0)
    x, y = left + cols * size, top - rows * size
    cells = shapely.box(x, y - size, x + size, y)
    land = shapely.union_all(shapely.make_valid(zones.geometry))
    shares = shapely.area(shapely.intersection(cells, land)) / size**2
    deaths = values.data[rows, cols]
    total = sum(row["sum"] for row in found if row["sum"] is not None)
    assert total == pytest.approx((shares * deaths).sum(), rel=1e-3)  # quantised polygons overlap a little
    missing = (1 - shares) * deaths
    assert missing.max() > 0.7 * missing.sum()
    assert (x[missing.argmax()], y[missing.argmax()]) == (-106.5, 32.0)
    assert all(row["covered_cells"] == 0 for row in found if row["sum"] is None)


@pytest.mark.data
def test_population_of_the_places_by_state(public_data, states):
    """Without a no-data value every cell counts, and the states south of the raster are blank."""
    path = public_data / "raster" / "geonames_place_population_quarter_degree.tif"
    found = {row["id"]: row for row in zonal(states, path).to_pylist()}
    assert found["31"]["sum"] is None  # Yucatán lies east of it
    assert found["08"]["covered_cells"] == pytest.approx(found["08"]["sum"] / found["08"]["mean"])
    # Chihuahua had 3.4 million people in 2010; places of 500 and more hold most of them.
    assert 2.5e6 < found["08"]["sum"] < 4.5e6
