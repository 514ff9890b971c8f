"""Whether an evaluation's figures may be believed, and what speaks against it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from promptlift.cli.controls import Result
from promptlift.evaluation.plan import Plan
from promptlift.evaluation.record import Record

MOST_MISSING = 0.05
"""Share of the trials of one arm that may lack a verdict; with more, what is missing could decide the outcome."""


@dataclass(frozen=True)
class Validity:
    """The verdict on an evaluation.

    Attributes:
        verdict: `unchecked` when nothing speaks against it, but the judge's controls were not run.
        reasons: what speaks against it.
        notes: what a reader should know besides.
        systems: each model or version that answered, by its part.
    """

    verdict: Literal["valid", "unchecked", "invalid"]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    systems: Mapping[str, tuple[str, ...]]


def validity(records: Sequence[Record], controls: Sequence[Result], plan: Plan) -> Validity:
    """Look for everything that would make the figures mean little."""
    parts = systems(records)
    reasons = [*_failed_controls(controls), *_mixed(parts), *_missing(records, plan)]
    verdict: Literal["valid", "unchecked", "invalid"] = "valid" if controls else "unchecked"
    notes = [*_notes(controls, parts), *_fallbacks(records, plan)]
    return Validity("invalid" if reasons else verdict, tuple(reasons), tuple(notes), parts)


def systems(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """Give every model and version that took part, each once."""
    found: dict[str, Counter[str]] = {}

    def note(part: str, name: str | None) -> None:
        if name:
            found.setdefault(part, Counter())[name] += 1

    for record in records:
        if record.upsampling is not None and not record.upsampling.fallback:
            note("upsampler", record.upsampling.model)
            note("upsampler's instructions", record.upsampling.prompt_version)
        for shot in record.shots:
            note("generator", shot.model)
            note("picture", f"{shot.size[0]}x{shot.size[1]}, {shot.steps} steps, guidance {shot.guidance:g}")
            if shot.judgement is not None and shot.judgement.status == "ok":
                note("judge", shot.judgement.model)
                note("judge's rubric", shot.judgement.rubric_version)
                note("judge's fingerprint", shot.judgement.fingerprint)
    return {part: tuple(sorted(names)) for part, names in found.items()}


def _failed_controls(controls: Sequence[Result]) -> Iterator[str]:
    for result in controls:
        if result.passed is False:
            yield f"the judge fails a control: {result.name} {result.figure:.2f}, wanted {result.wanted}"


def _mixed(parts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for part, names in parts.items():
        if len(names) > 1 and part != "judge's fingerprint":
            yield f"more than one {part} took part: {', '.join(names)}"


def _missing(records: Sequence[Record], plan: Plan) -> Iterator[str]:
    for arm in plan.arms:
        lost = sum(record.fate(arm) not in ("judged", "not upsampled") for record in records)
        if lost > MOST_MISSING * len(records):
            yield f"{lost} of {len(records)} {arm} pictures have no verdict; what is missing could decide the outcome"
    if not records:
        yield "there is no trial"


def _fallbacks(records: Sequence[Record], plan: Plan) -> Iterator[str]:
    """Prompts that the upsampler gives back are what a user gets, not a gap in the data; yet pairs leave them out."""
    count = sum(record.fate("upsampled") == "not upsampled" for record in records) if "upsampled" in plan.arms else 0
    if count:
        yield f"{count} of {len(records)} prompts were not upsampled; pairs leave them out"


def _notes(controls: Sequence[Result], parts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if not controls:
        yield "the judge's controls were not run, so that nothing says whether it can be believed"
    prints = parts.get("judge's fingerprint", ())
    if len(prints) > 1:
        yield f"the judge's endpoint changed its state: {', '.join(prints)}"
    judges, upsamplers = parts.get("judge", ()), parts.get("upsampler", ())
    if set(judges) & set(upsamplers):
        yield f"upsampler and judge are the same model ({judges[0]}): it may favour what it wrote itself"
