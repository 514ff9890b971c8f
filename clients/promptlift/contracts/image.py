"""An encoded picture as it travels, and how its media type is recognised."""

import base64
import binascii
from pathlib import Path
from typing import Self

from pydantic import model_validator

from promptlift.contracts.fields import Contract, ImageBytes, MediaType

SIGNATURES: dict[MediaType, tuple[bytes, bytes]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/webp": (b"RIFF", b"WEBP"),
}
"""The first bytes of each media type, and the bytes that stand at offset 8."""


def media_type_of(data: bytes) -> MediaType:
    """Recognise PNG, JPEG or WebP by its first bytes.

    Raises:
        ValueError: the bytes are of none of the three.
    """
    for media_type, (head, at_eight) in SIGNATURES.items():
        if data.startswith(head) and data[8:].startswith(at_eight):
            return media_type
    raise ValueError("data is not a PNG, JPEG or WebP image; convert it to one of these")


class Image(Contract):
    """An encoded picture."""

    data: ImageBytes
    media_type: MediaType = "image/png"

    @model_validator(mode="after")
    def _is_what_it_says(self) -> Self:
        found = media_type_of(self.data)
        if found != self.media_type:
            raise ValueError(f"media_type says {self.media_type}, but data is {found}; say what it is")
        return self

    @property
    def suffix(self) -> str:
        """The file name's ending for this media type, such as `.png`."""
        return "." + self.media_type.removeprefix("image/")

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Take encoded bytes, whichever of the three media types they are."""
        return cls(data=data, media_type=media_type_of(data))

    @classmethod
    def of_url(cls, url: str) -> Self:
        """Take a data URL such as `data:image/png;base64,…`.

        Raises:
            ValueError: it is none, or holds no picture.
        """
        head, comma, data = url.partition(",")
        if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
            raise ValueError(f"{url[:40]!r} is no picture's data URL; it must begin like data:image/png;base64,")
        try:
            return cls.of(base64.b64decode(data, validate=True))
        except binascii.Error as error:
            raise ValueError(f"the data URL holds no whole base64: {error}") from error

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a PNG, JPEG or WebP file, whatever its name ends in."""
        return cls.of(Path(path).read_bytes())

    def save(self, path: str | Path) -> Path:
        """Write the encoded bytes to a file and return its path."""
        target = Path(path)
        target.write_bytes(self.data)
        return target
