"""All rules together: what a text fixes, what another text loses of it, and where the two clash."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

from promptlift.contracts import Kind
from services.upsampler.constraints import colours, counts, language, names, negations, relations, styles, texts
from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.reading import Reading, stem

REMEMBERED_TEXTS = 500


class Rule(Protocol):
    """How one kind of constraint is recognised; a module of this package each."""

    def find(self, reading: Reading) -> list[Constraint]:
        """List the constraints of the kind that a text states."""

    def keeps(self, constraint: Constraint, reading: Reading) -> bool:
        """Tell whether a text keeps one of them."""


RULES: Mapping[Kind, Rule] = MappingProxyType(
    {
        "count": counts,
        "colour": colours,
        "text": texts,
        "relation": relations,
        "negation": negations,
        "style": styles,
        "name": names,
        "language": language,
    }
)
"""In the order in which constraints are listed."""


@lru_cache(REMEMBERED_TEXTS)
def read(text: str) -> Reading:
    """Read a text for all rules; a prompt is read again with every attempt."""
    return Reading(text)


@lru_cache(REMEMBERED_TEXTS)
def extract(text: str) -> tuple[Constraint, ...]:
    """List what a text fixes, kind by kind, without duplicates."""
    reading = read(text)
    return tuple(dict.fromkeys(constraint for rule in RULES.values() for constraint in rule.find(reading)))


def keeps(constraint: Constraint, text: str) -> bool:
    """Tell whether a text keeps a constraint."""
    return RULES[constraint.kind].keeps(constraint, read(text))


def lost(constraints: Iterable[Constraint], text: str) -> list[Constraint]:
    """List the constraints that a text does not keep."""
    return [constraint for constraint in constraints if not keeps(constraint, text)]


def clashes(constraints: Iterable[Constraint], text: str) -> list[Constraint]:
    """List what a text says against constraints: another colour or another number of the same thing."""
    known = list(constraints)
    return [
        said for said in extract(text) if any(is_about(said, fixed) for fixed in known) and not _agrees(said, known)
    ]


def is_about(said: Constraint, fixed: Constraint) -> bool:
    """Tell whether two constraints of one kind speak of the same thing and can contradict each other."""
    if said.kind != fixed.kind or said.of is None or fixed.of is None or stem(said.of) != stem(fixed.of):
        return False
    if said.kind == "count":
        return said.value.isdigit() and fixed.value.isdigit()
    return said.kind == "colour" and colours.is_hue(said.value) and colours.is_hue(fixed.value)


def _agrees(said: Constraint, known: Iterable[Constraint]) -> bool:
    """Tell whether what is said was fixed as well, or counts only a part of what was."""
    rivals = [fixed.value for fixed in known if is_about(said, fixed)]
    if said.kind == "count":
        return int(said.value) <= max(map(int, rivals))
    return colours.same(said.value) in map(colours.same, rivals)
