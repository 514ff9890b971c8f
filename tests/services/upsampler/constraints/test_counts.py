"""How many of a thing there are."""

import pytest

from services.upsampler.constraints import Constraint, counts, read


def found(text: str) -> list[tuple[str, str | None]]:
    return [(constraint.value, constraint.of) for constraint in counts.find(read(text))]


def keeps(value: str, of: str | None, text: str) -> bool:
    return counts.keeps(Constraint("count", value, of), read(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two cats and three dogs", [("2", "cats"), ("3", "dogs")]),
        ("3 yellow and black buses", [("3", "buses")]),
        ("a couple of glasses", [("2", "glasses")]),
        ("a dozen eggs", [("12", "eggs")]),
        ("two beat-up baseballs", [("2", "baseballs")]),
        ("a two-story house", [("2", "story")]),
        ("several people skiing", [("several", "people")]),
        ("both hands", [("2", "hands")]),
    ],
)
def test_a_count_is_found_with_its_thing(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the one in front is white",
        "one of them reads",
        "a photo from the 1980s",
        "an 8k render",
        "a 35 mm lens",
        "a sign at 10:30",
        "castle --ar 16:9",
        "iso 100",
        "the 3rd man",
        "a ticket of $5",
        "route 66",
        'a jersey with "23"',
    ],
)
def test_a_number_that_counts_no_thing_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("value", "of", "text", "kept"),
    [
        ("3", "cars", "Three vintage cars line up.", True),
        ("3", "cars", "A trio of cars.", True),
        ("3", "cars", "Two cars and three trees.", False),
        ("3", "cars", "Cars on a street.", False),
        ("3", "cars", "Three convertibles.", True),
        ("1", "clock", "A grand brass clock.", True),
        ("1", "clock", "The clocks.", True),
        ("several", "people", "Four people ski.", True),
        ("several", "dogs", "Dogs in the snow.", True),
        ("several", "dogs", "A dog in the snow.", False),
    ],
)
def test_a_count_is_kept_by_its_own_thing(value: str, of: str, text: str, kept: bool) -> None:
    assert keeps(value, of, text) is kept
