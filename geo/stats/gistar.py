"""Hot and cold spots: the Getis-Ord Gi* statistic with a false-discovery-rate decision.

For each unit, the sum of the value over itself and its neighbours is compared with what that many units drawn
from the whole set would sum to. z is the standard score of Ord and Getis (1995) with binary weights, self weight
one, and the variance with divisor n; p is two-sided normal. A unit is hot or cold where z is above or below zero
and the Benjamini-Hochberg procedure over all units keeps it.

Limits. The normal p is an approximation that suffers where values are very skewed and neighbours few. The null is
"values fall on units at random", not "incidents fall on people at random": feed rates, and not counts, where
populations differ; and not neighbour-smoothed rates, whose clustering is made by the smoothing. The study area
ends somewhere: units at its edge have fewer or more distant neighbours.

esda.G_Local(star=True, transform="B") gives the same z (the tests hold the two to 1e-10). It is not called here:
its import takes about a second, the weights it wants 0.1 s more and the statistic 24 ms for 2,475 municipalities;
the closed form is two sums and takes 0.7 ms.

References
----------
Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an application.
Geographical Analysis 27, 286-306. doi:10.1111/j.1538-4632.1995.tb00912.x
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from geo.errors import StatisticError
from geo.stats.significance import fdr, fdr_adjusted, normal_p
from geo.stats.weights import Neighbours
from geo.table import BoolArray, FloatArray, ObjectArray

NO_VALUE = "no value"
NO_NEIGHBOURS = "no neighbours"
CONSTANT = "all values are equal"
TOO_FEW = "fewer than three units"
ALL_NEIGHBOURS = "every unit is in the neighbourhood"


@dataclass(frozen=True, eq=False)
class GiStar:
    """What `gi_star` found, one entry a unit.

    Parameters
    ----------
    z, p, p_fdr : (n,) float64
        Standard score, two-sided normal p, and the same adjusted for the false discovery rate; NaN exactly where
        `reason` is not None.
    hotspot : (n,) object
        "hot99", "hot95", "cold95", "cold99" (false discovery rate 0.01 and 0.05), or None.
    reason : (n,) object
        Why there is no answer for a unit: one of the constants of this module; None where there is one.
    """

    z: FloatArray
    p: FloatArray
    p_fdr: FloatArray
    hotspot: ObjectArray
    reason: ObjectArray

    def hot(self, alpha: float = 0.05) -> BoolArray:
        """(n,) bool: significantly high at false discovery rate `alpha`."""
        return fdr(self.p, alpha) & (self.z > 0)

    def cold(self, alpha: float = 0.05) -> BoolArray:
        """(n,) bool: significantly low at false discovery rate `alpha`."""
        return fdr(self.p, alpha) & (self.z < 0)


def gi_star(values: FloatArray, neighbours: Neighbours, islands: Literal["self", "null"] = "self") -> GiStar:
    """Return Gi* of `values` over binary neighbours and self.

    Parameters
    ----------
    values : (n,) float64
        NaN where unknown: the unit gets no answer and is left out of its neighbours' sums and of n.
    neighbours
        Over the same n rows.
    islands
        "self": a unit without neighbours is tested by its own value alone, as the formula has it. "null": it
        gets no answer, because a place that borders nothing cannot be part of a cluster; its value still counts
        into the mean.

    Returns
    -------
    GiStar
        z has no unit.

    Raises
    ------
    StatisticError
        Where values and neighbours differ in length.
    """
    x = np.asarray(values, float)
    if neighbours.n != len(x):
        raise StatisticError(f"{len(x)} values and neighbours of {neighbours.n} do not belong together")
    usable = np.isfinite(x)
    z = np.full(len(x), np.nan)
    reason = np.full(len(x), None, dtype=object)
    reason[~usable] = NO_VALUE
    around = neighbours.among(usable)
    z[usable], reason[usable] = _scores(x[usable], around)
    if islands == "null":
        alone = np.flatnonzero(usable)[around.islands]
        z[alone], reason[alone] = np.nan, NO_NEIGHBOURS
    p = normal_p(z)
    hotspot = np.full(len(x), None, dtype=object)
    for alpha, percent in ((0.05, 95), (0.01, 99)):
        significant = fdr(p, alpha)
        hotspot[significant & (z > 0)] = f"hot{percent}"
        hotspot[significant & (z < 0)] = f"cold{percent}"
    return GiStar(z, p, fdr_adjusted(p), hotspot, reason)


def _scores(x: FloatArray, around: Neighbours) -> tuple[FloatArray, ObjectArray]:
    n = len(x)
    reason = np.full(n, None, dtype=object)
    if n < 3 or x.min() == x.max():
        reason[:] = TOO_FEW if n < 3 else CONSTANT
        return np.full(n, np.nan), reason
    # About the mean, so that large values with a small spread keep their digits.
    deviation = x - x.mean()
    spread = np.sqrt((deviation**2).mean())
    members = around.counts + 1.0  # sum of the weights and of their squares: they are binary
    deviation_sum = deviation + around.sums(deviation)
    variance = (n * members - members**2) / (n - 1)
    computable = variance > 0
    reason[~computable] = ALL_NEIGHBOURS
    scale = spread * np.sqrt(np.where(computable, variance, np.nan))
    return deviation_sum / scale, reason
