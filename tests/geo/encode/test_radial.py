"""Distances from named sites come back on their ladder, whatever the estimate, and mostly cost nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pyproj import Geod

from geo.encode.columns import encode_column
from geo.encode.grid import encode_keys, grid_cells, morton
from geo.encode.lookups import Lookups, decode_lookup
from geo.encode.planes import compress
from geo.encode.radial import decode_radial, encode_radial, foretell
from geo.encode.rungs import rung_value, rungs

STEPS = ((0.0, 10.0), (1_000.0, 100.0), (100_000.0, 1_000.0))
SITES = np.array([[-117.03, 32.54], [-106.45, 31.76], [-99.5, 27.5], [-97.5, 25.88]])


def near_sites(n: int, seed: int = 0, spread: float = 0.4):
    """Make positions in Morton order, the number of their nearest site, and the geodesic distance to it."""
    rng = np.random.default_rng(seed)
    xy = SITES[rng.integers(0, len(SITES), n)] + rng.normal(0, spread, (n, 2))
    x, y = grid_cells(xy[:, 0], xy[:, 1])
    order = np.argsort(morton(x, y), kind="stable")
    x, y, xy = x[order], y[order], xy[order]
    geod = Geod(ellps="WGS84")
    metres = np.stack([geod.inv(*xy.T, np.full(n, s[0]), np.full(n, s[1]))[2] for s in SITES])
    return (x, y), metres.argmin(axis=0) + 1, metres.min(axis=0)


def on_ladder(metres):
    return [
        None if np.isnan(m) else rung_value(int(r), STEPS)
        for m, r in zip(metres, rungs(np.nan_to_num(metres), STEPS), strict=True)
    ]


def test_distances_come_back_and_cost_next_to_nothing():
    cells, codes, metres = near_sites(5000)
    encoded = encode_radial(metres, STEPS, "port", codes, cells)
    assert [rung_value(r, STEPS) for r in decode_radial(encoded, codes, cells)] == on_ladder(metres)
    plain = encode_column(pa.array(metres), "number", STEPS)
    assert len(compress(encoded.data)) < 0.2 * len(compress(plain.data))


def test_the_estimate_of_a_site_is_good_to_metres():
    cells, codes, metres = near_sites(5000, spread=0.1)
    encoded = encode_radial(metres, STEPS, "port", codes, cells)
    centres = np.frombuffer(encoded.data[: 8 * 4 * len(SITES)], dtype=np.uint8)[:32].reshape(2, 4, 4).swapaxes(1, 2)
    units = (centres.astype(np.uint32) << (np.arange(4, dtype=np.uint32) * 8)).sum(axis=2)
    found = units.T / 16
    x, y = grid_cells(SITES[:, 0], SITES[:, 1])
    assert np.abs(found - np.column_stack([x, y])).max() < 10


def test_blanks_and_rows_without_a_site_come_back():
    cells, codes, metres = near_sites(2000)
    metres[::7] = np.nan
    codes[::11] = 0
    encoded = encode_radial(metres, STEPS, "port", codes, cells)
    found = [None if r is None else rung_value(r, STEPS) for r in decode_radial(encoded, codes, cells)]
    assert found == on_ladder(metres)


@pytest.mark.parametrize("seed", range(3))
def test_numbers_that_are_no_distances_come_back_too(seed):
    cells, _, _ = near_sites(1500, seed)
    rng = np.random.default_rng(seed)
    codes, numbers = rng.integers(0, 400, 1500), 10 ** rng.uniform(0, 6, 1500)
    encoded = encode_radial(numbers, STEPS, "port", codes, cells)
    assert [rung_value(r, STEPS) for r in decode_radial(encoded, codes, cells)] == on_ladder(numbers)


def test_few_rows_and_negative_numbers_are_left_alone():
    cells, codes, metres = near_sites(100)
    assert encode_radial(metres, STEPS, "port", codes, cells) is None
    cells, codes, metres = near_sites(2000)
    assert encode_radial(-metres, STEPS, "port", codes, cells) is None


def test_no_row_is_foretold_on_the_edge_of_a_step():
    """The page may compute the last bit of a sine otherwise; it must not matter."""
    cells, codes, metres = near_sites(5000)
    encoded = encode_radial(metres, STEPS, "port", codes, cells)
    m = encoded.meta["centres"]
    raw = np.frombuffer(encoded.data, dtype=np.uint8)
    units = [
        sum(raw[p * m + k * 4 * m : p * m + k * 4 * m + m].astype(float) * 256**p for p in range(4)) / 16
        for k in (0, 1)
    ]
    centres = np.vstack([[0, 0], np.column_stack(units)])
    for nudge in (1 - 1e-13, 1 + 1e-13):
        x, y = (c + 0.5 for c in cells)
        foretold = foretell(centres, codes, x, y)
        assert (rungs(foretold * nudge, STEPS) == rungs(foretold, STEPS)).all()


def columns_of(n: int):
    cells, codes, metres = near_sites(n)
    names = [["San Ysidro", "El Paso", "Laredo", "Brownsville"][c - 1] for c in codes]
    lookups = Lookups(n, cells)
    encoded = {"key": encode_keys(np.sort(morton(*cells)))}
    encoded["port"] = lookups.encode("port", pa.array(names), "text")
    encoded["distance"] = lookups.encode("distance", pa.array(metres), "number", STEPS)
    return encoded, metres


def test_it_is_found_without_being_told():
    encoded, metres = columns_of(3000)
    assert encoded["distance"].meta["encoding"] == "radial"
    assert encoded["distance"].meta["of"] == "port"
    assert decode_lookup(encoded["distance"], 3000, encoded) == on_ladder(metres)


def test_the_page_reads_the_same(decoder):
    import base64

    encoded, metres = columns_of(3000)
    others = [
        {"name": n, "meta": e.meta | {"offset": 0}, "data": base64.b64encode(e.data).decode()}
        for n, e in encoded.items()
        if n != "distance"
    ]
    assert decoder.ask("follow", encoded["distance"], 3000, others=others) == on_ladder(metres)
