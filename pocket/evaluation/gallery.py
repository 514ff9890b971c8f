"""Lays out painted prompts as one sheet, each over its words and what the eyes say of it."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pocket.answers import answer
from pocket.evaluation.exam import Sheet
from pocket.facts import facts

COLUMNS = 6
SCALE = 2
"""Pixels on the sheet for each pixel of a picture, along one side."""
TEXT_HEIGHT = 104
GAP = 14
INK, GOOD, BAD = (30, 30, 30), (30, 125, 60), (190, 50, 40)


def gallery(sheets: Sequence[Sheet], pictures: Sequence[Image.Image], path: Path) -> None:
    """Write a sheet with each picture over its prompt and the number of facts that the eyes confirm."""
    side = pictures[0].width * SCALE
    wide, high = side + GAP, side + TEXT_HEIGHT + GAP
    rows = -(-len(pictures) // COLUMNS)
    canvas = Image.new("RGB", (COLUMNS * wide + GAP, rows * high + GAP), (252, 252, 252))
    for place, (sheet, picture) in enumerate(zip(sheets, pictures, strict=True)):
        corner = GAP + place % COLUMNS * wide, GAP + place // COLUMNS * high
        enlarged = picture.resize((side, side), Image.Resampling.BICUBIC)
        canvas.paste(enlarged, corner)
        _caption(ImageDraw.Draw(canvas), sheet, (corner[0], corner[1] + side + 5))
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas.save(path, optimize=True)


def _caption(brush: ImageDraw.ImageDraw, sheet: Sheet, corner: tuple[int, int]) -> None:
    asked = facts(sheet.question.statement)
    confirmed = sum(answer(sheet.seen[0], fact).holds for fact in asked)
    lines = textwrap.wrap(sheet.question.prompt, 40)[:6]
    brush.multiline_text(corner, "\n".join(lines), INK, _font(12), spacing=2)
    verdict = f"eyes: {confirmed} of {len(asked)} facts"
    below = corner[0], corner[1] + 15 * len(lines) + 1
    brush.text(below, verdict, GOOD if confirmed == len(asked) else BAD, _font(12))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
