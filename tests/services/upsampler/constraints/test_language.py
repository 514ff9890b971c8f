"""The language of a prompt."""

import pytest

from services.upsampler.constraints import language, read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a cat on a mat", "en"),
        ("Lego Arnold Schwarzenegger", "en"),
        ("peristeronic", "en"),
        ("a photo of the Café de Flore", "en"),
        ("deux chats noirs sur un mur", "fr"),
        ("la casa roja con dos perros", "es"),
        ("ein Hund unter dem Tisch", "de"),
        ("un gatto sulla sedia della nonna", "it"),
        ("uma casa com o telhado vermelho", "pt"),
        ("een kat op het dak", "nl"),
        ("猫がソファに座っている", "ja"),
        ("一只猫", "zh"),
        ("고양이 두 마리", "ko"),
        ("кошка на диване", "ru"),
        ('a sign "猫がソファに座っている"', "en"),
        ("🐸🐸🐸", "en"),
    ],
)
def test_a_language_is_told_by_script_and_function_words(text: str, code: str) -> None:
    assert language.of(read(text)) == code


def test_only_a_foreign_prompt_is_constrained_and_english_keeps_it() -> None:
    [wanted] = language.find(read("кошка на диване"))

    assert language.find(read("a cat on a sofa")) == []
    assert language.keeps(wanted, read("a cat on a sofa"))
    assert not language.keeps(wanted, read("кошка на красном диване"))
