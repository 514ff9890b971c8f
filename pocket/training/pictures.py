"""Drawn scenes as tensors, and tensors as sheets that a person can look at."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from pocket.drawing import draw
from pocket.world import Scene, scenes


def training_scenes(number: int, start: int = 0) -> list[Scene]:
    """Take the first scenes of trained combinations from a seed on."""
    return list(islice(scenes(held_out=False, start=start), number))


def to_bytes(pictures: Iterable[Image.Image]) -> Tensor:
    """Stack pictures as (batch, 3, height, width), uint8."""
    return torch.from_numpy(np.stack([np.asarray(picture) for picture in pictures])).permute(0, 3, 1, 2).contiguous()


def rendered(drawn: Sequence[Scene]) -> Tensor:
    """Draw scenes as (batch, 3, 128, 128), uint8."""
    return to_bytes(draw(scene) for scene in drawn)


def to_signed(pictures: Tensor) -> Tensor:
    """Scale uint8 to [-1, 1]."""
    return pictures.float() / 127.5 - 1


def to_pictures(signed: Tensor) -> list[Image.Image]:
    """Turn (batch, 3, height, width) in [-1, 1] into RGB pictures, rounding as diffusers does."""
    unit = (signed.detach().float().cpu() / 2 + 0.5).clamp(0, 1)
    return [Image.fromarray((one.permute(1, 2, 0).numpy() * 255).round().astype("uint8")) for one in unit]


def save_sheet(rows: Sequence[Sequence[Image.Image]], path: Path, gap: int = 4) -> None:
    """Write rows of equal pictures as one PNG."""
    width, height = rows[0][0].size
    columns = max(len(row) for row in rows)
    sheet = Image.new("RGB", (columns * (width + gap) + gap, len(rows) * (height + gap) + gap), (128, 128, 128))
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            sheet.paste(picture, (gap + across * (width + gap), gap + down * (height + gap)))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)
