"""What the orchestrator is asked and what it answers."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from promptlift.contracts.fields import (
    Arm,
    Contract,
    Format,
    Guidance,
    PlainText,
    Problem,
    Prompt,
    Request,
    Seconds,
    Seed,
    Side,
    Stage,
    Steps,
)
from promptlift.contracts.generation import GeneratedImage
from promptlift.contracts.judging import Comparison, Judgement, JudgeMode, Samples, check_samples
from promptlift.contracts.upsampling import Upsampling


class CreateRequest(Request):
    """Ask for pictures of a terse prompt, each judged against it."""

    prompt: Prompt
    upsample: bool = True
    """Whether an upsampled prompt is painted; without it the base prompt alone is."""
    compare: bool = False
    """Whether the base prompt is painted as well, with the same seeds, and the two are compared."""
    n: Annotated[int, Field(ge=1, le=16)] = 1
    """Pictures of each arm; their seeds count up from `seed`."""
    judge: bool = True
    judge_seed: Seed | None = None
    """Seed of the judge's sampling (best effort). Absent: the judge's setting."""
    judge_mode: JudgeMode = "checklist"
    """How each picture is judged."""
    judge_samples: Samples = 1
    """How many times each picture is looked at; the votes are averaged."""
    stock_negative_prompt: bool = False
    """Whether the stock negative prompt is added, less the words that the prompt itself uses."""
    negative_prompt: PlainText = ""
    width: Side | None = None
    """Absent: the model's own size (1024 for SDXL)."""
    height: Side | None = None
    """Absent: the model's own size (1024 for SDXL)."""
    steps: Steps | None = None
    """Denoising steps. Absent: the generator's setting."""
    guidance: Guidance | None = None
    """Classifier-free guidance scale. Absent: the generator's setting."""
    seed: Seed | None = None
    """Seed of the first picture of each arm. Absent: drawn, and told in the answer."""
    format: Format = "png"
    """How the picture is encoded."""

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_samples(self.judge_mode, self.judge_samples, "judge_samples")
        return self


class Picture(Contract):
    """A painted and, if asked, judged picture of one arm."""

    arm: Arm
    generated: GeneratedImage
    judgement: Judgement | None = None


class Timing(Contract):
    """How long one stage of a job took."""

    stage: Stage
    seconds: Seconds


class Creation(Contract):
    """The pictures of one prompt, and the proof."""

    prompt: str
    upsampling: Upsampling | None = None
    pictures: tuple[Picture, ...]
    """Base pictures before upsampled ones, each arm in the order of its seeds."""
    best: int
    """Index of the picture to show: the highest score; when equal, an upsampled one, then the earlier seed."""
    comparison: Comparison | None = None
    """Of the first base picture (`first`) with the first upsampled one (`second`)."""
    warnings: tuple[str, ...] = ()
    timings: tuple[Timing, ...]
    seconds: Seconds
    request_id: str | None = None
    trace_id: str | None = None
    """Of the trace in which every step of the job is recorded, if it is."""
    trace_url: str | None = None
    """The trace's page."""


class Progress(Contract):
    """One event of a streamed job: a stage that began or ended, or, last, the result or the error."""

    event: Literal["started", "finished", "result", "error"]
    stage: Stage | None = None
    seconds: Seconds | None = None
    """How long the stage took, when it has ended."""
    result: Creation | None = None
    error: Problem | None = None
