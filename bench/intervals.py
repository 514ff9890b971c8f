"""How often intervals hold the truth: the evaluation's own against plainer ones, on simulated evaluations.

python -m bench.intervals
"""

import math

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy import stats

from promptlift.evaluation.statistics import FEWEST, LEVEL, interval

EVALUATIONS = 600
PICTURES = 4
GAIN, SPREAD = 0.05, 0.1
"""What upsampling adds to a prompt's chance of a correct picture: on average, and how much that differs."""
BOUNDS = (-1.0, 1.0)
Values = NDArray[np.float64]


def main() -> None:
    """Print the share of intervals that hold the true difference, which should be 95%."""
    table = Table("prompts", "ours", "percentile", "BCa", "Student's t", title=f"{EVALUATIONS} evaluations each")
    for prompts in (FEWEST, 15, 40, 200):
        evaluations, truth = simulated(prompts)
        ways = (lambda values: interval(values, BOUNDS), percentile, accelerated, student)
        shares = [np.mean([low <= truth <= high for low, high in map(way, evaluations)]) for way in ways]
        table.add_row(str(prompts), *(f"{100 * share:.1f}%" for share in shares))
    Console().print(table)


def simulated(prompts: int) -> tuple[Values, float]:
    """Give evaluations, shape (evaluations, prompts), and the difference that they are drawn from."""
    chance = np.random.default_rng(1)

    def draw(count: int) -> Values:
        base = chance.beta(0.6, 0.6, (count, prompts))
        upsampled = np.clip(base + chance.normal(GAIN, SPREAD, base.shape), 0, 1)
        drawn = chance.binomial(PICTURES, upsampled) - chance.binomial(PICTURES, base)
        return np.asarray(drawn / PICTURES)

    return draw(EVALUATIONS), float(draw(2_000_000 // prompts).mean())


def percentile(values: Values) -> tuple[float, float]:
    """Take the plain percentiles of the bootstrap."""
    return _scipy(values, "percentile")


def accelerated(values: Values) -> tuple[float, float]:
    """Correct them for bias and skew (Efron, 1987)."""
    return _scipy(values, "BCa")


def student(values: Values) -> tuple[float, float]:
    """Trust the normal distribution."""
    half = stats.t.ppf((1 + LEVEL) / 2, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


def _scipy(values: Values, method: str) -> tuple[float, float]:
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    found = stats.bootstrap((values,), np.mean, n_resamples=2_000, method=method, rng=0).confidence_interval
    return float(found.low), float(found.high)


if __name__ == "__main__":
    main()
