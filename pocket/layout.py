"""Where the things of a scene lie: cells, relations and the dice-like patterns of counts, with a little chance."""

import random

from pocket.grammar import SIDE, Grammar
from pocket.statement import Entity, Statement, nested

Point = tuple[float, float]
"""Shares of the picture's width and height, from the top left."""

JITTER = 3 / SIDE
WOBBLE = 0.05
"""How much a radius may differ from its size's, as a share of it."""
MARGIN = 3 / SIDE
"""Least room between a thing and the picture's edge, and between two things."""

LOW, MID, HIGH = 0.19, 0.5, 0.81
PATTERNS: dict[int, tuple[tuple[Point, ...], ...]] = {
    2: (
        ((0.27, MID), (0.73, MID)),
        ((MID, 0.27), (MID, 0.73)),
        ((0.28, 0.28), (0.72, 0.72)),
        ((0.72, 0.28), (0.28, 0.72)),
    ),
    3: (
        ((LOW, MID), (MID, MID), (HIGH, MID)),
        ((MID, LOW), (MID, MID), (MID, HIGH)),
        ((MID, 0.27), (0.26, 0.73), (0.74, 0.73)),
        ((MID, 0.73), (0.26, 0.27), (0.74, 0.27)),
        ((LOW, LOW), (MID, MID), (HIGH, HIGH)),
        ((HIGH, LOW), (MID, MID), (LOW, HIGH)),
    ),
    4: (
        ((0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)),
        ((MID, LOW), (LOW, MID), (HIGH, MID), (MID, HIGH)),
    ),
    5: (
        ((LOW, LOW), (HIGH, LOW), (MID, MID), (LOW, HIGH), (HIGH, HIGH)),
        ((MID, 0.17), (0.17, MID), (MID, MID), (0.83, MID), (MID, 0.83)),
        ((LOW, 0.3), (MID, 0.3), (HIGH, 0.3), (0.34, 0.72), (0.66, 0.72)),
        ((0.34, 0.28), (0.66, 0.28), (LOW, 0.7), (MID, 0.7), (HIGH, 0.7)),
    ),
}
RELATED: dict[str, tuple[Point, Point]] = {
    "left of": ((0.27, MID), (0.73, MID)),
    "right of": ((0.73, MID), (0.27, MID)),
    "above": ((MID, 0.27), (MID, 0.73)),
    "below": ((MID, 0.73), (MID, 0.27)),
    "inside": ((MID, MID), (MID, MID)),
}


def place(statement: Statement, grammar: Grammar, chance: random.Random) -> list[Point]:
    """Choose a centre for every thing, entity by entity in the order of the statement."""
    radii = [_radius(entity, grammar) * (1 + WOBBLE) for entity in statement.entities for _ in range(entity.number)]
    while True:
        points = _placed(statement, grammar, chance)
        if nested(statement) or apart(points, radii):
            return points


def _placed(statement: Statement, grammar: Grammar, chance: random.Random) -> list[Point]:
    if statement.links:
        return _related(statement, grammar, chance)
    if len(statement.entities) == 1 and statement.things > 1:
        pattern = chance.choice(PATTERNS[statement.things])
        return [_within(_shaken(point, chance), _radius(statement.entities[0], grammar)) for point in pattern]
    return _in_cells(statement, grammar, chance)


def _related(statement: Statement, grammar: Grammar, chance: random.Random) -> list[Point]:
    link = statement.links[0]
    points = RELATED[link.relation]
    if link.relation == "inside":
        centre = _within(
            _shaken(_shaken(points[0], chance, 8), chance), _radius(statement.entities[link.object], grammar)
        )
        return [centre, centre]
    # The pair moves as one along the free axis, and each thing a little on its own.
    along = chance.uniform(-0.12, 0.12)
    moved = [(x, y + along) if link.relation in ("left of", "right of") else (x + along, y) for x, y in points]
    placed = dict(zip((link.subject, link.object), moved, strict=True))
    return [
        _within(_shaken(placed[index], chance), _radius(entity, grammar))
        for index, entity in enumerate(statement.entities)
    ]


def _in_cells(statement: Statement, grammar: Grammar, chance: random.Random) -> list[Point]:
    radii = [_radius(entity, grammar) for entity in statement.entities for _ in range(entity.number)]
    named = [entity.cell for entity in statement.entities for _ in range(entity.number)]
    free = [name for name in grammar.cells if name not in named]
    chance.shuffle(free)
    cells = [name or free.pop() for name in named]
    return [_within(_shaken(grammar.cells[cell].at, chance), radius) for cell, radius in zip(cells, radii, strict=True)]


def apart(points: list[Point], radii: list[float]) -> bool:
    """Tell whether the squares around all things keep clear of each other."""
    return all(
        max(abs(points[one][0] - points[two][0]), abs(points[one][1] - points[two][1]))
        >= radii[one] + radii[two] + MARGIN
        for two in range(len(points))
        for one in range(two)
    )


def _radius(entity: Entity, grammar: Grammar) -> float:
    return grammar.sizes[entity.size or "medium"].radius / SIDE


def _shaken(point: Point, chance: random.Random, times: float = 1.0) -> Point:
    reach = JITTER * times
    return point[0] + chance.uniform(-reach, reach), point[1] + chance.uniform(-reach, reach)


def _within(point: Point, radius: float) -> Point:
    low, high = radius + MARGIN, 1 - radius - MARGIN
    return min(max(point[0], low), high), min(max(point[1], low), high)
