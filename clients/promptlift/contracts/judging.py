"""What the judge is asked and what it answers."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from promptlift.contracts.facts import MAX_FACTS, JudgedFact
from promptlift.contracts.fields import Contract, Prompt, Request, Score, Seed, Usage
from promptlift.contracts.image import Image

JudgeMode = Literal["checklist", "dalle3", "quick"]
"""`checklist` plans facts from the prompt alone, then looks; `quick` does both in one call; `dalle3` gives the plain
yes or no of the DALL-E 3 report's evaluation, for comparison with its figures."""
Question = Literal["faithfulness", "appeal"]
Flag = Literal["overlay_text"]
"""`overlay_text`: the picture spells out most of the prompt's words, which it was not asked to."""
Samples = Annotated[int, Field(ge=1, le=9)]
"""Looks at a picture, each with the next seed."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def check_samples(mode: JudgeMode, samples: int, name: str) -> None:
    """Make sure that the samples of a mode can be averaged.

    Raises:
        ValueError: each would be of other facts; the message calls their number `name`.
    """
    if mode == "quick" and samples > 1:
        raise ValueError(f"{name} is {samples}, but each quick look has its own facts; use the checklist")


class JudgeRequest(Request):
    """Ask whether a picture shows what a prompt asked for."""

    prompt: Prompt
    """The user's own words, never the upsampled prompt."""
    image: Image
    mode: JudgeMode = "checklist"
    samples: Samples = 1
    """How many times the picture is looked at, each time with the next seed; the votes are averaged for each fact."""
    seed: Seed | None = None
    """Seed of the model's sampling (best effort). Absent: the judge's setting."""

    @model_validator(mode="after")
    def _averages_the_same_facts(self) -> Self:
        check_samples(self.mode, self.samples, "samples")
        return self


class CompareRequest(Request):
    """Ask which of two pictures shows more of what a prompt asked for."""

    prompt: Prompt
    """The user's own words, never the upsampled prompt."""
    first: Image
    second: Image
    question: Question = "faithfulness"
    """What is compared: how much of the prompt is shown, or, without regard to the prompt, how pleasing it looks."""
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
    fingerprint: str | None = None
    """What the endpoint says of its model's state; with several calls, each one that it named."""
    seed: Seed | None = None
    rubric_version: str
    """Names the instructions that the model was given."""
    usage: Usage | None = None
    """What the answer took when it was made."""
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """US dollars that it cost, when the endpoint tells or the judge is given prices."""
    stored: bool = False
    """Whether the answer was given before and is only repeated."""


class Judgement(Opinion):
    """Whether a picture shows what was asked. Only the status `ok` comes with a score and a verdict."""

    score: Score | None = None
    """In [0, 1]; at most 0.5 exactly when the verdict is `incorrect`."""
    verdict: Literal["correct", "incorrect"] | None = None
    mode: JudgeMode | None = None
    facts: Annotated[tuple[JudgedFact, ...], Field(max_length=MAX_FACTS)] = ()
    """Every fact that was judged, parents before children; none in the mode `dalle3`."""
    samples: int = 1
    agreement: Score | None = None
    """Mean over the facts of the share of samples that agree with the outcome; absent with one sample."""
    flags: tuple[Flag, ...] = ()
    image_sha256: Sha256 | None = None
    """Of the encoded picture as it was sent."""

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

    question: Question = "faithfulness"
    winner: Literal["first", "second", "tie"] | None = None
    consistent: bool | None = None
    """Whether both orders gave the same winner."""
    position_bias: Annotated[int, Field(ge=-1, le=1)] | None = None
    """1 when the picture shown first won in both orders, -1 when the one shown last did, else 0."""
    first_sha256: Sha256 | None = None
    second_sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        judged = self.status == "ok"
        if judged != (self.winner is not None) or judged != (self.consistent is not None):
            raise ValueError("a winner stands with the status ok, and with no other")
        if self.position_bias and self.consistent:
            raise ValueError("a place that wins in both orders is no consistent winner")
        return self
