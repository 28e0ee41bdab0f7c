"""Rates, raw and shrunk, and what has no rate at all."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import StatisticError
from geo.stats.rates import global_bayes, raw_rate, spatial_bayes
from geo.stats.weights import from_pairs

RING = from_pairs(np.repeat(np.arange(6), 2), (np.arange(6)[:, None] + [-1, 1]).ravel() % 6, 6)
COUNTS = st.lists(st.integers(0, 50), min_size=6, max_size=6).map(lambda x: np.array(x, float))
PEOPLE = st.lists(st.integers(60, 10**6), min_size=6, max_size=6).map(lambda x: np.array(x, float))


def test_a_place_without_people_or_count_has_no_rate_and_no_part_in_the_prior():
    count = np.array([5.0, 2.0, np.nan, 5.0, 1.0, 5.0])
    people = np.array([1000.0, 0.0, 1000.0, np.nan, -1.0, 1000.0])
    assert raw_rate(count, people).tolist()[0] == 0.005
    for rates in (raw_rate(count, people), global_bayes(count, people), spatial_bayes(count, people, RING)):
        assert np.isnan(rates).tolist() == [False, True, True, True, True, False]
    assert global_bayes(count, people)[0] == pytest.approx(0.005)  # all that is left is 5 in 1000


def test_a_small_place_moves_far_and_a_large_one_hardly():
    count = np.array([1.0, 900.0, 100.0, 100.0, 100.0, 100.0])
    people = np.array([100.0, 1e5, 1e5, 1e5, 1e5, 1e5])
    raw, smooth = raw_rate(count, people), global_bayes(count, people)
    prior = count.sum() / people.sum()
    shrinkage = (smooth - prior) / (raw - prior)
    assert shrinkage[0] < 0.3
    assert shrinkage[1] > 0.9


def test_nothing_happened_is_zero_everywhere():
    people = np.full(6, 1000.0)
    assert global_bayes(np.zeros(6), people).tolist() == [0.0] * 6
    assert spatial_bayes(np.zeros(6), people, RING).tolist() == [0.0] * 6


def test_without_more_variance_than_chance_the_rate_is_the_prior():
    count, people = np.array([3.0, 4.0, 3.0, 4.0, 3.0, 4.0]), np.full(6, 1000.0)
    np.testing.assert_allclose(global_bayes(count, people), 21 / 6000)
    np.testing.assert_allclose(spatial_bayes(count, people, RING)[0], 11 / 3000)


def test_an_island_keeps_its_raw_rate():
    alone = from_pairs([0, 1], [1, 0], 3)
    count, people = np.array([1.0, 5.0, 7.0]), np.array([1000.0, 1000.0, 1000.0])
    assert spatial_bayes(count, people, alone)[2] == pytest.approx(0.007)


def test_no_rows_and_no_usable_rows():
    assert global_bayes(np.array([]), np.array([])).tolist() == []
    assert np.isnan(global_bayes(np.array([1.0]), np.array([0.0]))).all()
    assert np.isnan(spatial_bayes(np.array([1.0]), np.array([0.0]), from_pairs([], [], 1))).all()


def test_negative_counts_and_unequal_lengths_are_refused():
    with pytest.raises(StatisticError, match="row 2 counts -1 events"):
        raw_rate(np.array([1.0, -1.0]), np.array([1.0, 1.0]))
    with pytest.raises(StatisticError, match="do not belong together"):
        raw_rate(np.array([1.0]), np.array([1.0, 1.0]))
    with pytest.raises(StatisticError, match="do not belong together"):
        spatial_bayes(np.array([1.0]), np.array([1.0]), RING)


@settings(deadline=None)
@given(COUNTS, PEOPLE)
def test_a_smoothed_rate_lies_between_the_raw_rate_and_the_prior(count, people):
    raw, smooth = raw_rate(count, people), global_bayes(count, people)
    prior = count.sum() / people.sum()
    low, high = np.minimum(raw, prior), np.maximum(raw, prior)
    assert ((smooth >= low - 1e-15) & (smooth <= high + 1e-15)).all()


@settings(deadline=None)
@given(COUNTS, PEOPLE, st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(count, people, order):
    order = np.array(order)
    back = np.argsort(order)
    shuffled = from_pairs(back[RING.focal], back[RING.neighbour], 6)
    np.testing.assert_allclose(
        spatial_bayes(count[order], people[order], shuffled), spatial_bayes(count, people, RING)[order], atol=1e-15
    )


@settings(deadline=None, max_examples=40)
@given(COUNTS, PEOPLE)
def test_esda_gives_the_same_where_it_is_defined(count, people):
    assume(count.sum() > 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of esda and libpysal on import, and 0/0 in a neighbourhood without events
        from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes

        whole = Empirical_Bayes(count, people).r.ravel()
        weights = RING.to_graph().to_W()
        local = Spatial_Empirical_Bayes(count, people, weights).r.ravel()
    prior = count.sum() / people.sum()
    if (people * (count / people - prior) ** 2).sum() / people.sum() > prior / people.mean():
        np.testing.assert_allclose(global_bayes(count, people), whole, rtol=1e-9, atol=1e-15)
    defined = np.isfinite(local)
    np.testing.assert_allclose(spatial_bayes(count, people, RING)[defined], local[defined], rtol=1e-7, atol=1e-12)
