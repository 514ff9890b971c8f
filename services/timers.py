"""BentoML's own request timer, taken out.

BentoML 1.4.39 never cancels it: what each request holds, health probes included, stays in memory until the timer rings,
an hour later at our timeouts. `Edge` keeps the time of every request instead.
"""

from typing import Any

from bentoml._internal.server.http import traffic


class Untimed:
    """ASGI middleware in the timer's place, which passes everything on."""

    def __init__(self, app: Any, timeout: float) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on."""
        await self._app(scope, receive, send)


def disarm() -> None:
    """Take the timer out of every service that this process serves from now on."""
    setattr(traffic, "TimeoutMiddleware", Untimed)  # noqa: B010  mypy knows that a class is no variable
