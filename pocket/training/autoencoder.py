"""Trains the autoencoder: 128 x 128 pictures to 4 x 16 x 16 latents and back, with no difference seen at a glance."""

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn
from torch.nn import functional

from pocket.grammar import SIDE
from pocket.training.loop import Plan, device, train
from pocket.training.pictures import rendered, save_sheet, to_pictures, to_signed, training_scenes

SHRINK = 8
"""Pixels for each latent, along one side."""
KL_WEIGHT = 2e-3
NOISE = 0.15
"""Most extra noise on latents in training, in their standard deviations: a painter's latents are never exact."""


@dataclass(frozen=True)
class Diet:
    """What each step sees: crops first, which are four times cheaper, whole pictures for the last share."""

    scenes: int = 8000
    crops: int = 20
    crop: int = 64
    wholes: int = 6
    whole_share: float = 0.3


def new_autoencoder() -> AutoencoderKL:
    """Build the autoencoder; no attention, so that it treats every place alike, and few norm groups, to keep hues."""
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 64),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=SIDE,
        mid_block_add_attention=False,
        force_upcast=False,
    )


class Anchor(nn.Module):
    """What three of the latents should resemble: the picture's thumbnail, its colours decorrelated to unit variance.

    Left alone, an autoencoder finds hues last; told where they belong it has them at once, and the latents become
    smooth, which makes the painter's work easier.
    """

    mean: Tensor
    whitening: Tensor

    def __init__(self, pictures: Tensor) -> None:
        """Measure the colours of signed pictures (batch, 3, height, width)."""
        super().__init__()
        colours = functional.avg_pool2d(pictures, SHRINK).permute(1, 0, 2, 3).flatten(1)
        spread, axes = torch.linalg.eigh(torch.cov(colours))
        self.register_buffer("mean", colours.mean(1))
        self.register_buffer("whitening", (axes / spread.sqrt()).T)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map pictures (batch, 3, height, width) to targets (batch, 3, height / 8, width / 8)."""
        thumbnail = functional.avg_pool2d(pictures, SHRINK) - self.mean.view(1, 3, 1, 1)
        return torch.einsum("ij,bjhw->bihw", self.whitening, thumbnail)


def train_autoencoder(folder: Path, plan: Plan, diet: Diet) -> AutoencoderKL:
    """Train on drawn scenes, save the result with its scaling factor under `folder/vae/model`, and return it."""
    torch.manual_seed(0)
    pictures = rendered(training_scenes(diet.scenes)).to(device())
    network = new_autoencoder().to(device(), memory_format=torch.channels_last)
    anchor = Anchor(to_signed(pictures[:512])).to(device())

    def loss(step: int, chance: torch.Generator) -> Tensor:
        done = step / plan.steps
        batch = to_signed(_batch(pictures, diet, done, chance)).to(memory_format=torch.channels_last)
        return _loss(network, batch, anchor(batch), 0.1 * (1 - done) + 0.02, chance)

    def sheet(averaged: nn.Module, path: Path) -> None:
        sample = to_signed(pictures[:12])
        with torch.no_grad():
            copies = averaged(sample).sample
        save_sheet([to_pictures(sample), to_pictures(copies)], path)

    averaged = train(network, loss, plan, folder / "vae", sheet)
    scaled = _scaled(averaged, to_signed(pictures[:512]))
    scaled.save_pretrained(folder / "vae" / "model")
    return scaled


def _loss(network: AutoencoderKL, batch: Tensor, target: Tensor, anchoring: float, chance: torch.Generator) -> Tensor:
    latents = network.encode(batch).latent_dist
    noise = torch.randn(latents.mean.shape, generator=chance).to(batch)
    reach = torch.rand((len(batch), 1, 1, 1), generator=chance).to(batch) * NOISE
    copy = network.decode(latents.mean + (latents.std + reach) * noise).sample.float()
    rebuilt = functional.l1_loss(copy, batch) + functional.mse_loss(copy, batch)
    anchored = functional.mse_loss(latents.mean[:, :3].float(), target)
    spread: Tensor = latents.kl().mean() / latents.mean[0].numel()
    return rebuilt + KL_WEIGHT * spread + anchoring * anchored


def _batch(pictures: Tensor, diet: Diet, done: float, chance: torch.Generator) -> Tensor:
    whole = done >= 1 - diet.whole_share
    number = diet.wholes if whole else diet.crops
    chosen = pictures[torch.randint(0, len(pictures), (number,), generator=chance)]
    if whole:
        return chosen
    corners = torch.randint(0, SIDE - diet.crop + 1, (number, 2), generator=chance).tolist()
    cut = [one[:, y : y + diet.crop, x : x + diet.crop] for one, (y, x) in zip(chosen, corners, strict=True)]
    return torch.stack(cut)


@torch.no_grad()
def _scaled(network: nn.Module, pictures: Tensor) -> AutoencoderKL:
    """Set the scaling factor with which latents have unit variance."""
    assert isinstance(network, AutoencoderKL)
    latents = torch.cat([network.encode(some).latent_dist.mode() for some in torch.split(pictures, 64)])
    network.register_to_config(scaling_factor=float(1 / latents.std()))
    return network
