"""Cutting a caption at the ends of its sentences and clauses, never inside quoted text."""

import re
from collections.abc import Iterator

from services.upsampler.constraints.quotes import QUOTED

END = re.compile(r"[.!?…]+[\"”'’)]*\s+")
ABBREVIATED = re.compile(r"\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|Mt|No|vs|etc|ca|approx)\.$")
CLAUSE = re.compile(r"[,;:—–]\s+|\s[—–]\s")
LEAST_WORDS = 4
"""Words that the beginning of a sentence needs to stand by itself."""


def split(text: str) -> list[str]:
    """Give the sentences of a text, in order, each with a capital."""
    parts: list[str] = []
    start = 0
    for cut in _outside_quotes(END, text):
        if not ABBREVIATED.search(text[: cut.end()].rstrip()):
            parts.append(text[start : cut.end()].strip())
            start = cut.end()
    parts.append(text[start:].strip())
    return [part[:1].upper() + part[1:] for part in parts if part]


def beginnings(sentence: str) -> Iterator[str]:
    """Give a sentence cut at each of its clauses, the longest first."""
    for cut in reversed(list(_outside_quotes(CLAUSE, sentence))):
        beginning = sentence[: cut.start()].rstrip()
        if len(beginning.split()) >= LEAST_WORDS:
            yield ended(beginning)


def ended(text: str) -> str:
    """Give a text an end mark, if it has none."""
    bare = text.rstrip(" ,;:—–-") or text
    return bare if bare.endswith((".", "!", "?", "…", "-")) else f"{bare}."


def _outside_quotes(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    quoted = [match.span() for match in QUOTED.finditer(text)]
    for match in pattern.finditer(text):
        if not any(start < match.start() < end - 1 for start, end in quoted):
            yield match
