"""Painting with a diffusers pipeline: many requests at once, each with its own seed, size, steps and guidance."""

import io
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from promptlift.contracts import MAX_SEED, Format, GeneratedImage, GenerateRequest, GenerateResult, Image, Problem
from services.generator.batching import grouped

log = logging.getLogger("promptlift.generator")
ENCODING: dict[Format, dict[str, Any]] = {
    "png": {"compress_level": 1},
    "jpeg": {"quality": 95, "subsampling": 0},
    "webp": {"quality": 95},
}
"""Fast settings: PNG at Pillow's own level takes twice as long for a tenth less."""


@dataclass(frozen=True)
class Order:
    """A request with every choice made.

    Attributes:
        index: its place in the batch.
        request: what was asked.
        width, height: pixels.
        seed: of the starting noise, drawn on the CPU so that every device starts from the same.
    """

    index: int
    request: GenerateRequest
    width: int
    height: int
    steps: int
    guidance: float
    seed: int


@dataclass(frozen=True)
class Painter:
    """A loaded pipeline and the choices for requests that leave them open.

    Attributes:
        pipeline: a `StableDiffusionXLPipeline`.
        name: the model's name, for answers.
        side: pixels of the model's own square size.
        warnings: what every answer must say of this model.
    """

    pipeline: Any
    name: str
    side: int
    steps: int
    guidance: float
    warnings: tuple[str, ...] = ()

    def paint(self, requests: Sequence[GenerateRequest]) -> list[GenerateResult]:
        """Paint each request; the results keep the order, and one that fails harms no other group."""
        results: dict[int, GenerateResult] = {}
        orders = [self._order(index, request) for index, request in enumerate(requests)]
        for group in grouped(orders, lambda order: (order.width, order.height, order.steps, order.guidance)):
            for order, result in zip(group, self._paint_group(group), strict=True):
                results[order.index] = result
        return [results[index] for index in range(len(requests))]

    def _order(self, index: int, request: GenerateRequest) -> Order:
        return Order(
            index=index,
            request=request,
            width=request.width or self.side,
            height=request.height or self.side,
            steps=request.steps or self.steps,
            guidance=self.guidance if request.guidance is None else request.guidance,
            seed=secrets.randbelow(MAX_SEED + 1) if request.seed is None else request.seed,
        )

    def _paint_group(self, group: list[Order]) -> list[GenerateResult]:
        started = time.monotonic()
        try:
            pictures = self._run(group)
        except RuntimeError as error:  # torch's root: out of memory, an unsupported size, a lost device
            log.exception("a batch of %d at %dx%d failed", len(group), group[0].width, group[0].height)
            problem = Problem(code="failed", message=f"the model failed: {str(error).splitlines()[0]}")
            return [GenerateResult(error=problem)] * len(group)
        return [
            self._result(order, picture, len(group), started) for order, picture in zip(group, pictures, strict=True)
        ]

    def _run(self, group: list[Order]) -> list[Any]:
        first = group[0]
        output = self.pipeline(
            prompt=[order.request.prompt for order in group],
            negative_prompt=[order.request.negative_prompt for order in group],
            generator=[torch.Generator("cpu").manual_seed(order.seed) for order in group],
            width=first.width,
            height=first.height,
            num_inference_steps=first.steps,
            guidance_scale=first.guidance,
        )
        pictures: list[Any] = output.images
        return pictures

    def _result(self, order: Order, picture: Any, batch_size: int, started: float) -> GenerateResult:
        buffer = io.BytesIO()
        picture.save(buffer, format=order.request.format, **ENCODING[order.request.format])
        generated = GeneratedImage(
            image=Image.of(buffer.getvalue()),
            prompt=order.request.prompt,
            negative_prompt=order.request.negative_prompt,
            width=order.width,
            height=order.height,
            steps=order.steps,
            guidance=order.guidance,
            seed=order.seed,
            model=self.name,
            batch_size=batch_size,
            seconds=time.monotonic() - started,
            warnings=self.warnings,
        )
        return GenerateResult(picture=generated)
