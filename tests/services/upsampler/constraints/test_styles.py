"""The style, medium or viewpoint of a picture."""

import pytest

from services.upsampler.constraints import Constraint, read, styles
from services.upsampler.constraints.lexicon import STYLES


def found(text: str) -> list[str]:
    return [constraint.value for constraint in styles.find(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Photo of a cat", ["photograph"]),
        ("an oil painting of a ship", ["oil painting"]),
        ("a watercolour of a fox, seen from above", ["watercolor", "aerial view"]),
        ("a close-up of a bee", ["close up"]),
        ("comic book illustration", ["illustration", "comic"]),
        ("a man painting a fence", []),
        ("a cat on a mat", []),
    ],
)
def test_a_style_is_found_in_any_of_its_names(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("style", STYLES)
def test_each_style_is_found_and_kept_by_its_own_name(style: str) -> None:
    assert style in found(f"a {style} of a fox")
    assert styles.keeps(Constraint("style", style), read(f"a {style} of a fox"))


def test_a_style_is_kept_in_other_words_but_not_without_any() -> None:
    assert styles.keeps(Constraint("style", "photograph"), read("seen through a wide lens"))
    assert not styles.keeps(Constraint("style", "photograph"), read("a grizzly bear sits at a desk"))
