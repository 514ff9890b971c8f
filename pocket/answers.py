"""Answers one fact about a seen picture with a score in [0, 1] and the evidence for it; the same for every picture."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pocket.facts import Fact, described, facts
from pocket.grammar import SIDE, load_grammar
from pocket.sight import SeenScene, SeenThing
from pocket.statement import Entity, Statement

EDGE = 0.03
"""How far from the border of two places a thing counts fully as on one side, as a share of the picture's side."""
GAP = 0.08
"""How far apart centres must lie along a direction to be left of, right of, above or below, as a share of the side."""
DIRECTIONS = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}


@dataclass(frozen=True)
class Answer:
    """How probable a fact is, in [0, 1], and a sentence on what was seen."""

    score: float
    evidence: str

    @property
    def holds(self) -> bool:
        """Tell whether the fact is more likely true than not."""
        return self.score >= 0.5


def answer(seen: SeenScene, fact: Fact) -> Answer:
    """Answer one fact."""
    score = min(1.0, max(0.0, _SCORES[fact.kind](seen, fact)))
    return Answer(score, f"{account(seen)}; {fact.claim}: {'yes' if score >= 0.5 else 'no'}.")


def match(seen: SeenScene, statement: Statement) -> float:
    """Score a picture against everything stated, in [0, 1]: above 0.5 exactly when every fact holds.

    A fact whose parent fails counts zero; coverage is the mean over the facts.
    """
    claims = facts(statement)
    scores: list[float] = []
    for claim in claims:
        sound = claim.parent is None or scores[claim.parent] >= 0.5
        scores.append(answer(seen, claim).score if sound else 0.0)
    if not scores:
        return 0.0
    coverage = sum(scores) / len(scores)
    return 0.5 * coverage + (0.5 if all(score >= 0.5 for score in scores) else 0.0)


def account(seen: SeenScene) -> str:
    """Say in words what was seen."""
    clear = [thing for thing in seen.things if thing.confidence >= 0.5]
    things = ", ".join(f"a {thing.name} {_whereabouts(thing)}" for thing in clear) or "nothing"
    return f"Seen on {seen.background}: {things}"


def resemblance(thing: SeenThing, entity: Entity) -> float:
    """Score a seen thing as the one described, in [0, 1]; what the description leaves open counts as fitting."""
    return (
        thing.confidence
        * thing.shapes.get(entity.shape, 0.0)
        * (thing.colours.get(entity.colour, 0.0) if entity.colour else 1.0)
        * (thing.sizes.get(entity.size, 0.0) if entity.size else 1.0)
        * (within(thing, entity.cell) if entity.cell else 1.0)
    )


def within(thing: SeenThing, cell: str) -> float:
    """Score a thing's centre as lying in one of the nine cells, in [0, 1]."""
    across, down = load_grammar().cells[cell].at
    return _third(thing.x, across) * _third(thing.y, down)


def number_odds(chances: Iterable[float], number: int) -> float:
    """Give the probability that exactly so many of independent events happen."""
    odds = [1.0]
    for chance in chances:
        padded = [0.0, *odds]
        odds = [
            (odds[place] if place < len(odds) else 0.0) * (1 - chance) + padded[place] * chance
            for place in range(len(padded))
        ]
    return odds[number] if number < len(odds) else 0.0


def count(seen: SeenScene, entity: Entity) -> int:
    """Count the things that are more probably what is described than not, as one who points at each would."""
    return sum(resemblance(thing, entity) >= 0.5 for thing in seen.things)


def related(subject: SeenThing, other: SeenThing, relation: str) -> float:
    """Score how well two things stand in a relation, in [0, 1]."""
    across, down = subject.x - other.x, subject.y - other.y
    if relation == "inside":
        room = _radius(other) - 0.5 * _radius(subject)
        return _soft(room - max(abs(across), abs(down))) * float(_radius(subject) < _radius(other))
    right, below = DIRECTIONS[relation]
    along = across * right + down * below
    aside = abs(across * below) + abs(down * right)
    return _soft(along - GAP) * _soft(along - 0.6 * aside)


def _exists(seen: SeenScene, fact: Fact) -> float:
    return max((resemblance(thing, fact.entity) for thing in seen.things), default=0.0)


def _counted(seen: SeenScene, fact: Fact) -> float:
    return number_odds((resemblance(thing, fact.entity) for thing in seen.things), fact.entity.number)


def _stands(seen: SeenScene, fact: Fact) -> float:
    pairs = (
        resemblance(subject, fact.entity) * resemblance(other, fact.other) * related(subject, other, fact.name or "")
        for subject in seen.things
        for other in seen.things
        if subject is not other
    )
    return max(pairs, default=0.0)


def _sized(seen: SeenScene, fact: Fact) -> float:
    """Score a size by the worst of the things described, so that "three small hearts" are all small."""
    alike = [thing for thing in seen.things if resemblance(thing, described(fact.entity)) >= 0.5]
    return min((thing.confidence * thing.sizes.get(fact.entity.size or "", 0.0) for thing in alike), default=0.0)


def _behind(seen: SeenScene, fact: Fact) -> float:
    """A background is behind something: an empty sheet has none."""
    return seen.backgrounds.get(fact.name or "", 0.0) * seen.presence


_SCORES: dict[str, Callable[[SeenScene, Fact], float]] = {
    "shape": _exists,
    "colour": _exists,
    "count": _counted,
    "size": _sized,
    "position": _exists,
    "relation": _stands,
    "background": _behind,
}


def _third(share: float, centre: float) -> float:
    if centre < 1 / 3:
        return _soft(1 / 3 - share)
    if centre > 2 / 3:
        return _soft(share - 2 / 3)
    return _soft(share - 1 / 3) * _soft(2 / 3 - share)


def _soft(room: float) -> float:
    """Turn a signed distance (share of the side) into a score: 0.5 at the border, near 1 at EDGE inside it."""
    return 1 / (1 + math.exp(max(-50.0, min(50.0, -room * 3 / EDGE))))


def _radius(thing: SeenThing) -> float:
    return load_grammar().sizes[thing.size].radius / SIDE


def _whereabouts(thing: SeenThing) -> str:
    cells = load_grammar().cells
    return cells[max(cells, key=lambda cell: within(thing, cell))].phrases[0]
