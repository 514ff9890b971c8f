"""Reproduces the weights: `python -m pocket.train` runs every stage, or goes on where an interrupted run stopped."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from diffusers import AutoencoderKL
from rich.console import Console

from pocket.painter import WEIGHTS
from pocket.training.autoencoder import Diet, train_autoencoder
from pocket.training.export import export_painter
from pocket.training.eyes import Exercise, export_eyes, train_eyes
from pocket.training.loop import Plan
from pocket.training.networks import load_vae
from pocket.training.painter import Study, train_painter

console = Console()


class Stage(StrEnum):
    """What can be trained alone; later stages need the earlier ones."""

    VAE = "vae"
    EYES = "eyes"
    PAINTER = "painter"


PLANS = {
    Stage.VAE: Plan(steps=9_000, learning_rate=1.5e-3, save_every=500),
    Stage.EYES: Plan(steps=8_000, learning_rate=2e-3, weight_decay=0.01, save_every=1000),
    Stage.PAINTER: Plan(
        steps=8_000,
        learning_rate=1.5e-3,
        warmup=100,
        decay=0.5,
        weight_decay=0.01,
        averaging=0.998,
        save_every=500,
        muon=True,
    ),
}


def train(
    build: Annotated[Path, typer.Option(help="Where logs, sheets and states to resume from are kept.")] = Path("build"),
    weights: Annotated[Path, typer.Option(help="Where the finished weights go.")] = WEIGHTS,
    stage: Annotated[list[Stage] | None, typer.Option(help="Only these stages.")] = None,
    rehearse: Annotated[bool, typer.Option(help="A few steps on a few scenes, to see that all of it runs.")] = False,
) -> None:
    """Train autoencoder, eyes and painter on drawn scenes, on a GPU if there is one."""
    for one in stage or list(Stage):
        plan = replace(PLANS[one], steps=3, save_every=3) if rehearse else PLANS[one]
        console.print(f"[bold]{one}[/]: {plan.steps} steps, logged in {build / one}")
        STAGES[one](build, weights, plan, rehearse)
    size = sum(path.stat().st_size for path in weights.rglob("*.safetensors"))
    console.print(f"weights: {size / 1e6:.1f} MB in {weights}")


def _train_vae(build: Path, weights: Path, plan: Plan, rehearse: bool) -> None:
    train_autoencoder(build, plan, Diet(scenes=24, crops=2, wholes=2) if rehearse else Diet())


def _train_eyes(build: Path, weights: Path, plan: Plan, rehearse: bool) -> None:
    exercise = Exercise(views=24, batch=4) if rehearse else Exercise()
    export_eyes(train_eyes(build, _vae(build), plan, exercise), weights / "eyes")


def _train_painter(build: Path, weights: Path, plan: Plan, rehearse: bool) -> None:
    study = Study(scenes=24, batch=4, sheet_seeds=1, sheet_steps=2, compiled=False) if rehearse else Study()
    painter = train_painter(build, _vae(build), plan, study)
    export_painter(painter, _vae(build), weights / "painter")


def _vae(build: Path) -> AutoencoderKL:
    return load_vae(build / "vae" / "model")


STAGES = {Stage.VAE: _train_vae, Stage.EYES: _train_eyes, Stage.PAINTER: _train_painter}

if __name__ == "__main__":
    typer.run(train)
