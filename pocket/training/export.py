"""Writes the painter as the folder that any SDXL pipeline loads."""

from pathlib import Path

import torch
from diffusers import AutoencoderKL, ModelMixin, StableDiffusionXLPipeline

from pocket.training.networks import Painter


def export_painter(painter: Painter, vae: AutoencoderKL, folder: Path) -> StableDiffusionXLPipeline:
    """Save a diffusers folder that plain `from_pretrained` computes with in single precision.

    U-Net and autoencoder are stored in half precision, which diffusers widens by itself; the text encoders are not,
    since transformers would keep computing in what is stored.
    """
    pipeline = painter.cpu().pipeline(vae.cpu())
    _halved(pipeline.unet)
    _halved(pipeline.vae)
    pipeline.vae.register_to_config(_name_or_path="")
    pipeline.save_pretrained(folder)
    for path in folder.rglob("*.safetensors"):
        path.chmod(0o644)
    return StableDiffusionXLPipeline.from_pretrained(folder)


def _halved(network: ModelMixin) -> None:
    """Round weights to half precision; refuses where a weight is too large for it."""
    for name, weight in network.named_parameters():
        if not bool(torch.isfinite(weight.half()).all()):
            raise ValueError(f"{name} does not fit into half precision: train with weight decay")
    network.half()
