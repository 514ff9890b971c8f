"""What the upsampler tells of its work."""

import pytest

from services.replies import Reply
from services.upsampler.answer import Outcome, answer
from services.upsampler.composition import Composed
from tests.services.upsampler.asking import change, count, task


def test_every_constraint_is_told_with_whether_the_painted_prompt_keeps_it() -> None:
    made = Composed("a red bowl. Two bowls.", "a red bowl")

    told = answer(task("one red bowl on top of a table"), Outcome(seed=1, composed=made), count)

    assert [(each.kind, each.value, each.of, each.kept) for each in told.constraints] == [
        ("count", "1", "bowl", False),
        ("colour", "red", "bowl", True),
        ("relation", "bowl on top of table", None, False),
    ]


def test_the_tokens_are_those_of_the_painted_prompt_for_each_encoder() -> None:
    told = answer(task("a bowl"), Outcome(seed=1, composed=Composed("a bowl! On a table!!", "a bowl")), count)

    assert (told.tokens.clip_l, told.tokens.clip_g, told.budget) == (7, 8, 75)


def test_with_a_reason_the_users_own_words_are_painted_as_they_came() -> None:
    told = answer(task("a  red bowl"), Outcome(seed=1, reason="the model refused", attempts=1), count)

    assert (told.base_prompt, told.prompt) == ("a  red bowl", "a  red bowl")
    assert (told.fallback, told.reason, told.attempts) == (True, "the model refused", 1)


def test_a_failed_change_leaves_the_previous_caption() -> None:
    told = answer(
        change("a lantern", "make it red", previous="a lantern. Wet planks."), Outcome(seed=1, reason="no"), count
    )

    assert (told.base_prompt, told.prompt, told.fallback) == ("a lantern", "a lantern. Wet planks.", True)


@pytest.mark.parametrize(
    ("prompt", "offered"),
    [
        ("a street without cars and no people", "cars, people"),
        ("a street", ""),
        ("a cat without a hat and a dog with a hat", ""),
        ("the wifi not working", ""),
    ],
)
def test_what_the_prompt_rules_out_is_offered_as_negative_prompt(prompt: str, offered: str) -> None:
    assert answer(task(prompt), Outcome(seed=1), count).negative_prompt == offered


def reply(read: int, written: int, cost: float | None = None, fingerprint: str | None = "fp_1") -> Reply:
    return Reply("model", fingerprint, read, written, cost)


def test_tokens_of_all_attempts_are_added_up_and_priced() -> None:
    replies = (reply(1000, 100), reply(2000, 300, fingerprint="fp_2"))

    told = answer(task("a bowl"), Outcome(seed=1, replies=replies, prices=(0.5, 2.0)), count)

    assert (told.usage.calls, told.usage.input_tokens, told.usage.output_tokens) == (2, 3000, 400)
    assert told.fingerprint == "fp_1, fp_2"
    assert told.cost == pytest.approx(3000 * 0.5e-6 + 400 * 2e-6)


def test_the_endpoints_own_cost_counts_before_prices() -> None:
    replies = (reply(1000, 100, cost=0.25), reply(1000, 100, cost=0.5))

    assert answer(task("a bowl"), Outcome(seed=1, replies=replies, prices=(1.0, 1.0)), count).cost == 0.75
    assert answer(task("a bowl"), Outcome(seed=1, replies=(*replies, reply(1, 1))), count).cost is None


def test_without_prices_no_cost_is_made_up() -> None:
    assert answer(task("a bowl"), Outcome(seed=1, replies=(reply(10, 1),), prices=None), count).cost is None
    assert answer(task("a bowl"), Outcome(seed=1, prices=(1.0, 1.0)), count).cost is None
