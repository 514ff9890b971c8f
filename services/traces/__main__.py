"""`python -m services.traces serve`: the trace server of development, CI and clusters without internet."""

import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
import uvicorn

from services.settings import read
from services.traces.app import build
from services.traces.database import Database, WrongFile
from services.traces.settings import TracesSettings

GRACE_SECONDS = 5
"""For running requests to finish after SIGTERM."""
MOST_CONNECTIONS = 256

app = typer.Typer(help="Keep traces in one file, and show them.", pretty_exceptions_enable=False)


@app.callback()
def _traces() -> None:
    """Keep traces in one file, and show them."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 takes a free one.", show_default="3010")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="SQLite file.", show_default="traces.db")] = None,
    keep_days: Annotated[float | None, typer.Option(help="Days to keep a trace.", show_default="30")] = None,
    max_megabytes: Annotated[int | None, typer.Option(help="Size of the file.", show_default="1024")] = None,
    insecure: Annotated[bool | None, typer.Option("--insecure", help="Serve others without a key.")] = None,
) -> None:
    """Listen until SIGTERM or Ctrl-C; every option can be given as TRACES_<OPTION>, the key as TRACES_KEY alone."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    given = {"host": host, "port": port, "file": file, "keep_days": keep_days, "max_megabytes": max_megabytes}
    given["insecure"] = insecure
    settings = read(TracesSettings, **{name: value for name, value in given.items() if value is not None})
    try:
        database = Database(settings.file)
    except WrongFile as error:
        sys.exit(f"promptlift: {error}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ended)
    server = uvicorn.Server(
        uvicorn.Config(
            build(database, settings),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    server.run()
    if not server.started:
        sys.exit(1)


def _ended(number: int, frame: FrameType | None) -> Any:
    """Do nothing: uvicorn has ended in order, and raises its signal again for whoever was there before."""


if __name__ == "__main__":
    app()
