"""What a prompt states beyond doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptlift.contracts import Fact
from services.judge.opinion import NoOpinion
from services.judge.rules import completed, stated


def read(prompt: str) -> list[tuple]:
    """Give what is stated, as short as it can be told."""
    told = {
        "count": lambda fact: (fact.expected_count, fact.subject),
        "colour": lambda fact: (fact.value, fact.subject),
        "text": lambda fact: (fact.expected_text,),
        "absence": lambda fact: ("no", fact.subject),
        "relation": lambda fact: (fact.subject, fact.relation, fact.object),
    }
    return [told[fact.kind](fact) for fact in stated(prompt)]


def fact(kind: str, question: str, id: int = 1, **said) -> Fact:
    return Fact(id=id, kind=kind, question=question, **said)


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("three red apples", [(3, "red apples"), ("red", "apples")]),
        ("7 small wooden boats", [(7, "small wooden boats")]),
        ("two children and a dog", [(2, "children")]),
        ("a house of two stories, three times as wide", []),
        ("not more than five meerkats", []),
        ("one cat", []),
        ("a gray cat on a white sofa", [("gray", "cat"), ("white", "sofa")]),
        ("black and white stripes", [("white", "stripes")]),
        ("a room without an elephant", [("no", "elephant")]),
        ("a street with no cars", [("no", "cars")]),
        ("no one is there", []),
        ("a beach with no red umbrellas", [("no", "red")]),
        ('a sign that says "Open Late"', [("Open Late",)]),
        ("the word 'don't' on a wall", [("don't",)]),
        ("a book titled “Two Red Foxes”", [("Two Red Foxes",)]),
        ('a "smart" robot', []),
        ("the dog's bone and the cat's toy", []),
        ("a cat to the left of a big dog", [("cat", "left of", "big dog")]),
        ("there is a cup on the right side of the plate", [("cup", "right of", "plate")]),
        ("a moon above it", []),
    ],
)
def test_rules_read_what_is_stated_and_nothing_else(prompt: str, found: list[tuple]) -> None:
    assert read(prompt) == found


def test_a_plan_that_says_it_all_is_left_alone() -> None:
    plan = [
        fact("entity", "Are there apples?", subject="apples"),
        fact("count", "How many apples?", 2, subject="apples", expected_count=3),
        fact("colour", "Are the apples red?", 3, subject="apples", value="red"),
        fact("relation", "Are the apples to the left of the jug?", 4, subject="apples", object="jug"),
        fact("text", "What is on the jug?", 5, expected_text="Milk"),
        fact("absence", "Is there any bread?", 6, subject="bread"),
    ]

    assert completed('three red apples left of a jug that says "milk", no bread', plan) == plan


def test_what_a_plan_misses_is_added_under_the_thing_that_it_is_about() -> None:
    plan = [fact("entity", "Is there a table?", subject="table"), fact("entity", "Any apples?", 2, subject="apples")]

    added = completed("three apples on a table", plan)[2:]

    assert [(one.id, one.kind, one.expected_count, one.parents) for one in added] == [(3, "count", 3, (2,))]


def test_a_thing_is_counted_once() -> None:
    plan = [fact("count", "Are there three elephants?", subject="elephants", expected_count=3)]

    assert completed("three elephants, two elephants are small", plan) == plan


def test_grey_is_gray() -> None:
    plan = [fact("colour", "Is the cat grey?", subject="cat", value="grey")]

    assert completed("a gray cat", plan) == plan


def test_too_many_facts_are_no_plan() -> None:
    plan = [fact("entity", f"Is thing {n} there?", n) for n in range(1, 65)]

    with pytest.raises(NoOpinion, match="holds 65 facts"):
        completed("a red car", plan)


@given(st.text(st.sampled_from("two red cats no \"'left of above ,."), max_size=300))
def test_whatever_is_written_there_are_rules_for_it_or_none(prompt: str) -> None:
    assert all(found.question for found in stated(prompt))
