"""The shapes world: endless scenes from seeds, with their whole truth; some combinations are held out for tests."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from pocket.grammar import SIDE, Grammar, load_grammar
from pocket.layout import WOBBLE, place
from pocket.statement import Entity, Link, Statement

HELD_OUT_SHARE = 12
"""One combination in this many never enters training."""
HELD_OUT_SEEDS = 1_000_000_000
"""First seed of the scenes that tests and evaluation draw from."""

KINDS = {"single": 30, "pair": 34, "count": 24, "group": 12}
"""How often each kind of scene comes up, out of 100; pairs and counts are hard to learn, so they come often."""


@dataclass(frozen=True)
class Thing:
    """One drawn thing; centre as shares of width and height, radius as a share of the side."""

    shape: str
    colour: str
    size: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Scene:
    """A picture's truth: every thing with its place, and all that can be said about them."""

    things: tuple[Thing, ...]
    statement: Statement
    background: str


def scene(seed: int) -> Scene:
    """Compose the scene of a seed; the same seed gives the same scene everywhere."""
    chance = random.Random(seed)
    grammar = load_grammar()
    kind = chance.choices(list(KINDS), weights=list(KINDS.values()))[0]
    statement = SUBJECTS[kind](grammar, chance)
    return compose(statement, chance)


def compose(statement: Statement, chance: random.Random) -> Scene:
    """Lay out a statement that leaves nothing open but places."""
    grammar = load_grammar()
    points = place(statement, grammar, chance)
    owners = [entity for entity in statement.entities for _ in range(entity.number)]
    things = []
    for (x, y), entity in zip(points, owners, strict=True):
        radius = grammar.sizes[entity.size or ""].radius * chance.uniform(1 - WOBBLE, 1 + WOBBLE) / SIDE
        things.append(Thing(entity.shape, entity.colour or "", entity.size or "", x, y, radius))
    return Scene(tuple(things), statement, statement.background or "")


def scenes(*, held_out: bool, start: int | None = None) -> Iterator[Scene]:
    """Yield scenes without end, of trained combinations or of those held out from training."""
    first = (HELD_OUT_SEEDS if held_out else 0) if start is None else start
    return (drawn for drawn in map(scene, count(first)) if is_held_out(drawn.statement) == held_out)


def is_held_out(statement: Statement) -> bool:
    """Tell, by a hash, whether this combination of facts is kept from training."""
    digest = hashlib.sha256(combination(statement).encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_SHARE == 0


def combination(statement: Statement) -> str:
    """Name what must be new in a held-out scene.

    For one thing that is everything about it; for several it is which things and how they relate, so that none of
    them was ever trained together, whatever the sizes, places and background.
    """
    if statement.things == 1:
        return repr((statement.entities, statement.background))
    things = sorted(f"{entity.count} {entity.colour} {entity.shape}" for entity in statement.entities)
    relations = [
        (link.relation, statement.entities[link.subject].shape, statement.entities[link.subject].colour)
        for link in _canonical(statement)
    ]
    return repr((things, relations))


def _canonical(statement: Statement) -> list[Link]:
    relations = load_grammar().relations
    turned = {"right of", "below"}
    return [
        Link(relations[link.relation].converse or "", link.object, link.subject) if link.relation in turned else link
        for link in statement.links
    ]


def _single(grammar: Grammar, chance: random.Random) -> Statement:
    background = chance.choice(list(grammar.backgrounds))
    size, cell = chance.choice(list(grammar.sizes)), chance.choice(list(grammar.cells))
    entity = Entity(chance.choice(list(grammar.shapes)), chance.choice(grammar.visible(background)), size, cell)
    return Statement((entity,), (), background)


def _entities(grammar: Grammar, chance: random.Random, background: str, number: int) -> list[Entity]:
    """Draw entities that differ from each other in shape or colour."""
    pairs = [(shape, colour) for shape in grammar.shapes for colour in grammar.visible(background)]
    sizes = list(grammar.sizes)
    return [Entity(shape, colour, chance.choice(sizes)) for shape, colour in chance.sample(pairs, number)]


def _pair(grammar: Grammar, chance: random.Random) -> Statement:
    background = chance.choice(list(grammar.backgrounds))
    first, second = _entities(grammar, chance, background, 2)
    relation = chance.choice(list(grammar.relations))
    if relation == "inside":
        second = replace(second, shape=chance.choice(grammar.containers), size="large")
        behind = background if second.shape == "ring" else ""
        colours = grammar.distinct(second.colour or "")
        seen = [colour for colour in colours if not behind or colour in grammar.visible(behind)]
        first = replace(first, colour=chance.choice(seen), size="small")
    return Statement((first, second), (Link(relation, 0, 1),), background)


def _count(grammar: Grammar, chance: random.Random) -> Statement:
    background = chance.choice(list(grammar.backgrounds))
    number = chance.choice([2, 3, 4, 5, 5])
    entity = _entities(grammar, chance, background, 1)[0]
    size = chance.choice(["small", "medium", "large"] if number == 2 else ["small", "medium"])
    return Statement((replace(entity, size=size, count=number),), (), background)


def _group(grammar: Grammar, chance: random.Random) -> Statement:
    """Two or three entities without a relation: each in a cell of its own, or two things alike and another."""
    background = chance.choice(list(grammar.backgrounds))
    number = chance.choice([2, 3, 3])
    entities = [
        replace(entity, size=chance.choice(["small", "medium"]))
        for entity in _entities(grammar, chance, background, number)
    ]
    if number == 2 and chance.random() < 0.6:
        alike = chance.randrange(2)
        entities[alike] = replace(entities[alike], count=2)
        return Statement(tuple(entities), (), background)
    cells = chance.sample(list(grammar.cells), number)
    return Statement(tuple(replace(one, cell=cell) for one, cell in zip(entities, cells, strict=True)), (), background)


SUBJECTS = {"single": _single, "pair": _pair, "count": _count, "group": _group}
