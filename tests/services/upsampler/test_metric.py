"""How good a draft is."""

import pytest

from services.upsampler.draft import Draft
from services.upsampler.metric import Grade, grade
from tests.services.upsampler.asking import change, count, task

GOOD = "A red bowl stands on a wide oak table beside a tall window, in soft light from the left."


def graded(caption: str, prompt: str = "a red bowl", corrected: str = "") -> Grade:
    return grade(task(prompt), Draft(corrected or prompt, caption), count)


def test_a_draft_without_faults_has_the_full_grade() -> None:
    assert graded(GOOD) == Grade(pytest.approx(1.0), "nothing is wrong")


@pytest.mark.parametrize(
    ("caption", "feedback"),
    [
        (GOOD.replace("red ", ""), "missing: colour: red (bowl)"),
        (GOOD.replace("red", "green"), "contradicts the request: colour: green (bowl)"),
        (f'{GOOD} It says "SALE".', "written text that was not asked for"),
        ("A red bowl.", "3 words; write 15"),
        (f"{GOOD} Its rim is thin, its foot narrow, its glaze dull. " * 4, "words; write at most"),
    ],
    ids=["missing", "contradicting", "adding", "short", "long"],
)
def test_each_kind_of_fault_costs_and_is_told(caption: str, feedback: str) -> None:
    told = graded(caption)

    assert 0 < told.score < 1
    assert feedback in told.feedback


def test_a_correction_that_changes_the_request_costs() -> None:
    assert graded(GOOD, corrected="a blue cup").score < graded(GOOD).score


def test_no_caption_is_worth_nothing() -> None:
    assert graded("").score == 0


def test_a_change_is_graded_by_what_it_was_told() -> None:
    changed = change("a man holding a lantern", "make the light red")

    good = grade(changed, Draft("x", changed.previous.replace("yellow", "red")), count)
    bad = grade(changed, Draft("x", changed.previous), count)

    assert bad.score < good.score == pytest.approx(1.0)


def test_the_reward_of_a_picture_counts_half_where_there_is_one() -> None:
    asked: list[tuple[str, str]] = []

    def reward(base: str, prompt: str) -> float | None:
        asked.append((base, prompt))
        return 0.5

    drawn = Draft("a red bowl", GOOD)

    told = grade(task("a red bowl"), drawn, count, reward)

    assert told.score == pytest.approx(0.75)
    assert "judged 0.50 of 1" in told.feedback
    assert asked == [("a red bowl", "a red bowl" + GOOD[len("A red bowl") :])]
    assert grade(task("a red bowl"), drawn, count, lambda base, prompt: None) == graded(GOOD)
