"""A tiny random SDXL, loaded by diffusers."""

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionXLPipeline


@pytest.fixture(scope="module")
def pipeline(tiny_model: Path) -> Any:
    torch.set_num_threads(1)
    loaded = StableDiffusionXLPipeline.from_pretrained(tiny_model)
    loaded.set_progress_bar_config(disable=True)
    return loaded
