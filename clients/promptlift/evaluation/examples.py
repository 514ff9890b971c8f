"""The prompts that upsampling changed most, each with the pair of pictures that shows it best."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from promptlift.evaluation.findings import Change, Findings, score
from promptlift.evaluation.record import Record, Shot
from promptlift.evaluation.statistics import SAME

MOST = 6
"""Prompts that are shown of each kind."""


@dataclass(frozen=True)
class Example:
    """A prompt, and its pair of one seed.

    Attributes:
        base: the base prompt's picture and judgement.
        upsampled: those of the upsampled prompt.
    """

    change: Change
    record: Record
    base: Shot
    upsampled: Shot


def improved(found: Findings) -> list[Example]:
    """Give the prompts that gained most, the greatest gain first."""
    gains = [change for change in found.changes if change.score > SAME]
    return [example(change, max) for change in gains[:MOST]]


def harmed(found: Findings) -> list[Example]:
    """Give the prompts that lost most, the greatest loss first."""
    losses = [change for change in reversed(found.changes) if change.score < -SAME]
    return [example(change, min) for change in losses[:MOST]]


def example(change: Change, most: Callable[[Sequence[tuple[float, int]]], tuple[float, int]]) -> Example:
    """Choose the pair whose scores differ most in the wanted direction."""
    differences = [
        (score(record, "upsampled") - score(record, "base"), index) for index, record in enumerate(change.records)
    ]
    record = change.records[most(differences)[1]]
    base, upsampled = record.shot("base"), record.shot("upsampled")
    assert base is not None, "a change is of pairs alone"
    assert upsampled is not None, "a change is of pairs alone"
    return Example(change, record, base, upsampled)
