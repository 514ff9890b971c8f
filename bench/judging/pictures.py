"""Pictures as large as SDXL's: 1024 x 1024 pixels with the grain of a photograph, about 1.5 MB as PNG."""

import io
from functools import cache

from PIL import Image as Pillow

SIDE = 1024
GRAIN = 5
"""Standard deviation of the noise, of 255; it sets how large the PNG is."""
SOFT = 48
"""Pixels a side of the noise that is stretched into large soft shapes."""
DIFFERENT = 6


@cache
def made() -> tuple[bytes, ...]:
    """Make some different pictures, encoded as PNG."""
    return tuple(_picture() for _ in range(DIFFERENT))


def _picture() -> bytes:
    channels = []
    for _ in range(3):
        shapes = Pillow.effect_noise((SOFT, SOFT), 200).resize((SIDE, SIDE), Pillow.Resampling.BICUBIC)
        channels.append(Pillow.blend(shapes, Pillow.effect_noise((SIDE, SIDE), GRAIN), 0.3))
    buffer = io.BytesIO()
    Pillow.merge("RGB", channels).save(buffer, format="PNG")
    return buffer.getvalue()
