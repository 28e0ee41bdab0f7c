"""Rates that small places cannot distort: raw, and shrunk by empirical Bayes.

One killing among 900 people is 111 per 100,000, and zero is just as likely by chance. Marshall's method of moments
pulls each raw rate towards a prior mean, strongly where the population is small against what the variance between
places supports, hardly where it is large. The prior is the whole set of units (`global_bayes`) or the unit and its
neighbours (`spatial_bayes`).

Counted are events over the population at risk of the same period; rates are per person. A unit whose population or
count is missing, or whose population is zero or below, has no rate (NaN) and no part in any prior: never 0, never
infinite. A variance estimated below zero is taken as zero, and the rate is then the prior mean.

esda.smoothing holds the same estimators, and the tests compare with it where both are defined. It is not called
here: it loops over units in Python (46 ms against 0.4 ms for 2,475 municipalities, and about a second to import),
returns NaN where a neighbourhood has no event, and does not floor the variance of the global form.

References
----------
Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators. Applied Statistics 40,
283-294. doi:10.2307/2347593
"""

from __future__ import annotations

import numpy as np

from geo.errors import StatisticError
from geo.stats.weights import Neighbours
from geo.table import BoolArray, FloatArray


def raw_rate(count: FloatArray, population: FloatArray) -> FloatArray:
    """Return (n,) float64, events per person; NaN where either is missing or the population is not above zero."""
    count, population, usable = _checked(count, population)
    rate = np.full(len(count), np.nan)
    rate[usable] = count[usable] / population[usable]
    return rate


def global_bayes(count: FloatArray, population: FloatArray) -> FloatArray:
    """Return rates shrunk towards the rate of all units together.

    Parameters
    ----------
    count, population : (n,) float64
        Events and population at risk; NaN where unknown.

    Returns
    -------
    (n,) float64
        Events per person; NaN where there is no raw rate.
    """
    count, population, usable = _checked(count, population)
    smoothed = np.full(len(count), np.nan)
    if not usable.any():
        return smoothed
    events, people = count[usable], population[usable]
    rate = events / people
    prior = events.sum() / people.sum()
    variance = (people * (rate - prior) ** 2).sum() / people.sum() - prior / people.mean()
    smoothed[usable] = _shrunk(rate, people, np.float64(prior), np.float64(variance))
    return smoothed


def spatial_bayes(count: FloatArray, population: FloatArray, neighbours: Neighbours) -> FloatArray:
    """Return rates shrunk towards the rate of each unit's own neighbourhood, itself included.

    Parameters
    ----------
    count, population : (n,) float64
        Events and population at risk; NaN where unknown.
    neighbours
        Over the same n rows. An island is its own neighbourhood, so its rate stays raw: borrow nothing, or
        choose another neighbourhood.

    Returns
    -------
    (n,) float64
        Events per person; NaN where there is no raw rate.

    Notes
    -----
    Neighbouring results are correlated by construction: do not test smoothed rates for clustering.
    """
    count, population, usable = _checked(count, population)
    if neighbours.n != len(count):
        raise StatisticError(f"{len(count)} units and neighbours of {neighbours.n} do not belong together")
    smoothed = np.full(len(count), np.nan)
    around = neighbours.among(usable)
    events, people = count[usable], population[usable]
    rate = events / people
    local_people = people + around.sums(people)
    prior = (events + around.sums(events)) / local_people
    # Each unit's squares are taken about the prior of the focal unit, so they are summed over pairs.
    pairs = people[around.neighbour] * (rate[around.neighbour] - prior[around.focal]) ** 2
    squares = people * (rate - prior) ** 2 + np.bincount(around.focal, weights=pairs, minlength=around.n)
    variance = squares / local_people - prior * (around.counts + 1) / local_people
    smoothed[usable] = _shrunk(rate, people, prior, variance)
    return smoothed


def _shrunk(
    rate: FloatArray, people: FloatArray, prior: FloatArray | np.float64, variance: FloatArray | np.float64
) -> FloatArray:
    variance = np.maximum(variance, 0.0)
    total = variance + prior / people
    # total is zero only where nothing happened in the whole neighbourhood: the prior, 0, is then the rate.
    weight = np.divide(variance * np.ones_like(rate), total, out=np.zeros_like(rate), where=total > 0)
    return np.asarray(prior + (rate - prior) * weight)


def _checked(count: FloatArray, population: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    count, population = np.asarray(count, float), np.asarray(population, float)
    if len(count) != len(population):
        raise StatisticError(f"{len(count)} counts and {len(population)} populations do not belong together")
    if (count < 0).any():
        row = int(np.flatnonzero(count < 0)[0])
        raise StatisticError(f"row {row + 1} counts {count[row]:g} events; a count is zero or more, or blank")
    return count, population, np.isfinite(count) & np.isfinite(population) & (population > 0)
