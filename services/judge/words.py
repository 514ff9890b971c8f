"""Text as its words, so that punctuation, spaces and capitals make no difference."""

import json
import re
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from promptlift.contracts import MAX_PROMPT_CHARACTERS, Fact

SPELLED_OUT = 0.7
"""Share of a prompt's own words, in [0, 1], from which a picture that shows them spells the prompt out; a name painted
on what it belongs to, such as two words of `a coca-cola can`, stays below."""
VOCABULARY: dict[str, Any] = json.loads((files("services.judge") / "vocabulary.json").read_text(encoding="utf-8"))
FUNCTION_WORDS = frozenset(VOCABULARY["function_words"])


def words(text: str) -> list[str]:
    """Split text into its words, in lower case."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def readable(text: str) -> str:
    """Make a model's text fit for an answer: one line of at most 2,000 characters, without control characters."""
    shown = "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)
    return " ".join(shown.split())[:MAX_PROMPT_CHARACTERS]


def shortened(text: str, most: int) -> str:
    """Keep at most so many words, and mark a cut."""
    kept = text.split()
    return " ".join(kept) if len(kept) <= most else " ".join([*kept[:most], "…"])


def spelled_out(prompt: str, facts: Sequence[Fact], writing: str) -> bool:
    """Tell whether the writing in a picture is the prompt itself, beyond the text that it was asked to show."""
    asked = {word for fact in facts if fact.expected_text for word in words(fact.expected_text)}
    own = set(words(prompt)) - FUNCTION_WORDS - asked
    return bool(own) and len(own & set(words(writing))) >= SPELLED_OUT * len(own)
