"""What people and scorers say about calls: reactions, notes, scores."""

import json
import sqlite3
from typing import Any
from uuid import uuid4

from services.traces import moments
from services.traces.conditions import Sql, inside, order, page, where
from services.traces.errors import Refused
from services.traces.wire import Document, Searched
from services.traces.wire_data import FeedbackBatch, FeedbackReplace, NewFeedback

USER = "local"
KEEP = """
INSERT INTO feedback (project, id, weave_ref, body) VALUES (?, ?, ?, ?)
ON CONFLICT (project, id) DO UPDATE SET weave_ref = excluded.weave_ref, body = excluded.body
"""


def create(file: sqlite3.Connection, request: NewFeedback) -> Document:
    """Keep one piece of feedback."""
    body = {
        **request.model_dump(exclude={"feedback_id"}),
        "id": request.id or str(uuid4()),
        "created_at": moments.iso(moments.now()),
        "wb_user_id": USER,
    }
    file.execute(KEEP, (request.project_id, body["id"], request.weave_ref, json.dumps(body)))
    return {name: body[name] for name in ("id", "created_at", "wb_user_id", "payload")}


def create_batch(file: sqlite3.Connection, request: FeedbackBatch) -> dict[str, list[Document]]:
    """Keep several pieces of feedback."""
    return {"res": [create(file, each) for each in request.batch]}


def replace(file: sqlite3.Connection, request: FeedbackReplace) -> Document:
    """Put a piece of feedback in the place of another."""
    file.execute("DELETE FROM feedback WHERE project = ? AND id = ?", (request.project_id, request.feedback_id))
    return create(file, request)


def query(file: sqlite3.Connection, request: Searched) -> dict[str, Any]:
    """Give the feedback that a condition names."""
    wanted = _wanted(request)
    sorting, part = order(request.sort_by, _field, "seq"), page(request.limit, request.offset)
    rows = file.execute(
        f"SELECT body FROM feedback WHERE {wanted.text}{sorting.text}{part.text}",
        wanted.values + sorting.values + part.values,
    )
    found = [json.loads(row["body"]) for row in rows]
    total = file.execute(f"SELECT count(*) FROM feedback WHERE {wanted.text}", wanted.values).fetchone()[0]
    return {"result": found, "total_count": total}


def purge(file: sqlite3.Connection, request: Searched) -> dict[str, Any]:
    """Delete the feedback that a condition names."""
    if request.query is None:
        raise Refused("query: name what to delete")
    wanted = _wanted(request)
    file.execute(f"DELETE FROM feedback WHERE {wanted.text}", wanted.values)
    return {}


def of_call(file: sqlite3.Connection, project: str, call_id: str) -> list[Document]:
    """Give all feedback on a call."""
    ref = f"weave:///{project}/call/{call_id}"
    rows = file.execute("SELECT body FROM feedback WHERE project = ? AND weave_ref = ? ORDER BY seq", (project, ref))
    return [json.loads(row["body"]) for row in rows]


def _wanted(request: Searched) -> Sql:
    condition = where(request.query.expr, _field) if request.query else Sql("1")
    return Sql(f"project = ? AND {condition.text}", (request.project_id, *condition.values))


def _field(name: str) -> Sql:
    return Sql("weave_ref") if name == "weave_ref" else inside("body", name)
