"""Small pictures for tests."""

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from promptlift import Image


def encoded(picture: Pillow.Image, format: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format=format, **options)
    return buffer.getvalue()


def plain(colour: str = "red", size: tuple[int, int] = (32, 32), format: str = "PNG") -> Image:
    """Make a picture of one colour."""
    return Image.of(encoded(Pillow.new("RGB", size, colour), format))


def noisy(side: int) -> Image:
    """Make a picture that no format can make small."""
    return Image.of(encoded(Pillow.frombytes("RGB", (side, side), random.Random(0).randbytes(3 * side * side))))


def with_metadata(text: str) -> Image:
    """Make a PNG that carries a text, as SDXL tools write their prompts."""
    info = PngInfo()
    info.add_text("parameters", text)
    return Image.of(encoded(Pillow.new("RGB", (32, 32), "red"), pnginfo=info))


def animated() -> Image:
    """Make a WebP of two frames."""
    frames = [Pillow.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    return Image.of(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))


def claiming(width: int, height: int) -> Image:
    """Make a small PNG whose header claims another size."""
    small = plain().data
    header = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return Image.of(small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:])
