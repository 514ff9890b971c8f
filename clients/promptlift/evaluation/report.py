"""The report of an evaluation: a page that needs nothing but itself, a summary in Markdown, and the figures as data."""

import csv
import io
import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic_core import to_json

from promptlift.contracts import Arm
from promptlift.evaluation import examples, plots
from promptlift.evaluation.effort import Effort
from promptlift.evaluation.findings import Findings
from promptlift.evaluation.headline import between, bounds, headline, percent, points
from promptlift.evaluation.plan import Plan
from promptlift.evaluation.record import Record
from promptlift.evaluation.statistics import FEWEST, RESAMPLES
from promptlift.evaluation.thumbnails import data_url
from promptlift.version import __version__

PAGE, SUMMARY, RESULTS, TABLE = "report.html", "report.md", "results.json", "trials.csv"
UNSAFE = re.compile(r"([\\`*_{}\[\]<>|#~])")
WINNERS = {"first": "base", "second": "upsampled", "tie": "tie"}
FORMULA = ("=", "+", "-", "@", "\t")


def write(found: Findings, records: Sequence[Record], spent: Effort, folder: Path) -> list[Path]:
    """Write the page, the summary, the figures and a table of all trials into the evaluation's folder."""
    context = {
        "found": found,
        "spent": spent,
        "headline": headline(found),
        "command": command(found.plan),
        "version": __version__,
        "resamples": RESAMPLES,
        "fewest": FEWEST,
        "improved": examples.improved(found),
        "harmed": examples.harmed(found),
        "forest": plots.forest([found.whole, *found.categories]),
        "waterfall": plots.waterfall(found.changes),
        "stacked": plots.stacked(found.whole.wins) if found.whole.wins else [],
    }
    written = {
        PAGE: _templates(folder, escape=True).get_template(f"{PAGE}.j2").render(context),
        SUMMARY: _templates(folder, escape=False).get_template(f"{SUMMARY}.j2").render(context),
        RESULTS: json.dumps(results(found, spent), indent=2, ensure_ascii=False) + "\n",
        TABLE: table(records, found.plan.arms),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in written]


def command(plan: Plan) -> str:
    """Give the command that asks for the same pictures again."""
    said = plan.model_dump(exclude_defaults=True, exclude={"prompts_sha256", "arms", "seeds"})
    words = ["promptlift", "evaluate", "--arms", ",".join(plan.arms), "--seeds", str(plan.seeds)]
    for name, value in said.items():
        option = "--" + name.replace("_", "-")
        words += [option] if value is True else [option, str(value)]
    return shlex.join(words)


def results(found: Findings, spent: Effort) -> dict[str, Any]:
    """Give the figures as data; what differs between two runs of the same plan stands under `spent` alone."""
    shown: dict[str, Any] = json.loads(to_json(asdict(found)))
    for change in shown["changes"]:
        change["seeds"] = [record["seed"] for record in change.pop("records")]
    return {"headline": headline(found), "version": __version__, **shown, "spent": asdict(spent)}


def table(records: Sequence[Record], arms: Sequence[Arm]) -> str:
    """Give one line for each picture that was wanted, for whoever wants other statistics."""
    text = io.StringIO()
    columns = ["prompt", "category", "seed", "arm", "fate", "score", "verdict", "winner", "painted", "file", "trace"]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for record in sorted(records, key=lambda one: (one.category, one.prompt, one.index)):
        for arm in arms:
            writer.writerow({name: _inert(value) for name, value in _line(record, arm).items()})
    return text.getvalue()


def _line(record: Record, arm: Arm) -> dict[str, object]:
    line: dict[str, object] = {
        "prompt": record.prompt,
        "category": record.category,
        "seed": record.seed,
        "arm": arm,
        "fate": record.fate(arm),
        "trace": record.trace_url or record.trace_id,
    }
    if record.comparison is not None:
        line["winner"] = WINNERS.get(record.comparison.winner or "")
    if shot := record.shot(arm):
        line |= {"painted": shot.prompt, "file": shot.file}
        if shot.judgement is not None:
            line |= {"score": shot.judgement.score, "verdict": shot.judgement.verdict}
    return line


def _inert(value: object) -> object:
    """Keep a spreadsheet from taking a prompt for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _templates(folder: Path, *, escape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("promptlift.evaluation"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "points": points,
        "percent": percent,
        "between": between,
        "bounds": bounds,
        "plain_points": lambda share: f"{100 * share:.1f}",
        "picture": lambda file: data_url(folder / file),
        "plain": lambda text: UNSAFE.sub(r"\\\1", " ".join(str(text).split())),
        "duration": duration,
        "web": lambda url: url if str(url).startswith(("https://", "http://")) else None,
    }
    return environment


def duration(seconds: float) -> str:
    """Write seconds as people say them."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
