"""What a text says about a picture of the shapes world, and nothing that it leaves open."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Entity:
    """One thing, or `count` things alike; None means that the text leaves it open (a bare plural: how many)."""

    shape: str
    colour: str | None = None
    size: str | None = None
    cell: str | None = None
    count: int | None = 1

    @property
    def number(self) -> int:
        """Give how many things there are, or one where that is left open."""
        return 1 if self.count is None else self.count


@dataclass(frozen=True)
class Link:
    """A relation between two entities, by their places in the statement."""

    relation: str
    subject: int
    object: int


@dataclass(frozen=True)
class Statement:
    """Entities in the order of mention, how they lie to each other, and what is behind them."""

    entities: tuple[Entity, ...]
    links: tuple[Link, ...] = ()
    background: str | None = None

    @property
    def things(self) -> int:
        """Count the things that the picture should hold."""
        return sum(entity.number for entity in self.entities)


def group_of(statement: Statement) -> str:
    """Name the group of a statement."""
    if statement.links:
        return "relation"
    if len(statement.entities) > 1:
        return "group"
    return "single" if statement.things == 1 else "count"


def nested(statement: Statement) -> bool:
    """Tell whether one thing lies inside another."""
    return any(link.relation == "inside" for link in statement.links)


def terse(statement: Statement) -> Statement:
    """Keep what a hurried user types: shapes, colours, counts and relations."""
    entities = tuple(replace(entity, size=None, cell=None) for entity in statement.entities)
    return Statement(entities, statement.links)


def completed(statement: Statement, other: Statement) -> Statement:
    """Fill what the first statement leaves open from another one about the same entities."""
    entities = tuple(
        replace(
            entity, colour=entity.colour or more.colour, size=entity.size or more.size, cell=entity.cell or more.cell
        )
        for entity, more in zip(statement.entities, other.entities, strict=True)
    )
    return Statement(entities, statement.links, statement.background or other.background)
