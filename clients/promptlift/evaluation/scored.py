"""What Weave shows of one arm: a model that repeats the recorded trials, and a scorer that reads their judgements."""

import io
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

import weave
from PIL import Image as Pillow
from pydantic import PrivateAttr

from promptlift.contracts import Arm
from promptlift.evaluation.record import Record

SIDE = 1024
"""Pixels of the longer side at most."""
QUALITY = 90


class Painter(weave.Model):
    """One arm of an evaluation."""

    arm: str
    systems: dict[str, str]
    plan: dict[str, Any]
    _answers: dict[str, dict[str, Any]] = PrivateAttr(default_factory=dict)

    def remember(self, answers: Mapping[str, dict[str, Any]]) -> None:
        """Take what was recorded, by the trials' keys."""
        self._answers = dict(answers)

    @weave.op
    def predict(self, key: str, prompt: str, seed: int) -> dict[str, Any]:
        """Repeat what was painted of a prompt with a seed."""
        return self._answers[key]


class Verdict(weave.Scorer):
    """The judge's score and verdict; a picture without one has no score, never 0."""

    @weave.op
    def score(self, *, output: Any, **columns: Any) -> Any:
        """Read the recorded judgement."""
        return {name: output[name] for name in ("score", "correct", "fate", "reasoning")}

    @weave.op
    def summarize(self, score_rows: list[Any]) -> dict[Any, Any] | None:
        """Average what was judged, and count what was not."""
        judged = [row for row in score_rows if row.get("fate") == "judged"]
        summary: dict[str, Any] = {"judged": len(judged), "apart": len(score_rows) - len(judged)}
        for name in ("correct", "score"):
            summary[name] = {"mean": fmean(row[name] for row in judged) if judged else None}
        return summary


def recorded(record: Record, arm: Arm, folder: Path) -> dict[str, Any]:
    """Give what Weave keeps of one arm of a trial."""
    shot = record.shot(arm)
    judgement = shot.judgement if shot is not None else None
    judged = record.fate(arm) == "judged"
    return {
        "picture": _content(folder / shot.file) if shot is not None else None,
        "painted_prompt": shot.prompt if shot is not None else None,
        "fate": record.fate(arm),
        "reason": record.reason(arm) if not judged else None,
        "score": judgement.score if judgement is not None else None,
        "correct": judgement.verdict == "correct" if judgement is not None and judged else None,
        "reasoning": judgement.reasoning if judgement is not None else "",
        "facts": [fact.model_dump(mode="json") for fact in judgement.facts] if judgement is not None else [],
        "trace_id": record.trace_id,
        "trace_url": record.trace_url,
        "request_id": record.request_id,
        "seconds": record.seconds,
    }


def _content(file: Path) -> Any:
    """Encode a picture as a JPEG, since Weave would store one of Pillow's as a PNG ten times that size."""
    with Pillow.open(file) as picture:
        small = picture.convert("RGB")
        small.thumbnail((SIDE, SIDE), Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, format="JPEG", quality=QUALITY)
    return weave.Content.from_bytes(buffer.getvalue(), mimetype="image/jpeg")
