"""From pixels to an encoded picture; slow enough to be kept off the event loop."""

import io
from typing import Any

from PIL import Image as Pillow

from promptlift.contracts import Format, Image
from services.generator.decoding import Pixels

OPTIONS: dict[Format, dict[str, Any]] = {
    "png": {"compress_level": 1},
    "jpeg": {"quality": 95, "subsampling": 0},
    "webp": {"quality": 95},
}
"""Fast settings: a PNG at Pillow's own level takes twice as long and saves a tenth."""


def encoded(pixels: Pixels, format: Format) -> Image:
    """Encode a picture."""
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, format=format, **OPTIONS[format])
    return Image.of(buffer.getvalue())
