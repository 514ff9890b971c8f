"""What the judge's rules read off prompts, held against people's own lists of facts.

The file is the Davidsonian Scene Graph's annotations (Cho et al. 2024): for each prompt its facts as tuples, such as
`attribute - color (flower, blue)` and `other - count (guards, ==3)`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from promptlift.contracts import MAX_PROMPT_CHARACTERS
from services.judge.rules import stated
from services.judge.words import VOCABULARY, words

COUNT = re.compile(r"count.*==\s*(\d+)")
COLOURS = frozenset(VOCABULARY["colours"])


def measure(path: Path) -> dict[str, dict[str, float]]:
    """Give precision and recall of the counts (of two or more) and colours that the rules read, over all prompts."""
    listed: dict[str, list[str]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            listed[row["text"][:MAX_PROMPT_CHARACTERS]].append(row["tuple"].lower())
    pairs: dict[str, list[tuple[set[str], set[str]]]] = {"count": [], "colour": []}
    for prompt, tuples in listed.items():
        read = list(stated(prompt))
        counts = {str(fact.expected_count) for fact in read if fact.kind == "count"}
        colours = {fact.value or "" for fact in read if fact.kind == "colour"}
        pairs["count"].append((counts, {number for told in tuples for number in COUNT.findall(told)} - {"0", "1"}))
        pairs["colour"].append(
            (colours, {word for told in tuples if "color" in told for word in words(told)} & COLOURS)
        )
    return {kind: _agreement(both) for kind, both in pairs.items()}


def _agreement(pairs: Iterable[tuple[set[str], set[str]]]) -> dict[str, float]:
    both = read = listed = 0
    for found, wanted in pairs:
        both, read, listed = both + len(found & wanted), read + len(found), listed + len(wanted)
    return {"read": read, "listed": listed, "precision": both / read, "recall": both / listed}
