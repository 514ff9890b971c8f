"""Keeping calls: starts, ends, whole calls and changes, in whatever order they arrive."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from services.traces import moments, overview, values
from services.traces.conditions import among
from services.traces.wire import CallIds, CallPart, Complete, Document, End, Rename, Start, Upsert, WholeCall

KEEP = """
INSERT INTO calls (project, id, trace_id, parent_id, op_name, op, started, ended, status, service, prompt, usage,
    thread_id, turn_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (project, id) DO UPDATE SET trace_id = excluded.trace_id, parent_id = excluded.parent_id,
    op_name = excluded.op_name, op = excluded.op, started = excluded.started, ended = excluded.ended,
    status = excluded.status, service = excluded.service, prompt = excluded.prompt, usage = excluded.usage,
    thread_id = excluded.thread_id, turn_id = excluded.turn_id, body = excluded.body
RETURNING seq
"""
DESCENDANTS = """
WITH RECURSIVE found(project, id) AS (
    SELECT project, id FROM calls WHERE project = ? AND id IN (SELECT value FROM json_each(?))
    UNION SELECT calls.project, calls.id FROM calls JOIN found ON calls.project = found.project
        AND calls.parent_id = found.id)
SELECT calls.seq, calls.trace_id FROM calls JOIN found ON calls.project = found.project AND calls.id = found.id
"""


def complete(file: sqlite3.Connection, request: Complete) -> dict[str, Any]:
    """Keep calls that have ended."""
    keep(file, request.batch, WholeCall)
    return {}


def start(file: sqlite3.Connection, request: Start) -> dict[str, str]:
    """Keep the start of a call; one without an id gets one."""
    given = {key: value for key, value in request.start.items() if value is not None}
    call_id = given.get("id") or str(uuid4())
    call = {**given, "id": call_id, "trace_id": given.get("trace_id") or call_id}
    keep(file, [call], WholeCall)
    return {"id": call["id"], "trace_id": call["trace_id"]}


def end(file: sqlite3.Connection, request: End) -> dict[str, Any]:
    """Keep the end of a call."""
    keep(file, [request.end])
    return {}


def upsert(file: sqlite3.Connection, request: Upsert) -> dict[str, Any]:
    """Keep starts and ends, as the SDK sends them with `WEAVE_USE_CALLS_COMPLETE=false`."""
    results: list[dict[str, Any]] = []
    for item in request.batch:
        results.append(
            start(file, Start.model_validate(item.req))
            if item.mode == "start"
            else end(file, End.model_validate(item.req))
        )
    return {"res": results}


def rename(file: sqlite3.Connection, request: Rename) -> dict[str, Any]:
    """Give a call a name to be shown by; the call itself may come later."""
    keep(file, [{"project_id": request.project_id, "id": request.call_id, "display_name": request.display_name}])
    return {}


def delete(file: sqlite3.Connection, request: CallIds) -> dict[str, int]:
    """Delete calls and all that was called by them."""
    found = file.execute(DESCENDANTS, (request.project_id, json.dumps(request.call_ids))).fetchall()
    remove(file, [row["seq"] for row in found])
    overview.refresh(file, {row["trace_id"] for row in found})
    return {"num_deleted": len(found)}


def remove(file: sqlite3.Connection, calls: Sequence[int]) -> None:
    """Delete calls by their sequence numbers, and what they used of files."""
    for table, column in (("uses", "call"), ("calls", "seq")):
        wanted = among(column, calls)
        file.execute(f"DELETE FROM {table} WHERE {wanted.text}", wanted.values)


def keep(file: sqlite3.Connection, parts: Iterable[Document], kind: type[CallPart] = CallPart) -> None:
    """Merge what came of calls into what is known of them; `kind` says what each part must have.

    Raises:
        pydantic.ValidationError: a part lacks what it must have.
    """
    overview.refresh(file, {_merge(file, part, kind) for part in parts} - {""})


def _merge(file: sqlite3.Connection, part: Document, kind: type[CallPart]) -> str:
    """Keep one part and give its trace; the empty one while that is not known."""
    checked = kind.model_validate(part)
    known = file.execute(
        "SELECT seq, body FROM calls WHERE project = ? AND id = ?", (checked.project_id, checked.id)
    ).fetchone()
    body = {key: value for key, value in part.items() if value is not None}
    if known is not None:
        body = {**json.loads(known["body"]), **body}
        file.execute("DELETE FROM uses WHERE call = ?", (known["seq"],))
    call = CallPart.model_validate(body)
    row = file.execute(KEEP, (*_columns(call, body), json.dumps(body))).fetchone()
    uses = [(call.project_id, digest, row["seq"], role) for role, digest in _files(body)]
    file.executemany("INSERT INTO uses VALUES (?, ?, ?, ?)", uses)
    return call.trace_id or ""


def _columns(call: CallPart, body: Document) -> tuple[Any, ...]:
    attributes = call.attributes or {}
    usage = (call.summary or {}).get("usage")
    service = attributes.get("service")
    return (
        call.project_id,
        call.id,
        call.trace_id or "",
        call.parent_id,
        call.op_name,
        short(call.op_name),
        moments.of(call.started_at) if call.started_at else None,
        moments.of(call.ended_at) if call.ended_at else None,
        "error" if call.exception else "running" if call.ended_at is None else "ok",
        service if isinstance(service, str) else None,
        values.prompt(body.get("inputs")),
        json.dumps(usage) if isinstance(usage, dict) and usage else None,
        call.thread_id,
        call.turn_id,
    )


def _files(body: Document) -> set[tuple[str, str]]:
    return {(role, digest) for role in ("inputs", "output") for _, digest in values.files(body.get(role))}


def short(op_name: str | None) -> str | None:
    """Give the name of an op out of its reference; another name is one already."""
    if op_name is None or not op_name.startswith("weave:///"):
        return op_name
    return op_name.rpartition("/")[2].partition(":")[0]
