"""Splitting a prompt that is longer than a text encoder's window, at sentence ends where that is possible."""

import re
from collections.abc import Callable
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True)
class Chunks:
    """A prompt as the text encoders get it.

    Attributes:
        texts: at least one; each fits into the window.
        used: tokens of the prompt that are encoded.
        cut: tokens that found no place.
    """

    texts: tuple[str, ...]
    used: int
    cut: int


def chunked(text: str, count: Callable[[str], int], room: int, at_most: int) -> Chunks:
    """Split a text into at most `at_most` chunks of at most `room` tokens, as `count` counts them.

    A text that fits is one chunk, exactly as written, so that short prompts are encoded as diffusers does.
    """
    whole = count(text)
    if whole <= room:
        return Chunks((text,), whole, 0)
    texts: list[str] = []
    rest = [part for sentence in SENTENCE_END.split(text) for part in _fitting(sentence, count, room)]
    while rest and len(texts) < at_most:
        taken = _largest(rest, count, room)
        texts.append(" ".join(rest[:taken]))
        rest = rest[taken:]
    used = sum(count(chunk) for chunk in texts)
    return Chunks(tuple(texts), used, max(0, whole - used))


def _largest(parts: list[str], count: Callable[[str], int], room: int) -> int:
    """Count the parts from the left that fit into one chunk together; the first always does."""
    taken = 1
    while taken < len(parts) and count(" ".join(parts[: taken + 1])) <= room:
        taken += 1
    return taken


def _fitting(sentence: str, count: Callable[[str], int], room: int) -> list[str]:
    """Split a sentence that is too long by itself, between words; a word that is too long is cut."""
    if count(sentence) <= room:
        return [sentence]
    parts: list[str] = []
    words = [_trimmed(word, count, room) for word in sentence.split()]
    while words:
        taken = _largest(words, count, room)
        parts.append(" ".join(words[:taken]))
        words = words[taken:]
    return parts


def _trimmed(word: str, count: Callable[[str], int], room: int) -> str:
    while count(word) > room:
        word = word[: max(1, len(word) * room // count(word))]
    return word
