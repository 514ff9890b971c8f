"""What Weave is shown of a call's inputs and outputs: plain values, and pictures as pictures.

Left to itself Weave 0.54.0 keeps base64 in full inside of every call that sees it, and of bytes their `repr`.
"""

import base64
import binascii
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image as Pillow
from pydantic import BaseModel
from weave import Content

from promptlift.contracts import Image

DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)
QUALITY = 90
MAX_PIXELS = 4096 * 4096
RECENT = 16
"""Pictures that are kept, as JPEG; used by the recorder's thread alone."""

_recent: dict[bytes, Content[Any] | str] = {}


def shown(value: Any) -> Any:
    """Give a value as it is shown in a trace."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _text(value)
        case Image():
            return picture(value.data)
        case BaseModel():
            return {name: shown(field) for name, field in vars(value).items() if field is not None}
        case Mapping():
            return {str(name): shown(item) for name, item in value.items()}
        case bytes() | bytearray():
            return f"{len(value)} bytes"
        case Sequence() | set() | frozenset():
            return [shown(item) for item in value]
    return str(value)


def picture(data: bytes) -> Content[Any] | str:
    """Give a picture as JPEG; only its size, if it is none or too large to be opened.

    The same picture is seen by several calls, one after the other; what was sent once is then only named.
    """
    digest = hashlib.sha256(data).digest()
    if digest not in _recent:
        _recent[digest] = _as_jpeg(data)
        while len(_recent) > RECENT:
            del _recent[next(iter(_recent))]
    return _recent[digest]


def _as_jpeg(data: bytes) -> Content[Any] | str:
    try:
        with Pillow.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return f"a picture of {opened.width}x{opened.height} in {len(data)} bytes"
            if opened.format == "JPEG":
                return Content.from_bytes(data, mimetype="image/jpeg")
            written = io.BytesIO()
            opened.convert("RGB").save(written, "JPEG", quality=QUALITY)
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError):
        return f"{len(data)} bytes that are no picture"
    return Content.from_bytes(written.getvalue(), mimetype="image/jpeg")


def _text(text: str) -> Any:
    found = DATA_URL.match(text)
    if found is None:
        return text
    try:
        return picture(base64.b64decode(text[found.end() :], validate=True))
    except binascii.Error:
        return f"{len(text)} characters that are no picture"
