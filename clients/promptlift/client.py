"""The clients: the same typed methods, sync and async, each carrying on the one conversation of `exchange`."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Self, TypeVar

import httpx

from promptlift import endpoints, exchange
from promptlift.address import parse
from promptlift.contracts import CreateRequest, GenerateRequest, GenerateResult, Progress
from promptlift.endpoints import Endpoint
from promptlift.exchange import Exchange
from promptlift.method import Methods, itself
from promptlift.retry import Retry

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")
Result = TypeVar("Result")
Headers = Callable[[], Mapping[str, str]]

LOCAL = "http://localhost:3000"
TIMEOUT = 300.0
"""Seconds that a call may take unless it says otherwise."""
READY = "/readyz"
READY_SECONDS = 2.0
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=2.0)
"""Idle connections are dropped before the services drop theirs, after 5 s: a reuse in that moment breaks off."""


def no_headers() -> Mapping[str, str]:
    """Add nothing to a call."""
    return {}


class _Connection(Methods):
    """What the two clients have in common: the settings of a call and the shape of its requests."""

    _http: httpx.Client | httpx.AsyncClient

    def __init__(self, timeout: float, retry: Retry, headers: Headers) -> None:
        self._timeout = timeout
        self._retry = retry
        self._headers = headers

    def _converse(self, endpoint: Endpoint[Any, Answered], asked: object, timeout: float | None) -> Exchange[Answered]:
        headers = self._call_headers()

        def build(body: bytes, left: float) -> httpx.Request:
            return self._http.build_request("POST", endpoint.path, content=body, headers=headers, timeout=left)

        return exchange.converse(endpoint, asked, build, timeout=timeout or self._timeout, retry=self._retry)

    def _stream_request(self, asked: CreateRequest) -> httpx.Request:
        left = asked.timeout or self._timeout
        body = exchange.within(asked, left).model_dump_json().encode()
        return self._http.build_request(
            "POST", endpoints.STREAM.path, content=body, headers=self._call_headers(), timeout=left
        )

    def _call_headers(self) -> dict[str, str]:
        own = {
            "content-type": "application/json",
            "user-agent": f"promptlift/{version('promptlift')}",
            exchange.REQUEST_ID: exchange.new_request_id(),
        }
        return own | dict(self._headers())


class Client(_Connection):
    """Calls the services and waits for their answers. Threads may share one.

    Example:
        >>> with Client("http://localhost:3000") as client:
        ...     creation = client.create(prompt="a red circle", compare=True)
        >>> creation.pictures[creation.best].generated.image.save("circle.png")
    """

    def __init__(
        self,
        url: str = LOCAL,
        *,
        timeout: float = TIMEOUT,
        retry: Retry = Retry(),
        headers: Headers = no_headers,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare calls to the service at `url`; nothing is sent yet.

        `timeout` is in seconds for a whole call; `headers` gives further headers for each call.
        """
        super().__init__(timeout, retry, headers)
        at = parse(url)
        carrier = transport or httpx.HTTPTransport(uds=at.unix_socket, limits=LIMITS)
        self._http: httpx.Client = httpx.Client(base_url=at.base_url, transport=carrier)

    def generate_batch(
        self, requests: Sequence[GenerateRequest], *, timeout: float | None = None
    ) -> list[GenerateResult]:
        """Ask for up to 32 pictures in one call; the results keep the order, and no item harms another."""
        return self._call(endpoints.GENERATE, list(requests), itself, timeout)

    def ask(self, endpoint: Endpoint[Asked, Answered], asked: Asked, *, timeout: float | None = None) -> Answered:
        """Send a request that is built already; the methods named after the routes build it themselves."""
        return self._call(endpoint, asked, itself, timeout or getattr(asked, "timeout", None))

    def ready(self) -> None:
        """Return when the service is ready for work.

        Raises:
            Unavailable: it is alive, but not ready; the message says what it waits for.
            Unreachable: it does not answer.
        """
        try:
            exchange.check_ready(self._http.get(READY, timeout=READY_SECONDS))
        except httpx.TransportError as error:
            raise exchange.unreachable(error, READY) from error

    def stream(self, request: CreateRequest) -> Iterator[Progress]:
        """Follow a job: its stages as they begin and end, then its result or its error."""
        try:
            with contextlib.closing(self._http.send(self._stream_request(request), stream=True)) as response:
                if response.is_error:
                    response.read()
                    raise exchange.refusal(response)
                for line in response.iter_lines():
                    yield from exchange.events(line)
        except httpx.TransportError as error:
            raise exchange.unreachable(error, endpoints.STREAM.path) from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        """Use the client in a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections at the block's end."""
        self.close()

    def _call(
        self,
        endpoint: Endpoint[Any, Answered],
        asked: object,
        answer: Callable[[Answered], Result],
        timeout: float | None,
    ) -> Result:
        conversation = self._converse(endpoint, asked, timeout)
        step = next(conversation)
        while True:
            outcome = self._carry(step)
            try:
                step = conversation.send(outcome)
            except StopIteration as done:
                return answer(done.value)

    def _carry(self, step: httpx.Request | float) -> exchange.Outcome:
        if isinstance(step, float):
            time.sleep(step)
            return None
        try:
            return self._http.send(step)
        except httpx.TransportError as error:
            return error


class AsyncClient(_Connection):
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

    async def ask(self, endpoint: Endpoint[Asked, Answered], asked: Asked, *, timeout: float | None = None) -> Answered:
        """Send a request that is built already; the methods named after the routes build it themselves."""
        return await self._call(endpoint, asked, itself, timeout or getattr(asked, "timeout", None))

    async def ready(self) -> None:
        """Return when the service is ready for work, as `Client.ready` does."""
        try:
            exchange.check_ready(await self._http.get(READY, timeout=READY_SECONDS))
        except httpx.TransportError as error:
            raise exchange.unreachable(error, READY) from error

    async def stream(self, request: CreateRequest) -> AsyncIterator[Progress]:
        """Follow a job: its stages as they begin and end, then its result or its error."""
        try:
            response = await self._http.send(self._stream_request(request), stream=True)
            async with contextlib.aclosing(response):
                if response.is_error:
                    await response.aread()
                    raise exchange.refusal(response)
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
        asked: object,
        answer: Callable[[Answered], Result],
        timeout: float | None,
    ) -> Result:
        conversation = self._converse(endpoint, asked, timeout)
        step = next(conversation)
        while True:
            outcome = await self._carry(step)
            try:
                step = conversation.send(outcome)
            except StopIteration as done:
                return answer(done.value)

    async def _carry(self, step: httpx.Request | float) -> exchange.Outcome:
        if isinstance(step, float):
            await asyncio.sleep(step)
            return None
        left: float = step.extensions["timeout"]["read"]
        try:
            async with asyncio.timeout(left):  # httpx bounds each read, not the whole answer
                return await self._http.send(step)
        except httpx.TransportError as error:
            return error
        except TimeoutError:
            return httpx.ReadTimeout(f"no whole answer within {left:g} s", request=step)
