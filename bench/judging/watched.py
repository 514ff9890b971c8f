"""The judge's service with a watch on its event loop; a benchmark serves it in place of the service itself."""

import json
import time
from typing import Any

import psutil

from bench.judging import loop
from services.judge.service import Judge

__all__ = ["Judge"]


class Watch:
    """ASGI middleware that tells on `GET /watch` what the process used, and its longest callback since the first."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._longest: loop.Longest | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer `GET /watch`, and pass everything else on."""
        if scope["type"] != "http" or scope["path"] != "/watch":
            return await self._app(scope, receive, send)
        if self._longest is None:
            self._longest = loop.watch()
        told = {
            "longest_seconds": self._longest.seconds,
            "longest_cpu_seconds": self._longest.cpu_seconds,
            "cpu_seconds": time.process_time(),
            "memory": psutil.Process().memory_info().rss,
        }
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})


Judge.add_asgi_middleware(Watch)
