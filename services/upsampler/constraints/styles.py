"""The style, medium or viewpoint that a picture shall have."""

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import STYLES
from services.upsampler.constraints.phrases import Phrases
from services.upsampler.constraints.reading import Reading

DOING = frozenset({"painting", "drawing"})
"""Words that name an activity when a thing with its article follows: `painting a fence`."""
NAMED_BY = {name: frozenset({name, *entry["cues"]}) for name, entry in STYLES.items()}
CUES = Phrases(cue for cues in NAMED_BY.values() for cue in cues)
ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its", "on"})


def find(reading: Reading) -> list[Constraint]:
    """List the styles that a text names, without those that are part of a longer one."""
    told = {cue for cue, place in CUES.found(reading).items() if not _is_doing(reading, cue, place)}
    found = {name: max(told & cues, key=len) for name, cues in NAMED_BY.items() if told & cues}
    return [
        Constraint("style", name)
        for name, cue in found.items()
        if not any(cue != other and f" {cue} " in f" {other} " for other in found.values())
    ]


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text names the style in any of its words."""
    entry = STYLES[constraint.value]
    return any(reading.has(phrase) for phrase in (constraint.value, *entry["cues"], *entry["kept"]))


def _is_doing(reading: Reading, cue: str, place: int) -> bool:
    return cue in DOING and reading.at(place + 1) in ARTICLES
