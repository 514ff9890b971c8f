"""An SDXL model as a row-wise engine: what turns an order into an easel, advances easels, and decodes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from services.errors import Invalid
from services.generator.calls import Calls, Strictness
from services.generator.chunking import Chunks
from services.generator.decoding import Decoder, Pixels
from services.generator.denoising import TIMESTEP, Condition, Denoiser, Easel, Lane, Stage
from services.generator.memory import in_memory
from services.generator.order import Order
from services.generator.solvers import Table, tabulate
from services.generator.text import TextEncoder

AESTHETIC_SCORE, NEGATIVE_AESTHETIC_SCORE = 6.0, 2.5
"""What SDXL's refiner is told, as in diffusers."""


@dataclass(frozen=True)
class Plan:
    """What is known of an order before anything is computed for it.

    Attributes:
        lane: what it must share with the pictures of one U-Net call.
        chunks: the prompt as it will be encoded.
    """

    lane: Lane
    chunks: Chunks


@dataclass(frozen=True)
class Refiner:
    """A second U-Net that does the last steps, as SDXL's refiner does.

    Attributes:
        pipeline: a `StableDiffusionXLImg2ImgPipeline`.
        start: share of the noise schedule after which it takes over, in (0, 1).
    """

    pipeline: Any
    start: float


class Studio:
    """A loaded model. All of it runs on one thread, the engine's.

    `sizes` are the rows that U-Net calls may have, of which `strict` uses those that give the same bits; without them
    each call has as many rows as there are.
    """

    def __init__(
        self,
        pipeline: Any,
        *,
        device: torch.device,
        dtype: torch.dtype,
        max_chunks: int,
        sizes: Sequence[int] = (),
        strict: Strictness | None = None,
        refiner: Refiner | None = None,
    ) -> None:
        self.side: int = pipeline.default_sample_size * pipeline.vae_scale_factor
        self.device = device
        self._dtype = dtype
        self._shrink: int = pipeline.vae_scale_factor
        self._channels: int = pipeline.unet.config.in_channels
        self._max_chunks = max_chunks
        self._refiner = refiner
        pipelines = [pipeline, refiner.pipeline] if refiner else [pipeline]
        self._texts = [TextEncoder(each, device, dtype) for each in pipelines]
        unets = [each.unet for each in pipelines]
        self._calls = Calls(unets, device, dtype, sizes, strict)
        self._denoiser = Denoiser(unets, device, dtype, self._calls.of)
        self._decoder = Decoder(pipeline.vae, device)
        self._scheduler = pipeline.scheduler
        self._table = lru_cache(maxsize=256)(self._tabulate)

    def warm_up(self, rows: int) -> int:
        """Do once what every picture of the model's own size will need; give the rows that a call can have.

        Raises:
            RuntimeError: there is too little memory for a single picture.
        """
        side = self.side // self._shrink
        try:
            held = [
                self._calls.warm_up(Lane(side, side, text.window, number), rows)
                for number, text in enumerate(self._texts)
            ]
            with in_memory(self.device):
                self._decoder.decode(torch.zeros(self._channels, side, side, device=self.device))
        except MemoryError as error:
            advice = "set GENERATOR_CPU_OFFLOAD=true, a smaller GENERATOR_VAE, or take a larger GPU"
            raise RuntimeError(f"a picture of {self.side}x{self.side} does not fit into memory: {advice}") from error
        return min(held)

    def plan(self, order: Order) -> Plan:
        """Say which U-Net calls an order can share.

        Raises:
            Invalid: the model's sampler can't take so many steps.
        """
        self._table(order.steps)
        at_most = 1 if order.truncate else self._max_chunks
        prompt = self._texts[0].split(order.prompt, at_most)
        negative = self._texts[0].split(order.negative_prompt, at_most) if order.guided else prompt
        chunks = max(len(prompt.texts), len(negative.texts))
        height, width = order.height // self._shrink, order.width // self._shrink
        return Plan(Lane(height, width, chunks * self._texts[0].window), prompt)

    def easel(self, order: Order, plan: Plan) -> Easel:
        """Encode an order's texts and draw its noise, as `StableDiffusionXLPipeline` would for it alone."""
        table = self._table(order.steps)
        generator = torch.Generator("cpu").manual_seed(order.seed)
        shape = (1, self._channels, plan.lane.height, plan.lane.width)
        noise = torch.randn(shape, generator=generator, dtype=self._dtype)[0]
        return Easel(
            table=table,
            stages=self._stages(order, plan, table),
            guidance=order.guidance,
            generator=generator,
            latents=noise.to(self.device, torch.float32) * table.start,
        )

    def step(self, easels: Sequence[Easel]) -> None:
        """Advance easels of one lane by one step each.

        Raises:
            MemoryError: the device has too little.
        """
        with in_memory(self.device):
            self._denoiser.step(easels)

    def decode(self, easel: Easel) -> Pixels:
        """Turn a finished easel into pixels.

        Raises:
            MemoryError: the device has too little.
        """
        with in_memory(self.device):
            self._denoiser.release(easel)
            return self._decoder.decode(easel.latents)

    def drop(self, easel: Easel) -> None:
        """Forget an easel that will not be finished."""
        self._denoiser.release(easel)

    def _stages(self, order: Order, plan: Plan, table: Table) -> tuple[Stage, ...]:
        size = (float(order.height), float(order.width))
        base = (*size, 0.0, 0.0, *size)
        if self._refiner is None:
            return (self._stage(0, table.length, order, plan, base, base),)
        trained = self._scheduler.config.num_train_timesteps
        cutoff = round(trained - self._refiner.start * trained)
        handed_over = int((table.steps[:, TIMESTEP] >= cutoff).sum())
        aesthetic = (*size, 0.0, 0.0, AESTHETIC_SCORE)
        plain = (*size, 0.0, 0.0, NEGATIVE_AESTHETIC_SCORE)
        return (
            self._stage(0, handed_over, order, plan, base, base),
            self._stage(1, table.length, order, plan, aesthetic, plain),
        )

    def _stage(
        self, unet: int, until: int, order: Order, plan: Plan, micro: tuple[float, ...], away: tuple[float, ...]
    ) -> Stage:
        text = self._texts[unet]
        positive, negative = text.encode(plan.chunks, order.negative_prompt, plan.lane.tokens // text.window)
        return Stage(
            unet=unet,
            until=until,
            positive=Condition(positive, micro),
            negative=Condition(negative, away) if order.guided else None,
        )

    def _tabulate(self, steps: int) -> Table:
        try:
            return tabulate(self._scheduler, steps)
        except ValueError as error:
            raise Invalid(f"steps: {steps} is not possible with this model's sampler: {error}") from error
