"""The claim in miniature: the same terse prompts painted as they are and upsampled, from the same seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pocket.evaluation.exam import Question, Sheet, every_fact, nothing_else
from pocket.evaluation.intervals import Estimate, estimate
from pocket.eyes import Eyes
from pocket.painter import Paint
from pocket.sight import SeenScene
from pocket.statement import Statement

Upsample = Callable[[str, int], str]
"""From a terse prompt and a seed to a descriptive one."""

CLEAR = 0.8
"""Least legibility of a picture that counts as clear."""


@dataclass(frozen=True)
class Comparison:
    """A share in both arms and the paired difference."""

    base: Estimate
    upsampled: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Claim:
    """What upsampling changed."""

    correct: Comparison
    legible: Comparison


def compare(
    asked: Sequence[Question], upsample: Upsample, paint: Paint, eyes: Eyes, seeds: Sequence[int]
) -> dict[str, Claim]:
    """Paint both arms and judge both on the terse prompt's own facts, by group of prompts and for "all"."""
    prompts = [question.prompt for question in asked for _ in seeds]
    draws = list(seeds) * len(asked)
    base = eyes.look_at(paint(prompts, draws))
    longer = [upsample(prompt, seed) for prompt, seed in zip(prompts, draws, strict=True)]
    upsampled = eyes.look_at(paint(longer, draws))
    arms = _sheets(asked, base, len(seeds)), _sheets(asked, upsampled, len(seeds))
    claims = {}
    for group in ("all", *dict.fromkeys(question.group for question in asked)):
        some = tuple([sheet for sheet in arm if group in ("all", sheet.question.group)] for arm in arms)
        claims[group] = Claim(_comparison(some, every_fact()), _comparison(some, legible))
    return claims


def legible(seen: SeenScene, statement: Statement) -> float:
    """Ask for clear things, as many as were asked for."""
    return float(seen.legibility >= CLEAR and nothing_else(seen, statement) == 1.0)


def _sheets(asked: Sequence[Question], seen: list[SeenScene], seeds: int) -> list[Sheet]:
    return [Sheet(one, tuple(seen[place * seeds : (place + 1) * seeds])) for place, one in enumerate(asked)]


def _comparison(arms: tuple[list[Sheet], ...], holds: Callable[[SeenScene, Statement], float | None]) -> Comparison:
    base, upsampled = (
        [[holds(seen, sheet.question.statement) or 0.0 for seen in sheet.seen] for sheet in arm] for arm in arms
    )
    gains = [[b - a for a, b in zip(*rows, strict=True)] for rows in zip(base, upsampled, strict=True)]
    return Comparison(estimate(base), estimate(upsampled), estimate(gains))
