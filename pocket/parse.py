"""Reads a user's text as a statement about the shapes world, and lists the words that this world does not know."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pocket.grammar import load_grammar
from pocket.lexicon import Token, tokens
from pocket.statement import Entity, Link, Statement

MOST_NAMED = 8


@dataclass(frozen=True)
class Reading:
    """What a text states in this world, and its words from outside it."""

    statement: Statement
    unknown: tuple[str, ...]

    @property
    def understood(self) -> bool:
        """Tell whether the whole text is about this world."""
        return bool(self.statement.entities) and not self.unknown

    @property
    def beyond(self) -> str:
        """Say why a text that is not understood is beyond this world; of many unknown words the first are named."""
        if not self.unknown:
            return "only coloured shapes are known, and the prompt names none"
        more = len(self.unknown) - MOST_NAMED
        others = f" and {more} more" if more > 0 else ""
        return f"only coloured shapes are known, not: {', '.join(self.unknown[:MOST_NAMED])}{others}"


def parse(text: str) -> Reading:
    """Read a text; never fails, whatever it says."""
    reader = _Reader(tokens(text, load_grammar()))
    for index, token in enumerate(reader.tokens):
        reader.take(index, token)
    return reader.reading()


@dataclass
class _Reader:
    """Walks over tokens: modifiers wait for their noun, places and predicates go to the things in focus."""

    tokens: list[Token]
    entities: list[Entity] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    background: str | None = None
    unknown: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    focus: list[int] = field(default_factory=list)
    relation: tuple[str, int] | None = None

    def take(self, index: int, token: Token) -> None:
        if token.kind in ("size", "colour", "cell"):
            self.modify(index, token)
        elif token.kind == "shape":
            self.name(token)
        elif token.kind == "relation":
            self.relate(index, token)
        elif token.kind in ("count", "the"):
            self.waiting[token.kind] = token.name
        elif token.kind == "all":
            self.focus = list(range(len(self.entities)))
        elif token.kind == "background":
            self.background = self.background or token.name
        elif token.kind == "unknown":
            self.unknown.append(token.name)

    def modify(self, index: int, token: Token) -> None:
        """Keep a modifier for the noun that follows; without one, it is said of the things in focus."""
        if not self.focus or (token.kind != "cell" and self.precedes_noun(index)):
            self.await_noun(token)
            return
        said: dict[str, Any] = {token.kind: token.name}
        for place in self.focus:
            if getattr(self.entities[place], token.kind) is None:
                self.entities[place] = replace(self.entities[place], **said)

    def await_noun(self, token: Token) -> None:
        """Keep a modifier; a thing of two colours or sizes is beyond this world, so the first counts as unknown."""
        before = self.waiting.get(token.kind, token.name)
        if before != token.name:
            self.unknown.append(before)
        self.waiting[token.kind] = token.name

    def precedes_noun(self, index: int) -> bool:
        rest = (token.kind for token in self.tokens[index:])
        return next(kind for kind in rest if kind not in ("size", "colour", "unknown")) == "shape"

    def name(self, token: Token) -> None:
        """Close a noun phrase: a thing named before after "the", else a new one."""
        given, self.waiting = self.waiting, {}
        known = list(self.alike(token, given)) if "the" in given and "count" not in given else []
        place = known[0] if known else len(self.entities)
        if known:
            self.entities[place] = replace(self.entities[place], size=self.entities[place].size or given.get("size"))
        else:
            count = int(given["count"]) if "count" in given else None if token.plural else 1
            self.entities.append(Entity(token.name, given.get("colour"), given.get("size"), given.get("cell"), count))
        if self.relation and place != self.relation[1]:
            self.links.append(Link(self.relation[0], self.relation[1], place))
        self.relation, self.focus = None, [place]

    def alike(self, token: Token, given: dict[str, str]) -> Iterator[int]:
        for place, entity in enumerate(self.entities):
            if entity.shape == token.name and given.get("colour") in (None, entity.colour):
                yield place

    def relate(self, index: int, token: Token) -> None:
        """Wait for the second thing; after "and" the first one is that of the relation before."""
        if self.links and index and self.tokens[index - 1].kind == "and":
            self.relation = token.name, self.links[-1].subject
        elif self.focus:
            self.relation = token.name, self.focus[-1]

    def reading(self) -> Reading:
        statement = Statement(tuple(self.entities), tuple(self.links), self.background)
        return Reading(statement, tuple(dict.fromkeys(self.unknown)))
