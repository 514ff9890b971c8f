"""The properties of the judge's score, over random plans and votes."""

import random

from promptlift.contracts import Fact
from services.judge.scoring import score

TOLERANCE = 1e-9


def violations(cases: int, seed: int = 0) -> dict[str, int]:
    """Count in how many random cases each property fails; parents may be anywhere, also in circles."""
    draw = random.Random(seed)
    broken = {"0 <= score <= 1": 0, "score <= 0.5 exactly when incorrect": 0, "monotone in each fact": 0}
    for _ in range(cases):
        facts, votes = _case(draw)
        scored = score(facts, votes)
        broken["0 <= score <= 1"] += not 0 <= scored.score <= 1
        broken["score <= 0.5 exactly when incorrect"] += (scored.score <= 0.5) != (scored.verdict == "incorrect")
        raised = [score(facts, votes | {number: 1.0}).score for number in votes]
        broken["monotone in each fact"] += min(raised) < scored.score - TOLERANCE
    return broken


def _case(draw: random.Random) -> tuple[list[Fact], dict[int, float]]:
    numbers = range(1, draw.randint(1, 9) + 1)
    facts = [
        Fact(
            id=number, kind="other", question="Is it there?", parents=tuple(draw.choices(numbers, k=draw.randint(0, 2)))
        )
        for number in numbers
    ]
    return facts, {number: draw.choice([0.0, 1 / 3, 0.5, 2 / 3, 1.0, draw.random()]) for number in numbers}
