"""Positions come back to the stated bound, and their order makes runs of tiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.encode.columns import decode_column
from geo.encode.grid import (
    GRID,
    MAX_LATITUDE_DEG,
    POSITION_ERROR_DEG,
    cell_centres,
    encode_keys,
    grid_cells,
    morton,
    unmorton,
)
from geo.errors import PageError

cells = st.integers(0, GRID - 1)


@given(st.lists(st.tuples(cells, cells), min_size=1))
def test_morton_keys_come_back_and_order_tiles_into_runs(pairs):
    x, y = (np.array(part, dtype=np.uint64) for part in zip(*pairs, strict=True))
    keys = np.sort(morton(x, y))
    assert sorted(zip(*(part.tolist() for part in unmorton(keys)), strict=True)) == sorted(pairs)
    decoded = decode_column(encode_keys(keys), len(keys))
    assert decoded == keys.tolist()
    for zoom in (1, 5, 12):
        tile = (keys >> np.uint64(2 * (26 - zoom))).tolist()
        assert tile == sorted(tile)


def test_unsorted_keys_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        encode_keys(np.array([5, 3], dtype=np.uint64))


longitudes = st.floats(-180, 180)
latitudes = st.floats(-MAX_LATITUDE_DEG, MAX_LATITUDE_DEG)


@given(st.lists(st.tuples(longitudes, latitudes), min_size=1))
def test_positions_come_back_within_the_stated_bound(places):
    longitude, latitude = (np.array(part) for part in zip(*places, strict=True))
    lon, lat = cell_centres(*grid_cells(longitude, latitude))
    bound = POSITION_ERROR_DEG * (1 + 1e-6)
    assert np.abs(lon - longitude).max() <= bound
    assert np.abs(lat - latitude).max() <= bound


@given(st.integers(-117_00000, -97_00000), st.integers(14_00000, 49_00000))
def test_five_typed_decimals_are_shown_exactly(lon_e5, lat_e5):
    longitude, latitude = lon_e5 / 1e5, lat_e5 / 1e5
    lon, lat = cell_centres(*grid_cells(np.array([longitude]), np.array([latitude])))
    assert round(lon[0], 5) == longitude
    assert round(lat[0], 5) == latitude


@pytest.mark.parametrize("place", [(181.0, 0.0), (0.0, 89.0), (np.nan, 30.0), (-100.0, np.nan)])
def test_a_place_that_cannot_be_drawn_is_refused(place):
    with pytest.raises(PageError, match="cannot be drawn"):
        grid_cells(np.array([place[0]]), np.array([place[1]]))
