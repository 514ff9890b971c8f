"""`python -m bench.upsampling`: what the upsampler's rules find, what its pipeline keeps, and how fast the service is.

Data comes by path: DSG-1k's `dsg-1k-anns.csv` (github.com/j-min/DSG), GenEval's `evaluation_metadata.jsonl`
(github.com/djghosh13/geneval), DrawBench and its upsampled prompts (github.com/openai/dalle3-eval-samples).
"""

import asyncio
import json
import statistics
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench.upsampler import captions as recorded
from bench.upsampler import processes, recall
from bench.upsampler.load import burst, flood
from bench.upsampler.report import Report

app = typer.Typer(help=__doc__, pretty_exceptions_enable=False, no_args_is_help=True)
File = typer.Argument(exists=True, dir_okay=False)
Json = Annotated[
    Path | None, typer.Option("--json", help="A file to write the figures to, such as one in bench/results.")
]
MEGABYTE = 1024 * 1024


@app.command("recall")
def show_recall(
    dsg: Annotated[Path, File],
    geneval: Annotated[
        Path | None, typer.Option(exists=True, help="GenEval's metadata, to see the bindings too.")
    ] = None,
    target: Json = None,
) -> None:
    """Show how many annotated constraints the rules find."""
    report = Report(target)
    columns = ("constraint", "found", "annotated", "recall")
    report.table("DSG-1k", columns, recall.dsg(dsg).rows())
    if geneval:
        report.table("GenEval", columns, recall.geneval(geneval).rows())
    report.save()


@app.command()
def captions(
    bases: Annotated[Path, File], upsampled: Annotated[Path, File], budget: int = 75, target: Json = None
) -> None:
    """Show what check, anchor and fit make of recorded captions."""
    told = recorded.tally(recorded.pairs(bases, upsampled), budget)
    report = Report(target)
    kept = [
        (kind, number, told.kept_before[kind] / number, told.kept_after[kind] / number)
        for kind, number in told.constraints.items()
    ]
    both = sum(told.kept_before.values()), sum(told.kept_after.values())
    kept.append(("all", told.constraints.total(), *(number / told.constraints.total() for number in both)))
    report.table("constraints kept", ("kind", "constraints", "by the caption", "by what is painted"), kept)
    report.table(
        f"of {told.captions} prompts",
        ("", "prompts"),
        [
            (f"caption beyond {budget} tokens", told.beyond_before),
            (f"prompt and caption beyond {budget} tokens", told.beyond_anchored),
            (f"what is painted beyond {budget} tokens", told.beyond_after),
            ("most tokens of what is painted", max(told.tokens)),
            ("caption painted without the user's words in front", told.unanchored),
            ("user's words painted alone", told.untouched),
        ],
    )
    report.table("captions with a fault", ("fault", "captions"), told.faulty.most_common())
    report.save()


@app.command()
def service(requests: int = 800, connections: int = 16, rounds: int = 3, target: Json = None) -> None:
    """Show how long 64 requests take together, how many are answered a second, and where the time goes."""
    report = Report(target)
    with processes.model(1.0) as variables, processes.upsampler(variables) as (port, _):
        asyncio.run(burst(port, 8))
        times = [asyncio.run(burst(port, 64)) for _ in range(rounds)]
    one_by_one = 64 * 1.0
    rows = [
        ("best", min(times), one_by_one / min(times)),
        ("median", (middle := statistics.median(times)), one_by_one / middle),
    ]
    report.table(
        "64 requests at once, a model that takes 1 s", ("round", "seconds", "times faster than one by one"), rows
    )
    with processes.model(0.0) as variables:
        with processes.upsampler(variables) as (port, worker):
            asyncio.run(flood(port, None, connections=connections, requests=200))
            rates = [
                asyncio.run(flood(port, worker, connections=connections, requests=requests)) for _ in range(rounds)
            ]
        best = max(rates, key=lambda rate: rate.per_second)
        middle_rate = statistics.median(rate.per_second for rate in rates)
        report.table(
            "a model that answers at once",
            ("round", "requests a second", "CPU ms a request"),
            [
                ("best", best.per_second, best.cpu_ms),
                ("median", middle_rate, statistics.median(r.cpu_ms for r in rates)),
            ],
        )
        with tempfile.TemporaryDirectory() as folder:
            samples = Path(folder) / "samples.json"
            with processes.profiled(variables, samples) as port:
                asyncio.run(flood(port, None, connections=connections, requests=requests))
            parts: dict[str, int] = json.loads(samples.read_text())["parts"]
    whole = sum(parts.values())
    shares = sorted(((part, ticks / whole) for part, ticks in parts.items()), key=lambda row: -row[1])
    report.table("where the service's CPU time goes", ("part", "share"), shares)
    report.save()


@app.command()
def memory(calls: int = 1000, rounds: int = 4, target: Json = None) -> None:
    """Show the service's memory after each further lot of calls."""
    report = Report(target)
    rows = []
    with processes.model(0.0) as variables, processes.upsampler(variables) as (port, worker):
        asyncio.run(flood(port, None, connections=16, requests=calls))
        for lot in range(rounds + 1):
            rows.append((f"{calls * (lot + 1)} calls", worker.memory_info().rss / MEGABYTE))
            if lot < rounds:
                asyncio.run(flood(port, None, connections=16, requests=calls))
    grown = [(name, size, size - rows[0][1]) for name, size in rows]
    report.table("memory of the service", ("after", "MB", "grown by MB"), grown)
    report.save()


if __name__ == "__main__":
    app()
