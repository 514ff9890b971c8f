"""`python -m services.upsampler.optimize`: compile the program of a mode for a language model, and save it as JSON.

The model is the one that the service would ask (`UPSAMPLER_…`). The result is loaded by `UPSAMPLER_PROGRAM`.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from promptlift import Client
from promptlift.contracts import Mode, UpsampleRequest
from promptlift.errors import explain
from services import language_model, settings
from services.upsampler import program
from services.upsampler.clip import Tokenizer
from services.upsampler.compilation import Compiled, Grading, Optimizer, compile_program
from services.upsampler.load import OPENAI_MODEL
from services.upsampler.metric import Reward
from services.upsampler.reward import Painted
from services.upsampler.settings import UpsamplerSettings


def read_requests(path: Path, mode: Mode) -> list[UpsampleRequest]:
    """Read one request a line: a prompt, or a JSON object with `prompt` and for `modify` the two other texts.

    Raises:
        RuntimeError: a line is no request; the message names it.
    """
    requests = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                fields = json.loads(line) if line.startswith("{") else {"prompt": line.strip()}
                requests.append(UpsampleRequest.model_validate({"mode": mode, **fields}))
            except ValidationError as error:
                raise RuntimeError(f"{path}, line {number}: {explain(error)}") from error
            except ValueError as error:
                raise RuntimeError(f"{path}, line {number}: is no JSON object: {error}") from error
    return requests


@contextlib.contextmanager
def rewarded(generator: str | None, judge: str | None) -> Iterator[Reward | None]:
    """Connect to the services that paint and judge, where both are named."""
    if not (generator and judge):
        yield None
        return
    with Client(generator) as painting, Client(judge) as judging:
        yield Painted(painting, judging)


def main(
    prompts: Annotated[Path, typer.Argument(help="Prompts, one a line.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Argument(help="The compiled program (JSON), for UPSAMPLER_PROGRAM.")],
    mode: Annotated[str, typer.Option(help=f"One of {', '.join(program.MODES)}.")] = "faithful",
    optimizer: Annotated[Optimizer, typer.Option(help="gepa rewrites instructions, bootstrap collects demos.")] = (
        Optimizer.gepa
    ),
    calls: Annotated[int, typer.Option(help="Answers that may be graded on the way.", min=1)] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 0,
    generator_url: Annotated[str | None, typer.Option(help="A generator, to reward pictures as well.")] = None,
    judge_url: Annotated[str | None, typer.Option(help="A judge, to reward pictures as well.")] = None,
) -> None:
    """Compile the upsampler's program for the model that UPSAMPLER_… names."""
    console = Console()
    try:
        config = settings.read(UpsamplerSettings)
        compiled = _compiled(config, prompts, mode, optimizer, calls, seed, generator_url, judge_url)
    except RuntimeError as error:
        console.print(f"promptlift: {error}", style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    out.parent.mkdir(parents=True, exist_ok=True)
    compiled.captioning.save(out)
    table = Table("program", "mean grade on prompts not seen", title=mode)
    table.add_row("before", f"{compiled.before:.3f}")
    table.add_row("compiled", f"{compiled.after:.3f}")
    console.print(table)
    if compiled.after <= compiled.before:
        console.print("the compiled program is no better than the one before", style="yellow")
    console.print(f"{out} is written; load it with UPSAMPLER_PROGRAM={out}", highlight=False)


def _compiled(
    config: UpsamplerSettings,
    prompts: Path,
    mode: str,
    optimizer: Optimizer,
    calls: int,
    seed: int,
    generator: str | None,
    judge: str | None,
) -> Compiled:
    if mode not in program.MODES:
        raise RuntimeError(f"{mode!r} has no program; name one of {', '.join(program.MODES)}")
    if not config.remote:
        raise RuntimeError("there is no model to ask: set OPENAI_API_KEY or UPSAMPLER_API_BASE")
    requests = read_requests(prompts, mode)
    name, _ = language_model.name_model(config, OPENAI_MODEL)
    count = Tokenizer().count
    captioning = program.load(config.program, count) if config.program else program.Captioning(count)
    lm = language_model.connect(config, name)
    with rewarded(generator, judge) as reward, contextlib.closing(lm.engine):
        grading = Grading(count, config.budget, reward)
        return compile_program(captioning, mode, requests, grading, lm, optimizer=optimizer, calls=calls, seed=seed)


if __name__ == "__main__":
    typer.run(main)
