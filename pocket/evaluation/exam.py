"""The painter's exam: held-out prompts, each painted from several seeds and looked at by the eyes."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pocket.answers import answer
from pocket.captions import STYLES, worded
from pocket.evaluation.intervals import Estimate, estimate
from pocket.eyes import Eyes
from pocket.facts import KINDS, facts
from pocket.grammar import load_grammar
from pocket.painter import Paint
from pocket.sight import SeenScene
from pocket.statement import Statement, group_of, terse
from pocket.world import scenes

GROUPS = {"single": 80, "relation": 80, "count": 64, "group": 32}
"""Prompts of each group in a full exam."""


@dataclass(frozen=True)
class Question:
    """A held-out prompt and what it states."""

    prompt: str
    statement: Statement
    group: str


@dataclass(frozen=True)
class Sheet:
    """A question and what the eyes saw in its pictures, one for each seed."""

    question: Question
    seen: tuple[SeenScene, ...]


def questions(groups: dict[str, int], *, short: bool = False) -> list[Question]:
    """Word held-out scenes as prompts: in full, in both of the usual styles in turn, or as a terse user would.

    Every relation comes up as often as any other, give or take one prompt.
    """
    wanted = {(group, relation): number for group in groups for relation, number in _divided(group, groups[group])}
    found: list[Question] = []
    for scene in scenes(held_out=True):
        group = group_of(scene.statement)
        kind = group, scene.statement.links[0].relation if scene.statement.links else None
        if wanted.get(kind, 0) > 0:
            wanted[kind] -= 1
            statement = terse(scene.statement) if short else scene.statement
            found.append(Question(worded(statement, STYLES[len(found) % 2]), statement, group))
        if not any(wanted.values()):
            return found
    return found


def _divided(group: str, number: int) -> list[tuple[str | None, int]]:
    """Divide the prompts of a group among the relations, if it has any."""
    if group != "relation":
        return [(None, number)]
    relations = list(load_grammar().relations)
    return [
        (name, number // len(relations) + (place < number % len(relations))) for place, name in enumerate(relations)
    ]


def examine(asked: Sequence[Question], paint: Paint, eyes: Eyes, seeds: Sequence[int]) -> list[Sheet]:
    """Paint every question with every seed and look at the pictures."""
    prompts = [question.prompt for question in asked for _ in seeds]
    seen = eyes.look_at(paint(prompts, list(seeds) * len(asked)))
    step = len(seeds)
    return [Sheet(one, tuple(seen[place * step : (place + 1) * step])) for place, one in enumerate(asked)]


def share(sheets: Iterable[Sheet], holds: Callable[[SeenScene, Statement], float | None]) -> Estimate:
    """Average a verdict over all pictures; None leaves a picture out."""
    values = [[holds(seen, sheet.question.statement) for seen in sheet.seen] for sheet in sheets]
    return estimate([[value for value in row if value is not None] for row in values])


def every_fact(*kinds: str) -> Callable[[SeenScene, Statement], float | None]:
    """Ask whether all stated facts hold, or all those of some kinds."""

    def holds(seen: SeenScene, statement: Statement) -> float | None:
        asked = [fact for fact in facts(statement) if fact.kind in (kinds or KINDS)]
        return float(all(answer(seen, fact).holds for fact in asked)) if asked else None

    return holds


def nothing_else(seen: SeenScene, statement: Statement) -> float:
    """Ask whether the picture holds as many things as stated, no more and no fewer."""
    return float(sum(thing.confidence >= 0.5 for thing in seen.things) == statement.things)


def shuffled(asked: Sequence[Question]) -> list[Question]:
    """Pair every question with another one of its group."""
    chance = random.Random(0)
    return [chance.choice([other for other in asked if other.group == one.group and other != one]) for one in asked]
