"""Text that shall be read in the picture."""

import pytest

from services.upsampler.constraints import Constraint, read, texts


def found(text: str) -> list[str]:
    return [constraint.value for constraint in texts.find(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a sign that says "Open Late"', ["Open Late"]),
        ("a storefront with 'NeurIPS' written on it", ["NeurIPS"]),
        ("a sign “Bäckerei” and a note «Ouvert»", ["Bäckerei", "Ouvert"]),
        ("看板「営業中」", ["営業中"]),
        ("a book with the words 'Don't Panic!' on it", ["Don't Panic!"]),
        ('two cups, "LOVE" in one, "PEACE" in the other', ["LOVE", "PEACE"]),
        ('"The Rattlesnake," he says', ["The Rattlesnake"]),
        ("a panda with text ‘Diffusion Models , in oil", ["Diffusion Models"]),
        ("A sign that says Deep Learning", ["Deep Learning"]),
        ("graffiti spelling BE KIND on white tile", ["BE KIND"]),
        ("a wall with the word KA-BOOM on it", ["KA-BOOM"]),
        ("a t-shirt with Carpe Diem written on it", ["Carpe Diem"]),
        ("a sign saying stop next to a tree", ["stop"]),
        ("a clock that reads 12:43", ["12:43"]),
        ("the letters P A X", ["P A X"]),
        ("a jersey with the number 42", ["42"]),
        ("vines in the shape of  knowledge is power  sprouting", ["knowledge is power"]),
    ],
)
def test_a_text_is_found_with_or_without_its_quotation_marks(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the dogs' bowl and the cats' toys",
        "rock 'n' roll in the '80s",
        "a man reads Harry Potter",
        "a page of text in a book",
        'a 5" nail and a 6" bolt',
        "a girl who says hello to a bird",
        "A tall tree.  A low house.",
    ],
)
def test_apostrophes_inches_and_speech_are_no_text(text: str) -> None:
    assert found(text) == []


def test_a_text_is_kept_letter_by_letter() -> None:
    wanted = Constraint("text", "Open Late")

    assert texts.keeps(wanted, read('the words "Open Late" in red'))
    assert texts.keeps(wanted, read("the words 'Open  Late' in red"))
    assert not texts.keeps(wanted, read('the words "open late" in red'))
    assert not texts.keeps(wanted, read('the words "Open" and "Late"'))


def test_wide_letters_are_kept_as_they_are() -> None:
    [wanted] = texts.find(read('a neon sign "ＯＰＥＮ"'))

    assert wanted.value == "ＯＰＥＮ"
    assert not texts.keeps(wanted, read('a neon sign "OPEN"'))
