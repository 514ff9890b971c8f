"""The statistics of an evaluation: intervals by a bootstrap over prompts, sign tests, and the noise of seeds.

Prompts are what a result should generalise to, so prompts are resampled; the seeds of one prompt are averaged first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.95
RESAMPLES = 10_000
CHUNK = 1_000
"""Resamples that are drawn at once, so that thousands of prompts fit in memory."""
FEWEST = 8
"""Prompts below which an interval would promise more than it keeps; see `interval`."""
DETECTED = 2.8
"""A difference of this many standard errors is told from none in 80 % of evaluations, at a level of 5 %
(1.96 + 0.84, the quantiles of the normal distribution)."""
SAME = 1e-9
"""Differences of at most this are none."""


@dataclass(frozen=True)
class Estimate:
    """A mean over prompts with its 95 % interval; the bounds are None below eight prompts."""

    value: float
    low: float | None
    high: float | None
    prompts: int


@dataclass(frozen=True)
class Signs:
    """How many prompts a change helped and harmed.

    Attributes:
        p: of the exact sign test, two-sided, prompts that stayed the same left out.
    """

    improved: int
    worse: int
    same: int
    p: float


@dataclass(frozen=True)
class Noise:
    """What chance alone does to the difference of two equal systems on these prompts, as standard deviations.

    Attributes:
        of_one: with one picture for each prompt and arm.
        of_run: with as many as this run has.
        smallest_gain: the smallest true difference that this run finds in four of five cases.
    """

    of_one: float
    of_run: float
    smallest_gain: float | None


def estimate(values: Sequence[float], bounds: tuple[float, float]) -> Estimate | None:
    """Give the mean of one value for each prompt, with its interval; `bounds` are the least and most a value can be."""
    if not values:
        return None
    array = np.asarray(values, dtype=float)
    low, high = interval(array, bounds) if len(array) >= FEWEST else (None, None)
    return Estimate(float(array.mean()), low, high, len(array))


def interval(values: NDArray[np.float64], bounds: tuple[float, float]) -> tuple[float, float]:
    """Bootstrap the mean of `values`, shape (prompts,): the expanded percentile interval.

    Plain percentiles are too narrow for few prompts; the expansion widens them as Student's t does (Hesterberg,
    "What Teachers Should Know About the Bootstrap", The American Statistician 69, 2015). On simulated evaluations of
    four pictures a prompt it holds 92.6 % at 8 prompts, 94.7 % at 40 and 95.5 % at 200, where BCa holds 85.6, 92.7 and
    95.5. The same values always give the same interval.
    """
    if np.ptp(values) <= SAME:
        return _of_one_value(float(values[0]), len(values), bounds)
    chance = np.random.default_rng(0)
    tail = tail_of(len(values))
    draws = (
        values[chance.integers(0, len(values), (CHUNK, len(values)))].mean(axis=1) for _ in range(RESAMPLES // CHUNK)
    )
    low, high = np.quantile(np.concatenate(list(draws)), [tail, 1 - tail])
    return float(low), float(high)


def tail_of(count: int) -> float:
    """Give the share of resampled means beyond each end of the interval, for so many prompts."""
    quantile = stats.t.ppf((1 + LEVEL) / 2, count - 1)
    return float(stats.norm.cdf(-math.sqrt(count / (count - 1)) * quantile))


def _of_one_value(value: float, count: int, bounds: tuple[float, float]) -> tuple[float, float]:
    """Bound a mean where all prompts agree, and resampling sees no doubt at all.

    Up to `1 - 0.025^(1/count)` of all prompts may differ, and as far as they can (Clopper and Pearson, 1934).
    """
    share = 1 - ((1 - LEVEL) / 2) ** (1 / count)
    return value - share * (value - bounds[0]), value + share * (bounds[1] - value)


def signs(differences: Sequence[float]) -> Signs:
    """Count prompts by the sign of their mean difference."""
    improved = sum(difference > SAME for difference in differences)
    worse = sum(difference < -SAME for difference in differences)
    moved = improved + worse
    p = float(stats.binomtest(improved, moved).pvalue) if moved else 1.0
    return Signs(improved, worse, len(differences) - moved, p)


def noise(base: Sequence[Sequence[float]], differences: Sequence[float]) -> Noise | None:
    """Measure the noise of seeds on the base arm, where nothing but the seed changes.

    `base` holds each prompt's values, one for each seed; prompts with one value tell nothing of it.
    """
    several = [np.asarray(values) for values in base if len(values) > 1]
    if not several:
        return None
    within = [float(values.var(ddof=1)) for values in several]
    of_one = math.sqrt(2 * math.fsum(within)) / len(several)
    of_run = math.sqrt(2 * math.fsum(v / len(values) for v, values in zip(within, several, strict=True)))
    gain = DETECTED * float(np.std(differences, ddof=1)) / math.sqrt(len(differences)) if len(differences) > 1 else None
    return Noise(of_one, of_run / len(several), gain)
