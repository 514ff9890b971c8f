"""Named people, places, brands and works."""

import pytest

from services.upsampler.constraints import Constraint, names, read


def found(text: str) -> list[str]:
    return [constraint.value for constraint in names.find(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a painting by Grant Wood", ["Grant Wood"]),
        ("Darth Vader playing with a raccoon", ["Darth Vader"]),
        ("Photo of a cat", []),
        ("A cat. The dog in Paris", ["Paris"]),
        ("a shiny VW van", ["VW"]),
        ("FBI agents at bat", ["FBI"]),
        ("A Quiet Evening In The Old Town", []),
        ("a man says I am here", []),
    ],
)
def test_a_name_is_found_by_its_capitals(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_name_is_kept_in_any_case_and_ending() -> None:
    assert names.keeps(Constraint("name", "McDonalds Church"), read("a mcdonald's built as a church"))
    assert names.keeps(Constraint("name", "Laocoön"), read("a modern laocoon"))
    assert not names.keeps(Constraint("name", "Grant Wood"), read("a painting of a grant"))
