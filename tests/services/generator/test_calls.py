"""How many rows a call may have, by bits and by memory."""

from typing import Any

import pytest
import torch

from services.generator.calls import Calls, Strictness
from services.generator.denoising import Lane

LANE = Lane(2, 2, 3)


class Unet(torch.nn.Module):
    """Runs out of memory beyond so many rows."""

    class config:
        in_channels = 4
        cross_attention_dim = 8
        addition_time_embed_dim = 2
        projection_class_embeddings_input_dim = 17

    def __init__(self, fits: int) -> None:
        super().__init__()
        self.fits = fits
        self.calls: list[int] = []

    def forward(self, latents: torch.Tensor, timestep: torch.Tensor, **told: Any) -> tuple[torch.Tensor]:
        rows = latents.shape[0]
        if rows > self.fits:
            raise torch.OutOfMemoryError("CUDA out of memory")
        self.calls.append(rows)
        return (latents * 2,)


def calls(unet: Unet, sizes: tuple[int, ...], strict: Strictness | None = None) -> Calls:
    return Calls([unet], torch.device("cpu"), torch.float32, sizes, strict)


def test_free_sizes_are_tried_at_the_smallest_and_the_largest() -> None:
    unet = Unet(fits=8)

    assert calls(unet, ()).warm_up(LANE, 8) == 8
    assert unet.calls == [2, 8]


def test_compiled_sizes_are_each_run_before_a_caller_waits() -> None:
    unet = Unet(fits=8)

    assert calls(unet, (1, 2, 4, 8)).warm_up(LANE, 8) == 8
    assert unet.calls == [1, 2, 4, 8]


def test_calls_are_as_large_as_the_memory_holds() -> None:
    assert calls(Unet(fits=5), (1, 2, 4, 8)).warm_up(LANE, 8) == 4


def test_too_little_memory_for_one_call_is_an_error() -> None:
    with pytest.raises(MemoryError):
        calls(Unet(fits=1), ()).warm_up(LANE, 8)


def test_a_lane_is_tried_once() -> None:
    unet = Unet(fits=8)
    strict = calls(unet, (1, 2, 4), Strictness(2, tried=True))

    assert strict.of(LANE) == strict.of(LANE) == (2, 4)
    assert unet.calls == [2, 4]
