"""Compiling the program of a mode with a DSPy optimiser against the deterministic metric."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dspy

from promptlift.contracts import Mode, UpsampleRequest
from services.upsampler import program
from services.upsampler.draft import Draft
from services.upsampler.metric import Reward, grade
from services.upsampler.task import CountTokens, Task, plan

GOOD_ENOUGH = 0.95
"""Grade from which an answer is taken as a demo."""
DEMOS = 4
HELD_OUT = 0.3
"""Share of the prompts that the optimiser never sees; both programs are compared on it."""
THREADS = 8


class Optimizer(StrEnum):
    """How to search: `gepa` rewrites the instructions, `bootstrap` collects demos."""

    gepa = "gepa"
    bootstrap = "bootstrap"


@dataclass(frozen=True)
class Compiled:
    """A compiled program, and the mean grade in [0, 1] of our own and of this one on prompts that neither has seen."""

    captioning: program.Captioning
    before: float
    after: float


class Grading:
    """The metric in the forms that DSPy's optimisers want."""

    def __init__(self, count: CountTokens, budget: int, reward: Reward | None) -> None:
        self._count = count
        self._budget = budget
        self._reward = reward

    def task(self, request: UpsampleRequest) -> Task:
        """Plan a request as the service would."""
        return plan(request, self._budget, self._count)

    def example(self, request: UpsampleRequest) -> dspy.Example:
        """Make an example of a request: its inputs, and the request itself for grading."""
        inputs = program.inputs_of(self.task(request), None, [])
        return dspy.Example(**inputs, request=request).with_inputs(*inputs)

    def feedback(
        self, gold: dspy.Example, answer: dspy.Prediction, trace: Any = None, name: Any = None, of_name: Any = None
    ) -> dspy.Prediction:
        """Grade an answer, with the faults in words."""
        draft = Draft(answer.corrected_prompt, answer.caption)
        told = grade(self.task(gold.request), draft, self._count, self._reward)
        return dspy.Prediction(score=told.score, feedback=told.feedback)

    def score(self, gold: dspy.Example, answer: dspy.Prediction, trace: Any = None) -> float:
        """Grade an answer."""
        return float(self.feedback(gold, answer).score)


def compile_program(
    captioning: program.Captioning,
    mode: Mode,
    requests: Sequence[UpsampleRequest],
    grading: Grading,
    lm: dspy.LM,
    *,
    optimizer: Optimizer,
    calls: int,
    seed: int = 0,
) -> Compiled:
    """Compile the program of a mode on requests; `calls` bounds the answers that are graded on the way.

    Raises:
        RuntimeError: there are too few requests.
    """
    examples = [grading.example(request) for request in requests]
    random.Random(seed).shuffle(examples)
    apart = max(1, round(HELD_OUT * len(examples)))
    held_out, seen = examples[:apart], examples[apart:]
    if len(seen) < 2:
        raise RuntimeError(f"{len(examples)} prompts are too few; give at least 4, better 50")
    own = captioning.of(mode)
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()):
        judged = dspy.Evaluate(devset=held_out, metric=grading.score, num_threads=THREADS, display_progress=False)
        before = judged(own).score / 100
        if optimizer is Optimizer.gepa:
            search = dspy.GEPA(
                metric=grading.feedback, max_metric_calls=calls, reflection_lm=lm, num_threads=THREADS, seed=seed
            )
            found = search.compile(own, trainset=seen[: len(seen) // 2], valset=seen[len(seen) // 2 :])
        else:
            search = dspy.BootstrapFewShot(
                metric=grading.score, metric_threshold=GOOD_ENOUGH, max_bootstrapped_demos=DEMOS, max_labeled_demos=0
            )
            found = search.compile(own, trainset=seen[:calls])
            found.demos = [*own.demos, *found.demos]
        after = judged(found).score / 100
    setattr(captioning, mode, found)
    return Compiled(captioning, before, after)
