"""Mending drafts in form."""

import pytest

from services.upsampler.draft import LONGEST, Draft, mended
from tests.services.upsampler.asking import task


def caption(text: str, prompt: str = "a cat") -> str:
    return mended(task(prompt), Draft("", text)).caption


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  A cat \n\n on\ta mat. ", "A cat on a mat."),
        ('"A cat on a mat."', "A cat on a mat."),
        ("Caption: a cat on a mat.", "a cat on a mat."),
        ("**A cat** [on] a <mat>.", "A cat on a mat ."),
        ("A\x00cat\ud800 on", "A cat on"),
        ("A cat beside 'milk'", "A cat beside 'milk'"),
    ],
)
def test_markup_labels_and_control_characters_go(text: str, clean: str) -> None:
    assert caption(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("A beautiful black cat.", "A black cat."),
        ("An enchanting cat.", "A cat."),
        ("A stunning, breathtaking owl.", "An owl."),
        ("A cat in a lovely and amazing, wonderful inn.", "A cat in an inn."),
        ("The view is breathtaking.", "The view is breathtaking."),
        ("A stunningly red cat.", "A stunningly red cat."),
    ],
)
def test_words_of_praise_go(text: str, clean: str) -> None:
    assert caption(text) == clean


def test_the_users_own_praise_and_markup_stay() -> None:
    assert caption("A beautiful cat.", "a beautiful cat") == "A beautiful cat."
    assert caption('A sign "Perfect #1 Day".', 'a sign "Perfect #1 Day"') == 'A sign "Perfect #1 Day".'


def test_quoted_text_gets_the_users_letters_back() -> None:
    assert caption('A sign "neurips" on a wall.', "a sign 'NeurIPS'") == 'A sign "NeurIPS" on a wall.'
    assert caption('A sign "openly".', 'a sign "Open"') == 'A sign "openly".'


def test_an_endless_answer_is_cut() -> None:
    assert len(caption("a cat " * 100_000)) <= LONGEST
