"""Pictures made small enough to stand inside the report's page; needs Pillow."""

import base64
import io
from pathlib import Path

from PIL import Image as Pillow

SIDE = 384
"""Pixels of the longer side at most."""
QUALITY = 82


def data_url(file: Path) -> str:
    """Read a picture and give it as a data URL of a small WebP.

    Raises:
        OSError: it is not there, or is no picture.
    """
    with Pillow.open(file) as picture:
        small = picture.convert("RGB")
        small.thumbnail((SIDE, SIDE), Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, format="WEBP", quality=QUALITY, method=4)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
