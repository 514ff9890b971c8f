"""Named people, places, brands and works."""

import unicodedata

from services.upsampler.constraints import language
from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import COLOURS, NUMBERS, STOP
from services.upsampler.constraints.reading import Reading, Word

TITLE_CASE = 0.6
"""Share of capitalised words above which capitals say nothing."""
TELLING_LETTERS = 5
"""Letters at a word's start by which it is recognised in another form, such as `McDonalds` and `McDonald's`."""


def find(reading: Reading) -> list[Constraint]:
    """List runs of capitalised words; the first word of a sentence counts only together with others.

    Other languages than English have other rules for capitals, so a text in one of them has no names here.
    """
    if language.of(reading) != "en":
        return []
    words = [word for word in reading.words if not word.is_mark]
    if sum(word.capital for word in words) > TITLE_CASE * max(len(words), 1) and len(words) > 3:
        return []
    found: list[Constraint] = []
    run: list[int] = []
    for index in range(len(reading.words) + 1):
        if index < len(reading.words) and _continues(reading, index):
            run.append(index)
            continue
        found += _named(reading, run)
        run = []
    return found


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text has each word of the name, in any case and ending."""
    said = [_bare(word.text) for word in reading.words]
    return all(
        any(word.startswith(_bare(part)[:TELLING_LETTERS]) for word in said) for part in constraint.value.split()
    )


def _continues(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    return word.capital and word.text != "i" and word.text not in COLOURS and word.text not in NUMBERS


def _named(reading: Reading, run: list[int]) -> list[Constraint]:
    """Make a name of a run of capitalised words, less what only begins a sentence."""
    if run and _begins(reading, run[0]) and not _is_acronym(reading, reading.words[run[0]]):
        follows = run[1:] and reading.words[run[0]].text not in STOP
        run = run if follows else run[1:]
    words = [reading.words[index] for index in run]
    if not words or len(words[0].text) < 2:
        return []
    return [Constraint("name", " ".join(reading.text[word.start : word.end] for word in words))]


def _begins(reading: Reading, index: int) -> bool:
    return index == 0 or reading.at(index - 1) in ".!?:"


def _is_acronym(reading: Reading, word: Word) -> bool:
    shown = reading.text[word.start : word.end]
    return len(shown) > 1 and shown.isupper()


def _bare(word: str) -> str:
    """Drop accents and apostrophes."""
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in plain if letter.isalnum())
