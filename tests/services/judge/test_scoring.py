"""What votes are, and what they add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptlift.contracts import Fact
from services.judge.eyes import Observation
from services.judge.scoring import score, vote

VOTE = st.floats(0, 1, allow_nan=False)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Fact], dict[int, float]]:
    """Facts with parents anywhere, also in circles, and a vote for each."""
    size = draw(st.integers(1, 12))
    numbers = st.integers(1, size)
    facts = [
        Fact(id=n, kind="entity", question="Is it there?", parents=tuple(draw(st.lists(numbers, max_size=3))))
        for n in range(1, size + 1)
    ]
    return facts, {fact.id: draw(VOTE) for fact in facts}


def fact(kind: str = "entity", **said) -> Fact:
    return Fact(id=1, kind=kind, question="Is it there?", **said)


@given(plans())
def test_a_score_is_at_most_a_half_exactly_when_incorrect(plan: tuple[list[Fact], dict[int, float]]) -> None:
    scored = score(*plan)

    assert 0 <= scored.score <= 1
    assert (scored.score <= 0.5) == (scored.verdict == "incorrect")
    assert (scored.verdict == "correct") == all(scored.holds.values())


@given(plans(), st.data())
def test_more_of_a_fact_never_lowers_the_score(plan: tuple[list[Fact], dict[int, float]], data: st.DataObject) -> None:
    facts, votes = plan
    number = data.draw(st.sampled_from(sorted(votes)))
    more = votes | {number: data.draw(st.floats(votes[number], 1))}

    assert score(facts, more).score >= score(facts, votes).score


def test_a_fact_fails_with_its_parent_and_its_parents_parent() -> None:
    facts = [
        Fact(id=1, kind="entity", question="Is there a dog?"),
        Fact(id=2, kind="colour", question="Is it brown?", parents=(1,)),
        Fact(id=3, kind="other", question="Is the brown shiny?", parents=(2,)),
        Fact(id=4, kind="entity", question="Is there a cat?"),
    ]

    scored = score(facts, {1: 0.0, 2: 1.0, 3: 1.0, 4: 1.0})

    assert scored.holds == {1: False, 2: False, 3: False, 4: True}
    assert scored.score == 0.125


@pytest.mark.parametrize(
    ("votes", "expected", "verdict"),
    [
        ({1: 1.0, 2: 1.0}, 1.0, "correct"),
        ({1: 1.0, 2: 0.6}, 0.9, "correct"),
        ({1: 1.0, 2: 0.5}, 0.375, "incorrect"),
        ({1: 0.0, 2: 0.0}, 0.0, "incorrect"),
    ],
)
def test_the_score_is_half_for_the_verdict_and_half_for_coverage(
    votes: dict[int, float], expected: float, verdict: str
) -> None:
    facts = [fact(), fact().model_copy(update={"id": 2})]

    scored = score(facts, votes)

    assert (scored.score, scored.verdict) == (expected, verdict)


@pytest.mark.parametrize(
    ("expected", "seen", "votes"),
    [
        (3, Observation(1.0, count=3), 1.0),
        (3, Observation(1.0, count=4), 0.0),
        (3, Observation(0.0, count=3), 1.0),
        (0, Observation(0.0, count=0), 1.0),
        (10, Observation(1.0, count=11), 0.0),
        (20, Observation(1.0, count=22), 1.0),
        (20, Observation(1.0, count=23), 0.0),
        (3, Observation(1.0), 0.5),
        (3, Observation(0.0), 0.0),
    ],
    ids=["equal", "more", "count before answer", "none", "exact to ten", "about", "too far", "uncounted", "not there"],
)
def test_code_compares_counts(expected: int, seen: Observation, votes: float) -> None:
    assert vote(fact("count", expected_count=expected), seen) == votes


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ("Open Late", 1.0),
        ("OPEN? late!", 1.0),
        ("We are open late tonight", 1.0),
        ("Open Later", 0.5),
        ("Reopen Late", 0.5),
        ("Opne Late", 0.0),
        ("Open", 0.0),
        ("", 0.0),
        (None, 0.5),
    ],
)
def test_code_compares_text_word_for_word_and_holds_a_near_miss_for_unclear(text: str | None, votes: float) -> None:
    assert vote(fact("text", expected_text="Open Late"), Observation(1.0, text=text)) == votes


def test_a_slip_in_a_long_text_is_unclear() -> None:
    seen = Observation(1.0, text="sign: Fresh Sourdough Every Mornin at Six")

    assert vote(fact("text", expected_text="Fresh sourdough every morning at six"), seen) == 0.5


def test_what_must_not_be_there_is_asked_for_and_turned_round() -> None:
    assert vote(fact("absence"), Observation(1.0)) == 0.0
    assert vote(fact("absence"), Observation(0.0)) == 1.0
    assert vote(fact("absence"), Observation(0.5)) == 0.5


def test_eyes_may_be_unsure() -> None:
    assert vote(fact(), Observation(0.7)) == 0.7
