"""Which sizes U-Net calls may have when a picture's bits must not depend on its company."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from services.generator.denoising import Lane
from services.generator.invariance import agreeing_sizes, fix_heights
from services.generator.memory import in_memory

log = logging.getLogger("promptlift.generator")


@dataclass(frozen=True)
class Strictness:
    """How a picture's bits are kept from depending on its company.

    Attributes:
        rows: rows of the smallest U-Net call; smaller ones are padded to it.
        tried: whether larger calls are tried for the same bits and used where they agree; each new size of picture then
            costs some calls. Without it, every call has `rows` rows.
    """

    rows: int
    tried: bool


class Calls:
    """The sizes that calls of each lane may have, found out when a lane is first used.

    `sizes` are the rows that a call may have, the smallest first; empty, they are free. With `strictness` only those
    are used that give the same bits.
    """

    def __init__(
        self,
        unets: Sequence[Any],
        device: torch.device,
        dtype: torch.dtype,
        sizes: Sequence[int],
        strictness: Strictness | None,
    ) -> None:
        self._unets = unets
        self._device = device
        self._dtype = dtype
        self._sizes = tuple(sizes)
        self._strictness = strictness
        self._found: dict[Lane, tuple[int, ...]] = {}
        if strictness:
            for unet in unets:
                fix_heights(unet)

    def of(self, lane: Lane) -> tuple[int, ...]:
        """Give the sizes that calls of a lane may have, the smallest first."""
        strictness = self._strictness
        if strictness is None:
            return self._sizes
        if not strictness.tried:
            return (strictness.rows,)
        if lane not in self._found:
            larger = [size for size in self._sizes if size > strictness.rows]
            sizes = agreeing_sizes(lambda rows: self._probe(lane, rows), strictness.rows, larger)
            log.info("U-Net calls of %s rows give the same bits for latents of %dx%d", sizes, lane.width, lane.height)
            self._found[lane] = sizes
        return self._found[lane]

    def warm_up(self, lane: Lane, rows: int) -> int:
        """Run a call of each size, or of `rows` rows where sizes are free, before a caller waits for one.

        Gives the largest size that the device's memory holds.

        Raises:
            MemoryError: it holds none.
        """
        held = 0
        for size in self.of(lane) or (2, rows):
            try:
                with in_memory(self._device), torch.inference_mode():
                    self._probe(lane, size)
            except MemoryError:
                if held:
                    break
                raise
            held = size
        return held

    def _probe(self, lane: Lane, rows: int) -> torch.Tensor:
        """Run a U-Net on identical rows of random numbers."""
        unet = self._unets[lane.unet]
        generator = torch.Generator("cpu").manual_seed(0)
        micro = 5 if lane.unet else 6
        pooled = unet.config.projection_class_embeddings_input_dim - micro * unet.config.addition_time_embed_dim
        shapes = (
            (unet.config.in_channels, lane.height, lane.width),
            (lane.tokens, unet.config.cross_attention_dim),
            (pooled,),
            (micro,),
        )
        drawn = [torch.randn(shape, generator=generator).to(self._device, self._dtype) for shape in shapes]
        latents, hidden, text, ids = (tensor.expand(rows, *tensor.shape).contiguous() for tensor in drawn)
        output: torch.Tensor = unet(
            latents,
            torch.full((rows,), 500.0, device=self._device),
            encoder_hidden_states=hidden,
            added_cond_kwargs={"text_embeds": text, "time_ids": ids},
            return_dict=False,
        )[0]
        return output
