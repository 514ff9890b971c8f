"""Puts statements into words: terse and descriptive captions in many wordings, all of which the parser reads back."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pocket.grammar import Grammar, article, load_grammar, plural
from pocket.statement import Entity, Link, Statement, terse
from pocket.world import Scene

Pick = Callable[[Sequence[str]], str]
"""Choose one of several ways to say the same; the first is the plain one."""

STYLES = ("inline", "trailing", "background first")
"""Details beside their nouns, details after the terse caption, or the background before everything."""


@dataclass(frozen=True)
class Caption:
    """A caption and exactly what it says."""

    text: str
    statement: Statement


def plainly(options: Sequence[str]) -> str:
    """Say it the plain way."""
    return options[0]


def freely(chance: random.Random, plain: float = 0.7) -> Pick:
    """Say it the plain way most of the time, any way otherwise."""
    return lambda options: options[0] if chance.random() < plain else chance.choice(options)


def training_caption(scene: Scene, chance: random.Random) -> Caption:
    """Describe a scene as training does: mostly in full, sometimes in part, a little in the terse way of users."""
    statement = turned(scene.statement, chance)
    lot = chance.random()
    if lot < 0.12:
        statement = terse(statement)
    elif lot < 0.3:
        statement = partial(statement, chance)
    pick = freely(chance, plain=0.75)
    style = chance.choices(STYLES, weights=(55, 37, 8))[0]
    if style == "trailing":
        said = terse(statement) if chance.random() < 0.65 else partial(statement, chance, colours=1.0)
        text = continued(said, statement, pick)
    else:
        text = worded(statement, style, pick)
    return Caption(f"{chance.choice(load_grammar().openings)} {text}" if chance.random() < 0.06 else text, statement)


def turned(statement: Statement, chance: random.Random) -> Statement:
    """Tell a pair from the other side half of the time: "a left of b" is "b right of a"."""
    if not statement.links or chance.random() < 0.5:
        return statement
    converse = load_grammar().relations[statement.links[0].relation].converse
    if converse is None:
        return statement
    return replace(statement, entities=statement.entities[::-1], links=(Link(converse, 0, 1),))


def partial(statement: Statement, chance: random.Random, colours: float = 0.93) -> Statement:
    """Leave out about half of the details, and keep such a share of the colours."""

    def keep(detail: str | None, share: float = 0.5) -> str | None:
        return detail if chance.random() < share else None

    # Between two things of one shape the colour is what tells them apart in later clauses.
    alike = len({entity.shape for entity in statement.entities}) < len(statement.entities)
    entities = tuple(
        replace(
            entity,
            colour=keep(entity.colour, 1.0 if alike else colours),
            size=keep(entity.size),
            cell=keep(entity.cell),
        )
        for entity in statement.entities
    )
    return replace(statement, entities=entities, background=keep(statement.background))


def worded(statement: Statement, style: str = "inline", pick: Pick = plainly) -> str:
    """Say a statement in a style."""
    grammar = load_grammar()
    if style == "trailing":
        return continued(terse(statement), statement, pick)
    subject = _subject(statement, grammar, pick)
    if statement.background is None:
        return subject
    behind = background_words(statement.background, grammar, pick)
    if style == "background first":
        return f"{behind}, {subject}"
    comma = "," if any(entity.cell for entity in statement.entities) and pick(("", ",")) else ""
    return f"{subject}{comma} {behind}"


def continued(said: Statement, whole: Statement, pick: Pick = plainly) -> str:
    """Say one statement, then in clauses after it what it leaves open of the whole."""
    grammar = load_grammar()
    alone = len(whole.entities) == 1
    clauses = [worded(said, "inline", pick)]
    for first, entity in zip(said.entities, whole.entities, strict=True):
        rest = replace(entity, size=None if first.size else entity.size, cell=None if first.cell else entity.cell)
        clauses += _clauses(rest, alone, grammar, pick)
    if whole.background is not None and said.background is None:
        clauses.append(background_words(whole.background, grammar, pick))
    return ", ".join(clauses)


def background_words(name: str, grammar: Grammar, pick: Pick = plainly) -> str:
    """Say what is behind everything."""
    phrase = pick(grammar.background_phrases)
    word = pick((name, *grammar.backgrounds[name].synonyms))
    return phrase.replace("a {}", article(word)).replace("{}", word)


def _clauses(entity: Entity, alone: bool, grammar: Grammar, pick: Pick) -> list[str]:
    size = pick((entity.size, *grammar.sizes[entity.size].synonyms)) if entity.size else ""
    cell = pick(grammar.cells[entity.cell].phrases) if entity.cell else ""
    said = [part for part in (size, cell) if part]
    if alone or not said:
        return said
    verb = "is" if entity.count == 1 else "are"
    return [f"the {_noun(replace(entity, size=None), grammar, plainly)} {verb} {' and '.join(said)}"]


def _subject(statement: Statement, grammar: Grammar, pick: Pick) -> str:
    phrases = [_phrase(entity, grammar, pick) for entity in statement.entities]
    if statement.links:
        relation = pick(grammar.relations[statement.links[0].relation].phrases)
        return f"{phrases[0]} {relation} {phrases[1]}"
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def _phrase(entity: Entity, grammar: Grammar, pick: Pick) -> str:
    noun = _noun(entity, grammar, pick)
    if entity.count == 1:
        number = pick(("a", *grammar.counts[1]))
        counted = article(noun) if number == "a" else f"{number} {noun}"
    else:
        counted = f"{pick(grammar.counts[entity.number])} {noun}"
    return f"{counted} {pick(grammar.cells[entity.cell].phrases)}" if entity.cell else counted


def _noun(entity: Entity, grammar: Grammar, pick: Pick) -> str:
    shape = pick((entity.shape, *grammar.shapes[entity.shape]))
    words = [
        pick((entity.size, *grammar.sizes[entity.size].synonyms)) if entity.size else "",
        pick((entity.colour, *grammar.colours[entity.colour].synonyms)) if entity.colour else "",
        shape if entity.count == 1 else plural(shape),
    ]
    return " ".join(word for word in words if word)
