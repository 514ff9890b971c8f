"""Advancing many pictures by one step each with one U-Net call, whatever their steps, solvers and guidance are.

Each picture is an `Easel`: its latents and its place in its own solver's table. Easels of one `Lane` (same latent size,
same number of text tokens) can share a call. A guided picture takes two rows of it, its unconditional twin and itself,
an unguided one takes one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch

from services.generator.invariance import fitting
from services.generator.solvers import COLUMNS, Table
from services.generator.text import Encoding

SCALE, TIMESTEP, KEEP, TAKE, CARRY, USE, RECALL, NOISE = range(len(COLUMNS))


class Lane(NamedTuple):
    """What easels must have in common to share a U-Net call: latent height and width, text tokens, and the U-Net."""

    height: int
    width: int
    tokens: int
    unet: int = 0


@dataclass(frozen=True)
class Condition:
    """What a U-Net is told of one row.

    Attributes:
        text: the encoded prompt, or negative prompt.
        micro: SDXL's micro-conditioning: original size, crop, and target size or aesthetic score.
    """

    text: Encoding
    micro: tuple[float, ...]


@dataclass(frozen=True)
class Stage:
    """The part of a picture's steps that one U-Net does.

    Attributes:
        unet: which one.
        until: steps that are done when it ends.
        positive, negative: what it is guided to and away from; without guidance there is no negative.
    """

    unet: int
    until: int
    positive: Condition
    negative: Condition | None


@dataclass(eq=False)
class Easel:
    """One picture in work.

    Attributes:
        table: its solver's steps.
        stages: at least one; the last ends with the table.
        guidance: scale of classifier-free guidance.
        generator: draws the starting noise and any fresh noise, on the CPU.
        latents: (channels, height, width) float32.
        denoised: the previous step's denoised latents, for solvers that recall them.
        done: steps that are done.
    """

    table: Table
    stages: tuple[Stage, ...]
    guidance: float
    generator: torch.Generator
    latents: torch.Tensor
    denoised: torch.Tensor = field(init=False)
    done: int = 0

    def __post_init__(self) -> None:
        """Begin with nothing to recall."""
        self.denoised = torch.zeros_like(self.latents)

    @property
    def stage(self) -> Stage:
        """The stage of its next step."""
        return next((stage for stage in self.stages if self.done < stage.until), self.stages[-1])

    @property
    def lane(self) -> Lane:
        """What it must share with the easels of its next call."""
        _, height, width = self.latents.shape
        return Lane(height, width, self.stage.positive.text.hidden.shape[0], self.stage.unet)

    @property
    def rows(self) -> int:
        """Rows that it takes of a U-Net call."""
        return 1 if self.stage.negative is None else 2

    @property
    def steps(self) -> int:
        """Steps until it is done."""
        return self.table.length


class Batch:
    """Easels stacked for U-Net calls; the stack is kept for as long as the same easels go on together.

    A call has `rows` rows: the unconditional twins of guided easels, the easels themselves, and padding.
    """

    def __init__(self, easels: Sequence[Easel], rows: int, device: torch.device, dtype: torch.dtype) -> None:
        self.easels = list(easels)
        self.lane = easels[0].lane
        self._dtype = dtype
        guided = [index for index, easel in enumerate(easels) if easel.stage.negative is not None]
        sources = [*guided, *range(len(easels))]
        negative = [easels[index].stage.negative for index in guided]
        conditions = [*negative, *(easel.stage.positive for easel in easels)]
        padding = rows - len(sources)
        sources += sources[-1:] * padding
        told = [condition for condition in conditions + conditions[-1:] * padding if condition is not None]
        twins = {index: row for row, index in enumerate(guided)}
        plain = [len(guided) + index for index in range(len(easels))]
        self._source = torch.tensor(sources, device=device)
        self._plain = torch.tensor(plain, device=device)
        self._twin = torch.tensor([twins.get(index, plain[index]) for index in range(len(easels))], device=device)
        self._hidden = torch.stack([condition.text.hidden for condition in told])
        self._added = {
            "text_embeds": torch.stack([condition.text.pooled for condition in told]),
            "time_ids": torch.tensor([condition.micro for condition in told], device=device, dtype=dtype),
        }
        self._guidance = torch.tensor([easel.guidance for easel in easels], device=device).view(-1, 1, 1, 1)
        self._tables = _stacked([easel.table for easel in easels]).to(device)
        self._place = torch.tensor([easel.done for easel in easels], device=device)
        self._every = torch.arange(len(easels), device=device)
        self._latents = torch.stack([easel.latents for easel in easels])
        self._denoised = torch.stack([easel.denoised for easel in easels])

    def step(self, unet: Any) -> None:
        """Advance every easel by one step; nothing here waits for the device."""
        columns = self._tables[self._every, self._place].view(len(self.easels), -1, 1, 1, 1).unbind(1)
        scaled = (self._latents * columns[SCALE]).to(self._dtype)
        output = unet(
            scaled[self._source],
            columns[TIMESTEP].flatten()[self._source],
            encoder_hidden_states=self._hidden,
            added_cond_kwargs=self._added,
            return_dict=False,
        )[0]
        plain, twin = output[self._plain].float(), output[self._twin].float()
        guided = twin + self._guidance * (plain - twin)
        denoised = columns[KEEP] * self._latents + columns[TAKE] * guided
        latents = columns[CARRY] * self._latents + columns[USE] * denoised + columns[RECALL] * self._denoised
        self._latents = latents + columns[NOISE] * fresh if (fresh := self._fresh_noise()) is not None else latents
        self._denoised = denoised
        self._place += 1
        for easel in self.easels:
            easel.done += 1

    def release(self) -> None:
        """Give the easels their latents back."""
        for index, easel in enumerate(self.easels):
            easel.latents = self._latents[index]
            easel.denoised = self._denoised[index]

    def _fresh_noise(self) -> torch.Tensor | None:
        """Draw noise for the easels whose solver adds some, each from its own generator."""
        if not any(easel.table.noisy for easel in self.easels):
            return None
        shape = self._latents.shape[1:]
        drawn = [
            torch.randn(shape, generator=easel.generator) if easel.table.noisy else torch.zeros(shape)
            for easel in self.easels
        ]
        return torch.stack(drawn).to(self._latents.device)


class Denoiser:
    """The U-Nets, and the way in which their calls are filled.

    `sizes` gives the sizes that calls of a lane may have, padded if need be; none means that they are free.
    """

    def __init__(
        self,
        unets: Sequence[Any],
        device: torch.device,
        dtype: torch.dtype,
        sizes: Callable[[Lane], Sequence[int]],
    ) -> None:
        self._unets = unets
        self._device = device
        self._dtype = dtype
        self._sizes = sizes
        self._batches: list[Batch] = []

    @torch.inference_mode()
    def step(self, easels: Sequence[Easel]) -> None:
        """Advance easels of one lane by one step each."""
        lane = easels[0].lane
        sizes = self._sizes(lane)
        for group in _groups(easels, sizes[-1] if sizes else None):
            self._batch(group, sizes).step(self._unets[lane.unet])

    @torch.inference_mode()
    def release(self, easel: Easel) -> None:
        """Bring an easel's latents up to date, and forget the batch that it was part of."""
        for batch in [batch for batch in self._batches if easel in batch.easels]:
            batch.release()
            self._batches.remove(batch)

    def _batch(self, easels: list[Easel], sizes: Sequence[int]) -> Batch:
        for batch in self._batches:
            if batch.easels == easels and batch.lane == easels[0].lane:
                return batch
        for easel in easels:
            self.release(easel)
        rows = sum(easel.rows for easel in easels)
        batch = Batch(easels, fitting(sizes, rows) if sizes else rows, self._device, self._dtype)
        self._batches.append(batch)
        return batch


def _groups(easels: Sequence[Easel], rows: int | None) -> list[list[Easel]]:
    """Split easels into calls of at most `rows` rows."""
    if rows is None:
        return [list(easels)]
    groups: list[list[Easel]] = [[]]
    for easel in easels:
        if groups[-1] and sum(other.rows for other in groups[-1]) + easel.rows > rows:
            groups.append([])
        groups[-1].append(easel)
    return groups


def _stacked(tables: Sequence[Table]) -> torch.Tensor:
    """Stack tables of different lengths into (easels, longest, columns)."""
    return torch.nn.utils.rnn.pad_sequence([table.steps for table in tables], batch_first=True)
