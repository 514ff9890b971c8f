"""Tokens and costs, each counted once."""

from typing import Any

import pytest

from services.traces.listing import Used
from services.traces.usage import Spent, own, total

PRICES = {("p", "m"): {"prompt_token_cost": 0.5, "completion_token_cost": 2.0}}


def used(id: str, parent: str | None, read: int, written: int = 0, service: str | None = None, **more: Any) -> Used:
    return Used(id, parent, "p", service, {"m": {"prompt_tokens": read, "completion_tokens": written, **more}})


def test_what_children_in_the_same_process_used_is_part_of_what_their_parent_tells() -> None:
    calls = [used("root", None, 30), used("a", "root", 10), used("b", "root", 15)]

    assert {id: spent.read for id, spent in own(calls, {}).items()} == {"root": 5, "a": 10, "b": 15}
    assert total(own(calls, {}).values()).read == 30


def test_what_another_service_used_is_counted_beside_it() -> None:
    calls = [used("root", None, 5, service="orchestrator"), used("a", "root", 10, service="judge")]

    assert total(own(calls, {}).values()).read == 15


def test_tokens_cost_what_their_price_says() -> None:
    assert own([used("a", None, 10, 3)], PRICES)["a"].cost == pytest.approx(10 * 0.5 + 3 * 2)


def test_what_the_endpoint_charged_goes_before_a_price() -> None:
    calls = [used("a", None, 10, cost=0.25), used("b", "a", 10, cost=0.2)]

    assert total(own(calls, PRICES).values()).cost == pytest.approx(0.25)


def test_a_cost_that_is_not_known_is_none_and_not_0() -> None:
    assert own([used("a", None, 10)], {})["a"].cost is None
    assert (Spent(1, 1, None) + Spent(1, 1, 0.5)).cost == 0.5


@pytest.mark.parametrize("usage", [{"m": None}, {"m": {"prompt_tokens": "many"}}, {"m": {"prompt_tokens": True}}, {}])
def test_usage_that_is_none_counts_nothing(usage: Any) -> None:
    assert own([Used("a", None, "p", None, usage)], PRICES)["a"].read == 0
