"""An SDXL model as a row-wise engine: what turns an order into an easel, advances easels, and decodes them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from services.errors import Invalid
from services.generator.chunking import Chunks
from services.generator.decoding import Decoder, Pixels
from services.generator.denoising import Denoiser, Easel, Lane
from services.generator.invariance import agreeing_sizes, fix_heights
from services.generator.order import Order
from services.generator.solvers import Table, tabulate
from services.generator.text import TextEncoder

log = logging.getLogger("promptlift.generator")


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
class Strictness:
    """How a picture's bits are kept from depending on its company.

    Attributes:
        rows: rows of the smallest U-Net call; smaller ones are padded to it.
        largest: rows of the largest call.
        tried: whether larger calls are tried for the same bits and used where they agree; each new size of picture then
            costs some calls. Without it, every call has `rows` rows.
    """

    rows: int
    largest: int
    tried: bool


class Studio:
    """A loaded model. All of it runs on one thread, the engine's."""

    def __init__(
        self,
        pipeline: Any,
        *,
        device: torch.device,
        dtype: torch.dtype,
        max_chunks: int,
        strict: Strictness | None = None,
    ) -> None:
        self.side: int = pipeline.default_sample_size * pipeline.vae_scale_factor
        self.device = device
        self._dtype = dtype
        self._shrink: int = pipeline.vae_scale_factor
        self._channels: int = pipeline.unet.config.in_channels
        self._max_chunks = max_chunks
        self._text = TextEncoder(pipeline, device, dtype)
        self._unet = pipeline.unet
        self._strict = strict
        self._agreeing: dict[Lane, tuple[int, ...]] = {}
        self._denoiser = Denoiser(pipeline.unet, device, dtype, self._call_sizes if strict else None)
        if strict:
            fix_heights(pipeline.unet)
        self._decoder = Decoder(pipeline.vae, device)
        self._scheduler = pipeline.scheduler
        self._table = lru_cache(maxsize=256)(self._tabulate)

    def plan(self, order: Order) -> Plan:
        """Say which U-Net calls an order can share.

        Raises:
            Invalid: the model's sampler can't take so many steps.
        """
        self._table(order.steps)
        at_most = 1 if order.truncate else self._max_chunks
        prompt = self._text.split(order.prompt, at_most)
        negative = self._text.split(order.negative_prompt, at_most) if order.guided else prompt
        chunks = max(len(prompt.texts), len(negative.texts))
        height, width = order.height // self._shrink, order.width // self._shrink
        return Plan(Lane(height, width, chunks * self._text.window), prompt)

    def easel(self, order: Order, plan: Plan) -> Easel:
        """Encode an order's texts and draw its noise, as `StableDiffusionXLPipeline` would for it alone."""
        table = self._table(order.steps)
        positive, negative = self._text.encode(
            plan.chunks, order.negative_prompt, plan.lane.tokens // self._text.window
        )
        generator = torch.Generator("cpu").manual_seed(order.seed)
        shape = (1, self._channels, plan.lane.height, plan.lane.width)
        noise = torch.randn(shape, generator=generator, dtype=self._dtype)[0]
        return Easel(
            table=table,
            positive=positive,
            negative=negative if order.guided else None,
            guidance=order.guidance,
            size=(order.height, order.width),
            generator=generator,
            latents=noise.to(self.device, torch.float32) * table.start,
        )

    def step(self, easels: Sequence[Easel]) -> None:
        """Advance easels of one lane by one step each."""
        self._denoiser.step(easels)

    def decode(self, easel: Easel) -> Pixels:
        """Turn a finished easel into pixels."""
        self._denoiser.release(easel)
        return self._decoder.decode(easel.latents)

    def drop(self, easel: Easel) -> None:
        """Forget an easel that will not be finished."""
        self._denoiser.release(easel)

    def _call_sizes(self, lane: Lane) -> tuple[int, ...]:
        if self._strict is None or not self._strict.tried:
            return (self._strict.rows,) if self._strict else ()
        if lane not in self._agreeing:
            sizes = agreeing_sizes(lambda rows: self._probe(lane, rows), self._strict.rows, self._strict.largest)
            log.info("U-Net calls of %s rows give the same bits for latents of %dx%d", sizes, lane.width, lane.height)
            self._agreeing[lane] = sizes
        return self._agreeing[lane]

    def _probe(self, lane: Lane, rows: int) -> torch.Tensor:
        """Run the U-Net on identical rows of random numbers."""
        generator = torch.Generator("cpu").manual_seed(0)
        config = self._unet.config
        pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        shapes = ((self._channels, lane.height, lane.width), (lane.tokens, config.cross_attention_dim), (pooled,))
        drawn = [torch.randn(shape, generator=generator).to(self.device, self._dtype) for shape in shapes]
        latents, hidden, text = (tensor.expand(rows, *tensor.shape).contiguous() for tensor in drawn)
        sizes = torch.full((rows, 6), float(self.side), device=self.device, dtype=self._dtype)
        output: torch.Tensor = self._unet(
            latents,
            torch.full((rows,), 500.0, device=self.device),
            encoder_hidden_states=hidden,
            added_cond_kwargs={"text_embeds": text, "time_ids": sizes},
            return_dict=False,
        )[0]
        return output

    def _tabulate(self, steps: int) -> Table:
        try:
            return tabulate(self._scheduler, steps)
        except ValueError as error:
            raise Invalid(f"steps: {steps} is not possible with this model's sampler: {error}") from error
