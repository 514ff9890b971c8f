"""From latents to pixels, one picture at a time, so that a picture's bits do not depend on what else is finished."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3), RGB."""


class Decoder:
    """A VAE in a data type that does not overflow, and kept there: recasting it at each call is slow."""

    def __init__(self, vae: Any, device: torch.device) -> None:
        self._vae = vae
        self._device = device
        mean, std = getattr(vae.config, "latents_mean", None), getattr(vae.config, "latents_std", None)
        self._shift = torch.tensor(mean or [0.0]).view(-1, 1, 1).to(device)
        self._scale = torch.tensor(std or [1.0]).view(-1, 1, 1).to(device) / vae.config.scaling_factor

    @torch.inference_mode()
    def decode(self, latents: torch.Tensor) -> Pixels:
        """Decode latents of (channels, height, width) float32."""
        scaled = (latents * self._scale + self._shift).to(self._vae.dtype)
        picture = self._vae.decode(scaled[None], return_dict=False)[0][0].float()
        pixels = ((picture / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
        array: Pixels = pixels.permute(1, 2, 0).cpu().numpy()
        return array
