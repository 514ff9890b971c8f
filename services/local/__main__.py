"""`python -m services.local`: what `make serve` and `make demo` run, and the table of settings."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from services.local.demo import run
from services.local.system import LocalSystem, NotStarted
from services.local.traces import FILE, OFFSET, LocalTraces

app = typer.Typer(help="Run the whole system on this machine.", pretty_exceptions_enable=False)
Port = Annotated[int, typer.Option(help="Port of the orchestrator.")]

CALLS = """
[green]ready[/green] on {url}

  curl -s {url}/create -H 'content-type: application/json' -d '{{"prompt": "a red circle", "compare": true}}'
  promptlift create "a red circle" --compare --url {url}

Ctrl-C stops all four services.
"""


@app.command()
def serve(port: Port = 3000) -> None:
    """Start the four services and leave them running."""
    console = Console(soft_wrap=True)
    with (
        _stopped_in_order(console),
        LocalTraces.beside(port) as kept,
        LocalSystem(port, environment=kept.environment) as system,
    ):
        system.wait(lambda message: console.print(f"[dim]waiting: {message}[/dim]", highlight=False))
        console.print(CALLS.format(url=system.url), highlight=False)
        if kept.url or kept.trouble:
            console.print(f"traces: {kept.url or kept.trouble}\n", highlight=False)
        raise typer.Exit(system.join())


@app.command()
def demo(
    prompt: Annotated[str, typer.Argument(help="What to paint.")] = "a red circle",
    port: Port = 3000,
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("out"),
    seed: Annotated[int, typer.Option(help="Seed of the pictures.")] = 0,
) -> None:
    """Start the four services, make and judge two pictures of a prompt, and stop them."""
    console = Console(soft_wrap=True)
    with _stopped_in_order(console):
        run(console, prompt, port, out, seed)


@app.command()
def traces(port: Port = 3000) -> None:
    """Show the traces of earlier runs in a browser; `port` is the orchestrator's."""
    address = ["--port", str(port + OFFSET), "--file", str(FILE)]
    print(f"http://127.0.0.1:{port + OFFSET}", flush=True)  # noqa: T201
    os.execv(sys.executable, [sys.executable, "-m", "services.traces", "serve", *address])


@app.command()
def settings() -> None:
    """Print every setting of every service as a Markdown table."""
    from services.local.table import table  # noqa: PLC0415  reads all services' settings classes

    Console(soft_wrap=True).out(table(), highlight=False)


class _stopped_in_order:
    """Turns SIGTERM into an orderly end, and errors into words."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> None:
        signal.signal(signal.SIGTERM, _interrupt)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, NotStarted):
            self._console.print(f"promptlift: {error}", style="red", markup=False, highlight=False)
            sys.exit(1)
        if isinstance(error, KeyboardInterrupt):
            self._console.print("stopped")
            sys.exit(130)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    app()
