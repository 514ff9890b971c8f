"""The DSPy programs of the judge: what each is told, given and asked for."""

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import dspy
from pydantic import BaseModel

from services.judge.facts import Draft

PACKAGE = files("services.judge")
PROMPTS = PACKAGE / "prompts"
DECISIONS = "2"
"""Counts up with every change of what code makes of the answers."""


class Attached(dspy.Type):
    """An image that the language model's engine attaches by its name; DSPy never sees the bytes."""

    name: str

    def format(self) -> list[dict[str, Any]]:
        """Write the name where an image's URL stands."""
        return [{"type": "image_url", "image_url": {"url": self.name, "detail": "high"}}]


class Sighting(BaseModel):
    """What a model reports of one fact."""

    id: int
    evidence: str
    count: int | None
    text: str | None
    answer: Literal["yes", "no", "unclear"]


def planning() -> dspy.Predict:
    """Make the program that takes a prompt apart into `facts`."""
    program = _program("plan.md", inputs={"prompt": str}, outputs={"facts": list[Draft]})
    examples = json.loads((PROMPTS / "plans.json").read_text(encoding="utf-8"))
    program.demos = [dspy.Example(**example).with_inputs("prompt") for example in examples]
    return program


def looking() -> dspy.Predict:
    """Make the program that reports what is `seen` in a picture, and its `writing`."""
    inputs = {"picture": Attached, "questions": list[str]}
    return _program("look.md", inputs=inputs, outputs={"seen": list[Sighting], "writing": str})


def glancing() -> dspy.Predict:
    """Make the program that plans and looks at once."""
    inputs = {"prompt": str, "picture": Attached}
    outputs = {"facts": list[Draft], "seen": list[Sighting], "writing": str}
    return _program("plan.md", "look.md", "quick.md", inputs=inputs, outputs=outputs)


def deciding() -> dspy.Predict:
    """Make the program that says yes or no, as the DALL-E 3 report's evaluation did."""
    inputs = {"prompt": str, "picture": Attached}
    return _program("dalle3.md", inputs=inputs, outputs={"reasoning": str, "correct": bool})


def comparing() -> dspy.Predict:
    """Make the program that says which of two pictures is `better` at showing what a prompt says."""
    inputs = {"prompt": str, "a": Attached, "b": Attached}
    return _program("compare.md", inputs=inputs, outputs={"reasoning": str, "better": Literal["A", "B", "tie"]})


def appealing() -> dspy.Predict:
    """Make the program that says which of two pictures is `better` to look at; it is not told the prompt."""
    inputs = {"a": Attached, "b": Attached}
    return _program("appeal.md", inputs=inputs, outputs={"reasoning": str, "better": Literal["A", "B", "tie"]})


def version(package: Traversable = PACKAGE) -> str:
    """Name the rubric: every instruction, demo and word list, and the decisions that code makes."""
    told = hashlib.sha256()
    for file in sorted([*(package / "prompts").iterdir(), package / "vocabulary.json"], key=lambda file: file.name):
        told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{DECISIONS}-{told.hexdigest()[:8]}"


def _program(*instructions: str, inputs: dict[str, Any], outputs: dict[str, Any]) -> dspy.Predict:
    fields = {name: (kind, dspy.InputField()) for name, kind in inputs.items()}
    fields |= {name: (kind, dspy.OutputField()) for name, kind in outputs.items()}
    told = "\n\n".join((PROMPTS / name).read_text(encoding="utf-8").strip() for name in instructions)
    return dspy.Predict(dspy.Signature(fields, told))
