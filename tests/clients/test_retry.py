"""When a failed attempt is worth another one."""

import pytest

from promptlift.errors import Failed, PromptliftError, Rejected, Unavailable, Unreachable
from promptlift.retry import Retry


@pytest.mark.parametrize("error", [Rejected("no"), Failed("no")])
def test_an_error_that_will_come_again_is_given_up(error: PromptliftError) -> None:
    assert Retry().pause(error, 0) is None


@pytest.mark.parametrize("error", [Unreachable("no"), Unavailable("no")])
def test_an_error_that_may_pass_is_waited_out_up_to_the_limit(error: PromptliftError) -> None:
    retry = Retry(limit=2, draw=lambda: 0.5)

    assert [retry.pause(error, attempt) for attempt in range(3)] == [0.25, 0.5, None]


def test_pauses_double_up_to_the_longest() -> None:
    retry = Retry(limit=99, first_pause=1, longest_pause=5, draw=lambda: 1.0)

    assert [retry.pause(Unavailable("no"), attempt) for attempt in range(4)] == [1, 2, 4, 5]


def test_a_retry_after_is_waited_for_in_full_and_callers_do_not_come_back_together() -> None:
    asked = Unavailable("no", retry_after=10)

    assert Retry(draw=lambda: 0.0).pause(asked, 0) == 10
    assert Retry(draw=lambda: 1.0).pause(asked, 0) == pytest.approx(11)
