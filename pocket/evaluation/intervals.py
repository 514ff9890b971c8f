"""Means with 95 percent intervals from resampled prompts, since pictures of one prompt are not independent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000


@dataclass(frozen=True)
class Estimate:
    """A mean, the interval around it, and how many prompts it rests on."""

    mean: float
    low: float
    high: float
    prompts: int

    def percent(self) -> str:
        """Write it as a percentage: "97.1 (95.8 to 98.2)"."""
        return f"{100 * self.mean:.1f} ({100 * self.low:.1f} to {100 * self.high:.1f})"


def estimate(by_prompt: Sequence[Sequence[float]]) -> Estimate:
    """Average values given by prompt, each prompt weighing as much as it has values."""
    filled = [values for values in by_prompt if len(values)]
    if not filled:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    sums, sizes = np.array([sum(values) for values in filled]), np.array([len(values) for values in filled])
    picks = np.random.default_rng(0).integers(0, len(filled), (RESAMPLES, len(filled)))
    means = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(sums.sum() / sizes.sum()), float(low), float(high), len(filled))


def ranking(matched: Sequence[float], mismatched: Sequence[float]) -> float:
    """Give the area under the ROC curve: how often a matched score beats a mismatched one, ties counting half."""
    good, bad = np.asarray(matched)[:, None], np.asarray(mismatched)[None, :]
    return float((good > bad).mean() + 0.5 * (good == bad).mean())
