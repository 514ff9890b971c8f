"""The three services as the workflow sees them, called through the published client."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from promptlift import AsyncClient, PromptliftError, Unavailable, endpoints
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
from promptlift.exchange import REQUEST_ID
from services import tracing
from services.edge import request_id
from services.errors import NotReady, from_client

Answer = TypeVar("Answer")
RETRY_SECONDS = 2.0


def headers() -> Mapping[str, str]:
    """Pass the caller's request id and the place in its trace on to the services behind."""
    own = {REQUEST_ID: request_id.get()} if request_id.get() else {}
    return own | tracing.headers()


class Remote:
    """Calls each service at its address; implements `workflow.Services`."""

    def __init__(self, upsampler: AsyncClient, generator: AsyncClient, judge: AsyncClient) -> None:
        self._clients = {"upsampler": upsampler, "generator": generator, "judge": judge}

    async def upsample(self, request: UpsampleRequest) -> Upsampling:
        """Ask the upsampler."""
        return await _asked("upsampler", self._clients["upsampler"].ask(endpoints.UPSAMPLE, request))

    async def generate(self, requests: list[GenerateRequest], timeout: float) -> list[GenerateResult]:
        """Ask the generator for all pictures in one call."""
        return await _asked("generator", self._clients["generator"].generate_batch(requests, timeout=timeout))

    async def judge(self, request: JudgeRequest) -> Judgement:
        """Ask the judge about one picture."""
        return await _asked("judge", self._clients["judge"].ask(endpoints.JUDGE, request))

    async def compare(self, request: CompareRequest) -> Comparison:
        """Ask the judge about two pictures."""
        return await _asked("judge", self._clients["judge"].ask(endpoints.COMPARE, request))

    async def ready(self, *names: str) -> None:
        """Return when the named services are ready.

        Raises:
            NotReady: at least one is not; the message names each and says why.
        """
        outcomes = await asyncio.gather(*(self._clients[name].ready() for name in names), return_exceptions=True)
        missing = [_missing(name, outcome) for name, outcome in zip(names, outcomes, strict=True) if outcome]
        if missing:
            raise NotReady(f"the orchestrator waits: {'; '.join(missing)}", retry_after=RETRY_SECONDS)

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()


def _missing(name: str, error: BaseException) -> str:
    if not isinstance(error, PromptliftError):
        raise error
    return error.detail if isinstance(error, Unavailable) else f"the {name} does not answer ({error.detail})"


async def _asked(service: str, call: Awaitable[Answer]) -> Answer:
    try:
        return await call
    except PromptliftError as error:
        raise from_client(error, service) from error
