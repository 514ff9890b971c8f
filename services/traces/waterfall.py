"""Where each call of a trace is drawn: its bar on the trace's time line, its fold, its colour."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

from services.traces.tree import Node, Trace

KNOWN = ("orchestrator", "upsampler", "generator", "judge")
"""Services with a colour of their own; others share the rest."""
COLOURS = 8
LEAST_WIDTH = 0.25
"""Per cent of the time line, so that a short call can still be seen."""
DEEPEST_INDENT = 24
TICKS = 4


class Bar(NamedTuple):
    """A call on the page.

    Attributes:
        left: per cent of the time line before it.
        width: per cent of the time line that it takes.
        colour: number of its colour, from 0.
        indent: steps that its name is moved to the right.
        opens: whether calls below it follow.
        closes: levels that end after it.
    """

    node: Node
    left: float
    width: float
    colour: int
    indent: int
    opens: bool
    closes: int


def bars(trace: Trace, now: datetime) -> list[Bar]:
    """Place every call of a trace; one that runs reaches to now."""
    begin, length = _span(trace.nodes, now)
    last_below = _last_below(trace.nodes, now)
    following = [*(node.depth for node in trace.nodes[1:]), 0]
    placed = []
    for node, next_depth in zip(trace.nodes, following, strict=True):
        end = node.ended or (now if node.status == "running" else last_below.get(node.id, node.started))
        left = 100 * (node.started - begin).total_seconds() / length
        width = max(LEAST_WIDTH, 100 * (end - node.started).total_seconds() / length)
        placed.append(
            Bar(
                node,
                round(min(left, 100 - LEAST_WIDTH), 3),
                round(min(width, 100 - min(left, 100 - LEAST_WIDTH)), 3),
                colour(node.service),
                min(node.depth, DEEPEST_INDENT),
                next_depth > node.depth,
                node.depth - next_depth if next_depth < node.depth else 0,
            )
        )
    return placed


def ticks(trace: Trace, now: datetime) -> list[float]:
    """Give the milliseconds at the marks of the time line, the first of which is 0."""
    _, length = _span(trace.nodes, now)
    return [1000 * length * number / TICKS for number in range(TICKS + 1)]


def colour(service: str | None) -> int:
    """Give a service's colour, the same on every page; 0 stands for none."""
    if service in KNOWN:
        return KNOWN.index(service) + 1
    return len(KNOWN) + 1 + crc32(service.encode()) % (COLOURS - len(KNOWN) - 1) if service else 0


def _span(nodes: Sequence[Node], now: datetime) -> tuple[datetime, float]:
    """Give the time line's beginning, and its length in seconds."""
    begin = min(node.started for node in nodes)
    is_running = any(node.status == "running" for node in nodes)
    end = max([*(node.ended for node in nodes if node.ended), *([now] if is_running else []), begin])
    return begin, max((end - begin).total_seconds(), 1e-6)


def _last_below(nodes: Sequence[Node], now: datetime) -> dict[str, datetime]:
    """Tell when the last call right below each one has ended; a missing one is drawn up to there."""
    last: dict[str, datetime] = {}
    for node in nodes:
        if node.parent_id is not None:
            last[node.parent_id] = max(last.get(node.parent_id, node.started), node.ended or now)
    return last
