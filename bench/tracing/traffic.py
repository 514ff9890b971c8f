"""Traces as the system makes them: fourteen calls each, of a request that compares two pictures."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

PROJECT = "local/bench"
CALLS = 14
BEGIN = datetime.now(UTC) - timedelta(days=1)
SPACE = timedelta(seconds=5)
"""Between the starts of two traces."""
TEXT = "seen from the front in soft light on a plain grey ground, every edge crisp, " * 4


def trace(number: int, picture: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the calls of one trace."""
    name, start = str(UUID(int=(number << 64) + 1)), BEGIN + number * SPACE
    prompt = {"prompt": f"picture {number}: a red circle left of two blue squares", "seed": number}
    used = {"usage": {"model-1": {"prompt_tokens": 800, "completion_tokens": 60, "requests": 1}}}

    def call(index: int, parent: int | None, op: str, begin: float, took: float, **more: Any) -> dict[str, Any]:
        began = start + timedelta(seconds=begin)
        return {
            "project_id": PROJECT,
            "id": f"{name}-{index}",
            "trace_id": name,
            "parent_id": None if parent is None else f"{name}-{parent}",
            "op_name": f"weave:///{PROJECT}/op/{op}:v1",
            "started_at": began.isoformat(),
            "ended_at": (began + timedelta(seconds=took)).isoformat(),
            "inputs": prompt,
            "output": {"text": TEXT},
            "attributes": {"service": op.partition(".")[0]},
            "summary": {},
            **more,
        }

    judged = [call(6 + side, 0, "judge", 7, 2) for side in range(2)]
    looks = [call(8 + look, 6 + look % 2, "judge.look", 7, 0.5, summary=used) for look in range(6)]
    return [
        call(0, None, "create", 0, 9),
        call(1, 0, "upsample", 0, 2),
        call(2, 1, "upsample.predict", 0, 2),
        call(3, 2, "upsample.ask", 0, 2, summary=used),
        *(call(4 + side, 0, "generate", 2, 5, output=picture) for side in range(2)),
        *judged,
        *looks,
    ]


def send_picture(http: httpx.Client, side: int = 256) -> dict[str, Any]:
    """Send a picture, and give the value that refers to it."""
    buffer = io.BytesIO()
    Image.effect_noise((side, side), 60).save(buffer, format="JPEG")
    answer = http.post(
        "/file/create", data={"project_id": PROJECT}, files={"file": ("image.jpg", buffer.getvalue())}
    ).raise_for_status()
    kind = {"_type": "CustomWeaveType", "weave_type": {"type": "PIL.Image.Image"}}
    return {**kind, "files": {"image.jpg": answer.json()["digest"]}}
