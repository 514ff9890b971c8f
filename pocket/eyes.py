"""The eyes: look at any picture and report what of the shapes world is in it."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from pocket.grammar import SIDE, load_grammar
from pocket.retina import GRID, Classes, Maps, Retina
from pocket.sight import OTHER, Odds, SeenScene, SeenThing

FAINT = 0.15
"""Least confidence of a thing that is reported at all."""
SAME = 0.07
"""Things closer than this with one shape and colour are one thing seen at two sizes; share of the side."""
MOST = 12
"""Most things reported."""


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
        self.retina = retina.eval().requires_grad_(False)

    @classmethod
    def load(cls, folder: Path | str) -> "Eyes":
        """Load from a folder with config.json and model.safetensors."""
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        retina = Retina(Classes(**config["classes"]), config["width"])
        retina.load_state_dict(load_file(folder / "model.safetensors"))
        return cls(retina)

    def save(self, folder: Path, width: int) -> None:
        """Write config.json and model.safetensors."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {"classes": asdict(self.retina.classes), "width": width}
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        weights = {name: weight.contiguous() for name, weight in self.retina.state_dict().items()}
        save_file(weights, folder / "model.safetensors")

    def look(self, picture: Image.Image) -> SeenScene:
        """Look at a picture of any size and mode."""
        return self.look_at([picture])[0]

    def look_at(self, pictures: list[Image.Image]) -> list[SeenScene]:
        """Look at several pictures at once."""
        batch = torch.stack([_signed(picture) for picture in pictures])
        with torch.inference_mode():
            maps = self.retina(batch)
        return [_read(maps, index) for index in range(len(pictures))]


def _signed(picture: Image.Image) -> Tensor:
    """Bring a picture to (3, 128, 128) in [-1, 1]; see-through parts become white."""
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    picture = picture.convert("RGB")
    if picture.size != (SIDE, SIDE):
        picture = picture.resize(
            (SIDE, SIDE), Image.Resampling.BOX if min(picture.size) > SIDE else Image.Resampling.BICUBIC
        )
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 127.5 - 1


def _read(maps: Maps, index: int) -> SeenScene:
    grammar = load_grammar()
    backgrounds = _odds(maps.backgrounds[index], list(grammar.backgrounds))
    heat = maps.things[index].sigmoid()
    peaks = (functional.max_pool2d(heat[None], 3, 1, 1)[0] == heat) & (heat >= FAINT)
    places = sorted(peaks.nonzero().tolist(), key=lambda place: -float(heat[tuple(place)]))
    things: list[SeenThing] = []
    for size, down, across in places[: 2 * MOST]:
        thing = _thing(maps, index, heat, (size, down, across))
        if not any(_same(thing, other) for other in things):
            things.append(thing)
    return SeenScene(tuple(things[:MOST]), max(backgrounds, key=backgrounds.__getitem__), backgrounds)


def _thing(maps: Maps, index: int, heat: Tensor, place: tuple[int, int, int]) -> SeenThing:
    grammar = load_grammar()
    size, down, across = place
    shift = maps.offsets[index, size, :, down, across].tolist()
    shapes = _odds(maps.shapes[index, size, :, down, across], shape_names())
    colours = _odds(maps.colours[index, size, :, down, across], list(grammar.colours))
    sizes = dict(zip(grammar.sizes, _size_odds(maps, index, heat, place).tolist(), strict=True))
    return SeenThing(
        shape=max(shapes, key=shapes.__getitem__),
        colour=max(colours, key=colours.__getitem__),
        size=list(grammar.sizes)[size],
        x=(across + 0.5 + shift[0]) / GRID,
        y=(down + 0.5 + shift[1]) / GRID,
        confidence=float(heat[size, down, across]),
        shapes=shapes,
        colours=colours,
        sizes=sizes,
    )


def _size_odds(maps: Maps, index: int, heat: Tensor, place: tuple[int, int, int]) -> Tensor:
    """Compare how strongly each size's map sees this very thing, not another one around or inside it."""
    size, down, across = place
    shapes = maps.shapes[index, :, :, down, across].softmax(1)
    colours = maps.colours[index, :, :, down, across].softmax(1)
    alike = (shapes @ shapes[size]) * (colours @ colours[size])
    alike[size] = 1.0
    nearby = functional.max_pool2d(heat[None], 3, 1, 1)[0, :, down, across]
    return nearby * alike / (nearby * alike).sum()


def _odds(scores: Tensor, names: list[str]) -> Odds:
    return dict(zip(names, scores.softmax(0).tolist(), strict=True))


def _same(thing: SeenThing, other: SeenThing) -> bool:
    near = max(abs(thing.x - other.x), abs(thing.y - other.y)) < SAME
    return near and thing.shape == other.shape and thing.colour == other.colour
