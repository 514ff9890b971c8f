"""Prints how good painter and eyes are on what they never saw: `python -m pocket.evaluate`."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from pocket.evaluation import sightedness, speed
from pocket.evaluation.claim import compare
from pocket.evaluation.exam import GROUPS, every_fact, examine, nothing_else, questions, share
from pocket.evaluation.intervals import ranking
from pocket.evaluation.report import Report, put
from pocket.eyes import Eyes
from pocket.facts import KINDS
from pocket.filling import fill
from pocket.painter import EYES, GUIDANCE, STEPS, WEIGHTS, brush, load_painter
from pocket.statement import nested
from pocket.training import record

CARDS = Path(__file__).with_name("README.md")
FULL = sum(GROUPS.values())
MEASURED = ("what", "percent (95 % interval)", "wanted")


class Part(StrEnum):
    """What can be measured alone."""

    TRAINING = "training"
    PAINTER = "painter"
    EYES = "eyes"
    CLAIM = "claim"
    SPEED = "speed"


@dataclass(frozen=True)
class Scale:
    """How much to measure, and how the pictures are painted."""

    prompts: int
    seeds: int
    scenes: int
    steps: int
    guidance: float

    def groups(self) -> dict[str, int]:
        """Give the number of prompts by group, at least one of each."""
        return {group: max(1, round(number * self.prompts / FULL)) for group, number in GROUPS.items()}

    def draws(self) -> list[int]:
        """List the seeds."""
        return list(range(self.seeds))


def evaluate(
    part: Annotated[list[Part] | None, typer.Option(help="Only these parts.")] = None,
    prompts: Annotated[int, typer.Option(help="Held-out prompts, in all groups together.", min=4)] = FULL,
    seeds: Annotated[int, typer.Option(help="Pictures for each prompt.", min=1)] = 4,
    scenes: Annotated[int, typer.Option(help="Held-out renders for the eyes.", min=5)] = 1000,
    steps: Annotated[int, typer.Option(help="Sampling steps.")] = STEPS,
    guidance: Annotated[float, typer.Option(help="Classifier-free guidance.")] = GUIDANCE,
    write: Annotated[bool, typer.Option(help="Also write the tables into pocket/README.md.")] = False,
) -> None:
    """Measure the parts and print a table for each, with 95 percent intervals from resampled prompts."""
    torch.set_num_threads(2)
    scale = Scale(prompts, seeds, scenes, steps, guidance)
    for one in part or list(Part):
        reports = list(PARTS[one](scale))
        for report in reports:
            report.show(Console(width=110))
        if write and reports:
            put(CARDS, one, "\n\n".join(report.markdown() for report in reports))


def _training(_: Scale) -> Iterator[Report]:
    report = Report(
        "What it took to train the weights, in this order",
        (
            "stage",
            "optimizer, and what goes into a step",
            "steps",
            "seconds a step, median",
            "hours in all",
            "last loss",
        ),
    )
    for run in record.kept(WEIGHTS):
        times = f"{run.seconds_per_step:.2f}", f"{run.hours:.2f}"
        report.add(run.stage, run.optimizer, f"{run.steps}", *times, f"{run.loss:.4f}")
    yield report


def _painter(scale: Scale) -> Iterator[Report]:
    asked = questions(scale.groups())
    paint = brush(load_painter(), scale.steps, scale.guidance)
    sheets = examine(asked, paint, Eyes.load(EYES), scale.draws())
    report = Report(
        f"{len(asked)} held-out prompts x {scale.seeds} seeds, {scale.steps} steps, guidance {scale.guidance:g}, "
        "judged by the eyes",
        MEASURED,
    )
    by_group = {group: [sheet for sheet in sheets if sheet.question.group == group] for group in GROUPS}
    report.add("one thing: colour and shape hold", share(by_group["single"], every_fact("shape", "colour")), ">= 95")
    report.add("two things and a relation: every stated fact holds", share(by_group["relation"], every_fact()), ">= 85")
    for how in ("beside", "inside"):
        some = [sheet for sheet in by_group["relation"] if nested(sheet.question.statement) == (how == "inside")]
        if some:
            report.add(f"of these, one {how} the other: every stated fact holds", share(some, every_fact()), "")
    counted = share(by_group["count"], every_fact("shape", "colour", "count"))
    report.add("several alike: shape, colour and number hold", counted, ">= 80")
    for group, some in by_group.items():
        report.add(f"{group}: every stated fact holds", share(some, every_fact()), "")
    for kind in KINDS:
        report.add(f"all prompts: every {kind} holds", share(sheets, every_fact(kind)), "")
    report.add("all prompts: every stated fact holds", share(sheets, every_fact()), "")
    report.add("all prompts: as many things as stated", share(sheets, nothing_else), "")
    yield report


def _eyes(scale: Scale) -> Iterator[Report]:
    eyes, pipeline = Eyes.load(EYES), load_painter()
    given = sightedness.held_out_scenes(scale.scenes)
    some = given[: max(5, scale.scenes // 5)]
    views = eyes.look_at(sightedness.drawn(given)), eyes.look_at(sightedness.repainted(some, pipeline))
    report = Report("True facts confirmed and false ones denied, on held-out scenes whose truth is known", MEASURED)
    for kind, found in sightedness.accuracy(given, views[0]).items():
        report.add(f"{kind}, {len(given)} renders", found, ">= 98")
    for kind, found in sightedness.accuracy(some, views[1]).items():
        report.add(f"{kind}, {len(some)} renders half erased and repainted by the painter", found, "")
    ranks = [ranking(*sightedness.match_scores(*each)) for each in ((given, views[0]), (some, views[1]))]
    blank = sightedness.highest_blank_score(questions(scale.groups()), eyes)
    report.notes = [
        f"AUC of own against shuffled prompts: {ranks[0]:.4f} on renders (wanted: >= 0.99), {ranks[1]:.4f} repainted.",
        f"Best score that any prompt gives any empty sheet: {blank:.3f} (wanted: < 0.1).",
    ]
    yield report


def _claim(scale: Scale) -> Iterator[Report]:
    paint, eyes = brush(load_painter(), scale.steps, scale.guidance), Eyes.load(EYES)
    asked = questions(scale.groups(), short=True)
    report = Report(
        f"{len(asked)} held-out terse prompts x {scale.seeds} paired seeds, {scale.steps} steps, as they are and "
        "completed by `filling.py`; percent of pictures with 95 % intervals",
        ("judged on the terse prompt alone", "base", "upsampled", "difference"),
    )
    for group, claim in compare(asked, fill, paint, eyes, scale.draws()).items():
        for name, found in (("every fact holds", claim.correct), ("legible: clear things, as many", claim.legible)):
            report.add(f"{group}: {name}", found.base, found.upsampled, found.difference)
    yield report


def _speed(scale: Scale) -> Iterator[Report]:
    found = speed.measure()
    report = Report(f"A fresh process with {found.threads} threads", ("what", "measured", "wanted"))
    report.add("importing torch and diffusers, s", f"{found.import_seconds:.2f}", "")
    report.add("loading, s", f"{found.load_seconds:.2f}", "<= 3")
    report.add("one 20-step picture, s", f"{found.picture_seconds:.2f}", "<= 2")
    report.add("peak memory, MB", f"{found.memory_mb:.0f}", "<= 700")
    yield report


PARTS = {
    Part.TRAINING: _training,
    Part.PAINTER: _painter,
    Part.EYES: _eyes,
    Part.CLAIM: _claim,
    Part.SPEED: _speed,
}

if __name__ == "__main__":
    typer.run(evaluate)
