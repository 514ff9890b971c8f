"""The painter: where its weights lie, and how to paint many prompts with a seed for each picture."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from diffusers import StableDiffusionXLPipeline
from PIL import Image

WEIGHTS = Path(__file__).with_name("weights")
PAINTER = WEIGHTS / "painter"
EYES = WEIGHTS / "eyes"

STEPS = 20
GUIDANCE = 2.0
"""Of classifier-free guidance; with more the painter miscounts, as `python -m pocket.evaluate --guidance 5` shows."""

Paint = Callable[[Sequence[str], Sequence[int]], list[Image.Image]]
"""From prompts and as many seeds to pictures."""


def load_painter(folder: Path = PAINTER) -> StableDiffusionXLPipeline:
    """Load the pipeline exactly as any SDXL folder is loaded."""
    pipeline = StableDiffusionXLPipeline.from_pretrained(folder)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def brush(
    pipeline: StableDiffusionXLPipeline, steps: int = STEPS, guidance: float = GUIDANCE, batch: int = 16
) -> Paint:
    """Make a function that paints in batches; a picture depends on its prompt and seed alone."""

    def paint(prompts: Sequence[str], seeds: Sequence[int]) -> list[Image.Image]:
        pictures: list[Image.Image] = []
        for start in range(0, len(prompts), batch):
            some = list(prompts[start : start + batch])
            draws = [torch.Generator().manual_seed(seed) for seed in seeds[start : start + batch]]
            answer = pipeline(some, num_inference_steps=steps, guidance_scale=guidance, generator=draws)
            pictures += answer.images
        return pictures

    return paint
