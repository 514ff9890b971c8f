"""`promptlift judge-check`: whether a running judge can be believed, before anyone reads its scores."""

import asyncio
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from promptlift.async_client import AsyncClient
from promptlift.cli import show
from promptlift.cli.exits import Exit, told
from promptlift.connection import LOCAL
from promptlift.contracts import Judgement, JudgeMode
from promptlift.errors import Rejected

if TYPE_CHECKING:
    from promptlift.cli.controls import Case, Result

OUTCOMES = {
    Exit.DONE: "[green]the judge passes[/green]",
    Exit.INCORRECT: "[red]the judge fails: its scores mean little[/red]",
    Exit.NO_VERDICT: "[yellow]the judge gave no opinion[/yellow]",
}

Folder = Annotated[
    Path | None,
    typer.Option(help="Folder of pictures that show their prompts, listed in its pictures.json; default: drawn ones."),
]


def judge_check(
    *,
    pictures: Folder = None,
    mode: Annotated[JudgeMode, typer.Option(help="How the judge judges.")] = "checklist",
    samples: Annotated[int, typer.Option(help="Looks at each picture, 1 to 9.")] = 1,
    seed: Annotated[int | None, typer.Option(help="Seed of the judge; default: its own setting.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Questions in work at once.")] = 4,
    url: Annotated[str, typer.Option(envvar="PROMPTLIFT_URL", help="Address of the judge.")] = LOCAL,
    timeout: Annotated[float, typer.Option(help="Seconds that one question may take.")] = 120.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Check that a judge can't be fooled by blank, swapped, mirrored or miscounted pictures, nor by painted words.

    Exit status 0: it passes; 4: it does not; 5: it gives no opinion at all.
    """
    with told():
        _need_pillow()
        from promptlift.cli import controls  # noqa: PLC0415  only after the check above
        from promptlift.cli.pictures import drawn, read  # noqa: PLC0415

        questions = controls.cases(read(pictures) if pictures else drawn())
        asked = {"mode": mode, "samples": samples, "seed": seed, "timeout": timeout}
        with Progress(
            console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal
        ) as bar:
            task = bar.add_task("judging", total=len(questions))
            answers = asyncio.run(_ask(questions, asked, url, concurrency, lambda: bar.advance(task)))
        results = controls.grade(list(zip(questions, answers, strict=True)))
    verdict = outcome(answers, results)
    if as_json:
        show.print_json(_as_json(answers, results, verdict))
    else:
        _print(Console(), answers, results, verdict)
    raise typer.Exit(verdict)


def outcome(answers: Sequence[Judgement], results: Sequence["Result"]) -> Exit:
    """Tell the exit status: a control that had nothing to measure neither passes nor fails."""
    if not any(answer.status == "ok" for answer in answers):
        return Exit.NO_VERDICT
    return Exit.INCORRECT if any(result.passed is False for result in results) else Exit.DONE


def _need_pillow() -> None:
    if importlib.util.find_spec("PIL") is None:
        raise Rejected("judge-check draws pictures and needs Pillow; run: pip install 'promptlift[cli]'")


async def _ask(
    questions: Sequence["Case"], asked: dict[str, Any], url: str, concurrency: int, answered: Callable[[], None]
) -> list[Judgement]:
    """Ask every question, so many at a time, and give the answers in their order."""
    places = asyncio.Semaphore(concurrency)

    async def ask(client: AsyncClient, question: "Case") -> Judgement:
        async with places:
            answer = await client.judge(prompt=question.prompt, image=question.image, **asked)
        answered()
        return answer

    async with AsyncClient(url) as client:
        return await asyncio.gather(*(ask(client, question) for question in questions))


def _as_json(answers: Sequence[Judgement], results: Sequence["Result"], verdict: Exit) -> dict[str, Any]:
    return {
        "passed": verdict is Exit.DONE,
        "model": answers[0].model,
        "rubric_version": answers[0].rubric_version,
        "controls": [asdict(result) for result in results],
        "without_opinion": _silences(answers),
    }


def _silences(answers: Sequence[Judgement]) -> list[str]:
    """Give each reason for an answer without opinion once."""
    return list(dict.fromkeys(f"{answer.status}: {answer.reason}" for answer in answers if answer.status != "ok"))


def _print(console: Console, answers: Sequence[Judgement], results: Sequence["Result"], verdict: Exit) -> None:
    table = Table(title=escape(f"{answers[0].model}, rubric {answers[0].rubric_version}"), title_justify="left")
    table.add_column("control")
    for name in ("cases", "figure", "wanted", ""):
        table.add_column(name, justify="right")
    marks = {True: "[green]passes[/green]", False: "[red]fails[/red]", None: ""}
    for result in results:
        figure = "" if result.figure is None else f"{result.figure:.2f}"
        table.add_row(result.name, str(result.cases), figure, result.wanted, marks[result.passed])
    console.print(table)
    for silence in _silences(answers):
        console.print(silence, style="yellow", markup=False, highlight=False)
    console.print(OUTCOMES[verdict])
