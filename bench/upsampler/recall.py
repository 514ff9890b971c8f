"""How many of the constraints that people annotated the rules find: DSG-1k's gold tuples, and GenEval's objects."""

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from services.upsampler.constraints import Constraint, extract
from services.upsampler.constraints.lexicon import NUMBERS
from services.upsampler.constraints.reading import stem

KINDS = {"color": "colour", "count": "count", "text rendering": "text"}
"""DSG's categories, with the kinds of constraint that they are."""


@dataclass
class Recall:
    """Found and annotated constraints by kind."""

    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, found: bool) -> None:
        """Count one annotation."""
        self.gold[kind] += 1
        self.found[kind] += found

    def rows(self) -> list[tuple[str, int, int, float]]:
        """Give kind, found, annotated, and their ratio."""
        return [(kind, self.found[kind], gold, self.found[kind] / gold) for kind, gold in self.gold.items()]


def dsg(annotations: Path) -> Recall:
    """Look for each annotated tuple's value among the constraints of its prompt."""
    recall = Recall()
    with annotations.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            kind = KINDS.get(row["category_detailed"])
            if kind:
                gold = row["tuple"].lower()
                found = [each for each in extract(row["text"]) if each.kind == kind]
                recall.add(kind, any(value in gold for each in found for value in _names(each)))
    return recall


def geneval(metadata: Path) -> Recall:
    """Look for each annotated colour and number with the very object that has it, and for each position."""
    recall = Recall()
    for line in metadata.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found = extract(entry["prompt"])
        for wanted in entry["include"]:
            thing = stem(wanted["class"].split()[-1])
            if "color" in wanted:
                recall.add("colour and its thing", _is_bound(found, "colour", wanted["color"], thing))
            if entry["tag"] == "counting":
                recall.add("count and its thing", _is_bound(found, "count", str(wanted["count"]), thing))
            if "position" in wanted:
                relation = wanted["position"][0]
                recall.add("relation", any(each.kind == "relation" and relation in each.value for each in found))
    return recall


def _names(constraint: Constraint) -> list[str]:
    """Give all words for a constraint's value; annotators wrote numbers in either form."""
    same = [name for name, number in NUMBERS.items() if constraint.kind == "count" and constraint.value == str(number)]
    return [constraint.value.lower(), *same]


def _is_bound(found: tuple[Constraint, ...], kind: str, value: str, thing: str) -> bool:
    return any(each.kind == kind and each.value == value and each.of and stem(each.of) == thing for each in found)
