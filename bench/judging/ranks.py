"""Rank statistics, with ties sharing the mean of their places."""

import statistics
from collections.abc import Sequence


def ranks(values: Sequence[float]) -> list[float]:
    """Give each value its place in order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    placed, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            placed[place] = (start + end) / 2
        start = end + 1
    return placed


def spearman(ones: Sequence[float], others: Sequence[float]) -> float:
    """Correlate the ranks of two series, in [-1, 1]."""
    return statistics.correlation(ranks(ones), ranks(others))


def area(values: Sequence[float], truth: Sequence[bool]) -> float:
    """Give the area under the ROC curve, in [0, 1]: how often a true case is above a false one."""
    true = sum(truth)
    above = sum(rank for rank, holds in zip(ranks(values), truth, strict=True) if holds) - true * (true - 1) / 2
    return above / (true * (len(truth) - true))
