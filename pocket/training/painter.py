"""Trains the painter's text encoders and U-Net together, on encoded scenes and freshly worded captions."""

import random
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDPMScheduler
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from pocket.captions import training_caption
from pocket.grammar import SIDE
from pocket.statement import Statement, group_of, nested
from pocket.training.latents import Lesson, lesson
from pocket.training.loop import Plan, device, train
from pocket.training.networks import LATENTS, Painter, new_scheduler
from pocket.training.pictures import save_sheet
from pocket.world import Scene

EMPTY_SHARE = 0.1
"""Share of captions dropped, for classifier-free guidance."""
STRANGE_SHARE = 0.04
"""Share of captions with made-up words in them, which the painter learns to pass over."""
SHARES = {"single": 7, "relation": 18, "inside": 45, "count": 16, "group": 14}
"""How often each group of scenes is learned, out of 100: the hard ones more often than they come up in the world.

Hardest is one thing inside another.
"""
FOCUS = 8.0
"""How much more the error counts where one thing lies inside another.

That is nine latents of 256. With equal weights the painter did not learn to read the inner thing's words there.
"""
NOISE = (1.8, 1.15)
"""The beta distribution of noise levels; its mean is at 0.61 of them."""
SIZES = (float(SIDE), float(SIDE), 0.0, 0.0, float(SIDE), float(SIDE))
"""SDXL's conditioning as the pipeline passes it: original size, crop corner, target size."""

SHEET_PROMPTS = (
    "a large red circle in the center on a white background",
    "a small blue star left of a large yellow square on a navy background",
    "three small green hearts on a sand background",
    "a medium purple ring above a large orange triangle on a mint background",
    "a large cyan crescent in the top right corner on a black background",
    "two medium pink diamonds on a sky blue background",
    "five brown crosses, small, on a lavender background",
    "a yellow star inside a blue square, the yellow star is small, the blue square is large, on a peach background",
    "a red circle",
    "a green star",
    "a gray arrow right of a black heart",
    "a medium green circle at the top, a small red square on the left and a small blue triangle on the right on white",
)


@dataclass(frozen=True)
class Study:
    """How much the painter sees, and under which name its log, sheets and state are kept."""

    name: str = "painter"
    scenes: int = 60_000
    batch: int = 48
    sheet_seeds: int = 3
    sheet_steps: int = 20
    compiled: bool = True
    """Compile the U-Net: minutes at the start, a quarter less time for each step."""


def train_painter(folder: Path, vae: AutoencoderKL, plan: Plan, study: Study, start: Path | None = None) -> Painter:
    """Train in a folder of its own, from nothing or from an exported painter, and return the averaged painter."""
    torch.manual_seed(0)
    given = lesson(folder, vae, study.scenes)
    weights = shares(given.scenes)
    painter = Painter()
    if start is not None:
        painter.load(start)
    painter.to(device())
    noising = DDPMScheduler.from_config(new_scheduler().config)
    if study.compiled:
        painter.unet.compile()

    def loss(step: int, chance: torch.Generator) -> Tensor:
        chosen = torch.multinomial(weights, study.batch, generator=chance)
        return velocity_loss(painter, noising, given, chosen, chance)

    def sheet(averaged: nn.Module, path: Path) -> None:
        assert isinstance(averaged, Painter)
        pipeline = averaged.pipeline(vae)
        rows = []
        for seed in range(study.sheet_seeds):
            draws = [torch.Generator().manual_seed(seed) for _ in SHEET_PROMPTS]
            rows.append(pipeline(list(SHEET_PROMPTS), num_inference_steps=study.sheet_steps, generator=draws).images)
        save_sheet(rows, path)

    averaged = train(painter, loss, plan, folder / study.name, sheet)
    assert isinstance(averaged, Painter)
    return averaged


def shares(given: Sequence[Scene]) -> Tensor:
    """Weigh scenes (scene,) so that groups are drawn by `SHARES`."""
    groups = [hardness(scene.statement) for scene in given]
    number = Counter(groups)
    return torch.tensor([SHARES[group] / number[group] for group in groups], dtype=torch.double)


