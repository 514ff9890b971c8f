"""The client that waits for its answers."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
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


class Client(Connection):
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

    def upsample_batch(
        self, requests: Sequence[UpsampleRequest], *, timeout: float | None = None
    ) -> list[UpsampleResult]:
        """Upsample up to 64 prompts in one call; the results keep the order, and no item harms another."""
        return self._call(endpoints.UPSAMPLE_BATCH, list(requests), itself, timeout)

    def ask(self, endpoint: Endpoint[Asked, Answered], asked: Asked, *, timeout: float | None = None) -> Answered:
        """Send a request that is built already; the methods named after the routes build it themselves."""
        return self._call(endpoint, asked, itself, timeout)

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
            opening = self._converse(endpoints.STREAM, request, itself, None)
            with contextlib.closing(self._drive(opening, stream=True)) as response:
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
        asked: Any,
        answer: Callable[[Answered], Result],
        timeout: float | None,
    ) -> Result:
        return answer(self._drive(self._converse(endpoint, asked, exchange.reader(endpoint), timeout)))

    def _drive(self, conversation: Exchange[Answered], *, stream: bool = False) -> Answered:
        step = next(conversation)
        while True:
            outcome = self._carry(step, stream)
            try:
                step = conversation.send(outcome)
            except StopIteration as done:
                answer: Answered = done.value
                return answer

    def _carry(self, step: httpx.Request | float, stream: bool) -> exchange.Outcome:
        if isinstance(step, float):
            time.sleep(step)
            return None
        try:
            response = self._http.send(step, stream=stream)
            if response.is_error:
                response.read()
            return response
        except httpx.TransportError as error:
            return error
