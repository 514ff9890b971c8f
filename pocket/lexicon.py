"""Cuts a text into tokens of the shapes world: the longest known phrase first, unknown words kept apart."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product

from pocket.grammar import Grammar, load_grammar, plural

WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[,;.]")
PREPOSITIONS = ("on", "against", "with", "over", "in front of", "")
ARTICLES = ("a", "an", "the", "")
PLAIN = ("plain", "solid", "simple", "flat", "")
BACKDROPS = ("background", "backdrop")
ENDS = {"pause", "and", "end"}
"""Kinds of token that may follow "on white" when it means the background."""


@dataclass(frozen=True)
class Token:
    """A phrase of a known kind ("shape", "colour", "pause" ...) and the grammar's own name for it."""

    kind: str
    name: str
    plural: bool = False


Phrase = tuple[str, ...]


def tokens(text: str, grammar: Grammar) -> list[Token]:
    """Read a text word by word, ending with an "end" token."""
    words = WORD.findall(text.lower())
    found: list[Token] = []
    while words:
        length, token = _longest(words, grammar)
        found.append(token)
        words = words[length:]
    return [*found, Token("end", "")]


def _longest(words: list[str], grammar: Grammar) -> tuple[int, Token]:
    phrases = _phrases()
    for length in range(min(len(words), _reach()), 0, -1):
        token = phrases.get(tuple(words[:length]))
        if token and (token.kind != "bare background" or _ends(words[length:], grammar)):
            return length, Token("background", token.name) if token.kind == "bare background" else token
    return 1, _single(words[0], grammar)


def _ends(rest: list[str], grammar: Grammar) -> bool:
    return not rest or _longest(rest, grammar)[1].kind in ENDS


def _single(word: str, grammar: Grammar) -> Token:
    if word in ",;.":
        return Token("pause", word)
    return Token("filler" if word in grammar.fillers else "unknown", word)


@cache
def _reach() -> int:
    return max(len(phrase) for phrase in _phrases())


@cache
def _phrases() -> dict[Phrase, Token]:
    """Map every phrase of the grammar to its token; later entries win where two are spelt alike."""
    grammar = load_grammar()
    entries: list[tuple[str, Token]] = []
    for name, colour in grammar.backgrounds.items():
        for word in (name, *colour.synonyms):
            entries += _background(word, name)
    for name, synonyms in grammar.shapes.items():
        for word in (name, *synonyms):
            entries += [(word, Token("shape", name)), (plural(word), Token("shape", name, plural=True))]
    entries += _named("colour", {name: (name, *colour.synonyms) for name, colour in grammar.colours.items()})
    entries += _named("size", {name: (name, *size.synonyms) for name, size in grammar.sizes.items()})
    entries += _named("cell", {name: cell.phrases for name, cell in grammar.cells.items()})
    entries += _named("relation", {name: relation.phrases for name, relation in grammar.relations.items()})
    entries += _named("count", {str(number): words for number, words in grammar.counts.items()})
    entries += _named("count", {"1": ("a", "an")})
    entries += _named("and", {"and": ("and",)})
    entries += _named("the", {"the": ("the",)})
    entries += _named("all", {"all": ("all", "both", "they", "each")})
    return {tuple(WORD.findall(phrase)): token for phrase, token in entries}


def _named(kind: str, phrases: dict[str, tuple[str, ...]]) -> list[tuple[str, Token]]:
    return [(phrase, Token(kind, name)) for name, ways in phrases.items() for phrase in ways]


def _background(word: str, name: str) -> list[tuple[str, Token]]:
    """Spell out the ways to name a background; "on blue" counts only where nothing follows that could be blue."""
    ways = product(PREPOSITIONS, ARTICLES, PLAIN, BACKDROPS)
    full = [
        (" ".join((before, one, plain, word, backdrop)), Token("background", name))
        for before, one, plain, backdrop in ways
    ]
    bare = [
        (f"{before} {plain} {word}", Token("bare background", name)) for before in ("on", "against") for plain in PLAIN
    ]
    return full + bare
