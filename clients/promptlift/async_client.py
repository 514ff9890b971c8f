"""The client that does not block the event loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Self, TypeVar

import httpx

from promptlift import endpoints, exchange
from promptlift.address import parse
from promptlift.connection import LIMITS, LOCAL, READY, READY_SECONDS, TIMEOUT, Connection, Headers, no_headers
from promptlift.contracts import (
    CreateRequest,
    GenerateRequest,
    GenerateResult,
    Progress,
    UpsampleRequest,
    UpsampleResult,
)
from promptlift.endpoints import Endpoint
from promptlift.exchange import Exchange
from promptlift.method import itself
from promptlift.retry import Retry

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")
Result = TypeVar("Result")


class AsyncClient(Connection):
    """Calls the services without blocking; belongs to the event loop that it is first used in.

    Cancelling a call closes its connection, which stops the work behind it.

    Example:
        >>> async with AsyncClient("http://localhost:3000") as client:
        ...     creation = await client.create(prompt="a red circle", compare=True)
    """

    def __init__(
        self,
        url: str = LOCAL,
        *,
        timeout: float = TIMEOUT,
        retry: Retry = Retry(),
        headers: Headers = no_headers,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare calls to the service at `url`; nothing is sent yet.

        `timeout` is in seconds for a whole call; `headers` gives further headers for each call.
        """
        super().__init__(timeout, retry, headers)
        at = parse(url)
        carrier = transport or httpx.AsyncHTTPTransport(uds=at.unix_socket, limits=LIMITS)
        self._http: httpx.AsyncClient = httpx.AsyncClient(base_url=at.base_url, transport=carrier)

    async def generate_batch(
        self, requests: Sequence[GenerateRequest], *, timeout: float | None = None
    ) -> list[GenerateResult]:
        """Ask for up to 32 pictures in one call; the results keep the order, and no item harms another."""
        return await self._call(endpoints.GENERATE, list(requests), itself, timeout)

    async def upsample_batch(
        self, requests: Sequence[UpsampleRequest], *, timeout: float | None = None
    ) -> list[UpsampleResult]:
        """Upsample up to 64 prompts in one call; the results keep the order, and no item harms another."""
        return await self._call(endpoints.UPSAMPLE_BATCH, list(requests), itself, timeout)

    async def ask(self, endpoint: Endpoint[Asked, Answered], asked: Asked, *, timeout: float | None = None) -> Answered:
        """Send a request that is built already; the methods named after the routes build it themselves."""
        return await self._call(endpoint, asked, itself, timeout)

    async def ready(self) -> None:
        """Return when the service is ready for work, as `Client.ready` does."""
        try:
            exchange.check_ready(await self._http.get(READY, timeout=READY_SECONDS))
        except httpx.TransportError as error:
            raise exchange.unreachable(error, READY) from error

    async def stream(self, request: CreateRequest) -> AsyncIterator[Progress]:
        """Follow a job: its stages as they begin and end, then its result or its error."""
        try:
            opening = self._converse(endpoints.STREAM, request, itself, None)
            async with contextlib.aclosing(await self._drive(opening, stream=True)) as response:
                async for line in response.aiter_lines():
                    for event in exchange.events(line):
                        yield event
        except httpx.TransportError as error:
            raise exchange.unreachable(error, endpoints.STREAM.path) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Use the client in an `async with` block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections at the block's end."""
        await self.aclose()

    async def _call(
        self,
        endpoint: Endpoint[Any, Answered],
        asked: Any,
        answer: Callable[[Answered], Result],
        timeout: float | None,
    ) -> Result:
        return answer(await self._drive(self._converse(endpoint, asked, exchange.reader(endpoint), timeout)))

    async def _drive(self, conversation: Exchange[Answered], *, stream: bool = False) -> Answered:
        step = next(conversation)
        while True:
            outcome = await self._carry(step, stream)
            try:
                step = conversation.send(outcome)
            except StopIteration as done:
                answer: Answered = done.value
                return answer

    async def _carry(self, step: httpx.Request | float, stream: bool) -> exchange.Outcome:
        if isinstance(step, float):
            await asyncio.sleep(step)
            return None
        left: float = step.extensions["timeout"]["read"]
        try:
            async with asyncio.timeout(left):  # httpx bounds each read, not the whole answer
                response = await self._http.send(step, stream=stream)
                if response.is_error:
                    await response.aread()
                return response
        except httpx.TransportError as error:
            return error
        except TimeoutError:
            return httpx.ReadTimeout(f"no whole answer within {left:g} s", request=step)
