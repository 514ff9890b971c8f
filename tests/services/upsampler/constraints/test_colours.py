"""Colours and what has them."""

import pytest

from services.upsampler.constraints import Constraint, colours, read


def found(text: str) -> list[tuple[str, str | None]]:
    return [(constraint.value, constraint.of) for constraint in colours.find(read(text))]


def keeps(value: str, of: str | None, text: str) -> bool:
    return colours.keeps(Constraint("colour", value, of), read(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red car and a white sheep", [("red", "car"), ("white", "sheep")]),
        ("a man in a blue floral print shirt standing", [("blue", "shirt")]),
        ("a yellow and black bus", [("yellow", "bus"), ("black", "bus")]),
        ("the doors are red", [("red", "doors")]),
        ("the plate is white in color", [("white", "plate")]),
        ("set of two chairs black", [("black", "chairs")]),
        (
            "three triangles in blue, red and white",
            [("blue", "triangles"), ("red", "triangles"), ("white", "triangles")],
        ),
        ("a pink-colored car", [("pink", "car")]),
        ("dark green 1950's car", [("green", "car")]),
        ("a sky blue bus under a blue sky", [("blue", "bus"), ("blue", "sky")]),
        ("make the light red", [("red", "light")]),
        ("she is dressed in white", [("white", None)]),
    ],
)
def test_a_colour_is_found_with_its_thing(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text", ["a pear, an orange and a banana", "a bar of gold", "a cup of tea", 'a sign "Red Lion"']
)
def test_fruit_metal_and_quoted_text_are_no_colours(text: str) -> None:
    assert found(text) == []


def test_an_orange_thing_is_orange() -> None:
    assert found("an orange hoodie") == [("orange", "hoodie")]
    assert found("food in yellow, orange and green color") == [
        ("yellow", "food"),
        ("orange", "food"),
        ("green", "food"),
    ]


@pytest.mark.parametrize(
    ("of", "text", "kept"),
    [
        ("car", "A sleek red sports car is parked.", True),
        ("car", "The car, parked in the sun, is red.", True),
        ("cars", "A red car.", True),
        ("car", "A crimson car.", True),
        ("car", "A blue car. Far away a red barn.", False),
        ("car", "A blue car by a house, a garden, a wide field, and at last one red barn", False),
        ("car", "A red convertible.", True),
        ("car", "A convertible.", False),
        (None, "Anything red.", True),
    ],
    ids=["in front", "behind", "number", "shade", "elsewhere", "far", "other word", "lost", "of nothing"],
)
def test_a_colour_is_kept_by_its_own_thing(of: str | None, text: str, kept: bool) -> None:
    assert keeps("red", of, text) is kept
