"""Draws a scene as a picture, smooth at the edges and the same on every machine."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from pocket.grammar import SIDE, Rgb, load_grammar
from pocket.world import Scene

OVERSAMPLING = 4
"""Pixels drawn for each pixel kept, along one side."""

Points = list[tuple[float, float]]
"""Corners as shares of the radius, x to the right and y down; every shape fills the square from -1 to 1."""

Outline = list[tuple[Points, int]]
"""Polygons drawn one over the other, with 255 for the thing and 0 for a hole in it."""


@dataclass(frozen=True)
class Mark:
    """One thing as ink: an outline in a colour; centre and radius as shares of the picture's side."""

    outline: Outline
    rgb: Rgb
    x: float
    y: float
    radius: float


def draw(scene: Scene) -> Image.Image:
    """Draw a scene as an RGB picture of 128 x 128 pixels."""
    grammar = load_grammar()
    marks = [
        Mark(OUTLINES[thing.shape](), grammar.colours[thing.colour].rgb, thing.x, thing.y, thing.radius)
        for thing in scene.things
    ]
    return draw_marks(grammar.backgrounds[scene.background].rgb, marks)


def draw_marks(background: Rgb, marks: Iterable[Mark]) -> Image.Image:
    """Draw marks, the large ones first, so that what is inside them stays in sight."""
    side = SIDE * OVERSAMPLING
    canvas = Image.new("RGB", (side, side), background)
    for mark in sorted(marks, key=lambda mark: -mark.radius):
        canvas.paste(mark.rgb, (0, 0), _stencil(mark, side))
    return canvas.resize((SIDE, SIDE), Image.Resampling.BOX)


def _stencil(mark: Mark, side: int) -> Image.Image:
    """Cut a mark out of a sheet: 255 where it is, 0 elsewhere."""
    sheet = Image.new("L", (side, side), 0)
    brush = ImageDraw.Draw(sheet)
    for points, ink in mark.outline:
        brush.polygon([((mark.x + x * mark.radius) * side, (mark.y + y * mark.radius) * side) for x, y in points], ink)
    return sheet


def _arc(radius: float = 1.0, x: float = 0.0, y: float = 0.0, corners: int = 96) -> Points:
    turns = [2 * math.pi * corner / corners for corner in range(corners)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


def _star() -> Points:
    points = []
    for corner in range(10):
        radius = 1.08 if corner % 2 == 0 else 0.46
        turn = -math.pi / 2 + math.pi * corner / 5
        points.append((radius * math.cos(turn), radius * math.sin(turn) + 0.08))
    return points


def _heart() -> Points:
    points = []
    for corner in range(80):
        turn = 2 * math.pi * corner / 80
        height = 13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn) - math.cos(4 * turn)
        points.append((math.sin(turn) ** 3, -(height + 2.5) / 15))
    return points


def _cross() -> Points:
    arm = 0.34
    return [
        (-arm, -1), (arm, -1), (arm, -arm), (1, -arm), (1, arm), (arm, arm),
        (arm, 1), (-arm, 1), (-arm, arm), (-1, arm), (-1, -arm), (-arm, -arm),
    ]  # fmt: skip


OUTLINES: dict[str, Callable[[], Outline]] = {
    "circle": lambda: [(_arc(), 255)],
    "square": lambda: [([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)], 255)],
    "triangle": lambda: [([(0, -0.95), (1, 0.85), (-1, 0.85)], 255)],
    "star": lambda: [(_star(), 255)],
    "heart": lambda: [(_heart(), 255)],
    "diamond": lambda: [([(0, -1), (0.78, 0), (0, 1), (-0.78, 0)], 255)],
    "ring": lambda: [(_arc(), 255), (_arc(0.58), 0)],
    "cross": lambda: [(_cross(), 255)],
    "crescent": lambda: [(_arc(), 255), (_arc(0.9, 0.5, -0.12), 0)],
    "arrow": lambda: [([(-1, -0.3), (0.05, -0.3), (0.05, -0.85), (1, 0), (0.05, 0.85), (0.05, 0.3), (-1, 0.3)], 255)],
}
