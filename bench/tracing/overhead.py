"""What recording costs a whole job: `python -m bench.tracing.overhead`.

Two systems with the embedded parts run side by side, one recorded and one not, and are asked in turn, so that what
disturbs the machine disturbs both. Then the trace server is killed, and the same is measured again.
"""

import socket
import statistics
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bench.results import keep
from promptlift import Client
from services.local.system import STATE, LocalSystem
from services.local.traces import LocalTraces
from services.tracing import TracingSettings

ALONE = {"TRACING_TO": "off", "JUDGE_STORE": "off"}


def main(
    jobs: Annotated[int, typer.Option(min=5, help="Jobs of each system, with a trace server and without.")] = 40,
    prompt: str = "a red circle",
    save: Annotated[bool, typer.Option(help="Keep the figures in bench/results.")] = False,
) -> None:
    """Measure, and print the ratios."""
    with ExitStack() as stack:
        kept = stack.enter_context(LocalTraces(_free_port(), TracingSettings(to="auto"), STATE / "bench-traces.db"))
        if kept.url is None:
            raise SystemExit(f"there is no trace server: {kept.trouble}")
        traced = _started(stack, {**kept.environment, "JUDGE_STORE": "off"}, "traced")
        plain = _started(stack, ALONE, "plain")
        _measure(traced, plain, prompt, 3)
        results = {"trace server alive": _ratios(*_measure(traced, plain, prompt, jobs))}
        kept.__exit__()
        results["trace server killed"] = _ratios(*_measure(traced, plain, prompt, jobs))
    _print(results)
    if save:
        keep("tracing-overhead", {"jobs": jobs, **results})


def _started(stack: ExitStack, environment: dict[str, str], name: str) -> Client:
    log = STATE / f"bench-{name}.log"
    system = stack.enter_context(LocalSystem(_free_port(), log=log, environment=environment))
    system.wait()
    return stack.enter_context(Client(system.url, timeout=300))


def _measure(traced: Client, plain: Client, prompt: str, jobs: int) -> tuple[list[float], list[float]]:
    seconds: tuple[list[float], list[float]] = ([], [])
    for seed in range(jobs):
        turns = [(traced, seconds[0]), (plain, seconds[1])]
        for client, taken in turns if seed % 2 else reversed(turns):
            started = time.perf_counter()
            client.create(prompt=prompt, compare=True, seed=seed)
            taken.append(time.perf_counter() - started)
    return seconds


def _ratios(traced: list[float], plain: list[float]) -> dict[str, float]:
    return {
        "p50": statistics.median(plain),
        "p50 ratio": statistics.median(traced) / statistics.median(plain),
        "median of paired ratios": statistics.median(one / other for one, other in zip(traced, plain, strict=True)),
        "p99 ratio": float(np.percentile(traced, 99) / np.percentile(plain, 99)),
    }


def _print(results: dict[str, dict[str, float]]) -> None:
    names = list(next(iter(results.values())))
    table = Table("", *names, title="recorded / not recorded; p50 in seconds, not recorded")
    for title, ratios in results.items():
        table.add_row(title, *(f"{ratios[name]:.3f}" for name in names))
    Console().print(table)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    Path(STATE).mkdir(exist_ok=True)
    typer.run(main)
