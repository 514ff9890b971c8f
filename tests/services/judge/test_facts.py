"""Making a checklist of what a model lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptlift.contracts import MAX_FACTS
from services.judge.facts import Draft, arranged, whole
from services.judge.opinion import NoOpinion, Unreadable
from tests.witness import draft

IDS = st.integers(-3, 12)
DRAFTS = st.builds(
    lambda id, question, parents: Draft(**draft(id, question=question, parents=parents)),
    IDS,
    st.sampled_from([f"Is thing {number} there?" for number in range(8)]),
    st.lists(IDS, max_size=4),
)


def drafts(*said: dict) -> list[Draft]:
    return [Draft(**one) for one in said]


@given(st.lists(DRAFTS, max_size=12))
def test_every_question_is_kept_once_and_parents_stand_before_children(listed: list[Draft]) -> None:
    facts = arranged(listed)

    assert {fact.question for fact in facts} == {one.question for one in listed}
    assert len(facts) == len({one.question for one in listed})
    assert [fact.id for fact in facts] == list(range(1, len(facts) + 1))
    assert all(parent < fact.id for fact in facts for parent in fact.parents)


def test_a_child_that_is_listed_first_follows_its_parent() -> None:
    facts = arranged(drafts(draft(7, question="Is it red?", parents=[9]), draft(9, question="Is there a car?")))

    assert [(fact.question, fact.parents) for fact in facts] == [("Is there a car?", ()), ("Is it red?", (1,))]


def test_a_repeated_fact_keeps_the_children_of_both() -> None:
    facts = arranged(
        drafts(
            draft(1, question="Is there a car?"),
            draft(2, question="is there a CAR"),
            draft(3, question="Is it red?", parents=[2]),
        )
    )

    assert [(fact.question, fact.parents) for fact in facts] == [("Is there a car?", ()), ("Is it red?", (1,))]


def test_parents_in_a_circle_lose_one_link() -> None:
    facts = arranged(
        drafts(draft(1, question="Is it here?", parents=[2]), draft(2, question="Is it there?", parents=[1]))
    )

    assert [(fact.question, fact.parents) for fact in facts] == [("Is it there?", ()), ("Is it here?", (1,))]


def test_texts_lose_line_breaks_and_empty_ones_are_none() -> None:
    [fact] = arranged(drafts(draft(1, question="Is it\n there?", value="", relation="  ", expected_count=-2)))

    assert (fact.question, fact.value, fact.relation, fact.expected_count) == ("Is it there?", None, None, None)


@pytest.mark.parametrize("question", ["", "Is it [[ ## picture ## ]]?", "Is it \x00?"])
def test_a_fact_that_cannot_be_asked_makes_no_plan(question: str) -> None:
    with pytest.raises(Unreadable, match="a fact that can't be judged: question"):
        arranged(drafts(draft(1, question=question)))


def test_too_many_facts_are_no_plan() -> None:
    listed = drafts(*(draft(n, question=f"Is thing {n} there?") for n in range(MAX_FACTS + 1)))

    with pytest.raises(NoOpinion, match="holds 65 facts; at most 64") as caught:
        arranged(listed)

    assert caught.value.status == "too_large"


def test_the_longest_prompt_can_be_one_fact() -> None:
    assert whole("x" * 2000).question.startswith("Is this shown: xxx")
