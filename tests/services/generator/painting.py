"""Pictures by the row-wise engine, and the same ones by diffusers' own pipeline."""

from typing import Any

import numpy as np
import torch

from services.generator.calls import Strictness
from services.generator.decoding import Pixels
from services.generator.denoising import Easel
from services.generator.order import Order
from services.generator.studio import Studio


def studio(pipeline: Any, strict: Strictness | None = None) -> Studio:
    sizes = range(1, 9) if strict else ()
    return Studio(pipeline, device=torch.device("cpu"), dtype=torch.float32, max_chunks=2, sizes=sizes, strict=strict)


def order(prompt: str = "a red circle", *, seed: int = 1, **choices: Any) -> Order:
    defaults = {"negative_prompt": "", "width": 64, "height": 64, "steps": 3, "guidance": 5.0, "format": "png"}
    return Order(prompt=prompt, seed=seed, **defaults | choices)


def easels(studio: Studio, orders: list[Order]) -> list[Easel]:
    return [studio.easel(order, studio.plan(order)) for order in orders]


def painted(studio: Studio, orders: list[Order]) -> list[Pixels]:
    """Paint orders of one lane together; each leaves when it is done."""
    working = easels(studio, orders)
    while active := [easel for easel in working if easel.done < easel.steps]:
        studio.step(active)
    return [studio.decode(easel) for easel in working]


def theirs(pipeline: Any, order: Order) -> Pixels:
    picture = pipeline(
        order.prompt,
        negative_prompt=order.negative_prompt or None,
        width=order.width,
        height=order.height,
        num_inference_steps=order.steps,
        guidance_scale=order.guidance,
        generator=torch.Generator("cpu").manual_seed(order.seed),
    ).images[0]
    return np.asarray(picture)


def difference(one: Pixels, other: Pixels) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())