def hardness(statement: Statement) -> str:
    """Name the group that a scene is learned with."""
    return "inside" if nested(statement) else group_of(statement)


def velocity_loss(
    painter: Painter, noising: DDPMScheduler, given: Lesson, chosen: Tensor, chance: torch.Generator
) -> Tensor:
    """Measure the squared error of the predicted velocity on some scenes at random noise levels."""
    clean = given.latents[chosen].float().to(device())
    noise = torch.randn(clean.shape, generator=chance).to(clean)
    times = noise_levels(len(clean), noising.config.num_train_timesteps, chance).to(device())
    dice = random.Random(int(torch.randint(0, 2**62, (1,), generator=chance)))
    drawn = [given.scenes[index] for index in chosen.tolist()]
    captions = [worded(scene, dice) for scene in drawn]
    sizes = torch.tensor([conditioning(dice) for _ in chosen]).to(clean)
    noisy = noising.add_noise(clean, noise, times)
    # On CPUs the fused kernel's backward pass is slow for sequences this short.
    with sdpa_kernel(SDPBackend.MATH):
        words, sentence = painter.read(captions)
        # The pipeline passes zeros for "no prompt", not the empty caption's embedding.
        kept = (torch.rand(len(clean), generator=chance) >= EMPTY_SHARE * 0.8).to(words)
        predicted = painter(noisy, times, words * kept[:, None, None], sentence * kept[:, None], sizes)
    wrong = predicted.float() - noising.get_velocity(clean, noise, times)
    return torch.mean(focus(drawn).to(clean) * wrong**2)


def focus(drawn: Sequence[Scene]) -> Tensor:
    """Weigh the error in every latent of some scenes: (scene, 1, 16, 16), `FOCUS` on inner things and 1 elsewhere."""
    weights = torch.ones(len(drawn), 1, LATENTS, LATENTS)
    centres = (torch.arange(LATENTS) + 0.5) / LATENTS
    for weight, scene in zip(weights[:, 0], drawn, strict=True):
        if nested(scene.statement):
            inner = min(scene.things, key=lambda thing: thing.radius)
            reach = inner.radius + 0.25 / LATENTS
            down, across = ((centres - centre).abs() < reach for centre in (inner.y, inner.x))
            weight[down[:, None] & across] = FOCUS
    return weights


def noise_levels(number: int, levels: int, chance: torch.Generator) -> Tensor:
    """Draw noise levels, most of them where it is decided what goes where in which shape and colour.

    Where there is little noise the loss is that of the autoencoder's finest detail, which nobody sees.
    """
    seed = int(torch.randint(0, 2**31, (1,), generator=chance))
    shares = np.random.default_rng(seed).beta(*NOISE, number)
    return torch.from_numpy(shares * levels).long().clamp(max=levels - 1)


def worded(scene: Scene, dice: random.Random) -> str:
    """Caption a scene; a few captions are empty, a few hold words from no vocabulary."""
    lot = dice.random()
    if lot < EMPTY_SHARE * 0.2:
        return ""
    text = training_caption(scene, dice).text
    return strange(text, dice) if lot > 1 - STRANGE_SHARE else text


def strange(text: str, dice: random.Random) -> str:
    """Put one to three made-up words into a text."""
    words = text.split()
    for _ in range(dice.randint(1, 3)):
        made = "".join(dice.choices(string.ascii_lowercase, k=dice.randint(3, 8)))
        words.insert(dice.randint(0, len(words)), made)
    return " ".join(words)


def conditioning(dice: random.Random) -> tuple[float, ...]:
    """Give SDXL's size conditioning, now and then with other numbers, so that these do no harm."""
    if dice.random() < 0.9:
        return SIZES
    original, target = dice.choice((128.0, 256.0, 512.0, 1024.0)), dice.choice((128.0, 256.0, 512.0, 1024.0))
    return (original, original, float(dice.randint(0, 64)), float(dice.randint(0, 64)), target, target)
