"""The newest traces, by what is asked of them, a page at a time."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from services.traces import usage
from services.traces.conditions import Sql, all_of, among
from services.traces.reading import MOST_THUMBNAILS, overview, picture_url
from services.traces.tree import Shown, Trace
from services.traces.usage import Spent
from services.traces.wire import Document

USED = "SELECT trace_id, id, parent_id, project, service, usage FROM calls WHERE usage IS NOT NULL AND "
PICTURES = """
SELECT DISTINCT calls.trace_id, files.project, files.digest FROM calls CROSS JOIN uses ON uses.call = calls.seq
CROSS JOIN files ON files.project = uses.project AND files.digest = uses.digest AND files.media LIKE 'image/%'
WHERE uses.role = 'output' AND
"""
"""CROSS JOIN keeps SQLite from going through every call that a much used picture is part of."""
OPS = """
WITH RECURSIVE found(op) AS (
    SELECT min(op) FROM calls UNION ALL SELECT (SELECT min(op) FROM calls WHERE op > found.op) FROM found
    WHERE found.op IS NOT NULL LIMIT 300)
SELECT op FROM found WHERE op IS NOT NULL
"""
"""Every op, by one step into the index for each instead of a look at every call."""


class Wanted(Shown):
    """Which traces are wanted; every condition that is given must hold."""

    text: str = Field(default="", max_length=500)
    """Part of the prompt, of an op's name, of an error or the beginning of the trace's id, in any case."""
    op: str = ""
    """Name of an op that the trace has a call of."""
    status: Literal["", "ok", "error", "running", "incomplete"] = ""
    """The trace's; `error` also where a call inside has failed."""
    project: str = ""
    batches: bool = True
    """Whether traces are wanted that are the batches which other traces' pictures shared."""
    before: str = Field(default="", pattern=r"^(\d{1,18}-.{1,200})?$")
    """Where the page before ended, as `next` said."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Page(Shown):
    """Some traces, newest first."""

    traces: list[Trace]
    next: str | None
    """To be given as `before` for the traces that follow; None at the end."""


class Choices(NamedTuple):
    """What can be chosen from."""

    ops: list[str]
    projects: list[str]


@dataclass(frozen=True)
class Used:
    """What is needed of a call for its cost."""

    id: str
    parent_id: str | None
    project: str
    service: str | None
    usage: Document


def page(file: sqlite3.Connection, wanted: Wanted) -> Page:
    """Give the newest traces that are wanted."""
    conditions = all_of(_conditions(wanted))
    rows = file.execute(
        f"SELECT * FROM traces t WHERE {conditions.text} ORDER BY started DESC, trace_id DESC LIMIT ?",
        (*conditions.values, wanted.limit + 1),
    ).fetchall()
    shown = rows[: wanted.limit]
    ids = [row["trace_id"] for row in shown]
    spent, pictures = _spent(file, ids), _pictures(file, ids)
    traces = [
        overview(row, spent.get(row["trace_id"], Spent()), pictures.get(row["trace_id"], []), []) for row in shown
    ]
    last = f"{shown[-1]['started']}-{shown[-1]['trace_id']}" if len(rows) > len(shown) else None
    return Page(traces=traces, next=last)


def choices(file: sqlite3.Connection) -> Choices:
    """List every op and project."""
    projects = file.execute("SELECT DISTINCT project FROM traces ORDER BY project LIMIT 300")
    return Choices([row["op"] for row in file.execute(OPS)], [row["project"] for row in projects])


def _conditions(wanted: Wanted) -> list[Sql]:
    conditions = [Sql("1")]
    if wanted.text:
        conditions.append(_text(wanted.text))
    if wanted.op:
        found = "EXISTS (SELECT 1 FROM calls WHERE calls.op = ? AND calls.trace_id = t.trace_id)"
        conditions.append(Sql(found, (wanted.op,)))
    if wanted.status == "error":
        conditions.append(Sql("(t.status = 'error' OR t.errors > 0)"))
    elif wanted.status:
        conditions.append(Sql("t.status = ?", (wanted.status,)))
    if wanted.project:
        conditions.append(Sql("t.project = ?", (wanted.project,)))
    if not wanted.batches:
        conditions.append(Sql("NOT t.is_batch"))
    if wanted.before:
        started, _, trace_id = wanted.before.partition("-")
        conditions.append(Sql("(t.started, t.trace_id) < (?, ?)", (int(started), trace_id)))
    return conditions


def _text(text: str) -> Sql:
    inside = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    like = "LIKE ? ESCAPE '\\'"
    calls = "json_extract(calls.body, '$.exception')"
    failed = f"(t.errors > 0 AND EXISTS (SELECT 1 FROM calls WHERE calls.trace_id = t.trace_id AND {calls} {like}))"
    parts = f"(t.prompt {like} OR t.op {like} OR t.trace_id {like} OR {failed})"
    return Sql(parts, (inside, inside, inside.removeprefix("%"), inside))


def _spent(file: sqlite3.Connection, ids: list[str]) -> dict[str, Spent]:
    wanted = among("trace_id", ids)
    calls: dict[str, list[Used]] = {}
    for row in file.execute(USED + wanted.text, wanted.values):
        names = ("id", "parent_id", "project", "service")
        used = Used(**{name: row[name] for name in names}, usage=json.loads(row["usage"]))
        calls.setdefault(row["trace_id"], []).append(used)
    prices = usage.newest_prices(file)
    return {trace_id: usage.total(usage.own(used, prices).values()) for trace_id, used in calls.items()}


def _pictures(file: sqlite3.Connection, ids: list[str]) -> dict[str, list[str]]:
    wanted = among("calls.trace_id", ids)
    found: dict[str, list[str]] = {}
    for row in file.execute(f"{PICTURES}{wanted.text} ORDER BY files.seq", wanted.values):
        urls = found.setdefault(row["trace_id"], [])
        if len(urls) < MOST_THUMBNAILS:
            urls.append(picture_url(row["project"], row["digest"]))
    return found
