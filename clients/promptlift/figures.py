"""How durations, tokens, money and the past are written for people."""

from datetime import datetime

SECOND = 1000.0
"""Milliseconds."""
UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
"""Seconds of what is told of the past; below a minute it is just now."""


def duration(milliseconds: float | None) -> str:
    """Write a duration with three digits; without one it is not over."""
    if milliseconds is None:
        return "…"
    if milliseconds <= 0:
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
    """Write a number of tokens or calls, a large one in thousands or millions."""
    if number < 10_000:
        return str(number)
    return f"{number / 1000:.1f}k" if number < 999_950 else f"{number / 1e6:.1f}M"


def money(dollars: float | None) -> str:
    """Write US dollars, with two digits that are not 0 where they are few; nothing where they are not known."""
    if dollars is None:
        return ""
    if dollars == 0 or dollars >= 1:
        return f"${dollars:.2f}"
    return f"${dollars:.2g}" if dollars >= 1e-4 else "< $0.0001"


def ago(moment: datetime, now: datetime) -> str:
    """Tell how long ago something was."""
    seconds = (now - moment).total_seconds()
    for size, name in UNITS:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"
