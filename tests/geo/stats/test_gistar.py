"""Gi* against esda, and a reason wherever there is no answer."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import StatisticError
from geo.stats.gistar import ALL_NEIGHBOURS, CONSTANT, NO_NEIGHBOURS, NO_VALUE, TOO_FEW, gi_star
from geo.stats.weights import Neighbours, from_pairs


def grid(side: int) -> Neighbours:
    """Return queen neighbours of a square lattice, by row and column."""
    row, col = (i.ravel() for i in np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    near = np.maximum(abs(row[:, None] - row), abs(col[:, None] - col)) == 1
    return from_pairs(*np.nonzero(near), side * side)


def no_nan_is_shown(found):
    """Every unit has either an answer or a reason."""
    computed = np.array([r is None for r in found.reason])
    for values in (found.z, found.p, found.p_fdr):
        assert (np.isfinite(values) == computed).all()
    assert all(h is None for h in found.hotspot[~computed])
    return True


def test_a_block_of_high_values_is_hot_and_its_surroundings_are_not():
    values = np.zeros((12, 12))
    values[2:5, 2:5] = 10
    found = gi_star(values.ravel(), grid(12))
    hot = np.array(found.hotspot).reshape(12, 12)
    assert hot[3, 3] == "hot99"
    assert hot[9, 9] is None
    assert found.hot().sum() >= found.hot(0.01).sum() > 0
    assert not found.cold().any()
    assert gi_star(-values.ravel(), grid(12)).hotspot[3 * 12 + 3] == "cold99"


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(0, 40), min_size=25, max_size=25))
def test_esda_gives_the_same_z(values):
    x = np.array(values, float)
    assume(x.min() < x.max())
    neighbours = grid(5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.getisord import G_Local

        other = G_Local(x, neighbours.to_graph().to_W(), transform="B", star=True, permutations=0)
    np.testing.assert_allclose(gi_star(x, neighbours).z, other.Zs, rtol=0, atol=1e-10)


@given(st.lists(st.integers(0, 9), min_size=16, max_size=16), st.floats(0.5, 1e4), st.floats(-1e6, 1e6))
@settings(deadline=None)
def test_z_does_not_hang_on_the_unit_or_the_zero_of_the_values(values, scale, shift):
    x = np.array(values, float)
    assume(x.min() < x.max())
    np.testing.assert_allclose(gi_star(x * scale + shift, grid(4)).z, gi_star(x, grid(4)).z, rtol=1e-5, atol=1e-6)


def test_the_order_of_rows_does_not_matter():
    rng = np.random.default_rng(3)
    x, neighbours, order = rng.poisson(3, 36).astype(float), grid(6), rng.permutation(36)
    back = np.argsort(order)
    shuffled = from_pairs(back[neighbours.focal], back[neighbours.neighbour], 36)
    np.testing.assert_allclose(gi_star(x[order], shuffled).z, gi_star(x, neighbours).z[order], atol=1e-12)


def test_a_missing_value_is_as_if_the_unit_were_not_there():
    x = np.arange(16.0)
    keep = np.arange(16) != 5
    whole = gi_star(np.where(keep, x, np.nan), grid(4))
    np.testing.assert_allclose(whole.z[keep], gi_star(x[keep], grid(4).among(keep)).z)
    assert whole.reason[5] == NO_VALUE
    assert no_nan_is_shown(whole)


@pytest.mark.parametrize(
    ("values", "neighbours", "reason"),
    [
        (np.full(9, 2.5), grid(3), CONSTANT),
        (np.full(9, 0.1 + 0.2), grid(3), CONSTANT),
        (np.array([1.0, 2.0]), from_pairs([0, 1], [1, 0], 2), TOO_FEW),
        (np.array([1.0, 2.0, 4.0]), from_pairs([0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1], 3), ALL_NEIGHBOURS),
        (np.full(3, np.nan), from_pairs([], [], 3), NO_VALUE),
    ],
    ids=["constant", "constant with rounding", "too few", "all are neighbours", "no values"],
)
def test_what_cannot_be_computed_has_a_reason(values, neighbours, reason):
    found = gi_star(values, neighbours)
    assert set(found.reason) == {reason}
    assert no_nan_is_shown(found)


def test_an_island_by_its_own_value_or_not_at_all():
    x = np.array([1.0, 2.0, 3.0, 50.0])
    path = from_pairs([0, 1, 1, 2], [1, 0, 2, 1], 4)
    assert gi_star(x, path).z[3] == pytest.approx((50 - x.mean()) / x.std())
    found = gi_star(x, path, islands="null")
    assert found.reason[3] == NO_NEIGHBOURS
    assert no_nan_is_shown(found)
    # Its value stays in the mean of the others.
    np.testing.assert_array_equal(found.z[:3], gi_star(x, path).z[:3])


def test_no_rows():
    assert gi_star(np.array([]), from_pairs([], [], 0)).z.tolist() == []


def test_unequal_lengths_are_refused():
    with pytest.raises(StatisticError, match="do not belong together"):
        gi_star(np.array([1.0]), grid(2))
