"""Reading a trace out of the file."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from services.traces import moments, usage
from services.traces.errors import NotFound
from services.traces.showing import failure
from services.traces.tree import Entry, Link, Node, Picture, Tokens, Trace, arrange
from services.traces.usage import Spent
from services.traces.wire import Document

MOST_CALLS = 5000
"""Of one trace that are read at once; an evaluation may have more."""
MOST_THUMBNAILS = 4
"""Pictures that a list shows of a trace."""
MOST_NAMED = 5
"""Traces that are named when an id begins several."""
CALLS = """
SELECT seq, project, id, parent_id, op, status, started, ended, service, usage, body FROM calls
WHERE trace_id = ? AND started IS NOT NULL ORDER BY started, seq LIMIT ?
"""
PICTURES = """
SELECT DISTINCT uses.call, uses.role, files.project, files.digest FROM calls CROSS JOIN uses ON uses.call = calls.seq
CROSS JOIN files ON files.project = uses.project AND files.digest = uses.digest AND files.media LIKE 'image/%'
WHERE calls.trace_id = ? ORDER BY uses.call, uses.role, files.seq
"""


@dataclass(frozen=True)
class Kept:
    """A call as it is kept."""

    seq: int
    project: str
    id: str
    parent_id: str | None
    op: str
    status: str
    started: int
    ended: int | None
    service: str | None
    usage: Document
    body: Document


def find(file: sqlite3.Connection, start: str) -> str:
    """Find a trace by the beginning of its id.

    Raises:
        NotFound: no trace begins with it, or several do.
    """
    following = "SELECT trace_id FROM traces WHERE trace_id >= ? ORDER BY trace_id LIMIT ?"
    rows = file.execute(following, (start, MOST_NAMED + 1))
    found = [row["trace_id"] for row in rows if row["trace_id"].startswith(start)]
    if start in found or len(found) == 1:
        return start if start in found else str(found[0])
    if not found:
        raise NotFound(f"there is no trace {start!r}; its calls may still be on their way")
    named = ", ".join(found[:MOST_NAMED])
    raise NotFound(f"several traces begin with {start!r}, write more of the id: {named}")


def trace(file: sqlite3.Connection, start: str, *, bare: bool = False) -> Trace:
    """Read a trace by the beginning of its id; a `bare` one without inputs, outputs and attributes.

    Raises:
        NotFound: no trace begins with it, or several do.
    """
    trace_id = find(file, start)
    about = file.execute("SELECT * FROM traces WHERE trace_id = ?", (trace_id,)).fetchone()
    calls = {kept.id: kept for kept in _calls(file, trace_id)}
    spent = usage.own(list(calls.values()), usage.newest_prices(file))
    places = list(arrange([Entry(kept.id, kept.parent_id, kept.started) for kept in calls.values()]))
    totals = _totals(places, spent)
    pictures = _pictures(file, trace_id)
    nodes = [
        _node(calls[entry.id], depth, totals[number], pictures.get(calls[entry.id].seq, []), bare=bare)
        if entry.is_here
        else _missing(entry, about["project"], depth, totals[number])
        for number, (entry, depth) in enumerate(places)
    ]
    return overview(about, usage.total(spent.values()), _thumbnails(nodes), nodes)


def call(file: sqlite3.Connection, project: str, call_id: str) -> Document:
    """Give a call as it was sent.

    Raises:
        NotFound: there is none.
    """
    found = file.execute("SELECT body FROM calls WHERE project = ? AND id = ?", (project, call_id)).fetchone()
    if found is None:
        raise NotFound(f"there is no call {call_id} in {project}")
    body: Document = json.loads(found["body"])
    return body


def overview(about: sqlite3.Row, spent: Spent, thumbnails: Sequence[str], nodes: list[Node]) -> Trace:
    """Tell of a trace by its row."""
    ended = about["ended"]
    return Trace(
        trace_id=about["trace_id"],
        project=about["project"],
        op=about["op"],
        prompt=about["prompt"],
        status=about["status"],
        started=moments.moment(about["started"]),
        duration_ms=None if ended is None else (ended - about["started"]) / 1000,
        calls=about["calls"],
        errors=about["errors"],
        tokens=Tokens(read=spent.read, written=spent.written),
        cost=spent.cost,
        thumbnails=list(thumbnails),
        nodes=nodes,
    )


def picture_url(project: str, digest: str) -> str:
    """Give the path of a file on this server."""
    return f"/files/{quote(project)}/{quote(digest)}"


def _calls(file: sqlite3.Connection, trace_id: str) -> list[Kept]:
    rows = file.execute(CALLS, (trace_id, MOST_CALLS))
    return [
        Kept(
            **{name: row[name] for name in ("seq", "project", "id", "parent_id", "status", "started", "ended")},
            op=row["op"] or "?",
            service=row["service"],
            usage=json.loads(row["usage"] or "{}"),
            body=json.loads(row["body"]),
        )
        for row in rows
    ]


def _pictures(file: sqlite3.Connection, trace_id: str) -> dict[int, list[Picture]]:
    found: dict[int, list[Picture]] = {}
    for row in file.execute(PICTURES, (trace_id,)):
        picture = Picture(role=row["role"], url=picture_url(row["project"], row["digest"]))
        found.setdefault(row["call"], []).append(picture)
    return found


def _totals(places: Sequence[tuple[Entry, int]], own: Mapping[str, Spent]) -> list[Spent]:
    """Add up each call with everything below it, from the last one up."""
    totals = [own.get(entry.id, Spent()) for entry, _ in places]
    above: list[int] = []
    parents: list[int | None] = []
    for _, depth in places:
        del above[depth:]
        parents.append(above[-1] if above else None)
        above.append(len(parents) - 1)
    for number in reversed(range(len(places))):
        if (parent := parents[number]) is not None:
            totals[parent] += totals[number]
    return totals


def _node(kept: Kept, depth: int, spent: Spent, pictures: list[Picture], *, bare: bool) -> Node:
    attributes = kept.body.get("attributes") or {}
    links = attributes.get("links")
    failed = failure(kept.body["exception"]) if kept.body.get("exception") else None
    return Node(
        id=kept.id,
        parent_id=kept.parent_id,
        depth=depth,
        project=kept.project,
        op=kept.op,
        name=str(kept.body.get("display_name") or kept.op),
        service=kept.service,
        status=cast(Any, kept.status),
        started=moments.moment(kept.started),
        ended=None if kept.ended is None else moments.moment(kept.ended),
        duration_ms=None if kept.ended is None else (kept.ended - kept.started) / 1000,
        tokens=Tokens(read=spent.read, written=spent.written),
        cost=spent.cost,
        exception=failed.headline if failed else None,
        traceback=failed.traceback if failed and not bare else None,
        inputs=None if bare else kept.body.get("inputs"),
        output=None if bare else kept.body.get("output"),
        attributes={} if bare else attributes,
        pictures=pictures,
        links=[link for each in links if (link := _link(each))] if isinstance(links, list) else [],
        batch=_link(attributes.get("batch")),
    )


def _missing(entry: Entry, project: str, depth: int, spent: Spent) -> Node:
    return Node(
        id=entry.id,
        parent_id=None,
        depth=depth,
        project=project,
        op="?",
        name="not here",
        service=None,
        status="missing",
        started=moments.moment(entry.started),
        ended=None,
        duration_ms=None,
        tokens=Tokens(read=spent.read, written=spent.written),
        cost=spent.cost,
        exception=None,
        traceback=None,
        inputs=None,
        output=None,
        attributes={},
        pictures=[],
        links=[],
        batch=None,
    )


def _link(value: object) -> Link | None:
    """Read a link out of a call's attributes, where anything may stand."""
    if not isinstance(value, dict):
        return None
    trace_id, call_id = value.get("trace_id"), value.get("call_id")
    if not isinstance(trace_id, str) or not isinstance(call_id, str):
        return None
    numbers = {name: value[name] for name in ("index", "size") if isinstance(value.get(name), int)}
    return Link(trace_id=trace_id, call_id=call_id, **numbers)


def _thumbnails(nodes: Sequence[Node]) -> list[str]:
    urls = [picture.url for node in nodes for picture in node.pictures if picture.role == "output"]
    return list(dict.fromkeys(urls))[:MOST_THUMBNAILS]
