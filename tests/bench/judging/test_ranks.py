"""Rank statistics."""

import pytest

from bench.judging.ranks import area, ranks, spearman


def test_ties_share_the_mean_of_their_places() -> None:
    assert ranks([3, 1, 3, 2]) == [2.5, 0, 2.5, 1]


def test_rank_correlation_knows_only_order() -> None:
    assert spearman([1, 2, 3], [10, 100, 1000]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) == pytest.approx(0.8207827)  # by hand, with one tie


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    assert area([0.9, 0.8, 0.3], [True, True, False]) == 1
    assert area([0.9, 0.2, 0.5], [True, True, False]) == 0.5
    assert area([0.5, 0.5], [True, False]) == 0.5
