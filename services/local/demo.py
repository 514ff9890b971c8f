"""The main job, shown: start the four services, make two pictures of a terse prompt, judge them, stop."""

import time
from pathlib import Path

from rich.console import Console

from promptlift import Client, CreateRequest, Creation, Failed, PromptliftError
from promptlift.cli import show, traces
from promptlift.errors import of_problem
from services.local.system import STATE, LocalSystem, NotStarted
from services.local.traces import LocalTraces

LOG = STATE / "demo.log"
DOING = {
    "upsample": "upsampling the prompt",
    "generate": "painting both prompts with one seed",
    "wait": "waiting for the painter",
    "judge": "judging both pictures",
    "compare": "comparing them",
}


def run(console: Console, prompt: str, port: int, out: Path, seed: int) -> None:
    """Show the whole job.

    Raises:
        NotStarted: the services did not start, or the job failed.
    """
    with LocalTraces.beside(port) as kept:
        creation = _made(console, prompt, port, seed, kept)
        console.print()
        show.print_creation(console, creation, show.save(creation, out))
        _print_trace(console, creation, kept)


def _made(console: Console, prompt: str, port: int, seed: int, kept: LocalTraces) -> Creation:
    started = time.monotonic()
    console.print(f"starting upsampler, generator, judge and orchestrator (their log: {LOG})", highlight=False)
    with LocalSystem(port, log=LOG, environment=kept.environment) as system:
        system.wait(lambda message: console.print(f"  [dim]{message}[/dim]", highlight=False))
        console.print(f"all four are ready after {time.monotonic() - started:.1f} s", highlight=False)
        try:
            creation = _follow(console, system.url, CreateRequest(prompt=prompt, compare=True, seed=seed))
        except PromptliftError as error:
            raise NotStarted(f"the job failed: {error}; {LOG} tells more") from error
        console.print("stopping the services")
    return creation


def _print_trace(console: Console, creation: Creation, kept: LocalTraces) -> None:
    """Show where the time went; the services have handed their calls over when they stopped."""
    if kept.trouble is not None:
        console.print(f"there is no trace: {kept.trouble}", highlight=False)
    if kept.url is None or creation.trace_id is None:
        return
    console.print()
    try:
        traces.print_tree(console, traces.read(creation.trace_id, kept.url), kept.url)
    except PromptliftError as error:
        console.print(f"the trace can't be shown: {error}", highlight=False)
    console.print("make traces shows this trace, and all before it, in a browser", highlight=False)


def _follow(console: Console, url: str, request: CreateRequest) -> Creation:
    with Client(url) as client:
        for event in client.stream(request):
            if event.result is not None:
                return event.result
            if event.error is not None:
                raise of_problem(event.error)
            if event.stage is not None and event.event == "started":
                console.print(f"  {DOING[event.stage]} …", highlight=False)
            elif event.stage is not None:
                console.print(f"  {event.stage} took {event.seconds:.1f} s", highlight=False)
    raise Failed("the orchestrator ended its stream without a result")
