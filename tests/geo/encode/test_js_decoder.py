"""The page's decoder, in node, reads the bytes that Python made."""

from __future__ import annotations

import base64

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from geo.encode.columns import decode_column, encode_column
from geo.encode.grid import GRID, cell_centres, encode_keys, grid_cells, morton, unmorton
from geo.encode.planes import as_text, compress
from geo.encode.shapes import decode_shapes, encode_shapes

many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def same(decoder, values, kind="text", arrow=None):
    array = pa.array(values, type=arrow)
    return decoder.ask("column", encode_column(array, kind), len(array))


@many
@given(values=st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=9)))
def test_text(decoder, values):
    assert same(decoder, values, arrow=pa.string()) == values


@many
@given(values=st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False)))
def test_floats_to_the_last_bit(decoder, values):
    found = same(decoder, values, "number", pa.float64())
    assert [None if v is None else float(v) for v in found] == values  # JSON writes 1e16 as a whole number


@many
@given(values=st.lists(st.none() | st.integers(-(10**9), 10**9).map(lambda n: n / 100)))
def test_decimals_to_the_last_bit(decoder, values):
    assert same(decoder, values, "number", pa.float64()) == values


@many
@given(values=st.lists(st.none() | st.integers(-(2**53), 2**53)))
def test_whole_numbers(decoder, values):
    assert same(decoder, values, "integer", pa.int64()) == values


def test_many_rows_of_each_width(decoder):
    rng = np.random.default_rng(3)
    for high in (1, 200, 60_000, 10**7, 2**33, 2**47):
        values = rng.integers(0, high, 500, endpoint=True).tolist()
        assert same(decoder, [None, *values], "integer") == [None, *values]


def test_dictionaries_beyond_one_byte_and_serials(decoder):
    words = [f"word {i % 700}" for i in range(3000)]
    assert same(decoder, words) == words
    for serial in ([f"S{i:07d}" for i in range(1000, 0, -1)], [f"a.csv:{i}" for i in range(999)]):
        assert encode_column(pa.array(serial)).meta["encoding"] == "serial"
        assert same(decoder, serial) == serial


@pytest.mark.parametrize("values", [[True, None, False], [None, None], ["US"] * 4, [7] * 4, [], [1.0, float("nan")]])
def test_small_forms(decoder, values):
    blank = [None if isinstance(v, float) and np.isnan(v) else v for v in values]
    assert same(decoder, values) == blank


def test_dates_of_mixed_precision_and_the_time_they_cover(decoder):
    values = ["2011", "2011-02", "2011-03-14", "2011-03-14T22:15:00Z", None, "1969-12-31", "2012-02", "0099-01-01"]
    encoded = encode_column(pa.array(values), "date")
    assert decoder.ask("column", encoded, len(values)) == values
    spans = decoder.ask("spans", encoded, len(values))
    day = 86400
    lengths = [None if a is None else b - a + 1 for a, b in spans]
    assert lengths == [365 * day, 28 * day, day, 1, None, day, 29 * day, day]
    assert spans[5] == [-day, -1]


@pytest.mark.parametrize(
    ("text", "days"),
    [("2011", 365), ("2012", 366), ("2011-12", 31), ("2011-03-14", 1), ("14/03/2011", None), ("", None)],
)
def test_the_span_a_filter_date_means(decoder, text, days):
    period = decoder.ask("period", text=text)
    assert (None if period is None else (period["to"] - period["from"] + 1) / 86400) == days


cell = st.integers(0, GRID - 1)
near = st.integers(2**25, 2**25 + 40)


@many
@given(pairs=st.lists(st.tuples(cell, cell) | st.tuples(near, near), min_size=1, max_size=60))
def test_positions_cell_by_cell(decoder, pairs):
    x, y = (np.array(part, dtype=np.uint64) for part in zip(*pairs, strict=True))
    keys = np.sort(morton(x, y))
    found = decoder.ask("keys", encode_keys(keys), len(keys))
    assert found == [part.tolist() for part in unmorton(keys)]


def test_positions_in_degrees_as_python_has_them(decoder):
    rng = np.random.default_rng(0)
    cells = grid_cells(rng.uniform(-118, -93, 300), rng.uniform(14, 49, 300))
    keys = np.sort(morton(*cells))
    expected = np.column_stack(cell_centres(*unmorton(keys)))
    found = np.array(decoder.ask("places", encode_keys(keys), len(keys)))
    assert np.abs(found - expected).max() < 1e-10


@many
@given(
    pairs=st.lists(st.tuples(near, near), min_size=1, max_size=80), zoom=st.integers(18, 26), pick=st.integers(0, 79)
)
def test_a_tile_is_the_run_of_its_rows(decoder, pairs, zoom, pick):
    x, y = (np.array(part, dtype=np.uint64) for part in zip(*pairs, strict=True))
    keys = np.sort(morton(x, y))
    sx, sy = (part >> np.uint64(26 - zoom) for part in unmorton(keys))
    tile = int(sx[pick % len(keys)]), int(sy[pick % len(keys)])
    start, end = decoder.ask("tile", encode_keys(keys), len(keys), z=zoom, tx=tile[0], ty=tile[1])
    assert list(range(start, end)) == np.flatnonzero((sx == tile[0]) & (sy == tile[1])).tolist()


