"""The field types that the wire models share, with their bounds."""

import base64
import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

MAX_PROMPT_CHARACTERS = 2_000
MAX_IMAGE_BYTES = 16 * 1024 * 1024
MAX_SEED = 2**32 - 1

Arm = Literal["base", "upsampled"]
Format = Literal["png", "jpeg", "webp"]
"""A picture's encoding; not named `media_type`, which BentoML keeps for itself in a request's model."""
MediaType = Literal["image/png", "image/jpeg", "image/webp"]
Stage = Literal["upsample", "generate", "wait", "judge", "compare"]
"""`wait` stands within `generate`, when there is no generator yet."""
MARKER = re.compile(r"<<CUSTOM-TYPE-(START|END)-IDENTIFIER>>|\[\[ ## \w+ ## \]\]")
"""What DSPy's adapters read as their own in a text: the bounds of an image part, and a field's heading."""


def _without_controls(text: str) -> str:
    for position, character in enumerate(text):
        if unicodedata.category(character) == "Cc":
            raise ValueError(f"holds the control character U+{ord(character):04X} at position {position}; remove it")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank; say what to paint")
    return text


def without_markers(text: str) -> str:
    """Give a text back as it is.

    Raises:
        ValueError: it holds a marker by which it could pass for an image or another field of a model's input.
    """
    if found := MARKER.search(text):
        raise ValueError(f"holds {found.group()!r}, a marker that is reserved for the service; remove it")
    return text


PlainText = Annotated[str, Field(max_length=MAX_PROMPT_CHARACTERS), AfterValidator(_without_controls)]
"""Up to 2,000 characters, without control characters or lone surrogates."""
Prompt = Annotated[
    str,
    Field(min_length=1, max_length=MAX_PROMPT_CHARACTERS),
    AfterValidator(_without_controls),
    AfterValidator(_not_blank),
    AfterValidator(without_markers),
]
"""Plain text of at least one character, not all blank, without the markers of a language model's adapter."""
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Side = Annotated[int, Field(ge=64, le=2048, multiple_of=8)]
"""Pixels: a multiple of 8 from 64 to 2048."""
Steps = Annotated[int, Field(ge=1, le=150)]
Guidance = Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)]
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
ImageBytes = Annotated[
    bytes,
    Field(min_length=1, max_length=MAX_IMAGE_BYTES),
    PlainSerializer(lambda data: base64.b64encode(data).decode("ascii"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "maxLength": MAX_IMAGE_BYTES * 4 // 3 + 4}),
]
"""An encoded picture of at most 16 MiB; standard base64 in JSON (pydantic's own would be the URL-safe kind)."""


class Contract(BaseModel):
    """A frozen wire model that refuses unknown fields and lax types."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        val_json_bytes="base64",
        hide_input_in_errors=True,
    )


class Request(Contract):
    """What every request may say."""

    timeout: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] | None = None
    """Seconds the caller will wait; each service passes on what is left. Absent: the service's own limit."""


class Usage(Contract):
    """What an answer cost at the language model."""

    calls: Annotated[int, Field(ge=0)]
    input_tokens: Annotated[int, Field(ge=0)]
    output_tokens: Annotated[int, Field(ge=0)]


class Problem(Contract):
    """Why a request, or one item of a batch, has no answer."""

    code: str
    """A stable name for programs, such as `invalid`, `not_ready`, `overloaded` or `deadline_exceeded`."""
    message: str
    """What happened, with the value, and what to do."""
    request_id: str | None = None
    retry_after: Seconds | None = None
    """Seconds after which another try may succeed."""


class ErrorResponse(Contract):
    """The body of every answer whose status is 400 or above."""

    error: Problem
