"""The vocabulary of the shapes world, read from grammar.json: the single source of every word, colour and measure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

Rgb = tuple[int, int, int]
"""Red, green and blue in [0, 255]."""

PATH = Path(__file__).with_name("grammar.json")
SIDE = 128
"""Width and height of a picture, in pixels."""
CONTRAST = 40.0
"""Least CIE76 distance between a thing and what lies behind it; below it a person may overlook the thing."""


@dataclass(frozen=True)
class Colour:
    """A named colour: what it looks like and the other words for it."""

    rgb: Rgb
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """A named size: half the side of the square that holds the shape, in pixels of a 128-pixel picture."""

    radius: float
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One of nine places: its centre as shares of width and height, and the phrases that name it."""

    at: tuple[float, float]
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """How the first thing lies to the second: the phrases, and the relation that says the same with both swapped."""

    converse: str | None
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """Everything that can be named; mappings keep the order of grammar.json, which numbers the classes of the eyes."""

    shapes: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, Colour]
    backgrounds: Mapping[str, Colour]
    sizes: Mapping[str, Size]
    cells: Mapping[str, Cell]
    relations: Mapping[str, Relation]
    counts: Mapping[int, tuple[str, ...]]
    containers: tuple[str, ...]
    background_phrases: tuple[str, ...]
    openings: tuple[str, ...]
    fillers: frozenset[str]

    def visible(self, background: str) -> list[str]:
        """List the colours that stand out from a background."""
        behind = self.backgrounds[background].rgb
        return [name for name, colour in self.colours.items() if contrast(colour.rgb, behind) >= CONTRAST]

    def distinct(self, colour: str) -> list[str]:
        """List the colours that stand out from another colour."""
        behind = self.colours[colour].rgb
        return [name for name, other in self.colours.items() if contrast(other.rgb, behind) >= CONTRAST]


def plural(word: str) -> str:
    """Return the plural of a shape's name or synonym."""
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def article(phrase: str) -> str:
    """Put "a" or "an" before a phrase."""
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


@cache
def contrast(one: Rgb, other: Rgb) -> float:
    """Measure the CIE76 distance of two colours; about 2 is just noticeable, black to white is 100."""
    return float(sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5)


def lab(rgb: Rgb) -> tuple[float, float, float]:
    """Convert sRGB to CIE L*a*b* under D65."""
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    x = _curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = _curve(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _curve(share: float) -> float:
    return float(share ** (1 / 3)) if share > 0.008856 else 7.787 * share + 16 / 116


@cache
def load_grammar(path: Path = PATH) -> Grammar:
    """Read the grammar file."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Grammar(
        shapes=MappingProxyType({name: tuple(synonyms) for name, synonyms in raw["shapes"].items()}),
        colours=MappingProxyType({name: _colour(entry) for name, entry in raw["colours"].items()}),
        backgrounds=MappingProxyType({name: _colour(entry) for name, entry in raw["backgrounds"].items()}),
        sizes=MappingProxyType(
            {name: Size(entry["radius"], tuple(entry["synonyms"])) for name, entry in raw["sizes"].items()}
        ),
        cells=MappingProxyType(
            {name: Cell(tuple(entry["at"]), tuple(entry["phrases"])) for name, entry in raw["cells"].items()}
        ),
        relations=MappingProxyType(
            {name: Relation(entry["converse"], tuple(entry["phrases"])) for name, entry in raw["relations"].items()}
        ),
        counts=MappingProxyType({int(number): tuple(words) for number, words in raw["counts"].items()}),
        containers=tuple(raw["containers"]),
        background_phrases=tuple(raw["background_phrases"]),
        openings=tuple(raw["openings"]),
        fillers=frozenset(raw["fillers"]),
    )


def _colour(entry: dict[str, list[int] | list[str]]) -> Colour:
    red, green, blue = (int(channel) for channel in entry["rgb"])
    return Colour((red, green, blue), tuple(str(word) for word in entry["synonyms"]))
