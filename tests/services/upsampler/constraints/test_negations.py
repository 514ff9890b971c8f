"""What the user wants not to be there."""

import pytest

from services.upsampler.constraints import Constraint, negations, read


def found(text: str) -> list[tuple[str, str | None]]:
    return [(constraint.value, constraint.of) for constraint in negations.find(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a street without any cars", [("cars", None)]),
        ("a couple with no umbrellas", [("umbrellas", None)]),
        ("a park, nobody in it", [("people", None)]),
        ("no red cars, a bus", [("red cars", None)]),
        ("the wifi not working", [("working", "wifi")]),
        ("a cat that isn't sleeping", [("sleeping", "cat")]),
        ("not only a cat", []),
        ("a knot in a rope", []),
    ],
)
def test_what_is_negated_is_found(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("value", "text", "kept"),
    [
        ("cars", "An empty street.", True),
        ("cars", "A street without a car in sight.", True),
        ("cars", "A street with one car.", False),
        ("red cars", "A street with a blue car.", True),
        ("red cars", "A street with a red car.", False),
        ("anything", "A bare table.", True),
        ("anything", "A table with a vase.", False),
    ],
)
def test_a_negation_is_kept_when_the_thing_is_not_there(value: str, text: str, kept: bool) -> None:
    assert negations.keeps(Constraint("negation", value), read(text)) is kept


def test_what_is_denied_of_one_thing_may_be_true_of_another() -> None:
    wanted = Constraint("negation", "working", "wifi")

    assert negations.keeps(wanted, read("scholars working beside a router"))
    assert not negations.keeps(wanted, read("a wifi router working well"))


def test_saying_what_is_absent_is_noticed() -> None:
    assert negations.states(read("a street without cars"))
    assert negations.states(read("the cat isn't there"))
    assert not negations.states(read("an empty street"))
