"""A column that follows from another is written as a table, and comes back the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo.encode.lookups import Lookups, decode_lookup


def encoded(columns: dict[str, list]) -> dict:
    rows = len(next(iter(columns.values())))
    lookups = Lookups(rows)
    return {name: lookups.encode(name, pa.array(values), "text") for name, values in columns.items()}


CODES = ["2402", "2404", None, "2501"] * 300
NAMES = {"2402": "El Paso", "2404": "Presidio", "2501": "San Ysidro", None: None}


def test_a_name_follows_from_its_code():
    names = [NAMES[c] for c in CODES]
    found = encoded({"code": CODES, "name": names})
    assert found["name"].meta["encoding"] == "lookup"
    assert found["name"].meta["of"] == "code"
    assert len(found["name"].data) < 50
    assert decode_lookup(found["name"], len(CODES), found) == names


def test_numbers_and_blanks_follow_too():
    rates = [{"2402": 12.5, "2404": None, "2501": 3.25, None: 7.0}[c] for c in CODES]
    found = encoded({"code": CODES, "rate": rates})
    assert found["rate"].meta["encoding"] == "lookup"
    assert decode_lookup(found["rate"], len(CODES), found) == rates


def test_one_row_that_differs_is_enough_not_to_follow():
    names = [NAMES[c] for c in CODES]
    names[-1] = "San Ysidro, east"  # beyond the rows that are probed first, in a longer table
    found = encoded({"code": CODES * 5, "name": [NAMES[c] for c in CODES] * 4 + names})
    assert found["name"].meta["encoding"] == "codes"
    assert decode_lookup(found["name"], 6000, found)[-1] == "San Ysidro, east"


def test_a_table_longer_than_the_column_is_not_used():
    rng = np.random.default_rng(1)
    ids = [f"{v:x}" for v in rng.integers(0, 300, 400)]
    found = encoded({"id": ids, "same": ["US"] * 400})
    assert found["same"].meta["encoding"] == "codes"


@given(st.lists(st.tuples(st.sampled_from("abc") | st.none(), st.sampled_from([1, 2, None])), min_size=1, max_size=80))
def test_whatever_the_rows_nothing_is_lost(rows):
    left, right = (list(part) for part in zip(*rows, strict=True))
    lookups = Lookups(len(rows))
    found = {"left": lookups.encode("left", pa.array(left, pa.string()), "text")}
    found["right"] = lookups.encode("right", pa.array(right, pa.int64()), "integer")
    assert decode_lookup(found["left"], len(rows), found) == left
    assert decode_lookup(found["right"], len(rows), found) == right


def test_a_quantity_that_is_mostly_what_was_reported():
    said = [["12.50", "3", None, "about 7", "1,000"][k % 5] for k in range(400)]
    meant = [[12.5, 3.0, None, 7.0, 1000.0][k % 5] for k in range(400)]
    found = encoded({"unit": [["kg", "lb"][k % 2] for k in range(400)], "said": said, "meant": meant})
    assert decode_lookup(found["meant"], 400, found) == meant
    amounts = np.random.default_rng(4).integers(1, 90, 4000) / 8
    said = [f"{a:.3f}" for a in amounts]
    meant = amounts.tolist()
    meant[::100] = [0.4536 * a for a in meant[::100]]  # converted from another unit
    found = encoded({"said": said, "meant": meant})
    assert found["meant"].meta["encoding"] == "parsed"
    assert decode_lookup(found["meant"], 4000, found) == meant
