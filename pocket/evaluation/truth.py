"""What perfect eyes would see in a drawn scene, and how to turn its facts false."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pocket.answers import answer
from pocket.facts import Fact, Kind
from pocket.grammar import Grammar, load_grammar
from pocket.sight import SeenScene, SeenThing
from pocket.statement import Entity
from pocket.world import Scene


def ideal(scene: Scene) -> SeenScene:
    """See a scene exactly as it was drawn."""
    grammar = load_grammar()
    things = tuple(
        SeenThing(
            thing.shape, thing.colour, thing.size, thing.x, thing.y, 1.0,
            shapes=_sure(grammar.shapes, thing.shape),
            colours=_sure(grammar.colours, thing.colour),
            sizes=_sure(grammar.sizes, thing.size),
        )
        for thing in scene.things
    )  # fmt: skip
    return SeenScene(things, scene.background, _sure(grammar.backgrounds, scene.background))


def falsified(fact: Fact, scene: Scene, chance: random.Random) -> Fact | None:
    """Change one detail of a fact so that the scene contradicts it; None where that cannot be done."""
    seen = ideal(scene)
    variants = [variant for variant in _variants(fact, load_grammar()) if answer(seen, variant).score < 0.05]
    return chance.choice(variants) if variants else None


def _variants(fact: Fact, grammar: Grammar) -> Iterator[Fact]:
    if fact.kind == "background":
        yield from (replace(fact, name=name) for name in grammar.backgrounds)
    elif fact.kind == "relation":
        yield from (replace(fact, name=name) for name in grammar.relations)
        yield replace(fact, entity=fact.other, other=fact.entity)
    else:
        yield from (replace(fact, entity=entity) for entity in _other_entities(fact.kind, fact.entity, grammar))


def _other_entities(kind: Kind, entity: Entity, grammar: Grammar) -> Iterator[Entity]:
    choices: dict[Kind, tuple[str, Iterable[Any]]] = {
        "shape": ("shape", grammar.shapes),
        "colour": ("colour", grammar.colours),
        "count": ("count", [number for number in grammar.counts if abs(number - entity.number) == 1]),
        "size": ("size", grammar.sizes),
        "position": ("cell", grammar.cells),
    }
    detail, values = choices[kind]
    yield from (replace(entity, **{detail: value}) for value in values)


def _sure(names: Iterable[str], true: str) -> dict[str, float]:
    return {name: float(name == true) for name in names}
