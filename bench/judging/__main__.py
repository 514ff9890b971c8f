"""`python -m bench.judging`: the judge's figures; recorded answers and ratings are files that are named."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bench.judging import overhead, properties, replay, rules

Answers = Annotated[list[Path] | None, typer.Option(help="Recorded answers of a VQA model (CSV); once for each model.")]
Ratings = Annotated[Path | None, typer.Option(help="Human ratings of the same pictures (CSV).")]
Plans = Annotated[Path | None, typer.Option(help="Prompts with people's lists of facts (CSV).")]


def main(
    answers: Answers = None,
    ratings: Ratings = None,
    plans: Plans = None,
    cases: Annotated[int, typer.Option(help="Random cases for the score's properties.")] = 20_000,
    judgements: Annotated[int, typer.Option(help="Judgements for the overhead; 0 leaves it out.")] = 1_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Measure the score's properties, its agreement with people, the planning rules, and the service's overhead."""
    if bool(answers) != bool(ratings):
        sys.exit("bench.judging: --answers and --ratings belong together; name both, or neither")
    figures: dict[str, Any] = {"properties": {"cases": cases, "violations": properties.violations(cases)}}
    if answers and ratings:
        figures["replay"] = _replay(answers, ratings)
    if plans:
        figures["rules"] = rules.measure(plans)
    if judgements:
        figures["service"] = overhead.serve(judgements)
        figures["core"] = overhead.compare(max(40, judgements // 5))
    if as_json:
        Console(soft_wrap=True, highlight=False, markup=False).print(json.dumps(figures, indent=2))
    else:
        for name, print_section in SECTIONS.items():
            if name in figures:
                print_section(Console(), figures[name])


def _replay(answers: list[Path], ratings: Path) -> dict[str, Any]:
    rated = replay.read_ratings(ratings)
    scored = {path.stem: replay.read_scores(path) for path in answers}
    if len(scored) > 1:
        scored["mean of their scores"] = replay.together(list(scored.values()))
    measured = {name: replay.measure(rated, scores) for name, scores in scored.items()}
    return {"models": measured, "ceiling": replay.ceiling(rated)}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(columns[0])
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _print_properties(console: Console, figures: dict[str, Any]) -> None:
    table = _table(f"The score over {figures['cases']:,} random cases", "property", "violations")
    for name, broken in figures["violations"].items():
        table.add_row(name, str(broken))
    console.print(table)


def _print_replay(console: Console, figures: dict[str, Any]) -> None:
    table = _table("Recorded answers, scored as the judge does", "answers", "pictures", "Spearman", "AUC", "correct")
    for name, measured in figures["models"].items():
        shown = [f"{measured[figure]:.3f}" for figure in ("spearman", "auc", "called_correct")]
        table.add_row(name, f"{measured['pictures']:.0f}", *shown)
    good = next(iter(figures["models"].values()))["rated_good"]
    table.add_row("people among themselves", "", f"{figures['ceiling']:.3f}", "", f"{good:.3f}")
    console.print(table)


def _print_rules(console: Console, figures: dict[str, Any]) -> None:
    table = _table("What the rules read off prompts", "kind", "read", "listed by people", "precision", "recall")
    for kind, measured in figures.items():
        shown = [f"{measured['read']:.0f}", f"{measured['listed']:.0f}"]
        table.add_row(kind, *shown, f"{measured['precision']:.3f}", f"{measured['recall']:.3f}")
    console.print(table)


def _print_service(console: Console, figures: dict[str, Any]) -> None:
    parts = ("judge", "model", "load")
    milliseconds = [1000 * figures[f"{part}_cpu_seconds_each"] for part in parts]
    table = _table(f"The service, {figures['judgements']:,} judgements of 1024 x 1024 PNGs", "figure", "")
    table.add_row("judgements a second", f"{figures['per_second']:.1f}")
    table.add_row(
        "processor time each: judge + endpoint + load", " + ".join(f"{ms:.1f}" for ms in milliseconds) + " ms"
    )
    table.add_row("judgements a second that two free cores can carry", f"{2000 / sum(milliseconds):.1f}")
    table.add_row("processors busy with other work before", f"{figures['other_work']:.0%}")
    table.add_row("longest wait for a turn of the loop, as time passed", f"{1000 * figures['longest_seconds']:.1f} ms")
    table.add_row("longest wait, as the loop itself computed", f"{1000 * figures['longest_cpu_seconds']:.1f} ms")
    table.add_row("memory, from start to end", " ".join(f"{one / 2**20:.0f}" for one in figures["memory"]) + " MB")
    console.print(table)


def _print_core(console: Console, figures: dict[str, Any]) -> None:
    table = _table("The core beside DSPy alone (its own LM and Image)", "figure", "ours", "DSPy", "ratio")
    rows = {
        "judgements a second": ("per_second", 1, "{:.1f}"),
        "processor time each (ms)": ("cpu_seconds_each", 1e3, "{:.1f}"),
        "longest wait for a turn, time passed (ms)": ("longest_seconds", 1e3, "{:.0f}"),
        "longest wait, computed by the loop (ms)": ("longest_cpu_seconds", 1e3, "{:.0f}"),
        "memory gained (MB)": ("memory_growth", 2**-20, "{:.0f}"),
    }
    for name, (figure, unit, form) in rows.items():
        ours, plain = (figures[way][figure] * unit for way in ("ours", "plain"))
        ratio = f"{ours / plain:.2f}" if plain else ""
        table.add_row(name, form.format(ours), form.format(plain), ratio)
    console.print(table)


SECTIONS = {
    "properties": _print_properties,
    "replay": _print_replay,
    "rules": _print_rules,
    "service": _print_service,
    "core": _print_core,
}

if __name__ == "__main__":
    typer.run(main)
