"""Intervals, signs and noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptlift.evaluation.statistics import FEWEST, LEVEL, SAME, estimate, interval, noise, signs, tail_of

DIFFERENCE = (-1.0, 1.0)
DIFFERENCES = st.lists(st.sampled_from([-1, -0.5, -0.25, 0, 0.25, 0.5, 1]), min_size=FEWEST, max_size=60)


@settings(max_examples=25, deadline=None)
@given(DIFFERENCES)
def test_an_interval_holds_its_mean_and_stays_within_bounds(values: list[float]) -> None:
    found = estimate(values, DIFFERENCE)

    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 - SAME <= found.low <= found.value + SAME
    assert found.value - SAME <= found.high <= 1 + SAME


@settings(max_examples=25, deadline=None)
@given(DIFFERENCES)
def test_turning_the_arms_round_turns_the_interval_round(values: list[float]) -> None:
    array = np.array(values)

    low, high = interval(array, DIFFERENCE)

    assert interval(-array, DIFFERENCE) == pytest.approx((-high, -low))


def test_the_same_values_always_give_the_same_interval() -> None:
    values = np.linspace(-0.3, 0.5, 40)

    assert interval(values, DIFFERENCE) == interval(values.copy(), DIFFERENCE)


@pytest.mark.parametrize("prompts", [8, 40])
def test_intervals_cover_the_truth_as_often_as_they_say(prompts: int) -> None:
    chance = np.random.default_rng(7)
    chances = chance.uniform(0, 1, (400, prompts))
    differences = (chance.binomial(4, chances) - chance.binomial(4, chances)) / 4  # two equal systems, four seeds

    covered = [low <= 0 <= high for low, high in (interval(values, DIFFERENCE) for values in differences)]

    assert np.mean(covered) > LEVEL - 0.035  # 400 draws have a standard error of 0.011


def test_few_prompts_have_no_interval() -> None:
    found = estimate([0.5] * (FEWEST - 1), DIFFERENCE)

    assert found is not None
    assert (found.low, found.high, found.prompts) == (None, None, FEWEST - 1)


def test_nothing_has_no_estimate() -> None:
    assert estimate([], DIFFERENCE) is None


def test_prompts_that_all_agree_leave_doubt_nevertheless() -> None:
    found = estimate([0.0] * 40, DIFFERENCE)

    assert found is not None
    assert found.high == pytest.approx(0.0881, abs=1e-4)  # Clopper and Pearson's upper bound of 0 of 40
    assert found.low == pytest.approx(-0.0881, abs=1e-4)


def test_a_perfect_share_can_only_be_lower() -> None:
    found = estimate([1.0] * 20, (0.0, 1.0))

    assert found is not None
    assert found.high == 1
    assert found.low == pytest.approx(0.8316, abs=1e-4)  # Clopper and Pearson's lower bound of 20 of 20


def test_the_tails_are_those_of_the_normal_distribution_for_many_prompts_and_thinner_for_few() -> None:
    assert tail_of(100_000) == pytest.approx(0.025, abs=1e-4)
    assert tail_of(FEWEST) == pytest.approx(0.0057, abs=1e-4)


def test_signs_count_prompts_and_leave_those_out_that_stay() -> None:
    found = signs([0.5, 0.25, 0.1, 0.2, 0.3, 0, 0, -0.1])

    assert (found.improved, found.worse, found.same) == (5, 1, 2)
    assert found.p == pytest.approx(14 / 64)  # of 2^6 outcomes, those at least as far from even: 1 + 6 on each side


def test_no_change_at_all_is_no_evidence() -> None:
    assert signs([0.0, 0.0]).p == 1


def test_the_noise_of_seeds_is_that_of_two_equal_systems() -> None:
    base = [[0, 1, 0, 1], [1, 1, 1, 1], [0, 0, 0, 1]]

    found = noise(base, [0.5, 0.0, -0.25])

    assert found is not None
    within = [1 / 3, 0, 1 / 4]
    assert found.of_one == pytest.approx((2 * sum(within)) ** 0.5 / 3)
    assert found.of_run == pytest.approx(found.of_one / 2)
    assert found.smallest_gain == pytest.approx(2.8 * np.std([0.5, 0, -0.25], ddof=1) / 3**0.5)


def test_one_seed_tells_nothing_of_their_noise() -> None:
    assert noise([[1.0], [0.0]], [0.0, 0.0]) is None
