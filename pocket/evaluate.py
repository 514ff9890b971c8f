"""Prints how good painter and eyes are on what they never saw: `python -m pocket.evaluate`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.table import Table

from pocket.evaluation import sightedness, speed
from pocket.evaluation.claim import Comparison, compare
from pocket.evaluation.exam import GROUPS, every_fact, examine, nothing_else, questions, share
from pocket.evaluation.intervals import Estimate, ranking
from pocket.eyes import Eyes
from pocket.facts import KINDS
from pocket.filling import fill
from pocket.painter import EYES, brush, load_painter

console = Console(width=110)


class Part(StrEnum):
    """What can be measured alone."""

    PAINTER = "painter"
    EYES = "eyes"
    CLAIM = "claim"
    SPEED = "speed"


@dataclass(frozen=True)
class Scale:
    """How much to measure."""

    share: float
    seeds: int
    steps: int
    guidance: float

    def groups(self) -> dict[str, int]:
        """Give the number of prompts by group."""
        return {group: max(3, round(number * self.share)) for group, number in GROUPS.items()}

    def draws(self) -> list[int]:
        """List the seeds."""
        return list(range(self.seeds))


def evaluate(
    part: Annotated[list[Part] | None, typer.Option(help="Only these parts.")] = None,
    scale: Annotated[float, typer.Option(help="Share of the full number of prompts.")] = 1.0,
    seeds: Annotated[int, typer.Option(help="Pictures for each prompt.")] = 4,
    steps: Annotated[int, typer.Option(help="Sampling steps.")] = 20,
    guidance: Annotated[float, typer.Option(help="Classifier-free guidance.")] = 5.0,
) -> None:
    """Measure the parts and print a table for each, with 95 percent intervals from resampled prompts."""
    torch.set_num_threads(2)
    for one in part or list(Part):
        PARTS[one](Scale(scale, seeds, steps, guidance))


def _painter(scale: Scale) -> None:
    asked = questions(scale.groups())
    paint = brush(load_painter(), scale.steps, scale.guidance)
    sheets = examine(asked, paint, Eyes.load(EYES), scale.draws())
    table = _table(
        f"Painter: {len(asked)} held-out prompts x {scale.seeds} seeds, {scale.steps} steps", "percent of pictures"
    )
    by_group = {group: [sheet for sheet in sheets if sheet.question.group == group] for group in GROUPS}
    _row(table, "single: colour and shape hold", share(by_group["single"], every_fact("shape", "colour")), ">= 95")
    _row(table, "two things and a relation: every fact holds", share(by_group["relation"], every_fact()), ">= 85")
    _row(table, "count: the number holds", share(by_group["count"], every_fact("shape", "colour", "count")), ">= 80")
    for group, some in by_group.items():
        _row(table, f"{group}: every stated fact holds", share(some, every_fact()))
    for kind in KINDS:
        _row(table, f"all prompts: every {kind} holds", share(sheets, every_fact(kind)))
    _row(table, "all prompts: every stated fact holds", share(sheets, every_fact()))
    _row(table, "all prompts: nothing more, nothing less", share(sheets, nothing_else))
    console.print(table)


def _eyes(scale: Scale) -> None:
    eyes, pipeline = Eyes.load(EYES), load_painter()
    given = sightedness.held_out_scenes(round(1000 * scale.share))
    half_painted = given[: round(200 * scale.share)]
    renders = eyes.look_at(sightedness.drawn(given))
    painted = eyes.look_at(sightedness.repainted(half_painted, pipeline))
    table = _table("Eyes: true facts confirmed and false ones denied, held-out scenes", "percent right")
    for kind, found in sightedness.accuracy(given, renders).items():
        _row(table, f"{kind}, {len(given)} renders", found, ">= 98")
    for kind, found in sightedness.accuracy(half_painted, painted).items():
        _row(table, f"{kind}, {len(half_painted)} renders half repainted by the painter", found)
    console.print(table)
    asked = questions(scale.groups())
    console.print(f"matched against shuffled, renders: AUC {ranking(*sightedness.match_scores(given, renders)):.4f}")
    console.print(
        f"matched against shuffled, repainted: AUC {ranking(*sightedness.match_scores(half_painted, painted)):.4f}"
    )
    console.print(f"best score of a blank picture: {sightedness.highest_blank_score(asked, eyes):.3f} (< 0.1)")


def _claim(scale: Scale) -> None:
    paint, eyes = brush(load_painter(), scale.steps, scale.guidance), Eyes.load(EYES)
    asked = questions(scale.groups(), short=True)
    claims = compare(asked, fill, paint, eyes, scale.draws())
    table = Table(
        title=f"Terse prompts upsampled: {len(asked)} prompts x {scale.seeds} paired seeds", title_justify="left"
    )
    for heading in ("percent of pictures", "base", "upsampled", "difference"):
        table.add_column(heading)
    for group, claim in claims.items():
        _compared(table, f"{group}: correct on the terse prompt's own facts", claim.correct)
        _compared(table, f"{group}: legible, as many clear things as asked for", claim.legible)
    console.print(table)


def _compared(table: Table, name: str, found: Comparison) -> None:
    table.add_row(name, found.base.percent(), found.upsampled.percent(), found.difference.percent())


def _speed(scale: Scale) -> None:
    del scale
    found = speed.measure()
    table = _table(f"Speed: a fresh process, {found.threads} threads", "measured")
    table.add_row("importing torch and diffusers, s", f"{found.import_seconds:.2f}", "")
    table.add_row("loading, s", f"{found.load_seconds:.2f}", "<= 3")
    table.add_row("one 20-step picture, s", f"{found.picture_seconds:.2f}", "<= 2")
    table.add_row("peak memory, MB", f"{found.memory_mb:.0f}", "<= 700")
    console.print(table)


def _table(title: str, measured: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("what", measured, "wanted"):
        table.add_column(heading)
    return table


def _row(table: Table, name: str, found: Estimate, wanted: str = "") -> None:
    table.add_row(name, found.percent(), wanted)


PARTS = {Part.PAINTER: _painter, Part.EYES: _eyes, Part.CLAIM: _claim, Part.SPEED: _speed}

if __name__ == "__main__":
    typer.run(evaluate)
