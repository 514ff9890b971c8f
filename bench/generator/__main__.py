"""`python -m bench.generator`: prints tables of ratios; `--save` keeps them with date, machine and versions."""

import itertools
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.generator import alone, systems
from bench.generator.load import send
from bench.generator.summary import Summary, summarise
from bench.generator.traces import Kind, mean_work, poisson
from bench.results import keep
from services.generator.load import POCKET

app = typer.Typer(help=__doc__, pretty_exceptions_enable=False)
Model = Annotated[str, typer.Option(help="Folder of the model that all systems paint with.")]
Threads = Annotated[int, typer.Option(help="Compute threads of each system.")]
Save = Annotated[bool, typer.Option(help="Keep the results under bench/results/.")]
LOADS = {"light": 0.3, "80 %": 0.8, "overload": 1.5}
KINDS: tuple[Kind, ...] = ("uniform", "mixed")
SLOWDOWN = 5.0
"""A picture is in bound when it took at most this many times what it would take alone."""


@app.command()
def load(
    model: Model = str(POCKET),
    threads: Threads = 1,
    count: Annotated[int, typer.Option(help="Arrivals in each trace.")] = 120,
    seed: int = 5,
    only: Annotated[list[str] | None, typer.Option(help="Only these, such as 'mixed, 80 %'.")] = None,
    save: Save = False,
) -> None:
    """Send Poisson traces to ours and to its peers."""
    pipeline_seconds, our_seconds = alone.one_request(model, threads, rounds=5)
    second_per_work = pipeline_seconds / 40
    results: dict[str, Any] = {"arrivals": count, "one request, ours / pipeline": our_seconds / pipeline_seconds}
    for kind, (name, share) in itertools.product(KINDS, LOADS.items()):
        title = f"{kind}, {name}"
        if only and title not in only:
            continue
        rate = share / (mean_work(kind) * second_per_work)
        results[title] = _compare(kind, rate, count, seed, model, threads, second_per_work)
        _print(f"{title}: {rate:.2f} arrivals/s", results[title])
    if save:
        keep("generator-load", results)


@app.command()
def one(model: Model = str(POCKET), threads: Threads = 1, rounds: int = 15, save: Save = False) -> None:
    """Paint one picture with the bare engine and with the bare pipeline."""
    theirs, ours = alone.one_request(model, threads, rounds)
    Console().print(f"one 20-step picture: pipeline {theirs:.3f} s, engine {ours:.3f} s, ratio {ours / theirs:.3f}")
    if save:
        keep("generator-one", {"pipeline": theirs, "engine": ours, "ratio": ours / theirs})


@app.command()
def overhead(model: Model = str(POCKET), threads: Threads = 1, count: int = 60, save: Save = False) -> None:
    """Compare pictures per second through HTTP with those of the bare engine."""
    bare = alone.images_per_second(model, threads, count)
    at_once = poisson("uniform", 1e6, count, seed=1)
    with systems.running("ours, continuous", model, threads) as url:
        served = summarise(send(url, at_once, 3600), 1.0, SLOWDOWN).images_per_second
    Console().print(f"bare engine {bare:.2f} images/s, through HTTP {served:.2f}, ratio {served / bare:.3f}")
    if save:
        keep("generator-overhead", {"bare": bare, "served": served, "ratio": served / bare})


@app.command()
def plot() -> None:
    """Draw the kept load results into bench/results/generator-load.svg, and print them as the README's table."""
    from bench.generator import markdown  # noqa: PLC0415
    from bench.generator.plot import draw  # noqa: PLC0415  matplotlib is of the extra bench

    Console(soft_wrap=True).print(
        f"written to {draw()}\n\n{markdown.table()}\n\n{markdown.circumstances()}", markup=False
    )


@app.command()
def gpu(
    dtype: Annotated[str, typer.Option(help="bfloat16 or float16.")] = "bfloat16",
    compile: Annotated[str, typer.Option(help="off, blocks or graphs.")] = "off",
    rows: Annotated[list[int], typer.Option(help="Rows of a U-Net call, two for each picture.")] = [2, 8, 16, 32],  # noqa: B006
    sides: Annotated[list[int], typer.Option(help="Pixels.")] = [1024],  # noqa: B006
    arrivals: Annotated[int, typer.Option(help="Arrivals of the Poisson trace.")] = 120,
    tiny: Annotated[bool, typer.Option(help="The same shape in small, on a CPU, to see that it runs.")] = False,
    save: Save = False,
) -> None:
    """Measure the engine over SDXL's true architecture, with random weights; no network is needed."""
    import torch  # noqa: PLC0415

    from bench.generator.gpu import measure  # noqa: PLC0415  builds SDXL

    if not (tiny or torch.cuda.is_available()):
        raise typer.BadParameter("torch sees no CUDA GPU; --tiny runs the same on a CPU, in small")
    if tiny:
        rows, sides = [2, 4], [64]
    device = "cpu" if tiny else "cuda"
    found = measure(device, getattr(torch, "float32" if tiny else dtype), compile, rows, sides, arrivals, tiny)
    Console().print_json(data=found)
    if save and not tiny:
        keep(f"generator-gpu-{dtype}-{compile}", found)


@app.command()
def storm(model: Model = str(POCKET), threads: Threads = 1, count: int = 200, save: Save = False) -> None:
    """Cancel half of many requests at random times, and look at what is left."""
    from bench.generator.storm import cancel  # noqa: PLC0415

    found = cancel(model, threads, count)
    Console().print_json(data=found)
    if save:
        keep("generator-storm", found)


def _compare(
    kind: Kind, rate: float, count: int, seed: int, model: str, threads: int, second_per_work: float
) -> dict[str, Summary]:
    trace = poisson(kind, rate, count, seed)
    summaries = {}
    for name in (*systems.OURS, *systems.PEERS):
        with systems.running(name, model, threads) as url:
            summaries[name] = summarise(send(url, trace, 3600), second_per_work, SLOWDOWN)
    return summaries


def _print(title: str, summaries: dict[str, Summary]) -> None:
    table = Table(
        "system", "images/s", f"goodput (≤ {SLOWDOWN:g}x)", "p50 s", "p90 s", "p99 s", "4-step p99 s", title=title
    )
    for name, summary in summaries.items():
        short = "" if summary.short_p99 is None else f"{summary.short_p99:.2f}"
        figures = (summary.images_per_second, summary.goodput, summary.p50, summary.p90, summary.p99)
        table.add_row(name, *(f"{figure:.2f}" for figure in figures), short)
    Console().print(table)


if __name__ == "__main__":
    app()
