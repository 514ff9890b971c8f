"""What became of a trial, and whether another try is worth it."""

from typing import Any

import pytest

from promptlift.contracts import Usage
from promptlift.evaluation.plan import BOTH
from promptlift.evaluation.record import MOST_TRIES, Fate, Record
from tests.clients.evaluation.made import compared, failed, pair, record, shot, silent
from tests.fakes import upsampling

UNHEARD = upsampling(reason="timed out").model_copy(update={"usage": Usage(calls=1, input_tokens=0, output_tokens=0)})


@pytest.mark.parametrize(
    ("made", "fates"),
    [
        (pair("a", 0.9, 0.2), ("judged", "judged")),
        (pair("a", 0.9, None), ("judged", "unavailable")),
        (record("a", {"base": 0.9}, upsampling=upsampling(reason="refused")), ("judged", "not upsampled")),
        (record("a", {"base": 0.9}, upsampling=None), ("judged", "not upsampled")),
        (record("a", {"base": 0.9}), ("judged", "not painted")),
        (record("a", {"upsampled": 0.9}), ("not painted", "judged")),
        (
            pair("a", 0.9, 0.9, shots=(shot("base", 0.9), shot("upsampled", 0.9, judgement=silent()))),
            ("judged", "refused"),
        ),
        (
            pair("a", 0.9, 0.9, shots=(shot("base", 0.9), shot("upsampled", 0.9, judgement=None))),
            ("judged", "unavailable"),
        ),
        (failed("a"), ("failed", "failed")),
    ],
)
def test_each_arm_has_its_fate(made: Record, fates: tuple[Fate, Fate]) -> None:
    assert (made.fate("base"), made.fate("upsampled")) == fates


@pytest.mark.parametrize(
    ("made", "settled"),
    [
        (pair("a", 0.9, 0.2), True),
        (failed("a"), False),
        (failed("a", "Rejected", final=True), True),
        (failed("a", tries=MOST_TRIES), True),
        (pair("a", 0.9, None), False),
        (pair("a", 0.9, 0.9, comparison=compared(None)), False),
        (pair("a", 0.9, 0.9, comparison=compared("tie")), True),
        (record("a", {"base": 0.9}), False),
        (record("a", {"base": 0.9}, upsampling=upsampling(reason="refused")), True),
        (record("a", {"base": 0.9}, upsampling=UNHEARD), False),
        (record("a", {"base": 0.9}, upsampling=None), False),
        (pair("a", 0.9, 0.9, shots=(shot("base", 0.9), shot("upsampled", 0.9, judgement=silent()))), True),
    ],
)
def test_a_trial_that_an_outage_spoiled_is_tried_again_and_no_other(made: Record, settled: bool) -> None:
    assert made.settled(BOTH) is settled


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (failed("a"), "Unavailable: no answer"),
        (record("a", {"base": 0.9}, upsampling=upsampling(reason="I can't.")), "I can't."),
        (pair("a", 0.9, None), "no eyes"),
        (record("a", {"base": 0.9}, warnings=("a picture is missing",)), "a picture is missing"),
    ],
)
def test_the_reason_is_that_of_whoever_knew(made: Record, said: str) -> None:
    assert made.reason("upsampled") == said


def test_a_record_is_read_as_it_was_written() -> None:
    made = pair("a", 0.9, 0.2, comparison=compared("first"), trace_id="t", trace_url="https://example.org/t")

    read: Any = Record.model_validate_json(made.model_dump_json(exclude_none=True))

    assert read == made
