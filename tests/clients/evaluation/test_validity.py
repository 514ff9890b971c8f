"""Whether figures may be believed."""

import pytest

from promptlift.cli.controls import Result
from promptlift.evaluation.validity import Validity, validity
from tests.clients.evaluation.made import failed, pair, plan, record, shot
from tests.fakes import judged, upsampling

PASSES = Result("blank pictures judged correct", 16, 0.0, "at most 0", True)
FAILS = Result("blank pictures judged correct", 16, 0.25, "at most 0", False)
NOTHING = Result("mirrored pictures below their originals", 0, None, "at least 0.9", None)
TRIALS = [pair(str(n), 0.9, 0.2) for n in range(20)]


def verdict(*records: object, controls: tuple[Result, ...] = (PASSES,)) -> Validity:
    return validity([*TRIALS, *records], controls, plan())  # type: ignore[list-item]


def test_whole_data_of_a_checked_judge_is_valid() -> None:
    assert verdict(controls=(PASSES, NOTHING)).verdict == "valid"


def test_a_judge_that_fails_a_control_makes_all_figures_invalid() -> None:
    found = verdict(controls=(PASSES, FAILS))

    assert found.verdict == "invalid"
    assert found.reasons == ("the judge fails a control: blank pictures judged correct 0.25, wanted at most 0",)


def test_a_judge_without_controls_is_unchecked() -> None:
    found = verdict(controls=())

    assert found.verdict == "unchecked"
    assert "controls were not run" in found.notes[0]


@pytest.mark.parametrize(("lost", "expected"), [(1, "valid"), (2, "invalid")])
def test_a_gap_of_more_than_a_twentieth_could_decide_the_outcome(lost: int, expected: str) -> None:
    assert verdict(*(failed(f"f{n}") for n in range(lost))).verdict == expected


def test_prompts_that_the_upsampler_gave_back_are_no_gap_but_told() -> None:
    given_back = [record(f"r{n}", {"base": 0.9}, upsampling=upsampling(reason="I can't.")) for n in range(5)]

    found = verdict(*given_back)

    assert found.verdict == "valid"
    assert "5 of 25 prompts were not upsampled" in found.notes[-1]


def test_a_model_that_changed_in_the_middle_makes_all_figures_invalid() -> None:
    other = shot("base", 0.9, judgement=judged(0.9).model_copy(update={"model": "another"}))

    found = verdict(pair("x", 0.9, 0.9, shots=(other, shot("upsampled", 0.9))))

    assert found.reasons == ("more than one judge took part: another, fake",)


def test_a_judge_that_wrote_the_prompts_is_told() -> None:
    assert "upsampler and judge are the same model (fake)" in verdict().notes[0]
    assert verdict().systems["generator"] == ("painter",)
