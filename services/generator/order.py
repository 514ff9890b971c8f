"""A request with every choice made, so that nothing after it depends on settings or chance."""

import secrets
from dataclasses import dataclass

from promptlift.contracts import MAX_SEED, Format, GenerateRequest


@dataclass(frozen=True)
class Defaults:
    """What requests leave open.

    Attributes:
        side: pixels of the model's own square size.
        steps: denoising steps.
        guidance: scale of classifier-free guidance.
    """

    side: int
    steps: int
    guidance: float


@dataclass(frozen=True)
class Order:
    """One picture to paint.

    Attributes:
        width, height: pixels.
        guidance: classifier-free guidance scale; at 1 or below there is none, as in diffusers.
        seed: of the starting noise, which is drawn on the CPU, so that every device starts from the same.
        truncate: whether a prompt beyond the text encoders' window is cut instead of encoded in chunks.
    """

    prompt: str
    negative_prompt: str
    width: int
    height: int
    steps: int
    guidance: float
    seed: int
    format: Format
    truncate: bool = False

    @property
    def guided(self) -> bool:
        """Whether it has an unconditional twin to be guided away from."""
        return self.guidance > 1

    @property
    def rows(self) -> int:
        """Rows that it takes of a U-Net call."""
        return 2 if self.guided else 1

    @property
    def work(self) -> float:
        """Its size: steps times rows times megapixels."""
        return self.steps * self.rows * self.width * self.height / 1e6


def order_of(request: GenerateRequest, defaults: Defaults) -> Order:
    """Make every choice that a request leaves open; a seed is drawn."""
    return Order(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        width=request.width or defaults.side,
        height=request.height or defaults.side,
        steps=request.steps or defaults.steps,
        guidance=defaults.guidance if request.guidance is None else request.guidance,
        seed=secrets.randbelow(MAX_SEED + 1) if request.seed is None else request.seed,
        format=request.format,
        truncate=request.truncate,
    )
