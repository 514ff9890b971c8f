"""Waiting for a generator that is not there yet: scaled to zero, rolled over, or still loading its weights.

A Service of Kubernetes holds no requests, so the orchestrator does, within the time that the job and a setting allow.
"""

import asyncio
from typing import Protocol

from promptlift.contracts import (
    CompareRequest,
    Comparison,
    GenerateRequest,
    GenerateResult,
    Judgement,
    JudgeRequest,
    UpsampleRequest,
    Upsampling,
)
from services.errors import DependencyUnavailable, NotReady
from services.orchestrator import metrics
from services.orchestrator.job import Job
from services.orchestrator.workflow import Services

PAUSE_SECONDS = 0.5
RETRY_SECONDS = 15.0
"""Told to a caller who is sent away."""


class Watched(Services, Protocol):
    """Services of which one can ask whether they are there."""

    async def ready(self, *names: str) -> None:
        """Return when the named services are ready, else raise `NotReady`."""


class Patient:
    """The services of one job, with patience for the generator; implements `workflow.Services`.

    Attributes:
        wait: seconds to wait for the generator at most, within the job's own time; 0: not at all.
        pause: seconds between two looks at it.
    """

    def __init__(self, services: Watched, job: Job, wait: float, pause: float = PAUSE_SECONDS) -> None:
        self.wait = wait
        self.pause = pause
        self._services = services
        self._job = job

    async def upsample(self, request: UpsampleRequest) -> Upsampling:
        """Ask the upsampler."""
        return await self._services.upsample(request)

    async def generate(self, requests: list[GenerateRequest], timeout: float) -> list[GenerateResult]:
        """Ask the generator, as soon as there is one.

        Raises:
            DependencyUnavailable: there is none in time, or one that is there does not take the pictures.
        """
        try:
            return await self._services.generate(requests, timeout)
        except DependencyUnavailable as error:
            if self.wait <= 0 or await self._is_there():
                raise
            await self._until_it_is_there(error)
        return await self._services.generate(requests, self._job.left())

    async def judge(self, request: JudgeRequest) -> Judgement:
        """Ask the judge about one picture."""
        return await self._services.judge(request)

    async def compare(self, request: CompareRequest) -> Comparison:
        """Ask the judge about two pictures."""
        return await self._services.compare(request)

    async def _until_it_is_there(self, error: DependencyUnavailable) -> None:
        """Look again and again, seen as the stage `wait` by who follows the job, and as a metric by what scales."""
        with self._job.stage("wait"), metrics.waiting_jobs.track_inprogress():
            until = self._job.seconds + min(self.wait, self._job.left() - 2 * self.pause)
            while self._job.seconds < until:
                await asyncio.sleep(self.pause)
                if await self._is_there():
                    return
        raise DependencyUnavailable(
            f"the generator is starting, and was not ready within the time to wait for it: {error.message}",
            retry_after=RETRY_SECONDS,
        ) from error

    async def _is_there(self) -> bool:
        try:
            await self._services.ready("generator")
        except NotReady:
            return False
        return True
