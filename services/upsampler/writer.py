"""Upsampling one prompt or many with any language model; it never fails for the model's sake."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from promptlift.contracts import MAX_SEED, Problem, UpsampleRequest, UpsampleResult, Upsampling
from services import tracing
from services.errors import ServiceError
from services.replies import Reply, recorded
from services.upsampler.answer import Outcome, answer
from services.upsampler.check import Fault, faults
from services.upsampler.clip import Tokenizer
from services.upsampler.composition import compose
from services.upsampler.draft import Draft, mended
from services.upsampler.scribe import NoDraft, Scribe
from services.upsampler.settings import UpsamplerSettings
from services.upsampler.task import Task, plan

log = logging.getLogger("promptlift.upsampler")
MARGIN_SECONDS = 0.2
"""Kept of a request's time for sending the answer."""


@dataclass
class Work:
    """What has come of the attempts at one prompt so far.

    Attributes:
        best: the mended draft with the fewest faults, and these.
        trouble: why the last attempt gave no draft, if it gave none.
    """

    replies: list[Reply]
    attempts: int = 0
    best: tuple[Draft, list[Fault]] | None = None
    trouble: str | None = None

    def offer(self, draft: Draft, found: list[Fault]) -> None:
        """Keep a draft if it is better than the one before; of equals the first stays."""
        if self.best is None or _weight(found) < _weight(self.best[1]):
            self.best = (draft, found)


class Writer:
    """Writes prompts with a scribe; at most `concurrency` of them at once."""

    def __init__(self, scribe: Scribe, tokenizer: Tokenizer, settings: UpsamplerSettings) -> None:
        self._scribe = scribe
        self._tokenizer = tokenizer
        self._settings = settings
        self._places = asyncio.Semaphore(settings.concurrency)

    @tracing.traced("upsample")
    async def upsample(self, request: UpsampleRequest, /) -> Upsampling:
        """Give a detailed prompt that keeps what binds, or the base prompt with the reason why it is no other."""
        task = plan(request, self._settings.budget, self._tokenizer.count)
        seed = secrets.randbelow(MAX_SEED + 1) if request.seed is None else request.seed
        if task.mode == "off":
            return answer(task, Outcome(seed=seed), self._tokenizer.count)
        work = await self._work(task, seed, request.timeout)
        return answer(task, self._outcome(task, work, seed), self._tokenizer.count)

    async def upsample_batch(self, requests: Sequence[UpsampleRequest]) -> list[UpsampleResult]:
        """Upsample many prompts; the results keep the order, and no item harms another."""
        outcomes = await asyncio.gather(*map(self.upsample, requests), return_exceptions=True)
        return [_result(outcome) for outcome in outcomes]

    async def _work(self, task: Task, seed: int, timeout: float | None) -> Work:
        """Ask until a draft has no serious fault, the attempts are used up, or the time is."""
        longest = min(timeout or self._settings.timeout, self._settings.timeout)
        with recorded() as replies:
            work = Work(replies)
            try:
                async with asyncio.timeout(max(0.0, longest - MARGIN_SECONDS)), self._places:
                    while work.attempts < self._scribe.attempts and await self._attempt(task, seed, work):
                        pass
            except TimeoutError:
                work.trouble = f"{self._scribe.name} gave no answer in time"
        return work

    async def _attempt(self, task: Task, seed: int, work: Work) -> bool:
        """Ask once more, and tell whether asking again may give something better."""
        draft, known = work.best or (None, [])
        work.attempts += 1
        try:
            written = await self._scribe.write(
                task, draft, [fault.words for fault in known], (seed + work.attempts - 1) % (MAX_SEED + 1)
            )
        except NoDraft as error:
            work.trouble = error.reason
            return error.again
        clean = mended(task, written)
        found = faults(task, clean.caption)
        work.offer(clean, found)
        return any(fault.serious for fault in found)

    def _outcome(self, task: Task, work: Work, seed: int) -> Outcome:
        composed = compose(task, work.best[0], self._tokenizer.count) if work.best else None
        reason = None
        if composed is None or composed.prompt in (task.line, task.fallback):
            reason = self._reason(work)
            log.warning("a prompt stays as it is: %s", reason)
        return Outcome(
            seed=seed,
            composed=composed,
            reason=reason,
            attempts=work.attempts,
            model=self._scribe.name,
            version=self._scribe.version(task.mode),
            replies=tuple(work.replies),
            prices=self._settings.prices,
        )

    def _reason(self, work: Work) -> str:
        if work.best is None:
            return work.trouble or f"{self._scribe.name} gave no caption"
        said = "; ".join(fault.words for fault in work.best[1]) or "nothing fits beside the prompt in its budget"
        return f"{self._scribe.name} gave no caption that can be used: {said}"


def _weight(found: list[Fault]) -> tuple[int, int]:
    return sum(fault.serious for fault in found), len(found)


def _result(outcome: Upsampling | BaseException) -> UpsampleResult:
    if isinstance(outcome, Upsampling):
        return UpsampleResult(upsampling=outcome)
    if isinstance(outcome, ServiceError):
        return UpsampleResult(error=outcome.problem())
    log.error("an item of a batch failed", exc_info=outcome)
    return UpsampleResult(error=Problem(code="failed", message="failed inside; the log tells more"))
