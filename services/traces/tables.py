"""Keeping tables, such as a dataset's rows, each row once under its digest."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from services.traces import digests, objects
from services.traces.conditions import Sql, among, inside, order, page
from services.traces.errors import NotFound, Refused
from services.traces.wire import Document
from services.traces.wire_data import (
    TableCreate,
    TableEdit,
    TableOfDigests,
    TableQuery,
    TablesStats,
    TableStats,
    TableUpdate,
)

IN_ORDER = "FROM places JOIN rows ON rows.seq = places.row_seq WHERE places.table_seq = ?"


def create(file: sqlite3.Connection, request: TableCreate) -> dict[str, Any]:
    """Keep a table by its rows."""
    project = request.table.project_id
    row_digests = [_keep_row(file, project, row) for row in request.table.rows]
    digest = _keep_table(file, project, row_digests)
    return {"digest": digests.checked(digest, request.table.expected_digest), "row_digests": row_digests}


def of_digests(file: sqlite3.Connection, request: TableOfDigests) -> dict[str, str]:
    """Keep a table of rows that are here already."""
    digest = _keep_table(file, request.project_id, request.row_digests)
    return {"digest": digests.checked(digest, request.expected_digest)}


def update(file: sqlite3.Connection, request: TableUpdate) -> dict[str, Any]:
    """Keep a table that differs from another by some rows."""
    row_digests = _row_digests(file, request.project_id, request.base_digest)
    changed = [_edit(file, request.project_id, row_digests, edit) for edit in request.updates]
    return {"digest": _keep_table(file, request.project_id, row_digests), "updated_row_digests": changed}


def query(file: sqlite3.Connection, request: TableQuery) -> dict[str, list[Document]]:
    """Give a table's rows."""
    table = _find(file, request.project_id, request.digest)
    wanted = request.filter.row_digests if request.filter else None
    condition = Sql("1") if wanted is None else among("rows.digest", wanted)
    sorting = order(request.sort_by, lambda name: inside("rows.val", name), "places.position")
    part = page(request.limit, request.offset)
    rows = file.execute(
        f"SELECT rows.digest, rows.val, places.position {IN_ORDER} AND {condition.text}{sorting.text}{part.text}",
        (table, *condition.values, *sorting.values, *part.values),
    )
    return {
        "rows": [
            {"digest": row["digest"], "val": json.loads(row["val"]), "original_index": row["position"]} for row in rows
        ]
    }


def count(file: sqlite3.Connection, request: TableStats) -> dict[str, int]:
    """Count a table's rows."""
    table = _find(file, request.project_id, request.digest)
    return {"count": file.execute("SELECT count(*) FROM places WHERE table_seq = ?", (table,)).fetchone()[0]}


def count_each(file: sqlite3.Connection, request: TablesStats) -> dict[str, list[Document]]:
    """Count the rows of several tables."""
    counted = [
        {"digest": digest} | count(file, TableStats(project_id=request.project_id, digest=digest))
        for digest in request.digests
    ]
    return {"tables": counted}


def values(file: sqlite3.Connection, project: str, digest: str) -> list[Any]:
    """Give the values of a table's rows."""
    rows = file.execute(f"SELECT rows.val {IN_ORDER} ORDER BY places.position", (_find(file, project, digest),))
    return [json.loads(row["val"]) for row in rows]


def row(file: sqlite3.Connection, project: str, digest: str) -> Any:
    """Give the value of a row.

    Raises:
        NotFound: there is none.
    """
    found = file.execute("SELECT val FROM rows WHERE project = ? AND digest = ?", (project, digest)).fetchone()
    if found is None:
        raise NotFound(f"there is no row {digest} in {project}")
    return json.loads(found["val"])


def _keep_row(file: sqlite3.Connection, project: str, row: Document) -> str:
    digest = digests.of_value(row)
    kept = file.execute(
        "INSERT OR IGNORE INTO rows (project, digest, val) VALUES (?, ?, ?)", (project, digest, json.dumps(row))
    )
    if kept.rowcount:
        objects.note_files(file, project, row)
    return digest


def _keep_table(file: sqlite3.Connection, project: str, row_digests: Sequence[str]) -> str:
    digest = digests.of_table(row_digests)
    kept = file.execute("INSERT OR IGNORE INTO tables (project, digest) VALUES (?, ?)", (project, digest))
    if not kept.rowcount:
        return digest
    placed = file.execute(
        "INSERT INTO places SELECT ?, wanted.key, rows.seq FROM json_each(?) AS wanted"
        " JOIN rows ON rows.project = ? AND rows.digest = wanted.value",
        (kept.lastrowid, json.dumps(list(row_digests)), project),
    )
    if placed.rowcount != len(row_digests):
        raise NotFound(f"{len(row_digests) - placed.rowcount} of the rows are not in {project}; send them first")
    return digest


def _edit(file: sqlite3.Connection, project: str, row_digests: list[str], edit: TableEdit) -> str:
    if edit.append is not None:
        row_digests.append(_keep_row(file, project, edit.append.row))
        return row_digests[-1]
    if edit.insert is not None:
        row_digests.insert(edit.insert.index, _keep_row(file, project, edit.insert.row))
        return row_digests[min(edit.insert.index, len(row_digests) - 1)]
    if edit.pop is None:
        raise Refused("updates: each must be an append, a pop or an insert")
    if edit.pop.index >= len(row_digests):
        raise Refused(f"updates: there is no row {edit.pop.index} to pop; the table has {len(row_digests)}")
    return row_digests.pop(edit.pop.index)


def _row_digests(file: sqlite3.Connection, project: str, digest: str) -> list[str]:
    rows = file.execute(f"SELECT rows.digest {IN_ORDER} ORDER BY places.position", (_find(file, project, digest),))
    return [row["digest"] for row in rows]


def _find(file: sqlite3.Connection, project: str, digest: str) -> int:
    found = file.execute("SELECT seq FROM tables WHERE project = ? AND digest = ?", (project, digest)).fetchone()
    if found is None:
        raise NotFound(f"there is no table {digest} in {project}")
    return int(found["seq"])
