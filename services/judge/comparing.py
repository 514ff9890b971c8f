"""Comparing two pictures in both orders: agreement wins, disagreement is a tie."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from promptlift.contracts import Question
from services.judge.checklist import Checklist
from services.judge.opinion import NoOpinion
from services.judge.pictures import Prepared
from services.judge.ruling import MOST_WORDS
from services.judge.together import together
from services.judge.words import readable, shortened

FORTH = {"A": "first", "B": "second", "tie": "tie"}
BACK = {"A": "second", "B": "first", "tie": "tie"}


@dataclass(frozen=True)
class Preference:
    """Which of two pictures is better, by the neutral names under which they were shown."""

    better: Literal["A", "B", "tie"]
    reasoning: str


class Comparer(Protocol):
    """Says which of two pictures is better."""

    async def prefer(self, question: Question, prompt: str, a: Prepared, b: Prepared, seed: int) -> Preference:
        """Answer a question about two pictures, A shown before B.

        Raises:
            NoOpinion: there is no answer.
        """


@dataclass(frozen=True)
class FactComparer:
    """Prefers the picture that more of the prompt's facts hold for; it has no taste."""

    checklist: Checklist

    async def prefer(self, question: Question, prompt: str, a: Prepared, b: Prepared, seed: int) -> Preference:
        """Compare the scores of both pictures."""
        if question == "appeal":
            raise NoOpinion("unavailable", "only a multimodal model can say which picture is more pleasing")
        one, other = await together(*(self.checklist.judge(prompt, picture, [seed]) for picture in (a, b)))
        reasoning = f"A: {one.reasoning} B: {other.reasoning}"
        if one.score == other.score:
            return Preference("tie", reasoning)
        return Preference("A" if one.score > other.score else "B", reasoning)


async def compare(
    comparer: Comparer, question: Question, prompt: str, first: Prepared, second: Prepared, seed: int
) -> dict[str, Any]:
    """Ask in both orders, and give what `Comparison` says of the outcome."""
    forth, back = await together(
        comparer.prefer(question, prompt, first, second, seed), comparer.prefer(question, prompt, second, first, seed)
    )
    return agreed(forth, back)


def agreed(forth: Preference, back: Preference) -> dict[str, Any]:
    """Unite the answers of both orders; `position_bias` is 1 when A won both times, -1 when B did, else 0."""
    there, again = FORTH[forth.better], BACK[back.better]
    biased = forth.better == back.better != "tie"
    return {
        "winner": there if there == again else "tie",
        "consistent": there == again,
        "position_bias": (1 if forth.better == "A" else -1) if biased else 0,
        "reasoning": shortened(readable(forth.reasoning), MOST_WORDS),
    }
