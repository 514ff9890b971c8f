"""Encodes drawn scenes once, so that the painter's training never waits for the autoencoder."""

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from torch import Tensor

from pocket.training.loop import device
from pocket.training.pictures import rendered, to_signed, training_scenes
from pocket.world import Scene


@dataclass(frozen=True)
class Lesson:
    """Scenes and their latents (scene, 4, 16, 16), float16, already scaled to unit variance."""

    scenes: list[Scene]
    latents: Tensor


def lesson(folder: Path, vae: AutoencoderKL, number: int) -> Lesson:
    """Draw and encode scenes, or load what an earlier run has encoded."""
    drawn = training_scenes(number)
    path = folder / f"latents-{number}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        save_file({"latents": encoded(vae, drawn)}, path)
    return Lesson(drawn, load_file(path)["latents"])


@torch.no_grad()
def encoded(vae: AutoencoderKL, drawn: list[Scene], batch: int = 50) -> Tensor:
    """Encode scenes as the pipeline's latents, float16."""
    parts = []
    for start in range(0, len(drawn), batch):
        pictures = to_signed(rendered(drawn[start : start + batch])).to(device(), memory_format=torch.channels_last)
        parts.append((vae.encode(pictures).latent_dist.mode() * vae.config.scaling_factor).half().cpu())
    return torch.cat(parts).contiguous()
