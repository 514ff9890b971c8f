"""Drafts by a language model that follows instructions, behind any OpenAI-compatible endpoint."""

import dspy

from promptlift.contracts import Mode
from services import tracing
from services.structured import Structured
from services.upsampler import program
from services.upsampler.draft import Draft
from services.upsampler.scribe import told
from services.upsampler.task import Task


class Instructed:
    """Asks for a corrected prompt and a caption as JSON.

    Attributes:
        name: the model's name.
        attempts: how often it may be asked about one prompt.
    """

    def __init__(self, captioning: program.Captioning, lm: dspy.LM, name: str, attempts: int) -> None:
        self.name = name
        self.attempts = attempts
        self._captioning = captioning
        self._lm = lm
        self._adapter = Structured()
        self._versions = {mode: program.version(captioning.of(mode)) for mode in program.MODES}

    def version(self, mode: Mode) -> str:
        """Name the instructions and demos of a mode."""
        return f"{mode}-{self._versions[mode]}"

    async def write(self, task: Task, draft: Draft | None, faults: list[str], seed: int) -> Draft:
        """Ask once; `draft` and `faults` are of the attempt before, if there was one."""
        inputs = program.inputs_of(task, draft, faults)
        with (
            told(self.name),
            tracing.call("dspy.Predict", {**inputs, "seed": seed}, {"mode": task.mode}) as noted,
            dspy.context(lm=self._lm, adapter=self._adapter, disable_history=True, trace=None),
        ):
            answer = await self._captioning.of(task.mode).acall(**inputs, config={"seed": seed})
            noted.result(dict(answer))
        return Draft(answer.corrected_prompt, answer.caption)
