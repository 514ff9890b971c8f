"""Where things are in relation to each other."""

from services.upsampler.constraints import colours
from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import RELATIONS, STOP
from services.upsampler.constraints.reading import Reading

ARTICLES = frozenset({"a", "an", "the", "its", "his", "her", "their", "of"})


def find(reading: Reading) -> list[Constraint]:
    """List the relations that a text names: thing, relation, thing."""
    found = []
    for entry in RELATIONS.values():
        cue = next((cue for cue in entry["cues"] if reading.has(cue)), None)
        if cue is not None:
            found.append(Constraint("relation", _clause(reading, cue)))
    return found


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text puts the same relation, or the same one seen from the other side."""
    clause = f" {constraint.value} "
    for entry in RELATIONS.values():
        if any(f" {cue} " in clause for cue in entry["cues"]):
            return any(reading.has(phrase) for phrase in (*entry["cues"], *entry["kept"]))
    return False


def _clause(reading: Reading, cue: str) -> str:
    """Give a relation with the things on its two sides."""
    length = len(cue.split())
    start = next(
        place for place in range(len(reading.words)) if " ".join(map(reading.at, range(place, place + length))) == cue
    )
    before = next((reading.at(place) for place in range(start - 1, -1, -1) if _is_thing(reading.at(place))), "")
    place = start + length
    while reading.at(place) in ARTICLES:
        place += 1
    return " ".join(filter(None, (before, cue, reading.thing(colours.behind(reading, place)) or "")))


def _is_thing(word: str) -> bool:
    return word[0].isalpha() and word not in STOP and not word.endswith(("ing", "ly"))
