"""Breaks a statement into atomic facts, each of which a look at a picture can confirm or deny."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pocket.grammar import article, load_grammar, plural
from pocket.statement import Entity, Statement

Kind = Literal["shape", "colour", "count", "size", "position", "relation", "background"]
KINDS: tuple[Kind, ...] = ("shape", "colour", "count", "size", "position", "relation", "background")


NOTHING = Entity("")
"""Stands where a fact is not about a thing."""


@dataclass(frozen=True)
class Fact:
    """One checkable claim.

    `entity` holds what identifies the thing (shape, colour) and, for facts about size, position or number, the claim
    itself; `other` is the second thing of a relation; `name` is the relation or background.
    """

    kind: Kind
    entity: Entity = NOTHING
    other: Entity = NOTHING
    name: str | None = None
    parent: int | None = None
    """Place in the list of the fact without which this one makes no sense."""

    @property
    def claim(self) -> str:
        """Say the fact as a sentence without its full stop."""
        return CLAIMS[self.kind](self)


def facts(statement: Statement) -> tuple[Fact, ...]:
    """List the facts that a statement holds, parents before children."""
    found: list[Fact] = []
    heads: list[int] = []
    for entity in statement.entities:
        heads.append(len(found))
        found.extend(_about(entity, len(found)))
    for link in statement.links:
        subject, other = (described(statement.entities[place]) for place in (link.subject, link.object))
        found.append(Fact("relation", subject, other, link.relation, parent=heads[link.subject]))
    if statement.background is not None:
        found.append(Fact("background", name=statement.background))
    return tuple(found)


def described(entity: Entity) -> Entity:
    """Keep what tells a thing from others: shape and colour."""
    return Entity(entity.shape, entity.colour, count=None)


def _about(entity: Entity, head: int) -> Iterator[Fact]:
    yield Fact("shape", Entity(entity.shape, count=None))
    if entity.colour is not None:
        yield Fact("colour", described(entity), parent=head)
    if entity.count is not None:
        yield Fact("count", replace(described(entity), count=entity.count), parent=head)
    if entity.size is not None:
        yield Fact("size", replace(described(entity), size=entity.size), parent=head)
    if entity.cell is not None:
        yield Fact("position", replace(described(entity), cell=entity.cell), parent=head)


def noun(entity: Entity, *, many: bool = False) -> str:
    """Name a thing by colour and shape: "red circle"."""
    shape = plural(entity.shape) if many else entity.shape
    return f"{entity.colour} {shape}" if entity.colour else shape


def _counted(fact: Fact) -> str:
    number = fact.entity.number
    return f"there {'is' if number == 1 else 'are'} exactly {number} {noun(fact.entity, many=number > 1)}"


def _placed(fact: Fact) -> str:
    return f"the {noun(fact.entity)} is {load_grammar().cells[fact.entity.cell or ''].phrases[0]}"


CLAIMS: dict[Kind, Callable[[Fact], str]] = {
    "shape": lambda fact: f"there is {article(noun(fact.entity))}",
    "colour": lambda fact: f"there is {article(noun(fact.entity))}",
    "count": _counted,
    "size": lambda fact: f"the {noun(fact.entity)} is {fact.entity.size}",
    "position": _placed,
    "relation": lambda fact: f"the {noun(fact.entity)} is {fact.name} the {noun(fact.other)}",
    "background": lambda fact: f"the background is {fact.name}",
}
