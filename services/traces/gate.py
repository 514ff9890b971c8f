"""The outer wall of the trace server: who may enter, and with how much."""

import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/readyz", "/livez"})
"""What a probe asks, without a key."""
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
OTLP_KEY = "wandb-api-key"
"""The header that W&B's documentation gives to OpenTelemetry exporters."""
BODIES_AT_ONCE = 4
"""Bodies of the largest size that may be in memory together; further ones are put off."""


class Gate:
    """ASGI middleware.

    Attributes:
        key: the password to give; None lets everyone in.
        local: whether only this machine is served, so that no other name of it is right.
        max_body: bytes of a request's body.
    """

    def __init__(self, app: App, key: str | None, local: bool, max_body: int) -> None:
        self.app = app
        self.key = key
        self.local = local
        self.max_body = max_body
        self._held = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let one request in, or say why not."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        refusal = self._refusal(headers)
        if refusal is not None:
            return await refusal(scope, receive, send)
        given = headers.get("content-length", "")
        size = int(given) if given.isascii() and given.isdigit() else self._unknown(headers)
        if size > self.max_body:
            return await _refuse(413, f"the body is larger than {self.max_body} bytes; send less")(scope, receive, send)
        if self._held + size > self.max_body * BODIES_AT_ONCE:
            busy = _refuse(503, "too much is being received; try again later", {"retry-after": "1"})
            return await busy(scope, receive, send)
        self._held += size
        try:
            await self.app(scope, _counted(receive, size), send)
        finally:
            self._held -= size

    def _unknown(self, headers: Headers) -> int:
        """Tell how much a body without a length may have."""
        return self.max_body if "transfer-encoding" in headers else 0

    def _refusal(self, headers: Headers) -> Response | None:
        if self.local and urlsplit(f"//{headers.get('host', '')}").hostname not in LOCAL_NAMES:
            return _refuse(421, "this server answers to localhost only")  # another site's name may point here
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return _refuse(403, "requests from other sites' pages are refused")
        if self.key is not None and not secrets.compare_digest(_password(headers).encode(), self.key.encode()):
            challenge = {"www-authenticate": 'Basic realm="traces", charset="UTF-8"'}
            return _refuse(401, "the key is missing or wrong; send TRACES_KEY as WANDB_API_KEY", challenge)
        return None


def _password(headers: Headers) -> str:
    """Read the key out of Basic authorization, as the SDK and browsers send it."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return headers.get(OTLP_KEY, "")
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


class BodyTooLarge(Exception):
    """More came than was said."""


def _counted(receive: Receive, size: int) -> Receive:
    """Stop at a body that is larger than was said; uvicorn itself ends one with a length."""
    left = size

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise BodyTooLarge
        return message

    return counted


def _refuse(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"reason": reason}, status, {"connection": "close", **(headers or {})})
