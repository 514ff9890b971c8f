"""What the user wants not to be there."""

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import EMPTY, NEGATED_WHOLE, NEGATIONS, SKIPPED_AFTER_NEGATION, STOP
from services.upsampler.constraints.reading import Reading, stem

REACH = 4
"""Words between a negation and what it negates."""
OF_VERBS = frozenset({"not", "never"})
"""Negations that deny a state of what stands in front of them."""


def find(reading: Reading) -> list[Constraint]:
    """List what a text negates."""
    found = []
    for index, word in enumerate(reading.words):
        if word.text in NEGATED_WHOLE:
            found.append(Constraint("negation", NEGATED_WHOLE[word.text]))
        elif _is_negation(word.text) and (denied := _denied(reading, index)):
            denies_state = word.text in OF_VERBS or word.text.endswith("n't")
            found.append(Constraint("negation", denied, _subject(reading, index) if denies_state else None))
    return found


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text does not show what is negated."""
    if constraint.value == NEGATED_WHOLE["nothing"]:
        return any(reading.has(word) for word in EMPTY) or any(_is_negation(word.text) for word in reading.words)
    return not any(_asserts(reading, index, constraint) for index in range(len(reading.words)))


def states(reading: Reading) -> bool:
    """Tell whether a text says what is absent, which a painter takes for present."""
    return any(_is_negation(word.text) or word.text in NEGATED_WHOLE for word in reading.words)


def _asserts(reading: Reading, index: int, constraint: Constraint) -> bool:
    """Tell whether what is negated stands at a place as if it were there."""
    *qualities, thing = constraint.value.split()
    if stem(reading.at(index)) != stem(thing):
        return False
    near = [reading.at(place) for place in range(max(0, index - REACH), index)]
    if any(quality not in near for quality in qualities) or any(_is_negation(word) for word in near):
        return False
    return constraint.of is None or constraint.of in near


def _is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _subject(reading: Reading, index: int) -> str | None:
    """Give the thing in front of a negation."""
    before = (reading.at(place) for place in range(index - 1, -1, -1))
    return next((word for word in before if word[0].isalpha() and word not in STOP), None)


def _denied(reading: Reading, index: int) -> str:
    place = index + 1
    while reading.at(place) in SKIPPED_AFTER_NEGATION:
        place += 1
    if reading.at(place) == "only":
        return ""
    names = reading.names(place)
    after = reading.at(place)
    return " ".join(names) if names else after if after[:1].isalpha() else ""
