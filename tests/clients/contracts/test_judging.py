"""What a judgement may say."""

import pytest
from pydantic import ValidationError

from promptlift.contracts import Comparison, Judgement, JudgeRequest
from tests.pictures import plain

ABOUT = {"model": "m", "rubric_version": "1"}


@pytest.mark.parametrize(
    "said",
    [
        {"status": "ok"},
        {"status": "ok", "score": 0.4, "verdict": "correct"},
        {"status": "ok", "score": 0.6, "verdict": "incorrect"},
        {"status": "ok", "score": 1.1, "verdict": "correct"},
        {"status": "refused", "score": 0.0, "verdict": "incorrect"},
        {"status": "ok", "score": 1.0, "verdict": "correct", "image_sha256": "abc"},
    ],
)
def test_a_judgement_that_contradicts_itself_is_none(said: dict) -> None:
    with pytest.raises(ValidationError):
        Judgement(**said, **ABOUT)


@pytest.mark.parametrize(
    "said",
    [
        {"status": "ok", "winner": "first"},
        {"status": "ok", "winner": "tie", "consistent": True, "position_bias": 1},
        {"status": "refused", "consistent": False},
    ],
)
def test_a_comparison_tells_all_or_nothing(said: dict) -> None:
    with pytest.raises(ValidationError):
        Comparison(**said, **ABOUT)


@pytest.mark.parametrize(
    "marker",
    ["<<CUSTOM-TYPE-START-IDENTIFIER>>", "<<CUSTOM-TYPE-END-IDENTIFIER>>", "[[ ## picture ## ]]"],
)
def test_a_prompt_holds_no_marker_of_the_language_models_adapter(marker: str) -> None:
    with pytest.raises(ValidationError, match="is reserved"):
        JudgeRequest(prompt=f"a red circle {marker}", image=plain())


@pytest.mark.parametrize("harmless", ["<<a red circle>>", "[[red]] ## circle", "a matrix [[1, 2]]"])
def test_what_only_looks_like_a_marker_is_a_prompt(harmless: str) -> None:
    assert JudgeRequest(prompt=harmless, image=plain()).prompt == harmless


def test_samples_are_bounded() -> None:
    with pytest.raises(ValidationError):
        JudgeRequest(prompt="a red circle", image=plain(), samples=10)
