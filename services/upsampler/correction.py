"""Whether a corrected prompt still asks for the same: spelling and grammar may change, words may not."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from services.upsampler.constraints import clashes, extract, lost, read
from services.upsampler.constraints.language import of as language_of
from services.upsampler.constraints.reading import WORD

GRAMMAR = frozenset({"a", "an", "the", "is", "are"})
"""Words that may come or go; a preposition may not: a pizza cooking an oven is none cooking in an oven."""
LEAST_LIKENESS = 0.5
"""Share of letters that a mended word has in common with the one it replaces."""
LENGTHS = (0.3, 5.0)
"""Letters of a translation per letter of the original."""


def is_same_request(base: str, corrected: str) -> bool:
    """Tell whether a corrected prompt can take the place of the base prompt."""
    if not corrected.strip():
        return False
    if language_of(read(base)) != "en":
        return _is_translation(base, corrected)
    same_facts = not lost(extract(base), corrected) and not clashes(extract(base), corrected)
    return same_facts and all(_is_mended(before, after) for before, after in _changes(base, corrected))


def _is_translation(base: str, corrected: str) -> bool:
    """Tell what can be told without reading the language: English, of a likely length, no fact lost that rules know."""
    least, most = LENGTHS
    return least * len(base) <= len(corrected) <= most * len(base) and not lost(extract(base), corrected)


def _changes(base: str, corrected: str) -> Iterator[tuple[list[str], list[str]]]:
    """Give the runs of words that differ, each as it was and as it became."""
    before, after = (WORD.findall(text.lower()) for text in (base, corrected))
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield before[start:end], after[new_start:new_end]


def _is_mended(before: list[str], after: list[str]) -> bool:
    """Tell whether one run of words is the other, spelt right."""
    if all(word in GRAMMAR or (len(word) == 1 and not word.isdigit()) for word in before + after):
        return True  # articles, marks and stray letters
    return SequenceMatcher(None, "".join(before), "".join(after), autojunk=False).ratio() >= LEAST_LIKENESS
