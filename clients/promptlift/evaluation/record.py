"""What is kept of a trial: everything that the services answered, with the pictures as files of their own."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from promptlift.contracts import Arm, Comparison, Creation, Judgement, Picture, Timing, Upsampling
from promptlift.errors import PromptliftError, Rejected

MOST_TRIES = 3
"""How often a trial that an outage spoiled is begun, over all runs together."""

Fate = Literal["judged", "failed", "not upsampled", "not painted", "refused", "malformed", "unavailable", "too_large"]
"""What became of one arm of a trial. All but `judged` are counted apart and enter no figure."""


class Kept(BaseModel):
    """A frozen model that is written to the journal and read again."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Fault(Kept):
    """Why a trial has no answer."""

    kind: str
    """Name of the error's class."""
    message: str
    final: bool
    """Whether the same request would fail again."""


class Shot(Kept):
    """A painted picture of one arm, and what the judge said of it."""

    arm: Arm
    prompt: str
    """As it was painted."""
    file: str
    """Path within the evaluation's folder."""
    size: tuple[int, int]
    steps: int
    guidance: float
    model: str
    compute_seconds: float
    judgement: Judgement | None


class Record(Kept):
    """One prompt with one seed, in every arm."""

    key: str
    prompt: str
    category: str
    index: Annotated[int, Field(ge=0)]
    """Which of the prompt's seeds."""
    seed: int
    shots: tuple[Shot, ...] = ()
    upsampling: Upsampling | None = None
    comparison: Comparison | None = None
    warnings: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()
    fault: Fault | None = None
    seconds: float
    """From asking to the answer."""
    finished_at: float
    """Seconds since 1970."""
    tries: int
    request_id: str | None = None
    """Finds the trial in the services' logs."""
    trace_id: str | None = None
    trace_url: str | None = None

    def shot(self, arm: Arm) -> Shot | None:
        """Give an arm's picture, if there is one."""
        return next((shot for shot in self.shots if shot.arm == arm), None)

    def fate(self, arm: Arm) -> Fate:
        """Tell what became of an arm."""
        if self.fault is not None:
            return "failed"
        shot = self.shot(arm)
        if shot is None:
            upsampled = self.upsampling is not None and not self.upsampling.fallback
            return "not upsampled" if arm == "upsampled" and not upsampled else "not painted"
        if shot.judgement is None:
            return "unavailable"
        return "judged" if shot.judgement.status == "ok" else shot.judgement.status

    def reason(self, arm: Arm) -> str:
        """Say why an arm was not judged, in the words of whoever knew."""
        fate = self.fate(arm)
        shot = self.shot(arm)
        if self.fault is not None:
            return f"{self.fault.kind}: {self.fault.message}"
        if fate == "not upsampled" and self.upsampling is not None:
            return self.upsampling.reason or ""
        if shot is not None and shot.judgement is not None:
            return shot.judgement.reason or ""
        return "; ".join(self.warnings)

    def settled(self, arms: tuple[Arm, ...]) -> bool:
        """Tell whether another try would be in vain: nothing is missing for want of an answer."""
        if self.tries >= MOST_TRIES:
            return True
        if self.fault is not None:
            return self.fault.final
        fates = {self.fate(arm) for arm in arms}
        compared = self.comparison is None or self.comparison.status != "unavailable"
        spoiled = {"not painted", "unavailable"} & fates or ("not upsampled" in fates and not self._heard())
        return compared and not spoiled

    def _heard(self) -> bool:
        """Tell whether a language model that gave nothing usable said anything at all."""
        return self.upsampling is not None and self.upsampling.usage.output_tokens > 0


def shot_of(picture: Picture, file: str) -> Shot:
    """Keep what is known of a picture, beside its file."""
    generated = picture.generated
    return Shot(
        arm=picture.arm,
        prompt=generated.prompt,
        file=file,
        size=(generated.width, generated.height),
        steps=generated.steps,
        guidance=generated.guidance,
        model=generated.model,
        compute_seconds=generated.compute_seconds,
        judgement=picture.judgement,
    )


def answered(creation: Creation) -> dict[str, object]:
    """Give the fields of a record that the answer fills."""
    return {
        "upsampling": creation.upsampling,
        "comparison": creation.comparison,
        "warnings": creation.warnings,
        "timings": creation.timings,
        "request_id": creation.request_id,
        "trace_id": creation.trace_id,
        "trace_url": creation.trace_url,
    }


def fault_of(error: PromptliftError) -> Fault:
    """Keep an error."""
    return Fault(kind=type(error).__name__, message=str(error), final=isinstance(error, Rejected))
