"""Making any picture fit to be looked at: checked before it is decoded, small, flat and without metadata."""

import asyncio
import base64
import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image as Pillow
from PIL import ImageOps

from promptlift.contracts import Image
from services.errors import Invalid

MAX_PIXELS = 16 * 1024 * 1024
"""Of a picture as it is sent; decoded, each takes up to four bytes."""
LONGEST_SIDE = 1024
"""Pixels; more costs tokens and shows a multimodal model nothing new."""
QUALITY = 92
FORMATS = ("PNG", "JPEG", "WEBP")

_threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="pictures")
"""No more than there are cores: each further thread only makes the event loop wait longer for its turn."""


@dataclass(frozen=True)
class Prepared:
    """A picture as it is looked at.

    Attributes:
        pixels: RGB, transparent parts on white, at most 1024 pixels a side.
        url: the same as the data URL of a JPEG of quality 92.
    """

    pixels: Pillow.Image
    url: str


async def digest(image: Image) -> str:
    """Name a picture by the SHA-256 of its encoded bytes, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _digest, image.data)


async def prepare(image: Image, field: str) -> Prepared:
    """Make a picture fit to be looked at, off the event loop; `field` names it in the request.

    SDXL tools write the prompt into a PNG's metadata; a judge must not read it there, so only pixels are kept.

    Raises:
        Invalid: it can't be decoded, is animated, or has too many pixels.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, _prepared, image.data)
    except Invalid as error:
        raise Invalid(f"{field}: {error.message}") from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _prepared(data: bytes) -> Prepared:
    pixels = _flat(_decoded(data))
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    pixels.save(buffer, format="JPEG", quality=QUALITY, subsampling=0)
    return Prepared(pixels, "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii"))


def _decoded(data: bytes) -> Pillow.Image:
    try:
        picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
        _check(picture)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded small at once
        picture.load()
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise Invalid(f"can't be decoded ({error}); send a whole PNG, JPEG or WebP") from error
    return ImageOps.exif_transpose(picture)


def _check(picture: Pillow.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Invalid(f"has {width}x{height} pixels; send at most {MAX_PIXELS} of them")
    if getattr(picture, "n_frames", 1) > 1:
        raise Invalid("is animated; send one frame")


def _flat(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip instead of scale
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    paper = Pillow.new("RGBA", layers.size, "white")
    return Pillow.alpha_composite(paper, layers).convert("RGB")
