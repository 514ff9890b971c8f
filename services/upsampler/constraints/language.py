"""The language that a prompt is written in, as far as script and function words tell."""

import unicodedata
from collections import Counter

from services.upsampler.constraints.constraint import Constraint
from services.upsampler.constraints.lexicon import LANGUAGES
from services.upsampler.constraints.reading import Reading

SCRIPTS = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "DEVANAGARI": "hi",
    "THAI": "th",
}
"""The language that most prompts in a script are in; scripts that only one of them uses come first."""


def find(reading: Reading) -> list[Constraint]:
    """Name the language, unless it is English or can't be told."""
    code = of(reading)
    return [] if code == "en" else [Constraint("language", code)]


def keeps(constraint: Constraint, reading: Reading) -> bool:
    """Tell whether a text is in English, the one language that the painter reads."""
    return of(reading) == "en"


def of(reading: Reading) -> str:
    """Give the ISO 639-1 code of a text's language; `en` when nothing speaks against it."""
    if not reading.text.isascii():
        letters = [character for character in reading.text if character.isalpha()]
        scripts = [unicodedata.name(letter, "").split(" ")[0] for letter in letters]
        foreign = [script for script in scripts if script in SCRIPTS]
        if len(foreign) * 2 > len(letters):
            return next(code for script, code in SCRIPTS.items() if script in foreign)
    return _of_latin(Counter(word.text for word in reading.words))


def _of_latin(words: Counter[str]) -> str:
    """Choose the language whose function words a text has, and English words fewer."""
    hits = {code: sum(words[word] for word in words.keys() & known) for code, known in LANGUAGES.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] > hits["en"] else "en"
