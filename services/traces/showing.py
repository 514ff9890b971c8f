"""How figures, times, failures and values are written for people."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from services.traces.values import is_custom

SECOND = 1000.0
UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
"""Seconds of what is told of the past; below a minute it is just now."""
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


def duration(milliseconds: float | None) -> str:
    """Write a duration with three digits at most."""
    if milliseconds is None:
        return "…"
    if milliseconds == 0:
        return "0"
    if milliseconds < 1:
        return f"{milliseconds * 1000:.0f} µs"
    if milliseconds < SECOND:
        return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"
    seconds = milliseconds / SECOND
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def count(number: int) -> str:
    """Write a number of tokens or calls."""
    return f"{number}" if number < 10_000 else f"{number / 1000:.1f}k" if number < 1_000_000 else f"{number / 1e6:.1f}M"


def money(dollars: float | None) -> str:
    """Write US dollars, with two digits that are not 0 where they are few."""
    if dollars is None:
        return ""
    return f"${dollars:.2f}" if dollars >= 1 or dollars == 0 else f"${dollars:.2g}" if dollars >= 1e-4 else "< $0.0001"


def ago(moment: datetime, now: datetime) -> str:
    """Tell how long ago something was."""
    seconds = (now - moment).total_seconds()
    for size, name in UNITS:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"


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
