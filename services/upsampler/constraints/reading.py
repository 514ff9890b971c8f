"""A text as the rules read it: its words with their places, quoted text apart, and which words name a thing."""

import re
import unicodedata
from functools import cached_property, lru_cache
from typing import NamedTuple

from services.upsampler.constraints import quotes
from services.upsampler.constraints.lexicon import IRREGULAR, NOT_VERBS, STOP

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.,;:!?()/]")
LONGEST_NAME = 5
"""Words that the name of a thing is looked for in."""


class Word(NamedTuple):
    """A word or a mark of punctuation; `text` is in lower case, `start` and `end` are its place in the text.

    `joined` tells whether a hyphen ties it to the word before.
    """

    text: str
    start: int
    end: int
    capital: bool
    joined: bool

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return not self.text[0].isalnum()


class Reading:
    """A text, read once for all rules.

    Attributes:
        whole: the text in Unicode's composed form with single spaces; quoted text is looked for in it.
        text: the text in Unicode's compatible form, without what is quoted.
        quoted: the quoted texts, in order.
        words: its words and marks, in order.
    """

    def __init__(self, text: str) -> None:
        composed = unicodedata.normalize("NFC", text)
        self.whole = " ".join(composed.split())
        self.quoted, rest = quotes.taken_out(composed)
        self.text = unicodedata.normalize("NFKC", rest)
        self.words = [
            Word(
                found[0].lower().replace("’", "'"),
                found.start(),
                found.end(),
                capital=found[0][0].isupper(),
                joined=self.text[found.start() - 1 : found.start()] == "-",
            )
            for found in WORD.finditer(self.text)
        ]

    @cached_property
    def plain(self) -> str:
        """All words in lower case with one space between them and one at each end, for looking up phrases."""
        return f" {' '.join(word.text for word in self.words)} "

    def has(self, phrase: str) -> bool:
        """Tell whether a phrase of whole words in lower case occurs."""
        return f" {phrase} " in self.plain

    def at(self, index: int) -> str:
        """Give the word at a place, or nothing beyond the ends."""
        return self.words[index].text if 0 <= index < len(self.words) else ""

    def is_joined(self, index: int) -> bool:
        """Tell whether a hyphen ties the word at a place to the one before or behind it."""
        return any(word.joined for word in self.words[index : index + 1]) or self.joins(index)

    def joins(self, index: int) -> bool:
        """Tell whether a hyphen ties the word at a place to the one behind it."""
        return any(word.joined for word in self.words[index + 1 : index + 2])

    def names(self, index: int) -> list[str]:
        """Give the words from a place on that name one thing; the last of them is the thing itself."""
        found: list[str] = []
        for place in range(index, min(index + LONGEST_NAME, len(self.words))):
            word = self.words[place]
            if word.is_mark or (not self.is_joined(place) and (word.text in STOP or self._is_verb(place))):
                break
            found.append(word.text)
        return found

    def thing(self, index: int) -> str | None:
        """Give the thing that is named from a place on."""
        found = self.names(index)
        return found[-1] if found else None

    def _is_verb(self, place: int) -> bool:
        """Tell whether a form in -ing or -ed ends a thing's name: it does unless the name goes on behind it."""
        word = self.words[place].text
        if not is_verb_form(word):
            return False
        after = self.at(place + 1)
        return not after or not after[0].isalnum() or after in STOP or word.endswith("ing")


def is_verb_form(word: str) -> bool:
    """Tell whether a word looks like a form of a verb, such as `dressed` or `sitting`."""
    return len(word) > 4 and word.endswith(("ing", "ed")) and word not in NOT_VERBS


@lru_cache(10_000)
def stem(word: str) -> str:
    """Give the form under which the singular and the plural of a thing meet."""
    word = word.removesuffix("'s")
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
