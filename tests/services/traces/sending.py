"""Calls as the SDK sends them, made up by hand."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.trace_server import PROJECT, TraceServer

BEGIN = datetime(2026, 1, 31, 12, tzinfo=UTC)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)


def call(id: str, parent: str | None = None, *, trace: str = "t1", at: float = 0, took: float = 1, **more: Any) -> Any:
    """Make a call that began so many seconds after noon, and took so many."""
    began = BEGIN + timedelta(seconds=at)
    return {
        "project_id": PROJECT,
        "id": id,
        "trace_id": trace,
        "parent_id": parent,
        "op_name": f"weave:///{PROJECT}/op/{more.pop('op', id)}:v1",
        "started_at": began.isoformat(),
        "ended_at": (began + timedelta(seconds=took)).isoformat(),
        "inputs": {},
        "output": None,
        "attributes": {},
        "summary": {},
        **more,
    }


def send(server: TraceServer, *calls: dict[str, Any]) -> None:
    server.post(f"/v2/{PROJECT}/calls/complete", {"batch": list(calls)}).raise_for_status()


def start(server: TraceServer, given: dict[str, Any]) -> None:
    begun = {name: value for name, value in given.items() if name not in ("ended_at", "output", "summary")}
    server.post(f"/v2/{PROJECT}/call/start", {"start": begun}).raise_for_status()


def picture(server: TraceServer, content: bytes = PNG) -> dict[str, Any]:
    """Send a file, and give the value that refers to it."""
    with server.http as http:
        answer = http.post("/file/create", data={"project_id": PROJECT}, files={"file": ("image.png", content)})
    digest = answer.raise_for_status().json()["digest"]
    return {"_type": "CustomWeaveType", "weave_type": {"type": "PIL.Image.Image"}, "files": {"image.png": digest}}
