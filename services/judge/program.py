"""The DSPy programs that look at pictures, and the types that they answer with."""

from importlib.resources import files
from typing import Any, Literal

import dspy
from pydantic import BaseModel, Field

VERSION = "1"
"""Counts up with every change of the instructions."""


class Attached(dspy.Type):
    """An image that the language model's engine attaches by its name; DSPy never sees the bytes."""

    name: str

    def format(self) -> list[dict[str, Any]]:
        """Write the name where an image's URL stands."""
        return [{"type": "image_url", "image_url": {"url": self.name, "detail": "high"}}]


class Finding(BaseModel):
    """What one look at a picture found."""

    reasoning: str
    score: float = Field(ge=0, le=1)
    verdict: Literal["correct", "incorrect"]


class Preference(BaseModel):
    """What one look at two pictures found."""

    reasoning: str
    better: Literal["A", "B", "tie"]


def judging() -> dspy.Predict:
    """Make the program that judges one picture."""
    fields = {
        "prompt": (str, dspy.InputField()),
        "picture": (Attached, dspy.InputField()),
        "finding": (Finding, dspy.OutputField()),
    }
    return dspy.Predict(dspy.Signature(fields, _read("judge.md")))


def comparing() -> dspy.Predict:
    """Make the program that compares two pictures."""
    fields = {
        "prompt": (str, dspy.InputField()),
        "a": (Attached, dspy.InputField()),
        "b": (Attached, dspy.InputField()),
        "preference": (Preference, dspy.OutputField()),
    }
    return dspy.Predict(dspy.Signature(fields, _read("compare.md")))


def _read(name: str) -> str:
    return (files("services.judge") / "prompts" / name).read_text(encoding="utf-8").strip()
