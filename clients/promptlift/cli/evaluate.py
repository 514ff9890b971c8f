"""`promptlift evaluate`: whether upsampling helps with your prompts, with intervals and pictures."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from promptlift.cli.exits import Exit, told
from promptlift.cli.extras import need
from promptlift.connection import LOCAL, TIMEOUT
from promptlift.contracts import Format, JudgeMode
from promptlift.errors import Rejected

if TYPE_CHECKING:
    from promptlift.evaluation.board import Board
    from promptlift.evaluation.plan import Plan
    from promptlift.evaluation.prompts import PromptSet
    from promptlift.evaluation.session import Outcome, Services

INTERRUPTED = 130
Prompts = Annotated[
    str, typer.Option(help="A TSV, CSV, JSONL or text file, a Weave dataset (weave:///…), or smoke, which is shipped.")
]
Controls = Annotated[bool, typer.Option(help="Check the judge first; without it the result stays unchecked.")]
JudgeUrl = Annotated[str | None, typer.Option(help="Address of the judge, for its controls; default: that of --url.")]
Project = Annotated[str | None, typer.Option(help="W&B project for a Weave evaluation and its leaderboard.")]
Side = Annotated[int | None, typer.Option(help="Pixels, a multiple of 8, 64 to 2048; default: the model's own.")]


def evaluate(
    *,
    prompts: Prompts = "smoke",
    seeds: Annotated[int, typer.Option(help="Pictures of each prompt and arm, 1 to 64.")] = 4,
    arms: Annotated[str, typer.Option(help="What is painted: base, upsampled, or both.")] = "base,upsampled",
    out: Annotated[Path, typer.Option(help="Folder for the report; named again, a run goes on.")] = Path("evaluation"),
    limit: Annotated[int | None, typer.Option(help="Prompts at most, of each category in turn.")] = None,
    first_seed: Annotated[int, typer.Option(help="Another one gives other pictures of the same prompts.")] = 0,
    width: Side = None,
    height: Side = None,
    steps: Annotated[int | None, typer.Option(help="Denoising steps, 1 to 150.")] = None,
    guidance: Annotated[float | None, typer.Option(help="Guidance scale, 0 to 30.")] = None,
    negative_prompt: Annotated[str, typer.Option(help="What the pictures should not show.")] = "",
    stock_negative_prompt: Annotated[bool, typer.Option(help="Add the stock negative prompt.")] = False,
    format: Annotated[Format, typer.Option(help="How pictures are encoded.")] = "png",
    judge_mode: Annotated[JudgeMode, typer.Option(help="How the judge judges.")] = "checklist",
    judge_samples: Annotated[int, typer.Option(help="Looks at each picture, 1 to 9, that are averaged.")] = 1,
    judge_seed: Annotated[int | None, typer.Option(help="Seed of the judge; default: its own setting.")] = None,
    controls: Controls = True,
    concurrency: Annotated[int, typer.Option(min=1, help="Trials in work at once.")] = 8,
    project: Project = None,
    entity: Annotated[str | None, typer.Option(help="W&B entity of the project.")] = None,
    url: Annotated[str, typer.Option(envvar="PROMPTLIFT_URL", help="Address of the orchestrator.")] = LOCAL,
    judge_url: JudgeUrl = None,
    timeout: Annotated[float, typer.Option(help="Seconds that one trial may take.")] = TIMEOUT,
) -> None:
    """Measure whether upsampling helps: paint each prompt with and without it, judge, compare, report.

    What is done is kept at once: after Ctrl-C or a crash the same command goes on where it stood. Exit status 0: valid;
    4: invalid, the report says why; 5: nothing was judged.
    """
    with told():
        need("evaluation", "jinja2", "numpy", "PIL", "scipy")
        from promptlift.evaluation import session  # noqa: PLC0415  only after the check above
        from promptlift.evaluation.plan import planned  # noqa: PLC0415
        from promptlift.evaluation.prompts import load  # noqa: PLC0415

        plan, part = planned(
            load(prompts),
            limit=limit,
            arms=tuple(sorted({arm.strip() for arm in arms.split(",")})),
            seeds=seeds,
            first_seed=first_seed,
            width=width,
            height=height,
            steps=steps,
            guidance=guidance,
            negative_prompt=negative_prompt,
            stock_negative_prompt=stock_negative_prompt,
            format=format,
            judge_mode=judge_mode,
            judge_samples=judge_samples,
            judge_seed=judge_seed,
        )
        services = session.Services(url, (judge_url or url) if controls else None, concurrency, timeout)
        with _board(project, entity) as board:
            outcome = _run(plan, part, out, services)
            logged = [board.log(outcome)] if board is not None else []
    raise typer.Exit(_told(Console(soft_wrap=True), outcome, logged))


def _board(project: str | None, entity: str | None) -> "AbstractContextManager[Board | None]":
    """Reach Weave before anything is paid for, if a project is named."""
    if project is None:
        if entity is not None:
            raise Rejected("--entity needs --project; name both, or neither")
        return nullcontext()
    need("tracing", "weave")
    from promptlift.evaluation.board import Board  # noqa: PLC0415  only who names a project needs weave

    return Board(project, entity)


def _run(plan: "Plan", part: "PromptSet", out: Path, services: "Services") -> "Outcome":
    from promptlift.cli.progress import Bar  # noqa: PLC0415  only evaluations need it
    from promptlift.evaluation import session  # noqa: PLC0415

    bar = Bar(Console(stderr=True, soft_wrap=True))
    try:
        with bar:
            return asyncio.run(session.evaluate(plan, part, out, services, bar))
    except KeyboardInterrupt as error:
        bar.say(f"stopped; what is done is kept in {out}, and the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from error


def _told(console: Console, outcome: "Outcome", logged: Sequence[str]) -> Exit:
    found = outcome.findings
    console.print(f"[bold]{escape(_headline(outcome))}[/bold]", highlight=False)
    colour = {"valid": "green", "unchecked": "yellow", "invalid": "red"}[found.validity.verdict]
    console.print(f"[{colour}]{found.validity.verdict}[/{colour}]")
    _list(console, [*found.validity.reasons, *found.validity.notes])
    _list(console, [*(str(file) for file in outcome.files), *logged])
    if found.validity.verdict == "invalid":
        return Exit.INCORRECT if found.whole.pairs else Exit.NO_VERDICT
    return Exit.DONE


def _headline(outcome: "Outcome") -> str:
    from promptlift.evaluation.headline import headline  # noqa: PLC0415  only evaluations need it

    return headline(outcome.findings)


def _list(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(f"  {line}", markup=False, highlight=False)
