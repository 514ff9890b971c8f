"""How the failures and values of calls are written for people."""

import json
from typing import Any, NamedTuple

from services.traces.values import is_custom

VALUE_CHARACTERS = 4000
"""Of one value that a page shows; the whole of it is a link away."""
TEXT_CHARACTERS = 1200
"""Of one text inside a value."""
DEEPEST = 40
"""Levels of a value that are written out."""


class Failure(NamedTuple):
    """What went wrong in a call, in one line, and where."""

    headline: str
    traceback: str | None


def failure(exception: str) -> Failure:
    """Read what the SDK wrote of an exception; anything else is its own headline."""
    try:
        told = json.loads(exception)
        headline = f"{told['type']}: {told['message']}" if told["message"] else str(told["type"])
        frames = [_frame(frame) for frame in told.get("traceback") or []]
    except (ValueError, TypeError, KeyError, RecursionError):
        first, _, rest = exception.strip().partition("\n")
        return Failure(first, rest or None)
    return Failure(headline, "\n".join(frames) or None)


def value(given: Any) -> tuple[str, bool]:
    """Write a value as JSON, and tell whether something of it was left out."""
    text = json.dumps(_readable(given, 0), indent=2, ensure_ascii=False)
    if len(text) > VALUE_CHARACTERS:
        return text[:VALUE_CHARACTERS] + " …", True
    return text, "…" in text


def _readable(given: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return "…"
    if isinstance(given, dict):
        if is_custom(given):
            return f"<{_kind(given)}: {', '.join(given['files'])}>"
        return {key: _readable(inner, depth + 1) for key, inner in given.items()}
    if isinstance(given, list):
        return [_readable(inner, depth + 1) for inner in given]
    if isinstance(given, str) and len(given) > TEXT_CHARACTERS:
        return f"{given[:TEXT_CHARACTERS]}… ({len(given)} characters)"
    return given


def _kind(custom: dict[str, Any]) -> str:
    kind = custom.get("weave_type")
    named = kind.get("type") if isinstance(kind, dict) else None
    return str(named or "file").rpartition(".")[2]


def _frame(frame: dict[str, Any]) -> str:
    where = f"{frame['filename']}:{frame['line_number']} in {frame['function_name']}"
    return f"{where}\n    {frame['text']}" if frame.get("text") else where
