"""Making any picture fit to be shown to a model: checked before it is decoded, small, flat and without metadata."""

import base64
import io
import warnings

from PIL import Image as Pillow

from promptlift.contracts import Image
from services.errors import Invalid

MAX_PIXELS = 2048 * 2048 * 4
LONGEST_SIDE = 1024
"""Pixels; more costs tokens and shows a multimodal model nothing new."""
QUALITY = 92
FORMATS = ("PNG", "JPEG", "WEBP")


def shown(image: Image) -> str:
    """Make the data URL of a picture: JPEG, RGB on white, at most 1024 pixels a side, metadata stripped.

    SDXL tools write the prompt into a PNG's metadata; a judge must not read it there.

    Raises:
        Invalid: it can't be decoded, is animated, or has too many pixels.
    """
    flat = _flat(_decoded(image.data))
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    flat.save(buffer, format="JPEG", quality=QUALITY, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _decoded(data: bytes) -> Pillow.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)  # our own limit is lower
            picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
            _check(picture)
            picture.load()
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise Invalid(f"image: can't be decoded ({error}); send a whole PNG, JPEG or WebP") from error
    return picture


def _check(picture: Pillow.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Invalid(f"image: has {width}x{height} pixels; send at most {MAX_PIXELS} of them")
    if getattr(picture, "n_frames", 1) > 1:
        raise Invalid("image: is animated; send one frame")


def _flat(picture: Pillow.Image) -> Pillow.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    paper = Pillow.new("RGBA", layers.size, "white")
    return Pillow.alpha_composite(paper, layers).convert("RGB")
