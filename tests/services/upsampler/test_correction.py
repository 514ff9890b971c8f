"""Whether a corrected prompt still asks for the same."""

import pytest

from services.upsampler.correction import is_same_request


@pytest.mark.parametrize(
    ("base", "corrected"),
    [
        ("a smal dog waering a yelow rain cot", "a small dog wearing a yellow rain coat"),
        ("cat on mat", "A cat on a mat."),
        ("two dog", "two dogs"),
        ("teh dog running", "The dog is running."),
        ("Tcennis rpacket.", "Tennis racket."),
        ("deux chats noirs sur un mur", "two black cats on a wall"),
        ("猫がソファに座っている", "A cat is sitting on a sofa."),
        ('ein Schild mit "Offen" auf dem Tisch', 'a sign with "Offen" on the table'),
    ],
)
def test_spelling_grammar_and_language_may_change(base: str, corrected: str) -> None:
    assert is_same_request(base, corrected)


@pytest.mark.parametrize(
    ("base", "corrected"),
    [
        ("a cat", "a dog"),
        ("a cat", ""),
        ("a cat chasing a dog", "a dog chasing a cat"),
        ("A pizza cooking an oven", "A pizza cooking in an oven"),
        ("a red car", "a red car in the snow"),
        ("a red car in the snow", "a red car"),
        ("three apples", "three or four apples"),
        ("two apples", "apples"),
        ('a sign "Open"', 'a sign "OPEN"'),
        ("a photo of a cat", "a painting of a cat"),
        ("猫がソファに座っている", "猫がソファに座っている。"),
        ('ein Schild mit "Offen" auf dem Tisch', 'a sign with "Open" on the table'),
        ("deux chats noirs", "x" * 200),
    ],
)
def test_words_may_not(base: str, corrected: str) -> None:
    assert not is_same_request(base, corrected)
