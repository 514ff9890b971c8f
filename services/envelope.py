"""One shape for every error that leaves a service: BentoML's own three are rewritten on their way out."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import MutableHeaders

from promptlift import endpoints
from promptlift.contracts import ErrorResponse, Problem
from promptlift.errors import explain
from promptlift.exchange import REQUEST_ID

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

CODES = {404: "not_found", 405: "not_allowed", 415: "invalid", 429: "overloaded", 503: "unavailable"}
ROUTES = {endpoint.path: endpoint for endpoint in endpoints.ALL}


class Valve:
    """A `send` that can be closed, so that what is still said behind it is not heard."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._open = True

    def close(self) -> None:
        """Drop every message from now on."""
        self._open = False

    async def __call__(self, message: Message) -> None:
        """Send a message on while open."""
        if self._open:
            await self._send(message)


class Outgoing:
    """An ASGI `send` that marks every answer with its request's id and gives every error one shape.

    Attributes:
        started: whether the answer has begun, so that no other can be given.
        body: the request's body; it explains what BentoML's message about it leaves out.
    """

    def __init__(self, path: str, request_id: str, send: Send) -> None:
        self.started = False
        self.body = b""
        self._path = path
        self._request_id = request_id
        self._send = send
        self._failure: Message | None = None
        self._content = b""

    async def __call__(self, message: Message) -> None:
        """Send a message on, or hold an error back until it is complete."""
        if message["type"] == "http.response.start":
            if self.started:  # an error after the first bytes: the caller sees the answer end too early
                raise RuntimeError("a second answer was begun")
            self.started = True
            MutableHeaders(scope=message)[REQUEST_ID] = self._request_id
            if message["status"] >= 400:
                self._failure = message
                return
        if self._failure is None:
            return await self._send(message)
        self._content += message.get("body", b"")
        if not message.get("more_body", False):
            await self._send_failure(self._failure)

    async def _send_failure(self, start: Message) -> None:
        status, problem = problem_in(start["status"], self._content, self._path, self.body)
        named = problem.model_copy(update={"request_id": self._request_id})
        content = ErrorResponse(error=named).model_dump_json(exclude_none=True).encode()
        headers = MutableHeaders(scope=start)
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(content))
        start["status"] = status
        await self._send(start)
        await self._send({"type": "http.response.body", "body": content})


def problem_in(status: int, content: bytes, path: str, body: bytes) -> tuple[int, Problem]:
    """Read an error's body, whoever wrote it, and give its status and what it says."""
    try:
        return status, ErrorResponse.model_validate_json(content).error
    except ValidationError:
        pass
    if status == 400 and b'"detail"' in content:  # BentoML answers so to every pydantic error, also to one of our own
        return _invalid(path, body)
    if status == 404:
        return status, Problem(code=CODES[404], message=f"there is no {path}; POST to one of {', '.join(ROUTES)}")
    return status, Problem(code=CODES.get(status, "failed"), message=_said(content))


def _invalid(path: str, body: bytes) -> tuple[int, Problem]:
    """Tell what is wrong with a request's body, with the values that BentoML's message leaves out."""
    try:
        ROUTES[path].asked.validate_json(body)
    except ValidationError as error:
        status = 400 if error.errors()[0]["type"] == "json_invalid" else 422
        return status, Problem(code="invalid", message=explain(error))
    return 500, Problem(code="failed", message="failed inside; the log tells more")


def _said(content: bytes) -> str:
    try:
        said = json.loads(content)
    except ValueError:
        return content.decode(errors="replace").strip()[:500] or "no reason was given"
    said = said[0] if isinstance(said, list) and said else said
    return str(said.get("error", said)) if isinstance(said, dict) else str(said)
