"""What the generator is asked and what it answers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from promptlift.contracts.fields import (
    Contract,
    Format,
    Guidance,
    PlainText,
    Problem,
    Prompt,
    Request,
    Seconds,
    Seed,
    Side,
    Steps,
)
from promptlift.contracts.image import Image

MAX_BATCH = 32
"""Requests in one call of `/generate`."""


class GenerateRequest(Request):
    """Ask for one picture."""

    prompt: Prompt
    negative_prompt: PlainText = ""
    width: Side | None = None
    """Absent: the model's own size (1024 for SDXL)."""
    height: Side | None = None
    """Absent: the model's own size (1024 for SDXL)."""
    steps: Steps | None = None
    """Denoising steps. Absent: the generator's setting."""
    guidance: Guidance | None = None
    """Classifier-free guidance scale; at 1 or below there is none, nor a negative prompt. Absent: the setting."""
    seed: Seed | None = None
    """Seed of the starting noise. Absent: drawn, and told in the answer."""
    format: Format = "png"
    """How the picture is encoded."""
    truncate: bool = False
    """Whether a prompt beyond the text encoders' window (75 tokens for SDXL) is cut, instead of encoded in chunks."""


GenerateBatch = Annotated[list[GenerateRequest], Field(min_length=1, max_length=MAX_BATCH)]


class TokenUse(Contract):
    """How much of a prompt the text encoders were given."""

    used: int
    cut: int
    """Tokens that found no place and were not painted."""
    chunks: int
    """Windows of the text encoders that the prompt took."""


class GeneratedImage(Contract):
    """One picture, and everything that is needed to paint it again."""

    image: Image
    prompt: str
    negative_prompt: str
    width: int
    height: int
    steps: int
    guidance: float
    seed: Seed
    model: str
    tokens: TokenUse
    batch_size: float
    """Pictures that shared its U-Net calls, itself included, on average over its steps."""
    queue_seconds: Seconds
    """From its arrival to its first step."""
    compute_seconds: Seconds
    """From its first step to its pixels, company included."""
    warnings: tuple[str, ...] = ()


class GenerateResult(Contract):
    """One item's outcome in a batch: a picture or an error, so that no item harms another."""

    picture: GeneratedImage | None = None
    error: Problem | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.picture is None) == (self.error is None):
            raise ValueError("holds a picture or an error, never both or neither")
        return self
