"""Records, plans and answers, made by hand for tests of an evaluation's pure parts."""

from collections.abc import Mapping
from typing import Any

from promptlift.contracts import Arm, Comparison, Creation, Judgement, Picture
from promptlift.evaluation.plan import Plan
from promptlift.evaluation.record import Fault, Record, Shot
from tests.fakes import generated, judged, upsampling

NOBODY = {"model": "fake", "rubric_version": "1"}


def plan(**said: Any) -> Plan:
    return Plan(**{"prompts": "smoke", "prompts_sha256": "0" * 64, "seeds": 2} | said)


def shot(arm: Arm, score: float | None, **said: Any) -> Shot:
    """Make a picture with its judgement; None is one without an opinion."""
    fields = {
        "arm": arm,
        "prompt": f"{arm} prompt",
        "file": f"pictures/{arm}.png",
        "size": (64, 64),
        "steps": 4,
        "guidance": 5.0,
        "model": "painter",
        "compute_seconds": 0.5,
        "judgement": judged(score),
    }
    return Shot(**fields | said)


def record(prompt: str, scores: Mapping[Arm, float | None], index: int = 0, **said: Any) -> Record:
    """Make a trial with pictures of the arms that have a score."""
    fields: dict[str, Any] = {
        "key": f"{prompt}-{index}",
        "prompt": prompt,
        "category": "",
        "index": index,
        "seed": index,
        "shots": tuple(shot(arm, score) for arm, score in scores.items()),
        "upsampling": upsampling(prompt),
        "seconds": 1.0,
        "finished_at": 0.0,
        "tries": 1,
    }
    return Record(**fields | said)


def pair(prompt: str, base: float | None, upsampled: float | None, index: int = 0, **said: Any) -> Record:
    """Make a trial with a picture in both arms."""
    return record(prompt, {"base": base, "upsampled": upsampled}, index, **said)


def failed(prompt: str, kind: str = "Unavailable", *, final: bool = False, **said: Any) -> Record:
    """Make a trial without an answer."""
    fault = Fault(kind=kind, message="no answer", final=final)
    return record(prompt, {}, upsampling=None, fault=fault, **said)


def compared(winner: str | None, *, consistent: bool = True, bias: int = 0) -> Comparison:
    """Make a comparison; without a winner it has no opinion."""
    if winner is None:
        return Comparison(status="unavailable", reason="no eyes", **NOBODY)
    return Comparison(status="ok", winner=winner, consistent=consistent, position_bias=bias, **NOBODY)


def creation(prompt: str = "a red circle", seed: int = 0, **said: Any) -> Creation:
    """Make the orchestrator's answer to a trial of both arms."""
    arms: tuple[Arm, ...] = ("base", "upsampled")
    pictures = tuple(Picture(arm=arm, generated=generated(prompt, seed), judgement=judged(0.9)) for arm in arms)
    fields: dict[str, Any] = {
        "prompt": prompt,
        "upsampling": upsampling(prompt),
        "pictures": pictures,
        "best": 0,
        "comparison": compared("tie"),
        "timings": (),
        "seconds": 1.0,
        "request_id": "an id",
    }
    return Creation(**fields | said)


def silent(status: str = "refused") -> Judgement:
    """Make a judgement without an opinion."""
    return Judgement(status=status, reason="I'd rather not.", **NOBODY)
