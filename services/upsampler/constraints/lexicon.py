"""The words that the rules go by, read once from `lexicon.toml`."""

import tomllib
from importlib.resources import files
from typing import Any

_ENTRIES: dict[str, Any] = tomllib.loads(
    (files("services.upsampler.constraints") / "lexicon.toml").read_text(encoding="utf-8")
)

COLOURS = frozenset(_ENTRIES["colours"]["plain"])
COLOURS_THAT_ARE_THINGS = frozenset(_ENTRIES["colours"]["things"])
NO_HUES = frozenset(_ENTRIES["colours"]["no_hues"])
SHADES = frozenset(_ENTRIES["colours"]["shades"])
SAME_COLOUR: dict[str, str] = _ENTRIES["colours"]["same"]
NUMBERS: dict[str, int] = _ENTRIES["counts"]["exact"]
VAGUE_NUMBERS = frozenset(_ENTRIES["counts"]["vague"])
FIXED_VAGUE_NUMBERS = frozenset(_ENTRIES["counts"]["fixed"])
UNITS = frozenset(_ENTRIES["counts"]["units"])
NAMING = frozenset(_ENTRIES["counts"]["naming"])
RELATIONS: dict[str, dict[str, list[str]]] = _ENTRIES["relations"]
STYLES: dict[str, dict[str, list[str]]] = _ENTRIES["styles"]
NEGATIONS = frozenset(_ENTRIES["negations"]["words"])
NEGATED_WHOLE: dict[str, str] = _ENTRIES["negations"]["whole"]
EMPTY: list[str] = _ENTRIES["negations"]["empty"]
SKIPPED_AFTER_NEGATION = frozenset(_ENTRIES["negations"]["skipped"])
STOP = frozenset(_ENTRIES["grammar"]["stop"])
NOT_VERBS = frozenset(_ENTRIES["grammar"]["not_verbs"])
IRREGULAR: dict[str, str] = _ENTRIES["grammar"]["irregular"]
UNSEEN = frozenset(_ENTRIES["unseen"]["words"])
PRAISE: list[str] = _ENTRIES["unseen"]["praise"]
UNSEEN_PHRASES: list[str] = _ENTRIES["unseen"]["phrases"]
LANGUAGES: dict[str, frozenset[str]] = {code: frozenset(words) for code, words in _ENTRIES["languages"].items()}
