"""A trace as a tree: what `GET /traces/{trace_id}.json` answers and the page draws.

Calls may arrive before their parents, and a parent that died never arrives: a placeholder stands for it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["ok", "error", "running", "missing"]


class Shown(BaseModel):
    """The root of what is told of traces."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tokens(Shown):
    """Tokens that language models have read and written."""

    read: int = Field(ge=0)
    written: int = Field(ge=0)


class Link(Shown):
    """Another call that has to do with this one: the batch that a picture shared, or a picture of the batch."""

    trace_id: str
    call_id: str
    index: int | None = None
    """Place in the batch, from 0."""
    size: int | None = None
    """Items of the batch."""


class Picture(Shown):
    """An image that a call took or gave."""

    role: Literal["inputs", "output"]
    url: str
    """Path on this server."""


class Node(Shown):
    """One call."""

    id: str
    parent_id: str | None
    depth: int = Field(ge=0)
    """Calls above it."""
    project: str
    op: str
    """Name of the op; of a missing one nothing is known."""
    name: str
    """What it is shown by: the call's own name, or the op's."""
    service: str | None
    status: Status
    """`missing`: only its children are here; it has not ended yet, or never will."""
    started: datetime
    """Of a missing call, its first child's start."""
    ended: datetime | None
    duration_ms: float | None
    """Milliseconds; None while it runs."""
    tokens: Tokens
    """Of it and everything below it, each counted once."""
    cost: float | None
    """US dollars, of it and everything below it, as far as prices are known."""
    exception: str | None
    """What went wrong, in one line."""
    traceback: str | None
    """Where it went wrong, the innermost place last."""
    inputs: Any
    output: Any
    attributes: dict[str, Any]
    pictures: list[Picture]
    links: list[Link]
    """Of a batch: the calls whose items it held."""
    batch: Link | None
    """Of an item: the batch that it shared."""


class Trace(Shown):
    """A trace with its calls, each after its parent and before its next sibling."""

    trace_id: str
    project: str
    op: str
    prompt: str | None
    status: Literal["ok", "error", "running", "incomplete"]
    """The outermost call's; `incomplete`: that one is not here."""
    started: datetime
    duration_ms: float | None
    calls: int
    """Calls that are kept, of which `nodes` may hold only the first."""
    errors: int
    tokens: Tokens
    cost: float | None
    thumbnails: list[str]
    """Paths of some of its pictures on this server."""
    nodes: list[Node]
    """Empty in a list of traces."""


class Entry:
    """A call's place in the tree, before the tree is known.

    Attributes:
        id: the call's own.
        parent_id: its parent's; None of the outermost.
        started: microseconds since 1970.
        is_here: whether the call itself is kept, or only children of it.
    """

    def __init__(self, id: str, parent_id: str | None, started: int, *, is_here: bool = True) -> None:
        self.id = id
        self.parent_id = parent_id
        self.started = started
        self.is_here = is_here


def arrange(entries: Sequence[Entry]) -> Iterator[tuple[Entry, int]]:
    """Put calls into the order of their tree, with their depths; placeholders stand for parents that are not here.

    Siblings are in the order of their starts, whole trees before those without a root. Calls that are each other's
    ancestors are cut apart at the earliest of them.
    """
    known = {entry.id for entry in entries}
    below: dict[str | None, list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: each.started):
        below.setdefault(entry.parent_id, []).append(entry)
    absent = [
        Entry(parent_id, None, children[0].started, is_here=False)
        for parent_id, children in below.items()
        if parent_id is not None and parent_id not in known
    ]
    seen: set[str] = set()
    for top in [*below.get(None, []), *sorted(absent, key=lambda each: each.started), *entries]:
        yield from _walk(top, below, seen)


def _walk(top: Entry, below: dict[str | None, list[Entry]], seen: set[str]) -> Iterator[tuple[Entry, int]]:
    waiting = [(top, 0)]
    while waiting:
        entry, depth = waiting.pop()
        if entry.id in seen:
            continue
        seen.add(entry.id)
        yield entry, depth
        waiting.extend((child, depth + 1) for child in reversed(below.get(entry.id, [])))
