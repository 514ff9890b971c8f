"""What calls of a model took."""

import pytest
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from services.spending import Spending, note_completion, spendings


def completion(**usage: object) -> ChatCompletion:
    """An answer as the SDK builds it: unchecked."""
    told = CompletionUsage.construct(**usage) if usage else None
    return ChatCompletion.construct(id="c", choices=[], usage=told, system_fingerprint="fp_1")


def noted(*answers: ChatCompletion) -> list[Spending]:
    box: list[Spending] = []
    token = spendings.set(box)
    for answer in answers:
        note_completion(answer)
    spendings.reset(token)
    return box


def test_each_answer_is_noted_with_its_tokens_and_cost() -> None:
    told = (
        completion(prompt_tokens=11, completion_tokens=7, cost=0.002),
        completion(prompt_tokens=1, completion_tokens=0),
    )

    assert noted(*told) == [Spending(11, 7, "fp_1", 0.002), Spending(1, 0, "fp_1", None)]


@pytest.mark.parametrize(
    "usage",
    [
        {},
        {"prompt_tokens": None, "completion_tokens": 7},
        {"prompt_tokens": -1, "completion_tokens": 7},
        {"prompt_tokens": "11", "completion_tokens": 7},
    ],
)
def test_an_endpoint_that_tells_nothing_or_nonsense_is_not_believed(usage: dict[str, object]) -> None:
    assert noted(completion(**usage)) == []


@pytest.mark.parametrize("cost", [float("nan"), -1, "free", True])
def test_a_cost_that_is_no_amount_is_unknown(cost: object) -> None:
    assert noted(completion(prompt_tokens=1, completion_tokens=1, cost=cost)) == [Spending(1, 1, "fp_1", None)]


def test_nothing_is_noted_where_nobody_wants_to_know() -> None:
    note_completion(completion(prompt_tokens=1, completion_tokens=1))

    assert spendings.get() is None
