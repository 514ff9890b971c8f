"""The row-wise engine with a refiner, against diffusers' own two pipelines."""

from typing import Any

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionXLImg2ImgPipeline

from services.generator.decoding import Pixels
from services.generator.order import Order
from services.generator.studio import Refiner, Studio
from tests import tiny_sdxl
from tests.services.generator.painting import difference, easels, order


@pytest.fixture(scope="module")
def refiner(pipeline: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tiny_sdxl.build_refiner(tmp_path_factory.mktemp("tiny-refiner"))
    loaded = StableDiffusionXLImg2ImgPipeline.from_pretrained(folder, vae=pipeline.vae)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def refined(base: Any, refiner: Any, order: Order, start: float) -> Pixels:
    """Paint with diffusers' own two pipelines, as an ensemble of experts."""
    negative = order.negative_prompt or None
    latents = base(
        order.prompt,
        negative_prompt=negative,
        num_inference_steps=order.steps,
        guidance_scale=order.guidance,
        generator=torch.Generator("cpu").manual_seed(order.seed),
        denoising_end=start,
        output_type="latent",
    ).images
    picture = refiner(
        order.prompt,
        image=latents,
        negative_prompt=negative,
        num_inference_steps=order.steps,
        guidance_scale=order.guidance,
        denoising_start=start,
    ).images[0]
    return np.asarray(picture)


@pytest.mark.parametrize(
    "choices", [{"steps": 5}, {"steps": 10, "negative_prompt": "blurry"}, {"steps": 4, "guidance": 0.0}]
)
def test_a_refiner_does_the_last_steps_as_diffusers_two_pipelines_do(
    pipeline: Any, refiner: Any, choices: dict[str, Any]
) -> None:
    ours = Studio(
        pipeline, device=torch.device("cpu"), dtype=torch.float32, max_chunks=2, refiner=Refiner(refiner, 0.8)
    )
    ordered = order(**choices)

    working = easels(ours, [ordered])
    while working[0].done < working[0].steps:
        ours.step(working)

    assert difference(ours.decode(working[0]), refined(pipeline, refiner, ordered, 0.8)) <= 1
    assert {stage.unet for stage in working[0].stages} == {0, 1}


def test_pictures_at_the_base_and_at_the_refiner_do_not_share_a_call(pipeline: Any, refiner: Any) -> None:
    ours = Studio(
        pipeline, device=torch.device("cpu"), dtype=torch.float32, max_chunks=2, refiner=Refiner(refiner, 0.5)
    )
    early, late = easels(ours, [order(seed=1, steps=4), order(seed=2, steps=4)])
    for _ in range(2):
        ours.step([late])

    assert early.lane != late.lane
