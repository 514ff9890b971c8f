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


GenerateBatch = Annotated[list[GenerateRequest], Field(min_length=1, max_length=MAX_BATCH)]


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
    batch_size: int
    """Pictures that were painted together with this one, itself included."""
    seconds: Seconds
    """From the start of its batch to the encoded picture."""
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
