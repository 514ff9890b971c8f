"""What the judge is asked and what it answers."""

from typing import Literal, Self

from pydantic import model_validator

from promptlift.contracts.fields import Contract, Prompt, Request, Score, Seed
from promptlift.contracts.image import Image


class JudgeRequest(Request):
    """Ask whether a picture shows what a prompt asked for."""

    prompt: Prompt
    """The user's own words, never the upsampled prompt."""
    image: Image
    seed: Seed | None = None
    """Seed of the model's sampling (best effort). Absent: the judge's setting."""


class CompareRequest(Request):
    """Ask which of two pictures shows more of what a prompt asked for."""

    prompt: Prompt
    """The user's own words, never the upsampled prompt."""
    first: Image
    second: Image
    seed: Seed | None = None
    """Seed of the model's sampling (best effort). Absent: the judge's setting."""


class Opinion(Contract):
    """What every answer of the judge says of itself."""

    status: Literal["ok", "refused", "malformed", "unavailable", "too_large"]
    reason: str | None = None
    """Why there is no verdict; absent when the status is `ok`."""
    reasoning: str = ""
    """At most 50 words."""
    model: str
    seed: Seed | None = None
    rubric_version: str
    """Names the instructions that the model was given."""


class Judgement(Opinion):
    """Whether a picture shows what was asked. Only the status `ok` comes with a score and a verdict."""

    score: Score | None = None
    """In [0, 1]; at most 0.5 exactly when the verdict is `incorrect`."""
    verdict: Literal["correct", "incorrect"] | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        judged = self.status == "ok"
        if judged != (self.score is not None) or judged != (self.verdict is not None):
            raise ValueError("a score and a verdict stand with the status ok, and with no other")
        if self.score is not None and (self.score <= 0.5) != (self.verdict == "incorrect"):
            raise ValueError(f"score {self.score} contradicts the verdict {self.verdict}")
        return self


class Comparison(Opinion):
    """Which of two pictures shows more, asked in both orders: agreement wins, disagreement is a tie."""

    winner: Literal["first", "second", "tie"] | None = None
    consistent: bool | None = None
    """Whether both orders gave the same winner."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        judged = self.status == "ok"
        if judged != (self.winner is not None) or judged != (self.consistent is not None):
            raise ValueError("a winner stands with the status ok, and with no other")
        return self
