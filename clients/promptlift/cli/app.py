"""The subcommands of `promptlift`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from promptlift.cli import show, trace
from promptlift.cli.check import judge_check
from promptlift.cli.evaluate import evaluate
from promptlift.cli.exits import Exit, told
from promptlift.cli.publish import publish
from promptlift.cli.traces import trace as show_trace
from promptlift.client import Client
from promptlift.connection import LOCAL, TIMEOUT
from promptlift.contracts import CreateRequest, Creation, Format, Image, JudgeMode, Progress
from promptlift.errors import Failed, of_problem
from promptlift.method import checked

EPILOG = "Exit status: " + (Exit.__doc__ or "")
DOING = {
    "upsample": "upsampling",
    "generate": "painting",
    "wait": "waiting for a generator",
    "judge": "judging",
    "compare": "comparing",
}

app = typer.Typer(
    help="Turn a terse prompt into a picture that shows what was asked, with proof.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(judge_check)
app.command("trace")(show_trace)
app.command()(evaluate)
app.command()(publish)

Prompt = Annotated[str, typer.Argument(help="What to paint, in your own words; - reads standard input.")]
Url = Annotated[str, typer.Option(envvar="PROMPTLIFT_URL", help="Address of the service.")]
Out = Annotated[Path, typer.Option(help="Folder for the pictures.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Timeout = Annotated[float, typer.Option(help="Seconds that the whole call may take.")]
Seed = Annotated[int | None, typer.Option(help="Seed; without it one is drawn, and told.")]
Negative = Annotated[str, typer.Option(help="What the picture should not show.")]
Side = Annotated[int | None, typer.Option(help="Pixels, a multiple of 8, 64 to 2048; default: the model's own.")]
Steps = Annotated[int | None, typer.Option(help="Denoising steps, 1 to 150.")]
Guidance = Annotated[float | None, typer.Option(help="Guidance scale, 0 to 30.")]
Encoding = Annotated[Format, typer.Option(help="How pictures are encoded.")]


@app.command()
def create(
    prompt: Prompt,
    *,
    upsample: Annotated[bool, typer.Option(help="Paint an upsampled prompt.")] = True,
    compare: Annotated[bool, typer.Option(help="Paint the base prompt as well, and compare.")] = False,
    n: Annotated[int, typer.Option("-n", help="Pictures of each prompt, 1 to 16.")] = 1,
    judge: Annotated[bool, typer.Option(help="Judge each picture against the base prompt.")] = True,
    judge_seed: Annotated[int | None, typer.Option(help="Seed of the judge.")] = None,
    negative_prompt: Negative = "",
    stock_negative_prompt: Annotated[bool, typer.Option(help="Add the stock negative prompt.")] = False,
    width: Side = None,
    height: Side = None,
    steps: Steps = None,
    guidance: Guidance = None,
    seed: Seed = None,
    format: Encoding = "png",
    project: Annotated[str | None, typer.Option(help="W&B project that the call is traced in.")] = None,
    entity: Annotated[str | None, typer.Option(help="W&B entity of the project.")] = None,
    url: Url = LOCAL,
    timeout: Timeout = TIMEOUT,
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Make judged pictures of a terse prompt."""
    with told(), trace.calls(project, entity) as traced:
        request = checked(
            CreateRequest,
            prompt=_text(prompt),
            upsample=upsample,
            compare=compare,
            n=n,
            judge=judge,
            judge_seed=judge_seed,
            negative_prompt=negative_prompt,
            stock_negative_prompt=stock_negative_prompt,
            width=width,
            height=height,
            steps=steps,
            guidance=guidance,
            seed=seed,
            format=format,
            timeout=timeout,
        )
        creation: Creation = traced(_follow)(request, url)
        files = show.save(creation, out)
        if as_json:
            show.print_json(show.creation_json(creation, files))
        else:
            show.print_creation(Console(), creation, files)


@app.command()
def upsample(
    prompt: Prompt, *, seed: Seed = None, url: Url = LOCAL, timeout: Timeout = TIMEOUT, as_json: AsJson = False
) -> None:
    """Make a detailed prompt of a terse one; --url is the upsampler's."""
    with told(), Client(url) as client:
        with _status("upsampling"):
            upsampling = client.upsample(prompt=_text(prompt), seed=seed, timeout=timeout)
        if as_json:
            show.print_json(upsampling.model_dump(mode="json"))
        else:
            Console(soft_wrap=True).print(upsampling.prompt, highlight=False, markup=False)
        if upsampling.fallback:
            raise Failed(upsampling.reason or "the upsampler gave the base prompt back")


@app.command()
def generate(
    prompt: Prompt,
    *,
    negative_prompt: Negative = "",
    width: Side = None,
    height: Side = None,
    steps: Steps = None,
    guidance: Guidance = None,
    seed: Seed = None,
    format: Encoding = "png",
    url: Url = LOCAL,
    timeout: Timeout = TIMEOUT,
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Paint a prompt as it stands; --url is the generator's."""
    with told(), Client(url) as client:
        with _status("painting"):
            generated = client.generate(
                prompt=_text(prompt),
                negative_prompt=negative_prompt,
                width=width,
                height=height,
                steps=steps,
                guidance=guidance,
                seed=seed,
                format=format,
                timeout=timeout,
            )
        out.mkdir(parents=True, exist_ok=True)
        file = generated.image.save(out / f"{generated.seed}{generated.image.suffix}")
        if as_json:
            show.print_json(generated.model_dump(mode="json", exclude={"image"}) | {"file": str(file)})
        else:
            Console(soft_wrap=True).print(str(file), highlight=False, markup=False)


@app.command()
def judge(
    prompt: Prompt,
    image: Annotated[Path, typer.Argument(help="A PNG, JPEG or WebP file.", exists=True, dir_okay=False)],
    *,
    mode: Annotated[JudgeMode, typer.Option(help="How to judge.")] = "checklist",
    samples: Annotated[int, typer.Option(help="Looks at the picture, 1 to 9, that are averaged.")] = 1,
    seed: Seed = None,
    url: Url = LOCAL,
    timeout: Timeout = TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Say whether a picture shows what a prompt asks for; --url is the judge's."""
    with told(), Client(url) as client:
        picture = Image.read(image)
        with _status("judging"):
            judgement = client.judge(
                prompt=_text(prompt), image=picture, mode=mode, samples=samples, seed=seed, timeout=timeout
            )
    if as_json:
        show.print_json(judgement.model_dump(mode="json"))
    else:
        show.print_judgement(Console(), judgement)
    raise typer.Exit({"correct": Exit.DONE, "incorrect": Exit.INCORRECT, None: Exit.NO_VERDICT}[judgement.verdict])


def _text(prompt: str) -> str:
    return sys.stdin.read().strip() if prompt == "-" else prompt


def _follow(request: CreateRequest, url: str) -> Creation:
    """Run a job and show its stages, on a terminal only."""
    with Client(url) as client, _status("waiting") as status:
        for event in client.stream(request):
            if event.result is not None:
                return event.result
            if event.error is not None:
                raise of_problem(event.error)
            _tell(status, event)
    raise Failed("the service ended its stream without a result; its log tells more")


def _tell(status: Status | None, event: Progress) -> None:
    if status is not None and event.event == "started" and event.stage:
        status.update(DOING[event.stage])


@contextmanager
def _status(doing: str) -> Iterator[Status | None]:
    """Show a spinner on a terminal, and nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with console.status(doing) as status:
        yield status
