"""What several looks at one picture add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from promptlift.contracts import MAX_COUNT, Fact, Flag, JudgedFact
from services.judge.eyes import Look
from services.judge.scoring import HOLDS_ABOVE, score, vote
from services.judge.words import readable, shortened, spelled_out

MOST_WORDS = 50
"""Of the reasoning."""


@dataclass(frozen=True)
class Ruling:
    """A judgement's substance; the fields are those of `Judgement`."""

    score: float
    verdict: Literal["correct", "incorrect"]
    reasoning: str
    facts: tuple[JudgedFact, ...] = ()
    agreement: float | None = None
    flags: tuple[Flag, ...] = ()


def rule(prompt: str, facts: Sequence[Fact], looks: Sequence[Look]) -> Ruling:
    """Average the votes of at least one look for each fact, and score them."""
    votes = {fact.id: [vote(fact, look.observations[fact.id]) for look in looks] for fact in facts}
    scored = score(facts, {number: fmean(cast) for number, cast in votes.items()})
    judged = tuple(_judged(fact, votes[fact.id], looks, scored.holds[fact.id]) for fact in facts)
    overlaid = any(spelled_out(prompt, facts, look.writing) for look in looks)
    return Ruling(
        score=scored.score,
        verdict=scored.verdict,
        reasoning=shortened(_reasoning(judged), MOST_WORDS),
        facts=judged,
        agreement=agreement(list(votes.values())),
        flags=("overlay_text",) if overlaid else (),
    )


def decide(answers: Sequence[bool], reasonings: Sequence[str]) -> Ruling:
    """Count the plain answers of at least one look; the reasoning is that of a look that agrees with the outcome."""
    share = fmean(answers)
    correct = share > HOLDS_ABOVE
    return Ruling(
        score=round(share, 4),
        verdict="correct" if correct else "incorrect",
        reasoning=shortened(readable(reasonings[answers.index(correct)]), MOST_WORDS),
        agreement=agreement([[float(answer) for answer in answers]]),
    )


def agreement(votes: Sequence[Sequence[float]]) -> float | None:
    """Give the mean share of samples that agree with their fact's outcome, or None with one sample.

    `votes` holds one sequence for each fact, of one vote in [0, 1] for each sample.
    """
    if len(votes[0]) == 1:
        return None
    agreeing = [[(one > HOLDS_ABOVE) == (fmean(cast) > HOLDS_ABOVE) for one in cast] for cast in votes]
    return round(fmean(fmean(cast) for cast in agreeing), 4)


def _judged(fact: Fact, votes: Sequence[float], looks: Sequence[Look], holds: bool) -> JudgedFact:
    mean = fmean(votes)
    seen = next(look.observations[fact.id] for look, one in zip(looks, votes, strict=True) if _agrees(one, mean))
    return JudgedFact(
        **fact.model_dump(),
        evidence=readable(seen.evidence),
        observed_count=None if seen.count is None else min(seen.count, MAX_COUNT),
        observed_text=None if seen.text is None else readable(seen.text),
        vote=round(mean, 4),
        holds=holds,
    )


def _agrees(one: float, mean: float) -> bool:
    return (one > HOLDS_ABOVE) == (mean > HOLDS_ABOVE)


def _reasoning(judged: Sequence[JudgedFact]) -> str:
    """Say how many facts hold, and of each that fails by itself what was seen instead."""
    holding = {fact.id for fact in judged if fact.holds}
    failing = [fact for fact in judged if fact.id not in holding and holding.issuperset(fact.parents)]
    told = f"{len(holding)} of {len(judged)} facts hold."
    return f"{told} Not so: {'; '.join(_instead(fact) for fact in failing)}." if failing else told


def _instead(fact: JudgedFact) -> str:
    if fact.observed_count is not None:
        return f"{fact.question} ({fact.observed_count} counted)"
    if fact.observed_text is not None:
        return f"{fact.question} (spelled: {fact.observed_text or 'nothing'})"
    return f"{fact.question} ({fact.evidence or 'not seen'})"
