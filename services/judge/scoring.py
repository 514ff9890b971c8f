"""From what was seen to votes, and from votes to a score and a verdict: decisions in code, without a model.

`correct` exactly when every fact holds; the score is 0.5 + 0.5 x coverage if correct, else 0.5 x coverage. So a score
of at most 0.5 means incorrect by construction, and no fact that turns true can lower the score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean
from typing import Literal

from promptlift.contracts import Fact
from services.judge.eyes import Observation
from services.judge.words import words

UNCLEAR = 0.5
HOLDS_ABOVE = 0.5
ALIKE = 0.9
"""Similarity, in [0, 1], from which text that is not the expected one is unclear instead of wrong."""
MOST_WORDS = 400
"""Of a transcription that are read; a picture holds no more, and comparing takes its time."""
COUNTABLE = 10
"""Up to this many, a count must be exact; nobody counts more at a glance."""
COUNT_TOLERANCE = 0.1
"""Share of a larger count by which the observed one may differ."""


@dataclass(frozen=True)
class Scored:
    """What votes add up to.

    Attributes:
        score: in [0, 1], at most 0.5 exactly when the verdict is `incorrect`.
        holds: whether each fact holds, by its id.
    """

    score: float
    verdict: Literal["correct", "incorrect"]
    holds: Mapping[int, bool]


def vote(fact: Fact, seen: Observation) -> float:
    """Decide how much of a fact was seen, in [0, 1]; the eyes say how many and which text, and this compares."""
    if fact.expected_count is not None:
        return _counted(fact.expected_count, seen)
    if fact.expected_text is not None:
        return _spelled(fact.expected_text, seen)
    return 1 - seen.shown if fact.kind == "absence" else seen.shown


def _counted(expected: int, seen: Observation) -> float:
    if seen.count is None:  # a yes without a count is no evidence
        return min(seen.shown, UNCLEAR)
    slack = 0 if expected <= COUNTABLE else int(expected * COUNT_TOLERANCE)
    return float(abs(seen.count - expected) <= slack)


def _spelled(expected: str, seen: Observation) -> float:
    if seen.text is None:
        return min(seen.shown, UNCLEAR)
    wanted, found = words(expected), words(seen.text)[:MOST_WORDS]
    if not wanted:  # nothing but punctuation: the eyes' word is all there is
        return seen.shown
    spans = [found[start : start + len(wanted)] for start in range(max(1, len(found) - len(wanted) + 1))]
    if wanted in spans:
        return 1.0
    return UNCLEAR if any(_alike(" ".join(wanted), " ".join(span)) for span in spans) else 0.0


def _alike(wanted: str, found: str) -> bool:
    comparison = SequenceMatcher(None, found, wanted)
    return comparison.quick_ratio() >= ALIKE and comparison.ratio() >= ALIKE  # the first is cheap, and never too low


def score(facts: Sequence[Fact], votes: Mapping[int, float]) -> Scored:
    """Score the votes, in [0, 1], for at least one fact.

    A fact counts as not shown when a parent does not hold. Only parents that stand before it are asked, so that what
    depends on what never changes with the votes, also if a plan runs in circles.
    """
    values: dict[int, float] = {}
    for fact in facts:
        held = all(values[parent] > HOLDS_ABOVE for parent in fact.parents if parent in values)
        values[fact.id] = votes[fact.id] if held else 0.0
    coverage = fmean(values.values())
    holds = {number: value > HOLDS_ABOVE for number, value in values.items()}
    if all(holds.values()):
        return Scored(round(0.5 + 0.5 * coverage, 4), "correct", holds)
    return Scored(round(0.5 * coverage, 4), "incorrect", holds)
