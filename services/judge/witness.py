"""A multimodal model as planner, as eyes and as comparer, and its ways of judging that need no checklist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dspy

from promptlift.contracts import Fact, Question
from services.judge.comparing import Preference
from services.judge.eyes import Look, Observation
from services.judge.facts import arranged, whole
from services.judge.model import Model
from services.judge.opinion import Unreadable
from services.judge.pictures import Prepared
from services.judge.program import Sighting
from services.judge.rules import completed
from services.judge.ruling import Ruling, decide, rule
from services.judge.together import together

SHOWN = {"yes": 1.0, "unclear": 0.5, "no": 0.0}


@dataclass(frozen=True)
class ModelPlanner:
    """Has a model take prompts apart, and adds what the rules find and the model missed."""

    model: Model
    planning: dspy.Predict
    seed: int
    version: str

    async def plan(self, prompt: str) -> list[Fact]:
        """List the facts of a prompt; no picture is shown."""

        def read(answer: Any) -> list[Fact]:
            return completed(prompt, arranged(answer.facts) or [whole(prompt)])

        return await self.model.ask(self.planning, read, self.seed, {}, prompt=prompt)


@dataclass(frozen=True)
class ModelEyes:
    """Has a model look at pictures; it is told the questions, never the prompt, the arm or how answers are scored."""

    model: Model
    looking: dspy.Predict

    async def look(self, picture: Prepared, facts: Sequence[Fact], seed: int) -> Look:
        """Say what is visible of each fact."""
        questions = [asked(fact) for fact in facts]
        pictures = {"picture": picture}
        return await self.model.ask(
            self.looking, lambda answer: seen(facts, answer), seed, pictures, questions=questions
        )


@dataclass(frozen=True)
class Glance:
    """Has a model plan and look in one call, which costs less and lets the plan see the picture."""

    model: Model
    glancing: dspy.Predict

    async def judge(self, prompt: str, picture: Prepared, seeds: Sequence[int]) -> Ruling:
        """Judge by facts that the model names itself; there is one seed, as each look has its own facts."""
        [seed] = seeds

        def read(answer: Any) -> Ruling:
            facts = arranged(answer.facts)
            if not facts:
                raise Unreadable(f"{self.model.name} named no fact")
            return rule(prompt, facts, [seen(facts, answer)])

        return await self.model.ask(self.glancing, read, seed, {"picture": picture}, prompt=prompt)


@dataclass(frozen=True)
class PlainAnswer:
    """Has a model say yes or no, by the protocol of the DALL-E 3 report's evaluation."""

    model: Model
    deciding: dspy.Predict

    async def judge(self, prompt: str, picture: Prepared, seeds: Sequence[int]) -> Ruling:
        """Ask once with each seed; the score is the share of yes."""

        async def answer(seed: int) -> tuple[bool, str]:
            return await self.model.ask(
                self.deciding, lambda said: (said.correct, said.reasoning), seed, {"picture": picture}, prompt=prompt
            )

        answers = await together(*(answer(seed) for seed in seeds))
        return decide([correct for correct, _ in answers], [reasoning for _, reasoning in answers])


@dataclass(frozen=True)
class ModelComparer:
    """Has a model say which of two pictures is better; for the appeal it is not told the prompt."""

    model: Model
    comparing: dspy.Predict
    appealing: dspy.Predict

    async def prefer(self, question: Question, prompt: str, a: Prepared, b: Prepared, seed: int) -> Preference:
        """Answer a question about two pictures, A shown before B."""

        def read(answer: Any) -> Preference:
            return Preference(answer.better, answer.reasoning)

        pictures = {"a": a, "b": b}
        if question == "appeal":
            return await self.model.ask(self.appealing, read, seed, pictures)
        return await self.model.ask(self.comparing, read, seed, pictures, prompt=prompt)


def asked(fact: Fact) -> str:
    """Write a fact's question as the eyes are asked it: which number or text is hoped for, they are not told."""
    if fact.expected_count is not None and fact.subject:
        return f"{fact.id}. How many of these are there: {fact.subject}? Count them."
    if fact.expected_text is not None:
        return f"{fact.id}. What is written there ({fact.subject or 'anywhere'})? Spell it out."
    return f"{fact.id}. {fact.question}"


def seen(facts: Sequence[Fact], answer: Any) -> Look:
    """Read one look.

    Raises:
        Unreadable: it says nothing about some fact; to guess what it would have said is to invent a score.
    """
    told: dict[int, Sighting] = {sighting.id: sighting for sighting in reversed(answer.seen)}
    missing = [str(fact.id) for fact in facts if fact.id not in told]
    if missing:
        raise Unreadable(f"the model said nothing about question {', '.join(missing)}")
    return Look({fact.id: _observation(told[fact.id]) for fact in facts}, answer.writing)


def _observation(told: Sighting) -> Observation:
    count = told.count if told.count is not None and told.count >= 0 else None
    return Observation(shown=SHOWN[told.answer], evidence=told.evidence, count=count, text=told.text)
