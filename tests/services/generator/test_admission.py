"""Who advances next is decided by slowdown."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generator.admission import expected_seconds, next_rows, slowdown


@dataclass(frozen=True)
class Picture:
    arrived: float
    service: float
    rows: int = 2
    lane: str = "square"


def test_a_short_picture_goes_before_a_long_one_that_came_earlier() -> None:
    long, short = Picture(arrived=0.0, service=50.0), Picture(arrived=9.0, service=4.0)

    assert next_rows([long, short], now=10.0, capacity=2) == [short]


def test_a_long_picture_that_waited_for_long_goes_before_a_short_one() -> None:
    long, short = Picture(arrived=0.0, service=50.0), Picture(arrived=199.0, service=4.0)

    assert next_rows([long, short], now=200.0, capacity=2) == [long]


def test_the_call_is_filled_with_others_of_the_same_lane() -> None:
    first, other, wide, small = (
        Picture(0.0, 1.0),
        Picture(1.0, 1.0),
        Picture(0.5, 1.0, lane="wide"),
        Picture(2.0, 1.0, rows=1),
    )

    assert next_rows([other, small, wide, first], now=3.0, capacity=5) == [first, other, small]


def test_a_picture_that_does_not_fit_lets_a_smaller_one_pass() -> None:
    first, guided, plain = Picture(0.0, 1.0), Picture(1.0, 1.0), Picture(2.0, 1.0, rows=1)

    assert next_rows([first, guided, plain], now=3.0, capacity=3) == [first, plain]


def test_a_picture_larger_than_a_call_still_gets_its_turn() -> None:
    assert len(next_rows([Picture(0.0, 1.0, rows=4)], now=1.0, capacity=2)) == 1


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 100), st.sampled_from("ab")), min_size=1, max_size=30),
    st.integers(2, 16),
)
def test_the_one_slowed_down_most_always_goes(pictures: list[tuple[float, float, str]], capacity: int) -> None:
    candidates = [Picture(arrived, service, lane=lane) for arrived, service, lane in pictures]

    chosen = next_rows(candidates, now=100.0, capacity=capacity)

    assert slowdown(chosen[0], 100.0) == max(slowdown(candidate, 100.0) for candidate in candidates)
    assert len({candidate.lane for candidate in chosen}) == 1
    assert sum(candidate.rows for candidate in chosen) <= max(capacity, chosen[0].rows)


@pytest.mark.parametrize(
    ("service", "others", "seconds"), [(2.0, [], 2.0), (2.0, [10.0, 1.0], 5.0), (20.0, [10.0, 1.0], 31.0)]
)
def test_no_other_picture_gets_ahead_by_more_than_the_new_ones_own_length(
    service: float, others: list[float], seconds: float
) -> None:
    assert expected_seconds(service, others) == seconds
