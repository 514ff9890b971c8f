"""How answers look on a terminal and as JSON, and where their pictures are written."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from promptlift.contracts import Creation, GeneratedImage, Judgement, Picture, Upsampling


def save(creation: Creation, folder: Path) -> list[Path]:
    """Write every picture into a folder, named after its arm, and with several of an arm after its seed too."""
    folder.mkdir(parents=True, exist_ok=True)
    several = len(creation.pictures) > len({picture.arm for picture in creation.pictures})
    return [
        picture.generated.image.save(folder / f"{_name(picture, several)}{picture.generated.image.suffix}")
        for picture in creation.pictures
    ]


def _name(picture: Picture, several: bool) -> str:
    return f"{picture.arm}-{picture.generated.seed}" if several else picture.arm


def creation_json(creation: Creation, files: list[Path]) -> dict[str, Any]:
    """Make a JSON object of a job, with the name of each picture's file in place of its bytes."""
    shown = creation.model_dump(mode="json", exclude={"pictures": {"__all__": {"generated": {"image"}}}})
    for picture, file in zip(shown["pictures"], files, strict=True):
        picture["file"] = str(file)
    return shown


def print_creation(console: Console, creation: Creation, files: list[Path]) -> None:
    """Print both prompts, each picture with its judgement, the comparison, the warnings and the times."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("base prompt", escape(creation.prompt))
    if creation.upsampling is not None:
        table.add_row("upsampled", escape(_upsampled(creation.upsampling)))
    for index, (picture, file) in enumerate(zip(creation.pictures, files, strict=True)):
        table.add_row("", "")
        table.add_row(f"{picture.arm} picture", f"{escape(str(file))}{_mark(creation, index)}")
        table.add_row("", f"[dim]{escape(_painted(picture.generated))}[/dim]")
        if picture.judgement is not None:
            table.add_row("judgement", _judged(picture.judgement))
    table.add_row("", "")
    if creation.comparison is not None:
        table.add_row("comparison", escape(creation.comparison.winner or creation.comparison.reason or ""))
    for warning in creation.warnings:
        table.add_row("[yellow]warning[/yellow]", escape(warning))
    times = " · ".join(f"{timing.stage} {timing.seconds:.1f} s" for timing in creation.timings)
    table.add_row("time", f"{times} · in all {creation.seconds:.1f} s")
    console.print(table)
    if creation.trace_url is not None:
        console.print(f"[bold]trace[/bold]              {escape(creation.trace_url)}", highlight=False, soft_wrap=True)


def _upsampled(upsampling: Upsampling) -> str:
    return f"{upsampling.prompt} ({upsampling.model})" if not upsampling.fallback else f"none: {upsampling.reason}"


def _mark(creation: Creation, index: int) -> str:
    return " [green]best[/green]" if index == creation.best and len(creation.pictures) > 1 else ""


def _painted(generated: GeneratedImage) -> str:
    return (
        f"{generated.width}x{generated.height}, {generated.steps} steps, guidance {generated.guidance:g}, "
        f"seed {generated.seed}, by {generated.model}"
    )


def _judged(judgement: Judgement) -> str:
    if judgement.score is None:
        return f"[yellow]{judgement.status}[/yellow]: {escape(judgement.reason or '')}"
    colour = "green" if judgement.verdict == "correct" else "red"
    return f"[{colour}]{judgement.verdict}[/{colour}], score {judgement.score:.2f}: {escape(judgement.reasoning)}"


def print_judgement(console: Console, judgement: Judgement) -> None:
    """Print one judgement in a line, its flags, and each of its facts with what was seen of it."""
    console.print(_judged(judgement), highlight=False)
    if judgement.flags:
        console.print(f"[yellow]flagged[/yellow]: {', '.join(judgement.flags)}", highlight=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for fact in judgement.facts:
        mark = "[green]yes[/green]" if fact.holds else "[red]no[/red]"
        table.add_row(mark, escape(fact.question), f"[dim]{escape(fact.evidence)}[/dim]")
    console.print(table)


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on standard output, whatever kind of terminal that is."""
    Console(soft_wrap=True, highlight=False, markup=False).print(json.dumps(value, ensure_ascii=False, indent=2))
