"""How fast the trace server takes calls and shows pages, and what memory it needs: `python -m bench.tracing`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
import typer
from rich.console import Console
from rich.table import Table

from bench.results import keep
from bench.tracing import traffic

ROOT = Path(__file__).parents[2]
BATCH = 100
"""Calls of one request; the SDK sends what a second has brought."""
SAMPLES = 30


def main(
    traces: Annotated[int, typer.Option(min=200, help="Traces to send, of 14 calls each.")] = 10_000,
    save: Annotated[bool, typer.Option(help="Keep the figures in bench/results.")] = True,
) -> None:
    """Start a server on an empty file, send traces, and measure at a hundredth of them and at the end."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder) / "traces.db") as (process, http, ready):
        idle = process.memory_info().rss
        picture = traffic.send_picture(http)
        few = traces // 100
        _send(http, range(few), picture)
        before = _latencies(http, few)
        rate = _send(http, range(few, traces), picture)
        after = _latencies(http, traces)
        results: dict[str, Any] = {
            "traces": traces,
            "calls": traces * traffic.CALLS,
            "ready_seconds": round(ready, 2),
            "calls_per_second": round(rate),
            "idle_megabytes": round(idle / 2**20),
            "loaded_megabytes": round(process.memory_info().rss / 2**20),
            "file_megabytes": round(sum(path.stat().st_size for path in Path(folder).iterdir()) / 2**20),
            "milliseconds": {name: {"few": before[name], "all": after[name]} for name in after},
        }
    _print(results, few)
    if save:
        keep("tracing", results)


@contextmanager
def _server(file: Path) -> Iterator[tuple[psutil.Process, httpx.Client, float]]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "services.traces", "serve", "--port", "0", "--file", str(file)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = next(line for line in process.stderr if "running on" in line)
    with httpx.Client(base_url=line.split("running on ")[1].split()[0], timeout=120) as http:
        http.get("/readyz").raise_for_status()
        yield psutil.Process(process.pid), http, time.perf_counter() - began
    process.terminate()
    process.wait()


def _send(http: httpx.Client, numbers: range, picture: dict[str, Any]) -> float:
    """Send traces and give the calls per second, without the time that it took to make them."""
    calls = [call for number in numbers for call in traffic.trace(number, picture)]
    seconds = 0.0
    for first in range(0, len(calls), BATCH):
        body = httpx.Request("POST", "http://x", json={"batch": calls[first : first + BATCH]}).content
        began = time.perf_counter()
        http.post(f"/v2/{traffic.PROJECT}/calls/complete", content=body).raise_for_status()
        seconds += time.perf_counter() - began
    return len(calls) / seconds


def _latencies(http: httpx.Client, traces: int) -> dict[str, float]:
    """Give the median milliseconds of each kind of page."""
    some = traffic.trace(traces // 2, {})[0]["trace_id"]
    paths = {
        "newest traces": "/",
        "filtered by op": "/?op=judge.look",
        "filtered by text": f"/?text=picture {traces // 3}:",
        "nothing found": "/?text=nothing is like this",
        "one trace": f"/traces/{some}",
        "one trace as JSON": f"/traces/{some}.json",
    }
    return {name: _median(http, path) for name, path in paths.items()}


def _median(http: httpx.Client, path: str) -> float:
    taken = []
    for _ in range(SAMPLES):
        began = time.perf_counter()
        http.get(path).raise_for_status()
        taken.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(taken), 1)


def _print(results: dict[str, Any], few: int) -> None:
    console = Console()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("page, median ms", f"{few} traces", f"{results['traces']} traces", "ratio"):
        table.add_column(name, justify="left" if name.startswith("page") else "right")
    for name, taken in results["milliseconds"].items():
        table.add_row(name, str(taken["few"]), str(taken["all"]), f"{taken['all'] / taken['few']:.1f}")
    console.print(table)
    console.print(
        f"{results['calls_per_second']} calls a second taken in batches of {BATCH} · "
        f"{results['idle_megabytes']} MB at start, {results['loaded_megabytes']} MB after {results['calls']} calls · "
        f"file {results['file_megabytes']} MB · ready after {results['ready_seconds']} s",
        highlight=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    typer.run(main)
