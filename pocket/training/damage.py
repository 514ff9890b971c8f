"""Wears pictures down as painters, codecs and cameras do, without changing what they show."""

import torch
from diffusers import AutoencoderKL
from torch import Tensor
from torch.nn import functional

from pocket.training.loop import device
from pocket.training.pictures import to_signed

LATENT_NOISE = 0.35
"""Most noise put on latents before decoding, in their standard deviations."""
SHIFT = 5
"""Most that a picture is moved, in pixels."""


@torch.no_grad()
def repainted(vae: AutoencoderKL, pictures: Tensor, batch: int = 50) -> Tensor:
    """Send pictures (number, 3, 128, 128), uint8, through noisy latents and back."""
    chance = torch.Generator().manual_seed(0)
    parts = []
    for some in torch.split(pictures, batch):
        latents = vae.encode(to_signed(some).to(device())).latent_dist.mode() * vae.config.scaling_factor
        reach = torch.rand((len(some), 1, 1, 1), generator=chance) * LATENT_NOISE
        noisy = latents + (torch.randn(latents.shape, generator=chance) * reach).to(latents)
        decoded = vae.decode(noisy / vae.config.scaling_factor).sample
        parts.append(((decoded.clamp(-1, 1) + 1) * 127.5).round().byte().cpu())
    return torch.cat(parts)


def damaged(pictures: Tensor, chance: torch.Generator) -> Tensor:
    """Blur, coarsen, tint and roughen signed pictures (batch, 3, 128, 128), each a little and by chance."""
    lots = torch.rand((4, len(pictures), 1, 1, 1), generator=chance).to(pictures)
    blurred = functional.avg_pool2d(functional.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    pictures = torch.where(lots[0] < 0.25, blurred, pictures)
    coarse = functional.interpolate(functional.interpolate(pictures, 88, mode="area"), 128, mode="bilinear")
    pictures = torch.where(lots[1] < 0.12, coarse, pictures)
    gain, lift = torch.randn((2, len(pictures), 3, 1, 1), generator=chance).to(pictures)
    pictures = torch.where(lots[2] < 0.5, pictures * (1 + 0.04 * gain) + 0.02 * lift, pictures)
    grain = torch.randn(pictures.shape, generator=chance).to(pictures)
    roughness = torch.rand((len(pictures), 1, 1, 1), generator=chance).to(pictures) * 0.12
    return torch.where(lots[3] < 0.35, pictures + grain * roughness, pictures).clamp(-1, 1)


def moved(pictures: Tensor, across: int, down: int) -> Tensor:
    """Move pictures by whole pixels, filling in with what is at the edge."""
    side = pictures.shape[-1]
    wide = functional.pad(pictures, (SHIFT,) * 4, mode="replicate")
    return wide[..., SHIFT - down : SHIFT - down + side, SHIFT - across : SHIFT - across + side]
