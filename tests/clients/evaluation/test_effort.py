"""What an evaluation took."""

import pytest

from promptlift.contracts import Usage
from promptlift.evaluation.effort import effort
from tests.clients.evaluation.made import compared, failed, pair, shot
from tests.fakes import judged, upsampling

PAID = {"usage": Usage(calls=1, input_tokens=1000, output_tokens=100), "cost": 0.01}


def judgement(**said: object) -> object:
    return judged(0.9).model_copy(update=PAID | said)


def test_everything_is_added_up() -> None:
    shots = (shot("base", 0.9, judgement=judgement()), shot("upsampled", 0.9, judgement=judgement()))
    comparison = compared("tie").model_copy(update=PAID)
    written = upsampling().model_copy(update={"cost": 0.25})
    records = [pair("a", 0.9, 0.9, shots=shots, comparison=comparison, upsampling=written), failed("b")]

    spent = effort(records, [judgement()], [(10, 15), (100, 101)])

    assert (spent.pictures, spent.wall_seconds, spent.trial_seconds, spent.paint_seconds) == (2, 6, 2, 1)
    assert (spent.upsampler_tokens, spent.judge_tokens) == (18, 4400)
    assert spent.dollars == pytest.approx(0.25 + 4 * 0.01)


def test_what_the_judge_repeats_costs_nothing() -> None:
    spent = effort([pair("a", 0.9, 0.9)], [judgement(stored=True)], [])

    assert (spent.judge_tokens, spent.dollars) == (0, None)


def test_without_prices_the_cost_is_not_known() -> None:
    assert effort([pair("a", 0.9, 0.9)], [judged(0.9)], []).dollars is None
