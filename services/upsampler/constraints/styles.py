"""The style, medium or viewpoint that a picture shall have."""

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import STYLES
from services.upsampler.constraints.reading import Reading

DOING = frozenset({"painting", "drawing"})
"""Words that name an activity when a thing with its article follows: `painting a fence`."""
ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its", "on"})


def find(reading: Reading) -> list[Constraint]:
    """List the styles that a text names, without those that are part of a longer one."""
    cues = {name: _cue(reading, [name, *entry["cues"]]) for name, entry in STYLES.items()}
    found = {name: cue for name, cue in cues.items() if cue}
    return [
        Constraint("style", name)
        for name, cue in found.items()
        if not any(cue != other and f" {cue} " in f" {other} " for other in found.values())
    ]


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text names the style in any of its words."""
    entry = STYLES[constraint.value]
    return any(reading.has(phrase) for phrase in (constraint.value, *entry["cues"], *entry["kept"]))


def _cue(reading: Reading, cues: list[str]) -> str | None:
    """Give the longest cue that occurs."""
    found = [cue for cue in cues if reading.has(cue) and not _is_doing(reading, cue)]
    return max(found, key=len, default=None)


def _is_doing(reading: Reading, cue: str) -> bool:
    places = [place for place, word in enumerate(reading.words) if word.text == cue]
    return cue in DOING and all(reading.at(place + 1) in ARTICLES for place in places)
