"""The project's own trace server in this process, with bad days on request and helpers that read trees.

The real Weave SDK keeps much in its process; `python` runs code that uses it in a process of its own.
"""

import asyncio
import base64
import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.responses import JSONResponse

from services.traces.app import build
from services.traces.database import Database
from services.traces.listing import Page
from services.traces.settings import TracesSettings
from services.traces.tree import Node, Trace

ROOT = Path(__file__).parents[1]
PROJECT = "local/tests"

Scope = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]


class Faults:
    """ASGI around the server: answers late, refuses, or counts what it was asked.

    Attributes:
        delay: seconds before each answer.
        status: what every request of the SDK is answered with; None lets it through.
        asked: method and path of each request.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.delay = 0.0
        self.status: int | None = None
        self.asked: list[str] = []

    def clear(self) -> None:
        self.delay, self.status = 0.0, None
        self.asked.clear()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.asked.append(f"{scope['method']} {scope['path']}")
        if scope["type"] == "http" and scope["method"] != "GET":
            await asyncio.sleep(self.delay)
            if self.status is not None:
                return await JSONResponse({"reason": "a bad day"}, self.status)(scope, receive, send)
        await self.app(scope, receive, send)


class TraceServer:
    """Use as a context manager; `stop` and `start` let it die and come back with the same file and address."""

    def __init__(self, file: Path, key: str | None = None, **settings: Any) -> None:
        self.file = file
        self.key = key
        self.faults = Faults(_nothing)
        self._settings = settings
        self._port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the SDK must find in its environment, with `weave.init` or without."""
        return {
            "WF_TRACE_SERVER_URL": self.url,
            "WANDB_BASE_URL": self.url,
            "WANDB_API_KEY": self.key or "local",
            "WANDB_ERROR_REPORTING": "false",
            "WEAVE_PRINT_CALL_LINK": "false",
            "WEAVE_USE_SERVER_CACHE": "false",
            "WEAVE_HTTP_TIMEOUT": "3",
            "WEAVE_RETRY_MAX_ATTEMPTS": "1",
            "WEAVE_DSPY_HIDE_HISTORY": "true",
        }

    @property
    def http(self) -> httpx.Client:
        """A client of one's own, with the key if there is one."""
        return httpx.Client(base_url=self.url, auth=("api", self.key) if self.key else None, timeout=30)

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        settings = TracesSettings(file=self.file, port=self._port, key=self.key, **self._settings)
        self.faults.app = build(Database(self.file), settings)
        self._server = uvicorn.Server(uvicorn.Config(self.faults, log_config=None, timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
            self._server = None

    def __enter__(self) -> "TraceServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def clear(self) -> None:
        """Forget every call and object, and have no bad days.

        Files and prices stay: a process that has sent one remembers that, and does not send it again for a later test.
        """
        self.faults.clear()
        tables = ("calls", "traces", "uses", "objects", "labels", "rows", "tables", "places", "feedback")
        with contextlib.closing(sqlite3.connect(self.file, timeout=10)) as file:
            file.executescript("".join(f"DELETE FROM {table};" for table in tables))

    def traces(self, **wanted: Any) -> list[Trace]:
        """Give the newest traces first."""
        with self.http as http:
            return list(
                Page.model_validate_json(http.get("/traces.json", params=wanted).raise_for_status().text).traces
            )

    def trace(self, trace_id: str) -> Trace:
        """Give a trace with its tree."""
        with self.http as http:
            return Trace.model_validate_json(http.get(f"/traces/{trace_id}.json").raise_for_status().text)

    def wait(self, condition: Callable[[list[Trace]], bool], timeout: float = 15.0) -> list[Trace]:
        """Give all traces with their trees once they meet a condition; what is sent arrives in the background."""
        deadline = time.monotonic() + timeout
        while True:
            found = [self.trace(each.trace_id) for each in self.traces(limit=200)]
            if condition(found):
                return found
            shown = "\n".join(outline(each) for each in found)
            assert time.monotonic() < deadline, f"the traces are not as expected after {timeout:g} s:\n{shown}"
            time.sleep(0.1)

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        with self.http as http:
            return http.post(path, json=body)

    def python(self, code: str, timeout: float = 120.0, **environment: str) -> str:
        """Run code that uses the SDK in a process of its own, and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, **self.environment, "PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}", **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def outline(trace: Trace) -> str:
    """Write a tree as indented names of ops, so that a test can compare it as a whole."""
    return "\n".join(_lines(trace.nodes))


def _lines(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        mark = "" if node.status == "ok" else f" [{node.status}]"
        yield f"{'  ' * node.depth}{node.op}{mark}"


def basic(key: str) -> dict[str, str]:
    """Give the header that carries a key as the SDK sends it."""
    return {"authorization": f"Basic {base64.b64encode(f'api:{key}'.encode()).decode()}"}


async def _nothing(scope: Scope, receive: Any, send: Any) -> None:
    raise RuntimeError("the trace server is not started")
