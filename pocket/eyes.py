"""The eyes: look at any picture and report what of the shapes world is in it."""

import json
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image
from safetensors.numpy import load_file

from pocket.grammar import SIDE, load_grammar
from pocket.retina import GRID, Array, Classes, Maps, Retina
from pocket.sight import OTHER, Odds, SeenScene, SeenThing

FAINT = 0.15
"""Least confidence of a thing that is reported at all."""
SAME = 0.07
"""Things closer than this with one shape and colour are one thing seen at two sizes; share of the side."""
MOST = 12
"""Most things reported."""
AT_ONCE = 8
"""Pictures that go through the network together; more only take memory."""


def shape_names() -> list[str]:
    """List what a shape can be called, in the order of the network's classes."""
    return [*load_grammar().shapes, OTHER]


def world_classes() -> Classes:
    """Count the grammar's classes."""
    grammar = load_grammar()
    return Classes(len(grammar.sizes), len(shape_names()), len(grammar.colours), len(grammar.backgrounds))


class Eyes:
    """A trained network and how to read its maps; safe to share between threads."""

    def __init__(self, retina: Retina) -> None:
        """Take a trained network."""
        self._retina = retina

    @classmethod
    def load(cls, folder: Path | str) -> "Eyes":
        """Load from a folder with config.json and model.safetensors."""
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return cls(Retina(load_file(folder / "model.safetensors"), Classes(**config["classes"])))

    def look(self, picture: Image.Image) -> SeenScene:
        """Look at a picture of any size and mode."""
        return self.look_at([picture])[0]

    def look_at(self, pictures: list[Image.Image]) -> list[SeenScene]:
        """Look at several pictures."""
        seen: list[SeenScene] = []
        for start in range(0, len(pictures), AT_ONCE):
            batch = np.stack([_signed(picture) for picture in pictures[start : start + AT_ONCE]])
            maps = self._retina(batch)
            seen += [_read(maps, index) for index in range(len(batch))]
        return seen


def _signed(picture: Image.Image) -> Array:
    """Bring a picture to (3, 128, 128) in [-1, 1]; see-through parts become white."""
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    picture = picture.convert("RGB")
    if picture.size != (SIDE, SIDE):
        picture = picture.resize(
            (SIDE, SIDE), Image.Resampling.BOX if min(picture.size) > SIDE else Image.Resampling.BICUBIC
        )
    return np.asarray(picture, np.float32).transpose(2, 0, 1) / np.float32(127.5) - 1


def _read(maps: Maps[Array], index: int) -> SeenScene:
    grammar = load_grammar()
    backgrounds = _odds(maps.backgrounds[index], list(grammar.backgrounds))
    heat = 1 / (1 + np.exp(-maps.things[index]))
    peaks = (_highest_around(heat) == heat) & (heat >= FAINT)
    places = sorted((tuple(map(int, place)) for place in np.argwhere(peaks)), key=lambda place: -float(heat[place]))
    things: list[SeenThing] = []
    for size, down, across in places[: 2 * MOST]:
        thing = _thing(maps, index, heat, (size, down, across))
        if not any(_same(thing, other) for other in things):
            things.append(thing)
    return SeenScene(tuple(things[:MOST]), max(backgrounds, key=backgrounds.__getitem__), backgrounds)


def _highest_around(heat: Array) -> Array:
    """Give for each cell the highest value among it and its eight neighbours; heat is (sizes, 32, 32)."""
    padded = np.pad(heat, ((0, 0), (1, 1), (1, 1)))
    highest: Array = sliding_window_view(padded, (3, 3), axis=(1, 2)).max((3, 4))
    return highest


def _thing(maps: Maps[Array], index: int, heat: Array, place: tuple[int, int, int]) -> SeenThing:
    grammar = load_grammar()
    size, down, across = place
    shift = maps.offsets[index, size, :, down, across].tolist()
    shapes = _odds(maps.shapes[index, size, :, down, across], shape_names())
    colours = _odds(maps.colours[index, size, :, down, across], list(grammar.colours))
    seen = _seen_at_sizes(maps, index, heat, place)
    sizes = dict(zip(grammar.sizes, (seen / seen.sum()).tolist(), strict=True))
    return SeenThing(
        shape=max(shapes, key=shapes.__getitem__),
        colour=max(colours, key=colours.__getitem__),
        size=list(grammar.sizes)[size],
        x=(across + 0.5 + shift[0]) / GRID,
        y=(down + 0.5 + shift[1]) / GRID,
        confidence=min(1.0, float(seen.sum())),  # the sizes are alternatives: what lies between two is half of each
        shapes=shapes,
        colours=colours,
        sizes=sizes,
    )


def _seen_at_sizes(maps: Maps[Array], index: int, heat: Array, place: tuple[int, int, int]) -> Array:
    """Compare how strongly each size's map sees this very thing, not another one around or inside it."""
    size, down, across = place
    shapes = _softmax(maps.shapes[index, :, :, down, across])
    colours = _softmax(maps.colours[index, :, :, down, across])
    alike = (shapes @ shapes[size]) * (colours @ colours[size])
    alike[size] = 1.0
    seen: Array = _highest_around(heat)[:, down, across] * alike
    return seen


def _softmax(scores: Array) -> Array:
    """Turn scores (…, classes) into odds."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    odds: Array = powers / powers.sum(-1, keepdims=True)
    return odds


def _odds(scores: Array, names: list[str]) -> Odds:
    return dict(zip(names, _softmax(scores).tolist(), strict=True))


def _same(thing: SeenThing, other: SeenThing) -> bool:
    near = max(abs(thing.x - other.x), abs(thing.y - other.y)) < SAME
    return near and thing.shape == other.shape and thing.colour == other.colour
