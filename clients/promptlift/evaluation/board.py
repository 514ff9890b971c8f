"""An evaluation in Weave: its dataset, one model for each arm, their scores, and a leaderboard of both.

The trials are over when this is logged, so the models only repeat what was recorded; links lead to the traces of the
services that did the work.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

import weave
from weave.flow.leaderboard import Leaderboard, LeaderboardColumn

from promptlift.contracts import Arm
from promptlift.evaluation.datasets import name_of
from promptlift.evaluation.report import RESULTS
from promptlift.evaluation.scored import Painter, Verdict, recorded
from promptlift.evaluation.session import Outcome
from promptlift.evaluation.weave_project import opened

COLUMNS = ("correct.mean", "score.mean", "judged")


class Board:
    """A Weave project that evaluations are logged in; use as a context manager."""

    def __init__(self, project: str, entity: str | None) -> None:
        self._opened: AbstractContextManager[Any] = opened(project, entity)

    def __enter__(self) -> Self:
        """Reach the project."""
        self._opened.__enter__()
        return self

    def __exit__(self, *about: Any) -> None:
        """Send what was logged."""
        self._opened.__exit__(*about)

    def log(self, outcome: Outcome) -> str:
        """Log the evaluation of each arm, the figures and the leaderboard; give the leaderboard's ref."""
        plan = outcome.findings.plan
        name = name_of(plan.prompts)
        rows = [
            {"key": one.key, "prompt": one.prompt, "category": one.category, "seed": one.seed}
            for one in outcome.records
        ]
        dataset = weave.publish(weave.Dataset(name=f"{name}-trials", rows=weave.Table(rows))).get()
        evaluation = weave.Evaluation(name=f"{name}-evaluation", dataset=dataset, scorers=[Verdict()])
        folder = outcome.files[0].parent
        for arm in plan.arms:
            asyncio.run(evaluation.evaluate(_painter(arm, outcome, folder)))
        weave.publish(_figures(folder), name=f"{name}-figures")
        return _leaderboard(name, weave.publish(evaluation).uri)


def _painter(arm: Arm, outcome: Outcome, folder: Path) -> Painter:
    """Name an arm as a model, whose version changes with whatever paints and judges it."""
    found = outcome.findings
    systems = {part: ", ".join(names) for part, names in found.validity.systems.items() if _concerns(part, arm)}
    painter = Painter(name=arm, arm=arm, systems=systems, plan=found.plan.model_dump(mode="json", exclude={"arms"}))
    painter.remember({record.key: recorded(record, arm, folder) for record in outcome.records})
    return painter


def _concerns(part: str, arm: Arm) -> bool:
    return arm == "upsampled" or not part.startswith("upsampler")


def _figures(folder: Path) -> Mapping[str, Any]:
    figures: dict[str, Any] = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    return {name: figures[name] for name in ("headline", "validity", "whole", "categories", "noise", "apart", "spent")}


def _leaderboard(name: str, evaluation: str) -> str:
    columns = [
        LeaderboardColumn(evaluation_object_ref=evaluation, scorer_name=Verdict.__name__, summary_metric_path=path)
        for path in COLUMNS
    ]
    board = Leaderboard(
        name=f"{name}: does upsampling help?",
        description="Share of pictures that show everything the user's own prompt asks for, their mean score, and how "
        "many were judged.",
        columns=columns,
    )
    ref: str = weave.publish(board, name=f"{name}-leaderboard").uri
    return ref
