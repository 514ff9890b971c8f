"""What an evaluation asks for: which arms, which seeds, and how each picture is painted and judged."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from promptlift.contracts import MAX_SEED, Arm, CreateRequest, Format, JudgeMode
from promptlift.errors import Rejected, explain
from promptlift.evaluation.prompts import Case, PromptSet
from promptlift.evaluation.record import Kept

BOTH: tuple[Arm, ...] = ("base", "upsampled")


class Plan(Kept):
    """Everything that decides what is asked; two runs with the same plan ask for the same pictures."""

    prompts: str
    """Name of the prompt set."""
    prompts_sha256: str
    limit: Annotated[int, Field(ge=1)] | None = None
    """How many of its prompts; absent: all."""
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=2)] = BOTH
    seeds: Annotated[int, Field(ge=1, le=64)] = 4
    """Pictures of each prompt and arm."""
    first_seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    """Another one gives other pictures of the same prompts."""
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    guidance: float | None = None
    negative_prompt: str = ""
    stock_negative_prompt: bool = False
    format: Format = "png"
    judge_mode: JudgeMode = "checklist"
    judge_samples: int = 1
    judge_seed: int | None = None

    @property
    def paired(self) -> bool:
        """Whether both arms are painted, so that they can be compared."""
        return len(self.arms) == 2


@dataclass(frozen=True)
class Trial:
    """One prompt with one seed; both arms are painted from the same starting noise."""

    case: Case
    index: int
    seed: int

    @property
    def key(self) -> str:
        """Name it, also as the beginning of its files' names."""
        return f"{self.case.id}-{self.index}"


def planned(prompts: PromptSet, *, limit: int | None = None, **options: object) -> tuple[Plan, PromptSet]:
    """Make a plan, whose fields are the options, and give it with the prompts that it takes.

    Raises:
        Rejected: an option is out of its bounds; the message names it, with its value.
    """
    part = prompts.first(limit)
    said = {"prompts": prompts.name, "prompts_sha256": part.sha256, "limit": limit, **options}
    try:
        plan = Plan.model_validate(said)
        request(plan, next(trials(plan, part)), timeout=1.0)
    except ValidationError as error:
        raise Rejected(explain(error)) from error
    return plan, part


def trials(plan: Plan, prompts: PromptSet) -> Iterator[Trial]:
    """Give every trial: all prompts with their first seed, then all with their second, so that a part covers them."""
    for index in range(plan.seeds):
        for case in prompts.cases:
            yield Trial(case, index, seed_of(case, index, plan.first_seed))


def seed_of(case: Case, index: int, first: int) -> int:
    """Draw a seed that is the same in every run, and another for each prompt.

    One list of seeds for all prompts would let a lucky noise help all of them together, and the bootstrap over prompts
    takes them for independent.
    """
    digest = hashlib.sha256(f"{first}/{index}/{case.prompt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % (MAX_SEED + 1)


def request(plan: Plan, trial: Trial, timeout: float) -> CreateRequest:
    """Make what the orchestrator is asked; `timeout` in seconds.

    Raises:
        ValidationError: an option of the plan is out of its bounds.
    """
    return CreateRequest(
        prompt=trial.case.prompt,
        upsample="upsampled" in plan.arms,
        compare=plan.paired,
        judge_mode=plan.judge_mode,
        judge_samples=plan.judge_samples,
        judge_seed=plan.judge_seed,
        stock_negative_prompt=plan.stock_negative_prompt,
        negative_prompt=plan.negative_prompt,
        width=plan.width,
        height=plan.height,
        steps=plan.steps,
        guidance=plan.guidance,
        seed=trial.seed,
        format=plan.format,
        timeout=timeout,
    )
