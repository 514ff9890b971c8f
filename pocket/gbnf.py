"""Writes the grammar that keeps a language model's captions inside the world the painter was trained on."""

from collections.abc import Iterable

from pocket.captions import background_words
from pocket.facts import noun
from pocket.grammar import CONTRAST, Grammar, contrast, load_grammar
from pocket.statement import Entity, Statement


def continuation_grammar(statement: Statement) -> str:
    """Write a llama.cpp grammar (GBNF) for what follows the user's own words and a comma.

    Only what the statement leaves open may be filled in, in the order and wording the painter knows: size, place,
    background. Backgrounds that would hide a stated colour are left out.
    """
    slots = open_slots(statement)
    leads = [lead if place else lead.removeprefix(",") for place, (lead, _) in enumerate(slots)]
    body = [_slot(lead, choices) for lead, (_, choices) in zip(leads, slots, strict=True)]
    return "root ::= " + (" ".join(body) or '""') + "\n"


def open_slots(statement: Statement) -> list[tuple[str, tuple[str, ...]]]:
    """List the details still to choose: the words that lead to each and the ways to fill it."""
    grammar = load_grammar()
    alone = len(statement.entities) == 1
    slots: list[tuple[str, tuple[str, ...]]] = []
    for place, entity in enumerate(statement.entities):
        sizes = sizes_for(statement, place, grammar)
        if entity.size is None and sizes:
            slots.append((", " if alone else f", the {_name(entity)} {_verb(entity)} ", sizes))
    if alone and statement.entities[0].count == 1 and statement.entities[0].cell is None:
        slots.append((", ", tuple(cell.phrases[0] for cell in grammar.cells.values())))
    if statement.background is None:
        names = fitting_backgrounds(statement, grammar)
        slots.append((", ", tuple(background_words(name, grammar) for name in names)))
    return slots


def sizes_for(statement: Statement, place: int, grammar: Grammar) -> tuple[str, ...]:
    """List the sizes at which a thing fits: the world's crowds are small, and what holds another thing is large."""
    for link in statement.links:
        if link.relation == "inside":
            return ("large",) if place == link.object else ("small",)
    crowded = statement.things > 2 or (len(statement.entities) > 1 and not statement.links)
    return tuple(name for name in grammar.sizes if not (crowded and name == "large"))


def fitting_backgrounds(statement: Statement, grammar: Grammar) -> tuple[str, ...]:
    """List the backgrounds from which every stated colour stands out, or all of them if there is none."""
    hidden = {link.subject for link in statement.links if link.relation == "inside"}
    colours = [
        grammar.colours[entity.colour].rgb
        for place, entity in enumerate(statement.entities)
        if entity.colour and place not in hidden
    ]
    fitting = tuple(
        name
        for name, background in grammar.backgrounds.items()
        if all(contrast(colour, background.rgb) >= CONTRAST for colour in colours)
    )
    return fitting or tuple(grammar.backgrounds)


def _name(entity: Entity) -> str:
    return noun(entity, many=entity.count != 1)


def _verb(entity: Entity) -> str:
    return "is" if entity.count == 1 else "are"


def _slot(lead: str, choices: Iterable[str]) -> str:
    return f"{_literal(lead)} ({' | '.join(_literal(choice) for choice in choices)})"


def _literal(text: str) -> str:
    """Quote a text for GBNF."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(letter, letter) for letter in text) + '"'
