"""The false discovery rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import StatisticError
from geo.stats.significance import fdr, fdr_adjusted, normal_p

P_VALUES = st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), max_size=30).map(np.array)


def test_p_is_two_sided_and_keeps_its_digits_far_out():
    z = np.array([0.0, 1.959963984540054, -1.959963984540054, 20.0])
    np.testing.assert_allclose(normal_p(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-13)
    assert np.isnan(normal_p(np.array([np.nan]))).all()


def test_the_example_of_benjamini_and_hochberg():
    # Section 3 of the 1995 paper: 15 comparisons, four rejected at 0.05.
    p = np.array(
        [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.]
    )  # fmt: skip
    assert fdr(p).sum() == 4


def test_a_p_on_the_line_is_significant():
    assert fdr(np.array([0.05, 1.0, 0.025]), 0.05).tolist() == [False, False, False]
    assert fdr(np.array([0.025, 1.0]), 0.05).tolist() == [True, False]


def test_a_missing_p_is_not_a_test():
    assert fdr(np.array([0.025, np.nan, 0.05]), 0.05).tolist() == [True, False, True]
    assert fdr(np.array([np.nan, np.nan])).tolist() == [False, False]
    assert fdr(np.array([])).tolist() == []


@pytest.mark.parametrize("alpha", [0.0, 1.0, 5.0])
def test_a_rate_that_is_no_share_is_refused(alpha):
    with pytest.raises(StatisticError, match="between 0 and 1"):
        fdr(np.array([0.1]), alpha)


@given(P_VALUES)
def test_adjusted_p_is_that_of_scipy(p):
    tested = np.isfinite(p)
    adjusted = fdr_adjusted(p)
    assert (np.isnan(adjusted) == ~tested).all()
    if tested.any():
        np.testing.assert_allclose(adjusted[tested], stats.false_discovery_control(p[tested]), rtol=1e-12)


@given(P_VALUES, st.sampled_from([0.01, 0.05, 0.2]))
def test_adjusted_p_agrees_with_the_decision(p, alpha):
    adjusted = fdr_adjusted(p)
    clear = np.isfinite(p) & (np.abs(adjusted - alpha) > 1e-12)
    assert (fdr(p, alpha) == (adjusted <= alpha))[clear].all()


@given(P_VALUES)
def test_what_holds_at_one_percent_holds_at_five(p):
    assert not (fdr(p, 0.01) & ~fdr(p, 0.05)).any()