@many
@given(
    pairs=st.lists(st.tuples(near, near), min_size=1, max_size=80),
    corner=st.tuples(near, near),
    size=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_runs_of_a_box_hold_all_its_rows_once(decoder, pairs, corner, size):
    x, y = (np.array(part, dtype=np.uint64) for part in zip(*pairs, strict=True))
    keys = np.sort(morton(x, y))
    x, y = (part.astype(int) for part in unmorton(keys))
    x0, y0, x1, y1 = corner[0], corner[1], corner[0] + size[0], corner[1] + size[1]
    runs = decoder.ask("box", encode_keys(keys), len(keys), box=[x0, y0, x1, y1])
    rows = [row for start, end in runs for row in range(start, end)]
    assert rows == sorted(set(rows))
    assert set(rows) >= set(np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).tolist())


def test_shapes_as_python_has_them(decoder):
    geometry = np.empty(4, dtype=object)
    geometry[:] = [
        Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 4, 4).exterior]),
        box(2, 2, 4, 4),
        shapely.MultiPolygon([box(10, 0, 20, 10), box(-117.12345, 32.5, -117, 33)]),
        None,
    ]
    encoded = encode_shapes(geometry, "areas")
    expected = [[p.ravel().tolist() for p in row] for row in decode_shapes(encoded)]
    assert decoder.ask("shapes", encoded) == expected
    lines = np.array([LineString([(0, 0), (1, 1), (2, 0)]), LineString([(2, 0), (1, 1), (0, 5)])], dtype=object)
    encoded = encode_shapes(lines, "lines")
    assert decoder.ask("shapes", encoded) == [[p.ravel().tolist() for p in row] for row in decode_shapes(encoded)]


def test_blocks_are_read_from_their_text(decoder):
    words = "ñandú — both ways " * 300
    packed = compress(words.encode())
    assert decoder.ask("inflate", text=as_text(packed), size=len(packed)) == words


@many
@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_from_text(decoder, data):
    assert bytes(decoder.ask("octets", text=as_text(data), size=len(data))) == data


def test_distances_carried_in_steps(decoder):
    steps = ((0.0, 10.0), (1_000.0, 100.0), (100_000.0, 1_000.0))
    rng = np.random.default_rng(2)
    values = [None, 0.0, 994.9, 999_999.0, *(10 ** rng.uniform(0, 6, 500)).tolist()]
    encoded = encode_column(pa.array(values), "number", steps)
    assert decoder.ask("column", encoded, len(values)) == decode_column(encoded, len(values))


def test_quantities_that_are_what_was_reported(decoder):
    from geo.encode.lookups import Lookups, decode_lookup

    said = [["12.50", "3", None, "about 7", "0.10"][k % 5] for k in range(500)]
    meant = [[12.5, 3.0, None, None, 0.1][k % 5] if k % 50 else 1e6 + k for k in range(500)]
    lookups = Lookups(500)
    encoded = {"said": lookups.encode("said", pa.array(said), "text")}
    encoded["meant"] = lookups.encode("meant", pa.array(meant), "number")
    assert encoded["meant"].meta["encoding"] == "parsed"
    assert decode_lookup(encoded["meant"], 500, encoded) == meant
    assert decoder.ask("follow", encoded["meant"], 500, others=[_job(encoded["said"], "said")]) == meant


def test_columns_that_follow_from_others(decoder):
    from geo.encode.lookups import Lookups, decode_lookup

    ports = ["2402", None, "2404", "2501"] * 200
    columns = {
        "port": ports,
        "name": [{"2402": "El Paso", "2404": "Presidio", "2501": "San Ysidro"}.get(p) for p in ports],
        "trucks": [{"2402": 700_000.0, "2404": 1.5}.get(p) for p in ports],
        "since": [{"2402": "1994-01", "2404": "2001-02-03"}.get(p) for p in ports],
    }
    kinds = {"since": "date"}
    lookups = Lookups(len(ports))
    encoded = {n: lookups.encode(n, pa.array(v), kinds.get(n, "text")) for n, v in columns.items()}
    assert [e.meta["encoding"] for e in encoded.values()] == ["codes", "lookup", "lookup", "lookup"]
    for name, values in columns.items():
        assert decode_lookup(encoded[name], len(ports), encoded) == values
        others = [] if name == "port" else [_job(encoded["port"], "port")]
        assert decoder.ask("follow", encoded[name], len(ports), others=others) == values
    codes = decoder.ask("codes", encoded["name"], len(ports), others=[_job(encoded["port"], "port")])
    assert [None if c == 0 else codes["values"][c - 1] for c in codes["codes"]] == columns["name"]


def _job(encoded, name):
    return {"name": name, "meta": encoded.meta | {"offset": 0}, "data": base64.b64encode(encoded.data).decode()}


@many
@given(steps=st.lists(st.integers(-300, 300) | st.none(), min_size=100, max_size=200))
def test_smooth_numbers_written_as_differences(decoder, steps):
    total, values = 10**6, []
    for step in steps:
        total += step or 0
        values.append(None if step is None else total)
    assert same(decoder, values, "integer", pa.int64()) == values
