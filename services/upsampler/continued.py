"""Drafts by a small language model that can only go on with a text: it is shown a caption that begins as the prompt."""

import json
from typing import Any

import dspy

from promptlift.contracts import Mode
from services import tracing
from services.upsampler import program, shapes
from services.upsampler.draft import Draft
from services.upsampler.scribe import NoDraft, told
from services.upsampler.task import Task

INSTRUCTIONS = "Short image prompts and their descriptions."
BETWEEN, BEFORE_PROMPT, BEFORE_CAPTION = "\n\n", "Prompt: ", "\nDescription: "


class Continuation(dspy.Adapter):
    """Shows a program as plain text that ends in the middle of a caption, which begins with the user's own words."""

    def format(
        self, signature: type[dspy.Signature], demos: list[dict[str, str]], inputs: dict[str, str]
    ) -> list[dict[str, str]]:
        """Write the demos and the beginning of the answer as one message."""
        blocks = [signature.instructions]
        blocks += [BEFORE_PROMPT + demo["prompt"] + BEFORE_CAPTION + demo["caption"] for demo in demos]
        blocks += [BEFORE_PROMPT + line(inputs["prompt"]) + BEFORE_CAPTION + beginning(inputs["prompt"])]
        return [{"role": "user", "content": BETWEEN.join(blocks)}]

    def parse(self, signature: type[dspy.Signature], completion: str) -> dict[str, str]:
        """Take the whole answer as the caption."""
        return {"caption": completion}


class Continued:
    """Asks once for the best of several continuations.

    Attributes:
        name: the model's name.
        attempts: one, since the engine chooses among samples itself.
    """

    attempts = 1

    def __init__(self, lm: dspy.LM, name: str) -> None:
        self.name = name
        self._lm = lm
        self._adapter = Continuation()
        self._free = _program(json.loads(program.read("continuations.json")))
        self._confined = _program(shapes.demos())
        self._version = f"{program.version(self._free)}-{program.version(self._confined)}"

    def version(self, mode: Mode) -> str:
        """Name both sets of demos, which are the same for each mode."""
        return f"continuation-{self._version}"

    async def write(self, task: Task, draft: Draft | None, faults: list[str], seed: int) -> Draft:
        """Ask for a caption that begins with the user's own words."""
        if task.mode == "modify":
            raise NoDraft(f"{self.name} can't change a caption; name another model to have that", again=False)
        shapes.refuse_complete(task)
        asked = self._confined if shapes.knows(task.prompt) else self._free
        config: dict[str, Any] = {"seed": seed}
        with (
            told(self.name),
            tracing.call("dspy.Predict", {"prompt": task.prompt, "seed": seed}, {"mode": task.mode}) as noted,
            dspy.context(lm=self._lm, adapter=self._adapter, disable_history=True, trace=None),
        ):
            answer = await asked.acall(prompt=task.prompt, config=config)
            noted.result(dict(answer))
        return Draft(task.line, answer.caption)


def _program(demos: list[dict[str, str]]) -> dspy.Predict:
    program = dspy.Predict(dspy.Signature("prompt: str -> caption: str", INSTRUCTIONS))
    program.demos = [dspy.Example(demo).with_inputs("prompt") for demo in demos]
    return program


def line(prompt: str) -> str:
    """Write a prompt on one line."""
    return " ".join(prompt.split())


def beginning(prompt: str) -> str:
    """Begin a caption with the user's own words, ready to be continued."""
    words = line(prompt).rstrip(".,;:!? ")
    return f"{words[:1].upper()}{words[1:]},"


def parts_of(message: str) -> tuple[str, str]:
    """Read the prompt and the beginning of its caption back from the message that was made of them."""
    before, _, caption = message.rpartition(BEFORE_CAPTION)
    return before.rpartition(BETWEEN + BEFORE_PROMPT)[2], caption
