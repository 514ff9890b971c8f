"""The GPU benchmark runs whole, in small, on a CPU."""

import torch

from bench.generator import sdxl
from bench.generator.gpu import TOKENIZER, measure


def test_every_figure_is_measured() -> None:
    found = measure("cpu", torch.float32, "off", [2, 4], [64], arrivals=3, tiny=True)

    assert set(found["images per second by rows"]) == {2, 4}
    assert all(rate > 0 for rate in found["images per second by rows"].values())
    assert found["best rows"] in (2, 4)
    assert found["step seconds"][64][2] > 0
    assert found["idle latency seconds"] > 0
    assert found["Poisson at 2.02/s"]["p50"] <= found["Poisson at 2.02/s"]["p99"]


def test_the_architecture_is_sdxls() -> None:
    """The model card's parameter counts, taken without memory."""
    pipeline = sdxl.build(TOKENIZER, "meta", torch.bfloat16)

    parts = ("unet", "vae", "text_encoder", "text_encoder_2")
    counts = [sum(parameter.numel() for parameter in getattr(pipeline, part).parameters()) for part in parts]
    assert [round(count / 1e6) for count in counts] == [2567, 84, 123, 695]
