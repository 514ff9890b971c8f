"""Colours, and the things that have them."""

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import COLOURS, COLOURS_THAT_ARE_THINGS, NO_HUES, SAME_COLOUR, SHADES, STOP
from services.upsampler.constraints.reading import Reading, is_verb_form, stem

IS = frozenset({"is", "are", "was", "were", "be", "in", "looks", "turns", "turned", "becomes"})
BEFORE_A_COLOUR = frozenset(
    {"painted", "coloured", "colored", "dyed", "all", "very", "completely", "entirely", "mostly"}
)
NAMED = frozenset({"color", "colour", "colors", "colours", "coloured", "colored"})
JOINING = frozenset({"and", "or", ","})
REACH_FORWARD, REACH_BACK = 6, 8
"""Words between a colour and its thing when the colour stands first, and when the thing does."""


def find(reading: Reading) -> list[Constraint]:
    """List the colours that a text names, each with its thing where that can be told."""
    found = []
    for index, word in enumerate(reading.words):
        if word.text not in COLOURS and word.text not in COLOURS_THAT_ARE_THINGS:
            continue
        thing = reading.thing(behind(reading, index)) or _before(reading, index)
        if thing is None and word.text in COLOURS_THAT_ARE_THINGS and not _among_colours(reading, index):
            continue
        found.append(Constraint("colour", word.text, thing))
    return found


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text has the colour, and by its thing where the text names that too."""
    wanted = same(constraint.value)
    colours = [index for index, word in enumerate(reading.words) if same(word.text) == wanted]
    things = [
        index for index, word in enumerate(reading.words) if constraint.of and stem(word.text) == stem(constraint.of)
    ]
    return bool(colours) and (not things or any(_belongs(reading, c, t) for c in colours for t in things))


def same(colour: str) -> str:
    """Give the name under which shades that painters mix up meet."""
    return SAME_COLOUR.get(colour, colour)


def is_hue(colour: str) -> bool:
    """Tell whether a colour is one that excludes others, unlike `colorful` or `pastel`."""
    return same(colour) not in NO_HUES


def _is_colour(word: str) -> bool:
    return word in COLOURS or word in COLOURS_THAT_ARE_THINGS or word in SHADES


def _among_colours(reading: Reading, index: int) -> bool:
    """Tell whether a word is listed with colours, so that it is one itself."""
    beside = {index - 1, index + 1}
    beside |= {index + 2 * (place - index) for place in beside if reading.at(place) in JOINING}
    return any(reading.at(place) in COLOURS | NAMED for place in beside)


def behind(reading: Reading, index: int) -> int:
    """Give the place behind the colours that stand at a place, joined or not."""
    place = index
    while _goes_on(reading, place):
        place += 1
    return place


def _goes_on(reading: Reading, place: int) -> bool:
    """Tell whether a word still belongs to colours and not to their thing, as `sky` does in `sky blue` alone."""
    word, after = reading.at(place), reading.at(place + 1)
    if word in COLOURS or word in NAMED or (word in JOINING and _is_colour(after)):
        return True
    return _is_colour(word) and (_is_colour(after) or reading.thing(place + 1) is not None)


def _before(reading: Reading, index: int) -> str | None:
    """Give the thing in front of a colour: `the doors are red`, `chairs black`, `make the light red`."""
    place = index - 1
    while _is_colour(reading.at(place)) or reading.at(place) in BEFORE_A_COLOUR or _joins_colours(reading, place):
        place -= 1
    if reading.at(place) in IS:
        place -= 1
    elif reading.at(place) in ("the", "a") and reading.at(place + 1) == "light":
        place += 1
    word = reading.at(place)
    return word if word[:1].isalpha() and word not in STOP and not is_verb_form(word) else None


def _joins_colours(reading: Reading, place: int) -> bool:
    return reading.at(place) in JOINING and _is_colour(reading.at(place - 1))


def _belongs(reading: Reading, colour: int, thing: int) -> bool:
    start, end = sorted((colour, thing))
    near = end - start <= (REACH_FORWARD if colour < thing else REACH_BACK)
    return near and not any(reading.at(place) in ".;!?" for place in range(start, end))
