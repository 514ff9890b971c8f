"""What the two clients have in common: the settings of a call and the shape of its requests."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

from promptlift import exchange, tracing
from promptlift.endpoints import Endpoint
from promptlift.exchange import Exchange
from promptlift.method import Methods
from promptlift.retry import Retry
from promptlift.version import __version__

Answered = TypeVar("Answered")
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


class Connection(Methods):
    """What the two clients have in common: the settings of a call and the shape of its requests."""

    _http: httpx.Client | httpx.AsyncClient

    def __init__(self, timeout: float, retry: Retry, headers: Headers) -> None:
        self._timeout = timeout
        self._retry = retry
        self._headers = headers

    def _converse(
        self,
        endpoint: Endpoint[Any, Any],
        asked: Any,
        answer: Callable[[httpx.Response], Answered],
        timeout: float | None,
    ) -> Exchange[Answered]:
        headers = self._call_headers()

        def build(body: bytes, left: float) -> httpx.Request:
            return self._http.build_request("POST", endpoint.path, content=body, headers=headers, timeout=left)

        whole = timeout or getattr(asked, "timeout", None) or self._timeout
        return exchange.converse(endpoint, asked, build, answer, timeout=whole, retry=self._retry)

    def _call_headers(self) -> dict[str, str]:
        own = {
            "content-type": "application/json",
            "user-agent": f"promptlift/{__version__}",
            exchange.REQUEST_ID: exchange.new_request_id(),
        }
        return own | dict(tracing.headers()) | dict(self._headers())
