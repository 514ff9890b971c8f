"""Searching calls for the SDK: filters, conditions, order and pages, all in SQL."""

import json
import sqlite3
from collections.abc import Iterator

from services.traces import feedback, prices
from services.traces.conditions import Sql, all_of, among, inside, order, page, where
from services.traces.wire import CallFilter, CallRead, CallsQuery, Document

COLUMNS = {"id": "id", "project_id": "project", "trace_id": "trace_id", "parent_id": "parent_id",
           "op_name": "op_name", "thread_id": "thread_id", "turn_id": "turn_id"}  # fmt: skip
ALWAYS = {"id", "project_id", "trace_id", "op_name", "started_at", "inputs", "attributes", "summary"}
"""What the SDK needs of each call, whatever columns it asks for."""
STATUS = {"ok": "success", "error": "error", "running": "running"}
"""The SDK's names of a call's status."""
LISTS = {"call_ids": "id", "trace_ids": "trace_id", "parent_ids": "parent_id", "thread_ids": "thread_id",
         "turn_ids": "turn_id"}  # fmt: skip


def find(file: sqlite3.Connection, request: CallsQuery) -> Iterator[Document]:
    """Give the calls that a request asks for, one after the other."""
    wanted = _conditions(request)
    sorting = order(request.sort_by, field, "started, seq")
    part = page(request.limit, request.offset)
    rows = file.execute(
        f"SELECT project, id, op, status, started, ended, body FROM calls WHERE {wanted.text}{sorting.text}{part.text}",
        wanted.values + sorting.values + part.values,
    )
    for row in rows:
        yield _shown(file, row, request)


def count(file: sqlite3.Connection, request: CallsQuery) -> dict[str, int]:
    """Count the calls that a request asks for."""
    wanted, part = _conditions(request), page(request.limit, 0)
    counted = file.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM calls WHERE {wanted.text}{part.text})", wanted.values + part.values
    )
    return {"count": counted.fetchone()[0]}


def read(file: sqlite3.Connection, request: CallRead) -> dict[str, Document | None]:
    """Give one call, or none."""
    query = CallsQuery(
        project_id=request.project_id, filter=CallFilter(call_ids=[request.id]), include_costs=request.include_costs
    )
    return {"call": next(find(file, query), None)}


def field(name: str) -> Sql:
    """Give the SQL of a call's field."""
    if name in COLUMNS:
        return Sql(COLUMNS[name])
    match name:
        case "started_at":
            return Sql("(started / 1e6)", is_time=True)
        case "ended_at":
            return Sql("(ended / 1e6)", is_time=True)
        case "summary.weave.status":
            return Sql("CASE status WHEN 'ok' THEN 'success' ELSE status END")
        case "summary.weave.latency_ms":
            return Sql("((ended - started) / 1000)")
        case "summary.weave.trace_name":
            return Sql("coalesce(json_extract(body, '$.display_name'), op)")
    return inside("body", name)


def _conditions(request: CallsQuery) -> Sql:
    wanted = request.filter or CallFilter()
    conditions = [Sql("project = ? AND started IS NOT NULL", (request.project_id,))]
    for name, column in LISTS.items():
        if (values := getattr(wanted, name)) is not None:
            conditions.append(among(column, values))
    if wanted.trace_roots_only:
        conditions.append(Sql("parent_id IS NULL"))
    if wanted.op_names is not None:
        conditions.append(_ops(wanted.op_names))
    for refs, part in ((wanted.input_refs, "inputs"), (wanted.output_refs, "output")):
        if refs is not None:
            conditions.append(_refers(refs, part))
    if request.query is not None:
        conditions.append(where(request.query.expr, field))
    return all_of(conditions)


def _ops(names: list[str]) -> Sql:
    """Match names of ops; one that ends in `:*` stands for every version."""
    exact = among("op_name", [name for name in names if not name.endswith(":*")])
    versions = [name.removesuffix("*") for name in names if name.endswith(":*")]
    starts = "".join(" OR substr(op_name, 1, ?) = ?" for _ in versions)
    return Sql(f"({exact.text}{starts})", (*exact.values, *(x for start in versions for x in (len(start), start))))


def _refers(refs: list[str], part: str) -> Sql:
    """Match calls that have one of the references anywhere in their inputs or output."""
    inner = "SELECT 1 FROM json_tree(calls.body, ?) AS leaf, json_each(?) AS ref WHERE leaf.atom = ref.value"
    return Sql(f"EXISTS ({inner})", (f"$.{part}", json.dumps(refs)))


def _shown(file: sqlite3.Connection, row: sqlite3.Row, request: CallsQuery) -> Document:
    call: Document = {"inputs": {}, "attributes": {}, **json.loads(row["body"])}
    summary = dict(call.get("summary") or {})
    derived = dict(summary.get("weave") or {})
    derived |= {"status": STATUS[row["status"]], "trace_name": call.get("display_name") or row["op"]}
    if row["ended"] is not None:
        derived["latency_ms"] = (row["ended"] - row["started"]) // 1000
    if request.include_costs:
        derived["costs"] = prices.costs(file, row["project"], summary.get("usage"))
    if request.include_feedback:
        derived["feedback"] = feedback.of_call(file, row["project"], row["id"])
    call["summary"] = {**summary, "weave": derived}
    if request.columns is None:
        return call
    kept = ALWAYS | {name.partition(".")[0] for name in request.columns}
    return {key: value for key, value in call.items() if key in kept}
