"""The outer wall of every service: JSON only, bounded bodies, request ids, and an end for callers that left.

It closes what BentoML 1.4.39 leaves open: pickled bodies on services that are not the entry service (remote code
execution), bodies of any size, work that goes on for callers that left, and hooks whose errors hang the caller.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextvars import ContextVar
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from promptlift.exchange import REQUEST_ID, new_request_id
from services import tracing
from services.envelope import Message, Outgoing, Send, Valve
from services.errors import BodyTooLarge, DeadlineExceeded, Invalid, NotJson, Overloaded, ServiceError, response_to

Receive = Callable[[], Awaitable[Message]]
Scope = MutableMapping[str, Any]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("promptlift.edge")
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered; it is passed on to every service behind it."""

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
ACCEPTABLE_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)
CALLER_LEFT = 499
"""A status that nobody reads; without some answer BentoML would hold the request's place until its own timeout."""


class CallerLeft(Exception):
    """The connection was closed from the other side."""


class Edge:
    """ASGI middleware around one service.

    Attributes:
        max_body: bytes of a request's body.
        max_requests: requests with a body that may be in work at once; further ones get 429.
        timeout: seconds after which a request without a deadline of its own gets 504.
        trusted: whether callers may say which trace their requests belong to.
    """

    def __init__(self, app: App, max_body: int, max_requests: int, timeout: float, *, trusted: bool = False) -> None:
        self.app = app
        self.max_body = max_body
        self.max_requests = max_requests
        self.timeout = timeout
        self.trusted = trusted
        self._in_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong inside, the caller gets an answer."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID, "")
        request_id.set(given if ACCEPTABLE_ID.fullmatch(given) else new_request_id())
        tracing.arrive(headers, trusted=self.trusted)
        outgoing = Outgoing(scope["path"], request_id.get(), send)
        with contextlib.suppress(CallerLeft):
            try:
                if scope["method"] not in WITH_BODY:
                    return await self._inside(scope, receive, outgoing)
                outgoing.body = await self._read(headers, receive)
                with self._place():
                    await self._unless_left(scope, receive, outgoing)
            except ServiceError as error:
                await response_to(error)(scope, receive, outgoing)

    async def _read(self, headers: Headers, receive: Receive) -> bytes:
        """Read the whole body, and stop at the first sign that it is not wanted."""
        media_type = headers.get("content-type", "").split(";")[0].strip().lower()
        if media_type != "application/json":
            raise NotJson(f"content-type is {media_type or 'missing'}; send application/json")
        length = headers.get("content-length", "0")
        if not length.isdigit():
            raise Invalid(f"content-length is {length!r}; send the number of bytes")
        body = bytearray()
        while int(length) <= self.max_body and len(body) <= self.max_body:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise CallerLeft
            body += message.get("body", b"")
            if not message.get("more_body", False) and len(body) <= self.max_body:
                return bytes(body)
        raise BodyTooLarge(f"the body is larger than {self.max_body} bytes; send less")

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if self._in_work >= self.max_requests:
            raise Overloaded(f"{self._in_work} requests are in work; try again later", retry_after=1)
        self._in_work += 1
        try:
            yield
        finally:
            self._in_work -= 1

    async def _unless_left(self, scope: Scope, receive: Receive, outgoing: Outgoing) -> None:
        """Let the service answer, and stop it when the caller leaves or the time is up."""
        leaving = asyncio.create_task(_departure(receive))
        inner = Valve(outgoing)
        work = asyncio.create_task(self._inside(scope, _replay(outgoing.body, leaving), inner))
        try:
            await asyncio.wait({work, leaving}, timeout=self.timeout, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            inner.close()  # BentoML answers a cancelled batch with an error of its own
            if leaving.done():
                log.info("request %s: the caller left, its work is stopped", request_id.get())
                await Response(status_code=CALLER_LEFT)(scope, receive, outgoing)
            elif not outgoing.started:
                raise DeadlineExceeded(f"not done within {self.timeout:g} s")
        finally:
            for task in (work, leaving):
                task.cancel()
            await asyncio.wait({work, leaving})

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the service; an exception that BentoML let through would hang the caller for the whole timeout."""
        try:
            await self.app(scope, receive, send)
        except ServiceError as error:  # of a hook, such as readiness
            await response_to(error)(scope, receive, send)
        except Exception:
            log.exception("request %s failed outside of its API method", request_id.get())
            await response_to(ServiceError("failed inside; the log tells more"))(scope, receive, send)


async def _departure(receive: Receive) -> None:
    """Return when the caller has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _replay(body: bytes, leaving: asyncio.Task[None]) -> Receive:
    """Give the body that was read once, and then only the news that the caller left."""
    parts = [body]

    async def receive() -> Message:
        if parts:
            return {"type": "http.request", "body": parts.pop(), "more_body": False}
        await asyncio.wait({leaving})
        return {"type": "http.disconnect"}

    return receive
