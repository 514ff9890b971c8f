"""Pruning, anchoring, fitting."""

from hypothesis import given, settings
from hypothesis import strategies as st

from promptlift.contracts import MAX_PROMPT_CHARACTERS
from services.upsampler.composition import Composed, compose, holds
from services.upsampler.draft import Draft, mended
from services.upsampler.task import Task
from tests.services.upsampler.asking import change, count, task
from tests.services.upsampler.constraints.test_rules import ANYTHING, PHRASES


def composed(of: Task, caption: str, corrected: str = "") -> Composed | None:
    return compose(of, mended(of, Draft(corrected, caption)), count)


def prompt_of(of: Task, caption: str, corrected: str = "") -> str:
    made = composed(of, caption, corrected)
    assert made is not None
    return made.prompt


def test_the_users_words_come_first() -> None:
    assert prompt_of(task("a red bowl"), "A bowl on a table.") == "a red bowl. A bowl on a table."


def test_the_users_words_do_not_come_twice() -> None:
    assert prompt_of(task("a red bowl"), "A red bowl, on a table.") == "a red bowl, on a table."
    assert prompt_of(task("a red bowl"), "A red bowling alley.") == "a red bowl. A red bowling alley."


def test_the_mended_prompt_takes_the_place_of_a_misspelt_one() -> None:
    made = composed(task("a smal bowl"), "A bowl on a table.", "a small bowl")

    assert made == Composed("a small bowl. A bowl on a table.", "a small bowl")


def test_a_correction_that_changes_the_request_is_not_used() -> None:
    assert composed(task("a red bowl"), "A bowl on a table.", "a blue cup") == Composed(
        "a red bowl. A bowl on a table.", "a red bowl"
    )


def test_a_sentence_that_contradicts_or_adds_is_cut_where_it_begins_to() -> None:
    caption = (
        'A green bowl stands here. A table carries it, with a "SALE" label. Light falls from the left, with scents.'
    )

    assert prompt_of(task("a red bowl"), caption) == "a red bowl. A table carries it. Light falls from the left."


def test_what_the_prompt_rules_out_is_cut() -> None:
    assert prompt_of(task("a street without cars"), "A street at noon. Cars stand about.") == (
        "a street without cars. A street at noon."
    )


def test_trailing_sentences_go_first_when_the_budget_is_short() -> None:
    caption = "A bowl on a table. It stands by a window. Light falls from the left."

    fitted = prompt_of(task("a red bowl", budget=20), caption)

    assert fitted == "a red bowl. A bowl on a table. It stands by a window."
    assert count(fitted).most <= 20 < count(f"{fitted} Light falls from the left.").most


def test_a_first_sentence_that_is_too_long_is_cut_at_a_clause() -> None:
    caption = "A bowl on a table, next to a window with long curtains, in soft light that falls from the far left side."

    assert prompt_of(task("a red bowl", budget=20), caption) == (
        "a red bowl. A bowl on a table, next to a window with long curtains."
    )


def test_the_users_words_stay_when_nothing_else_fits() -> None:
    long = "a red bowl on a small round table in a quiet room at the end of a hall"

    assert (
        prompt_of(task(long, budget=20), "A very long caption that has no clause to be cut at and does not fit.")
        == long
    )


def test_a_prompt_beyond_the_budget_gives_way_to_a_caption_that_keeps_everything() -> None:
    long = "a red bowl, " + "which is a bowl and nothing but a bowl, " * 12

    assert prompt_of(task(long), "A red bowl on a table.") == "A red bowl on a table."
    assert composed(task(long), "A bowl on a table.") is None


def test_a_foreign_prompt_is_painted_from_its_translation() -> None:
    french = task("deux bols rouges sur une table")

    assert prompt_of(french, "Two red bowls in soft light.", "two red bowls on a table") == (
        "two red bowls on a table. Two red bowls in soft light."
    )
    assert prompt_of(french, "Two red bowls in soft light.", "") == "Two red bowls in soft light."
    assert composed(french, "Deux bols rouges sur une table avec un chat", "") is None


def test_a_change_that_contradicts_the_prompt_is_anchored_on_the_changed_prompt() -> None:
    changed = change("a red lantern", "make the lantern green", previous="a red lantern. It hangs from a beam.")

    assert prompt_of(changed, "A green lantern hangs from a beam.", "a green lantern") == (
        "a green lantern hangs from a beam."
    )
    assert prompt_of(changed, "A green lantern hangs from a beam.", "a red lantern") == (
        "A green lantern hangs from a beam."
    )
    assert composed(changed, "A red lantern hangs from a beam.", "a red lantern") is None


@settings(deadline=None, max_examples=300)
@given(prompt=PHRASES, corrected=PHRASES | ANYTHING, caption=PHRASES | ANYTHING, budget=st.integers(20, 90))
def test_whatever_the_model_answers_the_prompt_keeps_what_binds_fits_and_is_not_empty(
    prompt: str, corrected: str, caption: str, budget: int
) -> None:
    asked = task(prompt, budget=budget)

    made = composed(asked, caption, corrected)

    if made is None:  # the user's own words are painted; that is left to words that are too long or foreign
        assert count(asked.line).most > budget or any(each.kind == "language" for each in asked.constraints)
    else:
        assert holds(asked.constraints, made.prompt)
        assert count(made.prompt).most <= budget
        assert 0 < len(made.prompt.strip()) <= MAX_PROMPT_CHARACTERS
