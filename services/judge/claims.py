"""Facts of the shapes world, written as the contract has them and read back."""

from collections.abc import Callable

from pocket.facts import Fact as Claim
from pocket.facts import Kind, described, noun
from pocket.grammar import article, load_grammar
from pocket.parse import parse
from pocket.statement import Entity
from promptlift.contracts import Fact, FactKind

KINDS: dict[Kind, FactKind] = {
    "shape": "entity",
    "colour": "colour",
    "count": "count",
    "size": "size",
    "position": "position",
    "relation": "relation",
    "background": "background",
}
BACKGROUND = "background"


def written(claim: Claim, number: int) -> Fact:
    """Write a claim so that `claimed` gives the same one back, but for its parent; `number` is its place, from 1."""
    entity = Entity(claim.entity.shape) if claim.kind == "colour" else claim.entity
    values = {"colour": claim.entity.colour, "size": entity.size, "position": entity.cell, "background": claim.name}
    related = claim.kind == "relation"
    return Fact(
        id=number,
        kind=KINDS[claim.kind],
        question=QUESTIONS[claim.kind](claim),
        subject=BACKGROUND if claim.kind == "background" else noun(entity),
        value=values.get(claim.kind),
        relation=claim.name if related else None,
        object=noun(claim.other) if related else None,
        parents=() if claim.parent is None else (claim.parent + 1,),
        expected_count=entity.number if claim.kind == "count" else None,
    )


def claimed(fact: Fact) -> Claim:
    """Read a claim back."""
    if fact.kind == "background":
        return Claim("background", name=fact.value)
    kind = next(kind for kind, written_as in KINDS.items() if written_as == fact.kind)
    thing = _thing(fact.subject)
    entity = Entity(
        thing.shape,
        fact.value if kind == "colour" else thing.colour,
        fact.value if kind == "size" else None,
        fact.value if kind == "position" else None,
        fact.expected_count,
    )
    if fact.object is None:
        return Claim(kind, entity)
    return Claim(kind, entity, _thing(fact.object), fact.relation)


def _thing(named: str) -> Entity:
    return described(parse(named).statement.entities[0])


def _how_many(claim: Claim) -> str:
    things = noun(claim.entity, many=True)
    return f"How many {things} are there; exactly {claim.entity.number}?"


def _where(claim: Claim) -> str:
    return f"Is the {noun(claim.entity)} {load_grammar().cells[claim.entity.cell or ''].phrases[0]}?"


QUESTIONS: dict[Kind, Callable[[Claim], str]] = {
    "shape": lambda claim: f"Is there {article(noun(claim.entity))}?",
    "colour": lambda claim: f"Is there {article(noun(claim.entity))}?",
    "count": _how_many,
    "size": lambda claim: f"Is the {noun(claim.entity)} {claim.entity.size}?",
    "position": _where,
    "relation": lambda claim: f"Is the {noun(claim.entity)} {claim.name} the {noun(claim.other)}?",
    "background": lambda claim: f"Is the background {claim.name}?",
}
