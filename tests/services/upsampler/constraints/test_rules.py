"""All rules together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.upsampler.constraints import clashes, extract, lost
from services.upsampler.constraints.reading import stem

WORDS = st.sampled_from(
    """a the red blue green orange cat cats dog car two three no without left of on under photo painting Paris Mona Lisa
    sign says 'Open' "Hi , . and is in white black several one 猫 le chat !""".split()  # noqa: SIM905
)
PHRASES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


def test_the_constraints_of_a_prompt_come_kind_by_kind_without_duplicates() -> None:
    found = [
        (each.kind, each.value, each.of) for each in extract('a red cat, a red cat and two dogs, sign "Hi" in Paris')
    ]

    assert found == [("count", "2", "dogs"), ("colour", "red", "cat"), ("text", "Hi", None), ("name", "Paris", None)]


@settings(deadline=None)
@given(PHRASES | ANYTHING)
def test_every_prompt_keeps_its_own_constraints_but_its_language(prompt: str) -> None:
    constraints = [each for each in extract(prompt) if each.kind not in ("language", "negation")]

    assert lost(constraints, prompt) == []
    assert clashes(constraints, prompt) == []


@pytest.mark.parametrize(
    ("prompt", "caption", "against"),
    [
        ("a green banana", "a green banana beside yellow bananas", ["yellow"]),
        ("a green banana", "a green banana in front of a yellow wall", []),
        ("a red car", "a crimson car", []),
        ("a red car and a blue car", "a blue car, a red car", []),
        ("a colorful bird", "a red bird", []),
        ("three cats", "four cats", ["4"]),
        ("three cats", "three cats, one cat asleep", []),
        ("three cats", "three cats and five dogs", []),
        ("several cats", "nine cats", []),
    ],
)
def test_another_colour_or_a_larger_number_of_the_same_thing_clashes(
    prompt: str, caption: str, against: list[str]
) -> None:
    assert [said.value for said in clashes(extract(prompt), caption)] == against


@pytest.mark.parametrize(
    ("words", "form"),
    [("cat cats", "cat"), ("men man", "man"), ("boxes box", "box"), ("berries berry", "berry"), ("bus buses", "bus")],
)
def test_singular_and_plural_meet_in_one_form(words: str, form: str) -> None:
    assert {stem(word) for word in words.split()} == {form}
