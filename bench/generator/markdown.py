"""The kept load results as the README's table."""

import json

from bench.results import FOLDER

HEAD = (
    "| load | system | images/s | goodput | p50 s | p99 s | 4-step pictures, p99 s |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


def table() -> str:
    """Write bench/results/generator-load.json as Markdown."""
    kept = json.loads((FOLDER / "generator-load.json").read_text())
    rows = [HEAD]
    for title, systems in kept["results"].items():
        if not isinstance(systems, dict):
            continue
        for name, found in systems.items():
            short = "" if found["short_p99"] is None else f"{found['short_p99']:.2f}"
            figures = (found["images_per_second"], found["goodput"], found["p50"], found["p99"])
            shown = " | ".join(f"{figure:.2f}" for figure in figures)
            rows.append(f"| {title} | {f'**{name}**' if 'continuous' in name else name} | {shown} | {short} |")
    return "\n".join(rows)


def circumstances() -> str:
    """Say on what and when it was measured."""
    kept = json.loads((FOLDER / "generator-load.json").read_text())
    return f"{kept['results']['arrivals']} arrivals, {kept['machine']}, {kept['measured']}"
