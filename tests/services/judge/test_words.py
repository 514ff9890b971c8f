"""Text as its words."""

import pytest

from promptlift.contracts import Fact
from services.judge.words import shortened, spelled_out, words

SIGN = Fact(id=1, kind="text", question="What does it say?", expected_text="Open Late")


@pytest.mark.parametrize(
    ("prompt", "writing", "flagged"),
    [
        ("a red circle on a white table", "A RED CIRCLE ON A WHITE TABLE", True),
        ("a red circle on a white table", "red circle, white", True),
        ("a red circle on a white table", "", False),
        ("a red circle on a white table", "table for two", False),
        ("a coca-cola can", "Coca-Cola", False),
        ("a cat", "cat", True),
        ('a cafe sign that says "Open Late"', "OPEN LATE", False),
        ('a cafe sign that says "Open Late"', "a cafe sign that says open late", True),
        ("on the", "on the", False),
    ],
)
def test_a_picture_spells_a_prompt_out_when_it_holds_most_of_its_own_words(
    prompt: str, writing: str, flagged: bool
) -> None:
    facts = [SIGN] if "Open Late" in prompt else []

    assert spelled_out(prompt, facts, writing) == flagged


def test_words_know_neither_capitals_nor_punctuation_nor_width() -> None:
    assert words("“\uff2fpen—LATE!”\n né") == ["open", "late", "né"]


def test_a_text_within_the_limit_is_left_whole() -> None:
    assert shortened("one  two\nthree", 3) == "one two three"
    assert shortened("one two three four", 3) == "one two three …"
