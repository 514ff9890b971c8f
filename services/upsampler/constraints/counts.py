"""How many of a thing there are, exactly or roughly."""

from services.upsampler.constraints import colours
from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import FIXED_VAGUE_NUMBERS, NAMING, NUMBERS, UNITS, VAGUE_NUMBERS
from services.upsampler.constraints.reading import Reading, stem

REACH = 6
"""Words between a number and its thing."""
LARGEST = 999
ONE = frozenset({"a", "an", "the", "its", "his", "her"})
"""What says that there is one, beside the number."""


def find(reading: Reading) -> list[Constraint]:
    """List the counts that a text names, each with its thing where that can be told."""
    found = []
    for index, word in enumerate(reading.words):
        if word.text in FIXED_VAGUE_NUMBERS:
            found.append(Constraint("count", word.text, _thing(reading, index)))
        elif (number := _number(reading, index)) is not None:
            found.append(Constraint("count", str(number), _thing(reading, index)))
    return found


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text says as many, and of the thing where the text names that too."""
    things = [
        index for index, word in enumerate(reading.words) if constraint.of and stem(word.text) == stem(constraint.of)
    ]
    if not constraint.value.isdigit():
        several = [index for index, word in enumerate(reading.words) if _is_several(reading, index, word.text)]
        return bool(several) or any(reading.at(thing) != stem(reading.at(thing)) for thing in things)
    wanted = int(constraint.value)
    said = [index for index in range(len(reading.words)) if _says(reading, index, wanted)]
    return bool(said) and (not things or any(0 < thing - index <= REACH for index in said for thing in things))


def _says(reading: Reading, index: int, wanted: int) -> bool:
    word = reading.at(index)
    return (wanted == 1 and word in ONE) or NUMBERS.get(word) == wanted or word == str(wanted)


def _is_several(reading: Reading, index: int, word: str) -> bool:
    return word in VAGUE_NUMBERS or (_number(reading, index) or 0) > 1


def _number(reading: Reading, index: int) -> int | None:
    """Read a number that counts things."""
    word, after, before = reading.at(index), reading.at(index + 1), reading.at(index - 1)
    if after in UNITS:
        return None
    if word in NUMBERS:
        return None if word == "one" and _is_pronoun(reading, index) else NUMBERS[word]
    if before in NAMING or not word.isdigit() or not 0 < int(word) <= LARGEST:
        return None
    place = reading.words[index]
    around = reading.text[max(place.start - 1, 0) : place.start] + reading.text[place.end : place.end + 1]
    return None if any(mark in around for mark in ":/#$%€£") else int(word)


def _is_pronoun(reading: Reading, index: int) -> bool:
    """Tell whether `one` stands for a thing instead of counting it."""
    return reading.at(index - 1) in ("the", "this", "that", "which", "each", "no") or reading.thing(index + 1) is None


def _thing(reading: Reading, index: int) -> str | None:
    place = index + 1
    if reading.joins(index):  # a two-story house
        return reading.at(place)
    while reading.at(place) in ("of", "the", "a") or reading.at(place) in NUMBERS:
        place += 1
    return reading.thing(colours.behind(reading, place))
