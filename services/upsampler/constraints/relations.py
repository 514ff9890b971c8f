"""Where things are in relation to each other."""

from services.upsampler.constraints import colours
from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import RELATIONS, STOP
from services.upsampler.constraints.phrases import Phrases
from services.upsampler.constraints.reading import Reading

ARTICLES = frozenset({"a", "an", "the", "its", "his", "her", "their", "of"})
CUES = Phrases(cue for entry in RELATIONS.values() for cue in entry["cues"])


def find(reading: Reading) -> list[Constraint]:
    """List the relations that a text names: thing, relation, thing."""
    places = CUES.found(reading)
    told = (next((cue for cue in entry["cues"] if cue in places), None) for entry in RELATIONS.values())
    return [Constraint("relation", _clause(reading, cue, places[cue])) for cue in told if cue]


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text puts the same relation, or the same one seen from the other side."""
    clause = f" {constraint.value} "
    for entry in RELATIONS.values():
        if any(f" {cue} " in clause for cue in entry["cues"]):
            return any(reading.has(phrase) for phrase in (*entry["cues"], *entry["kept"]))
    return False


def _clause(reading: Reading, cue: str, start: int) -> str:
    """Give a relation with the things on its two sides."""
    before = next((reading.at(place) for place in range(start - 1, -1, -1) if _is_thing(reading.at(place))), "")
    place = start + len(cue.split())
    while reading.at(place) in ARTICLES:
        place += 1
    return " ".join(filter(None, (before, cue, reading.thing(colours.behind(reading, place)) or "")))


def _is_thing(word: str) -> bool:
    return word[0].isalpha() and word not in STOP and not word.endswith(("ing", "ly"))
