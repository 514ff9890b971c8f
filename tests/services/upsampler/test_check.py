"""What is wrong with a caption."""

import pytest

from services.upsampler.check import faults
from tests.services.upsampler.asking import PREVIOUS, change, task

REST = "It is set on a wide oak table beside a tall window, in soft light from the left."


def found(prompt: str, caption: str) -> list[tuple[str, bool]]:
    return [(fault.words, fault.serious) for fault in faults(task(prompt), caption)]


def test_a_good_caption_has_no_fault() -> None:
    assert found("a red bowl", f"A red bowl with a thin rim. {REST}") == []


@pytest.mark.parametrize(
    ("prompt", "caption", "fault"),
    [
        ("two red bowls", f"Red bowls. {REST}", "missing: count: 2 (bowls)"),
        ("a red bowl", f"A bowl. {REST}", "missing: colour: red (bowl)"),
        ("a red bowl", f"A red bowl, a green bowl. {REST}", "contradicts the request: colour: green (bowl)"),
        ('a sign "Hi"', f'A sign "HI THERE". {REST}', 'missing: the text "Hi", letter by letter, inside double quotes'),
        ("a bowl without fruit", f"A bowl of fruit. {REST}", "missing: nothing of this is there: fruit"),
        ("a red bowl", "A red bowl.", "3 words; write 15 to 57"),
        ("un bol sur la table", f"Un bol sur la table. {REST}"[:30], "missing: the request is in the language fr"),
    ],
    ids=["count", "colour", "clash", "text", "negation", "short", "language"],
)
def test_what_is_missing_wrong_or_too_short_is_worth_another_attempt(prompt: str, caption: str, fault: str) -> None:
    words, serious = found(prompt, caption)[0]

    assert words.startswith(fault)
    assert serious


@pytest.mark.parametrize(
    ("caption", "fault"),
    [
        ('A bowl with "SALE" on it.', 'written text that was not asked for: "SALE"'),
        ("A bowl from Mount Fuji.", "a name that was not asked for: Mount Fuji"),
        ("A bowl without flowers.", "says what is absent; describe what is there instead"),
        ("A bowl with a scent of mint.", "no camera sees: scent"),
        ("A bowl with a sense of calm.", "no camera sees: sense of"),
        ("A bowl. " + "It stands in soft light. " * 20, "120 words; write at most 58"),
    ],
    ids=["text", "name", "negation", "unseen", "phrase", "long"],
)
def test_what_can_be_cut_out_is_not(caption: str, fault: str) -> None:
    assert (fault, False) in found("a bowl", f"{caption} {REST}")


@pytest.mark.parametrize("style", ["A Victorian bowl.", "A Japanese bowl.", "A Gothic hall with a bowl."])
def test_periods_and_peoples_are_no_invented_names(style: str) -> None:
    assert found("a bowl", f"{style} {REST}") == []


def test_a_caption_without_room_to_say_it_all_again_may_leave_it_to_the_users_words() -> None:
    detailed = "two red bowls on a table under a tall window beside a door, three green cups, " * 2

    assert found(detailed, "Soft light from the left falls on the worn oak and on plain plaster behind.") == []
    assert found(detailed, "Soft light from the left falls on the yellow bowls and on plain plaster behind.")[0][1]


def test_what_the_user_wrote_is_never_a_fault() -> None:
    prompt = 'a bowl with "SALE" on it, scent of mint, from Mount Fuji'

    assert found(prompt, f'A bowl with "SALE" on it and a scent of mint, from Mount Fuji. {REST}') == []


def test_a_modification_keeps_most_of_the_caption() -> None:
    changed = change("a man holding a lantern", "make the light red")

    assert faults(changed, PREVIOUS.replace("yellow", "red")) == []
    assert "changes more" in faults(changed, f"A red light over a harbour. {REST}")[0].words
