"""Labelled pictures for checking a judge, and what is made of them to fool it; needs Pillow."""

import io
import json
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont, ImageOps

from promptlift.contracts import Image

MANIFEST = "pictures.json"
SIDE = 512
"""Pixels of what is drawn here."""
SMOOTHING = 2
"""Times larger that shapes are drawn, for smooth edges."""
COLOURS = {
    "red": "#d62828",
    "orange": "#f77f00",
    "yellow": "#fad21e",
    "green": "#2da046",
    "blue": "#285ad2",
    "purple": "#7d32aa",
    "pink": "#f582b4",
    "black": "#141414",
    "white": "#fafafa",
}


@dataclass(frozen=True)
class Labelled:
    """A picture that shows what a prompt says."""

    prompt: str
    image: Image


def read(folder: Path) -> list[Labelled]:
    """Read the pictures that a folder's `pictures.json` lists as `[{"file": "…", "prompt": "…"}, …]`.

    Raises:
        OSError: the list or a picture can't be read.
        ValueError: the list is none, or a file is no picture.
    """
    entries = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    try:
        return [Labelled(entry["prompt"], Image.read(folder / entry["file"])) for entry in entries]
    except (KeyError, TypeError) as error:
        raise ValueError(f'{folder / MANIFEST} must be a list of {{"file": …, "prompt": …}}; {error!r}') from error


def drawn() -> list[Labelled]:
    """Draw the scenes of coloured shapes that the package ships."""
    scenes = json.loads((files("promptlift.cli") / "scenes.json").read_text(encoding="utf-8"))
    return [Labelled(scene["prompt"], _encoded(_draw(scene))) for scene in scenes]


def blank() -> Image:
    """Make a white picture."""
    return _encoded(Pillow.new("RGB", (SIDE, SIDE), "white"))


def written(text: str) -> Image:
    """Make a picture that shows nothing but a text."""
    picture = Pillow.new("RGB", (SIDE, SIDE), "white")
    lines = "\n".join(textwrap.wrap(text, 18))
    centre = (SIDE / 2, SIDE / 2)
    font = ImageFont.load_default(48)
    ImageDraw.Draw(picture).multiline_text(centre, lines, fill="black", anchor="mm", align="center", font=font)
    return _encoded(picture)


def mirrored(image: Image) -> Image:
    """Swap left and right."""
    return _encoded(ImageOps.mirror(Pillow.open(io.BytesIO(image.data)).convert("RGB")))


def _encoded(picture: Pillow.Image) -> Image:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return Image.of(buffer.getvalue())


def _draw(scene: dict[str, Any]) -> Pillow.Image:
    side = SIDE * SMOOTHING
    picture = Pillow.new("RGB", (side, side), COLOURS[scene["background"]])
    pen = ImageDraw.Draw(picture)
    radius = side * (0.16 if len(scene["shapes"]) < 4 else 0.11)
    for shape in scene["shapes"]:
        _outline(pen, shape["shape"], shape["x"] * side, shape["y"] * side, radius, COLOURS[shape["colour"]])
    return picture.resize((SIDE, SIDE), Pillow.Resampling.LANCZOS)


def _outline(pen: ImageDraw.ImageDraw, shape: str, x: float, y: float, radius: float, colour: str) -> None:
    match shape:
        case "circle":
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        case "square":
            pen.rectangle((x - 0.9 * radius, y - 0.9 * radius, x + 0.9 * radius, y + 0.9 * radius), fill=colour)
        case "triangle":
            pen.polygon(_corners(x, y, [1.15 * radius] * 3), fill=colour)
        case "star":
            pen.polygon(_corners(x, y, [1.2 * radius, 0.5 * radius] * 5), fill=colour)


def _corners(x: float, y: float, radii: Sequence[float]) -> list[tuple[float, float]]:
    """Place corners around a centre, the first on top."""
    angles = [2 * math.pi * place / len(radii) - math.pi / 2 for place in range(len(radii))]
    return [(x + r * math.cos(angle), y + r * math.sin(angle)) for r, angle in zip(radii, angles, strict=True)]
