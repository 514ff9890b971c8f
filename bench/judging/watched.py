"""The judge's service with a watch on its event loop; a benchmark serves it in place of the service itself."""

import asyncio
import json
import resource
import time
from typing import Any

import psutil

from services.judge.service import Judge

__all__ = ["Judge"]


class Watch:
    """ASGI middleware that times every callback of the event loop, and tells on `GET /watch` what it saw since then.

    The time that the loop's own thread computed is told beside the time that passed: on a machine with other work the
    second holds their turns, too.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._longest = (0.0, 0.0)
        self._watching = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if not self._watching:
            self._watch()
        if scope["path"] != "/watch":
            return await self._app(scope, receive, send)
        seen = {
            "longest_seconds": self._longest[0],
            "longest_cpu_seconds": self._longest[1],
            "rss": psutil.Process().memory_info().rss,
            "cpu_seconds": time.process_time(),
            "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
        self._longest = (0.0, 0.0)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(seen).encode()})

    def _watch(self) -> None:
        run = asyncio.events.Handle._run

        def timed(handle: asyncio.Handle) -> None:
            started, worked = time.perf_counter(), time.thread_time()
            run(handle)
            passed, computed = time.perf_counter() - started, time.thread_time() - worked
            self._longest = (max(self._longest[0], passed), max(self._longest[1], computed))

        asyncio.events.Handle._run = timed
        self._watching = True


Judge.add_asgi_middleware(Watch)
