"""Reproduces the weights: `python -m pocket.train` runs every stage, or goes on where an interrupted run stopped."""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from diffusers import AutoencoderKL
from rich.console import Console

from pocket.painter import WEIGHTS
from pocket.training import record
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
        steps=16_000,
        learning_rate=1.5e-3,
        warmup=100,
        decay=0.55,
        weight_decay=0.01,
        averaging=0.998,
        save_every=500,
        muon=True,
    ),
}


@dataclass(frozen=True)
class Work:
    """What is to be done.

    Attributes:
        onward: whether the painter goes on from the weights that are there.
    """

    build: Path
    weights: Path
    plan: Plan
    rehearse: bool
    onward: bool

    def vae(self) -> AutoencoderKL:
        """Load the autoencoder: this build's, or the one that the weights to go on from have learned."""
        return load_vae(self.weights / "painter" / "vae" if self.onward else self.build / "vae" / "model")

    def done(self, stage: Stage, pictures: str, name: str = "") -> record.Record:
        """Read what a stage's training took from its log."""
        optimizer = f"{'Muon' if self.plan.muon else 'AdamW'}, {pictures}"
        return record.read(self.build / (name or stage) / "log.jsonl", stage, optimizer)


def train(
    build: Annotated[Path, typer.Option(help="Where logs, sheets and states to resume from are kept.")] = Path("build"),
    weights: Annotated[Path, typer.Option(help="Where the finished weights go.")] = WEIGHTS,
    stage: Annotated[list[Stage] | None, typer.Option(help="Only these stages.")] = None,
    steps: Annotated[int | None, typer.Option(help="Other than planned.", min=1)] = None,
    onward: Annotated[bool, typer.Option(help="Train the weights that are there further; painter only.")] = False,
    rehearse: Annotated[bool, typer.Option(help="A few steps on a few scenes, to see that all of it runs.")] = False,
) -> None:
    """Train autoencoder, eyes and painter on drawn scenes, on a GPU if there is one."""
    stages = stage or list(Stage)
    if onward and stages != [Stage.PAINTER]:
        raise typer.BadParameter("only the painter goes on from finished weights: add --stage painter, and no other")
    for one in stages:
        plan = replace(PLANS[one], steps=3, save_every=3) if rehearse else PLANS[one]
        plan = replace(plan, steps=steps or plan.steps)
        console.print(f"[bold]{one}[/]: {plan.steps} steps, logged under {build}")
        run = STAGES[one](Work(build, weights, plan, rehearse, onward))
        record.keep(weights, run, onward=onward)
    size = sum(path.stat().st_size for path in weights.rglob("*.safetensors"))
    console.print(f"weights: {size / 1e6:.1f} MB in {weights}")


def _train_vae(work: Work) -> record.Record:
    diet = Diet(scenes=24, crops=2, wholes=2) if work.rehearse else Diet()
    train_autoencoder(work.build, work.plan, diet)
    return work.done(Stage.VAE, f"{diet.crops} crops, then {diet.wholes} pictures")


def _train_eyes(work: Work) -> record.Record:
    exercise = Exercise(views=24, batch=4) if work.rehearse else Exercise()
    export_eyes(train_eyes(work.build, work.vae(), work.plan, exercise), work.weights / "eyes")
    return work.done(Stage.EYES, f"{exercise.batch} pictures")


def _train_painter(work: Work) -> record.Record:
    study = Study(scenes=24, batch=4, sheet_seeds=1, sheet_steps=2, compiled=False) if work.rehearse else Study()
    start = work.weights / "painter" if work.onward else None
    if work.onward:
        # One folder for each time, so that a finished one is not taken for an interrupted one.
        study = replace(study, name=f"painter-{len(record.kept(work.weights))}")
    painter = train_painter(work.build, work.vae(), work.plan, study, start)
    export_painter(painter, work.vae(), work.weights / "painter")
    return work.done(Stage.PAINTER, f"{study.batch} pictures", study.name)


STAGES = {Stage.VAE: _train_vae, Stage.EYES: _train_eyes, Stage.PAINTER: _train_painter}

if __name__ == "__main__":
    typer.run(train)
