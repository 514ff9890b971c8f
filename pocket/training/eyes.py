"""Trains the eyes on drawn, repainted and damaged pictures whose truth is known."""

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from pocket.eyes import shape_names, world_classes
from pocket.grammar import SIDE, load_grammar
from pocket.retina import GRID, Maps
from pocket.training.damage import SHIFT, damaged, moved, repainted
from pocket.training.loop import Plan, device, train
from pocket.training.pictures import to_bytes, to_signed, training_scenes
from pocket.training.retina import Retina
from pocket.training.wild import View, wild_view, world_view

WIDTH = 32
MOST = 10
"""Most things in a training picture."""


@dataclass(frozen=True)
class Exercise:
    """What the eyes practise on."""

    views: int = 24_000
    repainted_share: float = 0.45
    batch: int = 32


@dataclass(frozen=True)
class Labels:
    """Truth in numbers: things (number, 10, 5) as size, shape, colour, x, y with size -1 for none; backgrounds."""

    things: Tensor
    backgrounds: Tensor


def train_eyes(folder: Path, vae: AutoencoderKL, plan: Plan, exercise: Exercise) -> Retina:
    """Train under `folder/eyes` and return the averaged network."""
    torch.manual_seed(0)
    views = practice(exercise.views)
    pictures, labels = to_bytes(view.picture for view in views), labelled(views)
    number = int(len(views) * exercise.repainted_share)
    pictures[:number] = repainted(vae, pictures[:number])
    retina = Retina(world_classes(), WIDTH).to(device())

    def loss(step: int, chance: torch.Generator) -> Tensor:
        chosen = torch.randint(0, len(pictures), (exercise.batch,), generator=chance)
        across, down = (int(move) for move in torch.randint(-SHIFT, SHIFT + 1, (2,), generator=chance))
        seen = damaged(moved(to_signed(pictures[chosen].to(device())), across, down), chance)
        things = labels.things[chosen].clone()
        things[:, :, 3] += across / SIDE
        things[:, :, 4] += down / SIDE
        maps = retina(seen.to(memory_format=torch.channels_last))
        return sight_loss(maps, Labels(things.to(device()), labels.backgrounds[chosen].to(device())))

    averaged = train(retina, loss, plan, folder / "eyes")
    assert isinstance(averaged, Retina)
    return averaged.cpu()


def export_eyes(retina: Retina, folder: Path) -> None:
    """Write config.json and model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"classes": asdict(retina.classes), "width": WIDTH}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    weights = {name: weight.contiguous() for name, weight in retina.state_dict().items()}
    save_file(weights, folder / "model.safetensors")


def practice(number: int) -> list[View]:
    """Draw views: world scenes and wild ones in turn."""
    worldly = [world_view(scene, random.Random(index)) for index, scene in enumerate(training_scenes(number // 2))]
    wild = [wild_view(random.Random(index)) for index in range(number - len(worldly))]
    views = [*worldly, *wild]
    random.Random(0).shuffle(views)
    return views


def labelled(views: list[View]) -> Labels:
    """Turn truths into numbers."""
    grammar = load_grammar()
    sizes, shapes, colours = list(grammar.sizes), shape_names(), list(grammar.colours)
    things = torch.full((len(views), MOST, 5), -1.0)
    for row, view in enumerate(views):
        for place, thing in enumerate(view.things[:MOST]):
            kinds = sizes.index(thing.size), shapes.index(thing.shape), colours.index(thing.colour)
            things[row, place] = torch.tensor([*kinds, thing.x, thing.y])
    names = list(grammar.backgrounds)
    return Labels(things, torch.tensor([names.index(view.background) for view in views]))


def sight_loss(maps: Maps[Tensor], labels: Labels) -> Tensor:
    """Add up the errors in finding things, placing them and naming them and the background."""
    row, place = (labels.things[:, :, 0] >= 0).nonzero(as_tuple=True)
    truth = labels.things[row, place]
    size, shape, colour = (truth[:, column].long() for column in range(3))
    spot = truth[:, 3:] * GRID - 0.5
    found = _heat_loss(maps.things.float(), row, size, spot)
    named = torch.zeros((), device=truth.device)
    for step_down in (-1, 0, 1):
        for step_across in (-1, 0, 1):
            cell = (spot.round() + torch.tensor([step_across, step_down], device=spot.device)).clamp(0, GRID - 1).long()
            at = (row, size, slice(None), cell[:, 1], cell[:, 0])
            weight = 3.0 if step_down == step_across == 0 else 0.75
            named = named + weight / 9 * (
                functional.cross_entropy(maps.shapes[at].float(), shape)
                + functional.cross_entropy(maps.colours[at].float(), colour)
                + functional.l1_loss(maps.offsets[at].float(), spot - cell)
            )
    return found + named + 0.5 * functional.cross_entropy(maps.backgrounds.float(), labels.backgrounds)


def _heat_loss(scores: Tensor, row: Tensor, size: Tensor, spot: Tensor) -> Tensor:
    """Measure CenterNet's focal loss against bumps one cell wide around the centres."""
    lines = torch.arange(GRID, device=scores.device)
    squared = (lines - spot[:, :1])[:, None, :] ** 2 + (lines - spot[:, 1:])[:, :, None] ** 2
    bumps = torch.exp(-squared / 2).flatten(1)
    slots = (row * scores.shape[1] + size)[:, None].expand_as(bumps)
    target = torch.zeros((scores.shape[0] * scores.shape[1], GRID * GRID), device=scores.device)
    target = target.scatter_reduce(0, slots, bumps, "amax").view(scores.shape)
    centre = spot.round().clamp(0, GRID - 1).long()
    hit = torch.zeros_like(scores, dtype=torch.bool)
    hit[row, size, centre[:, 1], centre[:, 0]] = True
    odds = scores.sigmoid()
    missed = functional.logsigmoid(scores) * (1 - odds) ** 2 * hit
    imagined = functional.logsigmoid(-scores) * odds**2 * (1 - target) ** 4 * ~hit
    return -(missed.sum() + imagined.sum()) / max(1, len(row))
