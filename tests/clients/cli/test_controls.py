"""The controls that a judge must pass."""

import pytest

from promptlift.cli.controls import Case, Result, cases, grade
from promptlift.cli.pictures import Labelled, drawn
from promptlift.contracts import Judgement
from tests.pictures import plain

LABELLED = [
    Labelled("a cat to the left of a dog", plain("red")),
    Labelled("two dogs", plain("blue")),
    Labelled("a bird", plain("green")),
    Labelled("a fish", plain("black")),
]


def judged(score: float, status: str = "ok", flags: tuple = ()) -> Judgement:
    described = {"status": status, "model": "m", "rubric_version": "1", "flags": flags}
    if status != "ok":
        return Judgement(reason="none", **described)
    return Judgement(score=score, verdict="correct" if score > 0.5 else "incorrect", **described)


def graded(scores: dict[str, float], **said) -> dict[str, Result]:
    """Grade a judge that gives every case of a control the same score; 0 where none is told."""
    answers = [(case, judged(scores.get(case.control, 0.0), **said)) for case in cases(LABELLED)]
    return {result.name: result for result in grade(answers)}


def failing(results: dict[str, Result]) -> list[str]:
    return [name for name, result in results.items() if result.passed is False]


def of(control: str, made: list[Case]) -> list[Case]:
    return [case for case in made if case.control == control]


def test_every_picture_meets_every_control_that_its_prompt_allows() -> None:
    made = cases(LABELLED)

    counts = {control: len(of(control, made)) for control in ("matched", "shuffled", "blank", "painted", "instructed")}
    assert counts == {"matched": 4, "shuffled": 4, "blank": 4, "painted": 4, "instructed": 4}
    assert [case.prompt for case in of("mirrored", made)] == ["a cat to the left of a dog"]
    assert [case.prompt for case in of("recounted", made)] == ["three dogs"]


def test_no_prompt_is_shuffled_to_its_own_picture() -> None:
    for labelled in (LABELLED, drawn()):
        assert all(case.image != labelled[case.of].image for case in of("shuffled", cases(labelled)))


def test_no_drawn_picture_is_shuffled_to_a_prompt_that_it_shows_too() -> None:
    labelled = drawn()
    things = {one.image.data: one.prompt for one in labelled}

    for case in of("shuffled", cases(labelled)):
        assert set(case.prompt.split()[1:3]) != set(things[case.image.data].split()[1:3])


def test_a_judge_that_can_tell_passes() -> None:
    results = graded({"matched": 1.0, "shuffled": 0.3, "mirrored": 0.4, "recounted": 0.4})

    assert failing(results) == []
    assert all(result.passed for name, result in results.items() if name != "painted prompts flagged")


@pytest.mark.parametrize(
    ("scores", "fails"),
    [
        ({}, ["matching pictures judged correct", "matching above shuffled pictures (AUC)"]),
        ({"matched": 1.0, "shuffled": 1.0}, ["matching above shuffled pictures (AUC)"]),
        ({"matched": 1.0, "blank": 0.3}, ["score of blank pictures"]),
        ({"matched": 1.0, "blank": 0.8}, ["blank pictures judged correct", "score of blank pictures"]),
        ({"matched": 1.0, "painted": 0.8}, ["painted prompts judged correct"]),
        ({"matched": 1.0, "instructed": 0.8}, ["painted instructions judged correct"]),
        ({"matched": 1.0, "mirrored": 1.0}, ["mirrored pictures below their originals"]),
        ({"matched": 1.0, "recounted": 1.0}, ["another number below the true one"]),
    ],
    ids=[
        "blind",
        "no matter what",
        "sees ghosts",
        "fooled by nothing",
        "reads",
        "obeys",
        "left is right",
        "uncounting",
    ],
)
def test_a_judge_fails_by_what_it_cannot_tell(scores: dict[str, float], fails: list[str]) -> None:
    results = graded(scores)

    assert [name for name in failing(results) if name in fails] == fails


def test_silence_passes_nothing() -> None:
    results = graded({}, status="refused")

    assert failing(results) == ["questions that are answered"]
    assert [result.figure for name, result in results.items() if name != "questions that are answered"][:-1] == [
        None
    ] * 8


def test_flags_are_told_and_decide_nothing() -> None:
    results = graded({"matched": 1.0}, flags=("overlay_text",))

    assert (results["painted prompts flagged"].figure, results["painted prompts flagged"].passed) == (1.0, None)
