"""Judging pictures with a multimodal model; whatever fails, there is an answer with a status and no invented score."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import dspy

from promptlift.contracts import CompareRequest, Comparison, Image, Judgement, JudgeRequest
from services.judge.pictures import shown
from services.judge.program import Attached
from services.judge.verdict import NoOpinion, agreed, read
from services.language_model import attachments

log = logging.getLogger("promptlift.judge")
MARGIN_SECONDS = 0.2
"""Kept of a request's time for sending the answer."""
STATUSES = {"refused": "refused", "truncated": "malformed", "context_length_exceeded": "too_large"}
"""The contract's word for each reason of a model to give no answer; any other is `unavailable`."""


@dataclass(frozen=True)
class Critic:
    """Two programs with the multimodal model that runs them.

    Attributes:
        judging: takes `prompt` and `picture`, gives a `Finding`.
        comparing: takes `prompt`, `a` and `b`, gives a `Preference`.
        seed: of a request that names none.
        timeout: seconds for a request without a timeout of its own.
    """

    judging: dspy.Predict
    comparing: dspy.Predict
    lm: dspy.LM
    name: str
    version: str
    seed: int
    timeout: float

    async def judge(self, request: JudgeRequest) -> Judgement:
        """Say whether the picture shows what the prompt asks for."""
        seed = self.seed if request.seed is None else request.seed
        about: dict[str, Any] = {"model": self.name, "seed": seed, "rubric_version": self.version}
        try:
            async with asyncio.timeout(self._seconds(request.timeout)):
                finding = await self._look(self.judging, request.prompt, {"picture": request.image}, seed)
            return Judgement(status="ok", **read(finding), **about)
        except (NoOpinion, TimeoutError) as error:
            return Judgement(**self._silence(error), **about)

    async def compare(self, request: CompareRequest) -> Comparison:
        """Say which picture shows more, asking in both orders."""
        seed = self.seed if request.seed is None else request.seed
        about: dict[str, Any] = {"model": self.name, "seed": seed, "rubric_version": self.version}
        orders = ({"a": request.first, "b": request.second}, {"a": request.second, "b": request.first})
        try:
            async with asyncio.timeout(self._seconds(request.timeout)):
                looks = [self._look(self.comparing, request.prompt, order, seed) for order in orders]
                there, back = await asyncio.gather(*looks)
            return Comparison(status="ok", **agreed(there, back), **about)
        except (NoOpinion, TimeoutError) as error:
            return Comparison(**self._silence(error), **about)

    def _seconds(self, timeout: float | None) -> float:
        return max(0.0, min(timeout or self.timeout, self.timeout) - MARGIN_SECONDS)

    def _silence(self, error: NoOpinion | TimeoutError) -> dict[str, Any]:
        if isinstance(error, NoOpinion):
            status, reason = error.status, error.reason
        else:
            status, reason = "unavailable", f"{self.name} gave no answer in time"
        log.warning("no opinion (%s): %s", status, reason)
        return {"status": status, "reason": reason}

    async def _look(self, program: dspy.Predict, prompt: str, images: dict[str, Image], seed: int) -> Any:
        """Run a program on a prompt and pictures, off the event loop where it is heavy."""
        urls = await asyncio.gather(*(asyncio.to_thread(shown, image) for image in images.values()))
        names = {field: f"attached:{field}" for field in images}
        token = attachments.set(dict(zip(names.values(), urls, strict=True)))
        try:
            inputs = {field: Attached(name=name) for field, name in names.items()}
            with dspy.context(lm=self.lm, adapter=dspy.JSONAdapter(), disable_history=True, trace=None):
                prediction = await program.acall(prompt=prompt, **inputs, config={"seed": seed})
        except dspy.AdapterParseError as error:
            raise NoOpinion("malformed", f"{self.name} gave an answer that can't be read") from error
        except dspy.LMError as error:
            status = STATUSES.get(error.provider_code or "", "unavailable")
            raise NoOpinion(status, f"{self.name} gave no opinion: {error.message.splitlines()[0]}") from error
        finally:
            attachments.reset(token)
        [output] = program.signature.output_fields
        return prediction[output]
