"""Planes, zigzag numbers and the text of blocks come back."""

from __future__ import annotations

import zlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.encode.planes import as_text, compress, from_text, planes, unplanes, unzigzag, zigzag


@given(st.lists(st.integers(0, 2**48 - 1)), st.integers(6, 8))
def test_planes_come_back(values, width):
    array = np.array(values, dtype=np.uint64)
    assert unplanes(planes(array, width), len(array), width).tolist() == values


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_zigzag_comes_back_and_keeps_small_numbers_small(values):
    array = np.array(values, dtype=np.int64)
    assert unzigzag(zigzag(array)).tolist() == values
    assert zigzag(np.array([0, -1, 1, -2])).tolist() == [0, 1, 2, 3]


@given(st.binary(max_size=200))
def test_the_text_of_a_block_comes_back(data):
    assert from_text(as_text(data), len(data)) == data


def test_the_text_of_a_block_is_inert_and_short():
    data = compress(np.random.default_rng(1).bytes(50_000))
    text = as_text(data)
    assert text.isascii()
    assert text.isprintable()
    assert not set("<&\\ ") & set(text)
    assert len(text) < 1.232 * len(data)
    assert zlib.decompress(from_text(text, len(data)))
