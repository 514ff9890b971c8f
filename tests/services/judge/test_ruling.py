"""What several looks add up to."""

import pytest

from promptlift.contracts import Fact
from services.judge.eyes import Look, Observation
from services.judge.ruling import agreement, decide, rule

FACTS = [
    Fact(id=1, kind="entity", question="Are there apples?", subject="apples"),
    Fact(id=2, kind="count", question="Are there three?", subject="apples", parents=(1,), expected_count=3),
]


def look(count: int, shown: float = 1.0, writing: str = "") -> Look:
    observed = {1: Observation(shown, "on the left"), 2: Observation(1.0, f"{count} in a row", count=count)}
    return Look(observed, writing)


def test_votes_are_averaged_for_each_fact() -> None:
    ruling = rule("three apples", FACTS, [look(3), look(3), look(4)])

    assert [fact.vote for fact in ruling.facts] == [1.0, 0.6667]
    assert ruling.verdict == "correct"
    assert ruling.agreement == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)


def test_what_is_told_of_a_fact_is_of_a_look_that_agrees_with_the_outcome() -> None:
    ruling = rule("three apples", FACTS, [look(4), look(3), look(3)])

    assert (ruling.facts[1].observed_count, ruling.facts[1].evidence) == (3, "3 in a row")


def test_the_reasoning_tells_what_was_seen_instead() -> None:
    ruling = rule("three apples", FACTS, [look(4)])

    assert ruling.reasoning == "1 of 2 facts hold. Not so: Are there three? (4 counted)."


def test_the_reasoning_names_no_fact_that_only_fails_with_its_parent() -> None:
    ruling = rule("three apples", FACTS, [look(4, shown=0.0)])

    assert ruling.reasoning == "0 of 2 facts hold. Not so: Are there apples? (on the left)."


def test_reasoning_has_at_most_fifty_words() -> None:
    facts = [Fact(id=n, kind="other", question=f"Is thing number {n} there?") for n in range(1, 40)]
    blind = Look({fact.id: Observation(0.0) for fact in facts})

    assert len(rule("things", facts, [blind]).reasoning.removesuffix(" …").split()) == 50


@pytest.mark.parametrize(
    ("votes", "expected"),
    [([[1.0]], None), ([[1.0, 1.0, 0.0]], 0.6667), ([[1.0, 1.0], [0.0, 0.0]], 1.0), ([[1.0, 0.0]], 0.5)],
)
def test_agreement_is_the_share_of_samples_with_the_outcome(votes: list[list[float]], expected: float | None) -> None:
    assert agreement(votes) == expected


def test_a_split_decision_is_incorrect() -> None:
    ruling = decide([True, False], ["there", "not there"])

    assert (ruling.score, ruling.verdict, ruling.reasoning, ruling.agreement) == (0.5, "incorrect", "not there", 0.5)


def test_a_majority_decides() -> None:
    ruling = decide([False, True, True], ["not there", "there", "sure"])

    assert (ruling.score, ruling.verdict, ruling.reasoning) == (0.6667, "correct", "there")


def test_what_a_model_writes_is_made_fit_for_an_answer() -> None:
    seen = Look({1: Observation(1.0, "a\n\x1b[31mred\ud800 one " + "x" * 5000), 2: Observation(1.0, count=10**9)})

    ruling = rule("three apples", FACTS, [seen])

    assert ruling.facts[0].evidence.startswith("a [31mred one xxx")
    assert len(ruling.facts[0].evidence) == 2000
    assert ruling.facts[1].observed_count == 10_000
