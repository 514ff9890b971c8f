"""Keeping versions of what the SDK publishes: ops, models, datasets, evaluations, leaderboards."""

import json
import sqlite3
from typing import Any

from services.traces import digests, moments, values
from services.traces.conditions import Sql, all_of, among, order, page
from services.traces.errors import NotFound, Refused
from services.traces.wire import Document, NewObject, ObjectCreate, ObjectDelete, ObjectFilter, ObjectRead, ObjectsQuery

ROOTS = ("Object", "BaseObject")
"""The SDK's classes that every published object descends from."""
LATEST = (
    "NOT EXISTS (SELECT 1 FROM objects o WHERE o.project = x.project AND o.object_id = x.object_id AND o.seq > x.seq)"
)
LABELS = """
SELECT kind, name FROM labels WHERE project = ? AND object_id = ? AND digest = ? ORDER BY name
"""
KEEP = """
INSERT OR IGNORE INTO objects (project, object_id, digest, version, kind, base_class, leaf_class, created, val)
SELECT ?1, ?2, ?3, coalesce(max(version), -1) + 1, ?4, ?5, ?6, ?7, ?8 FROM objects WHERE project = ?1 AND object_id = ?2
"""


def create(file: sqlite3.Connection, request: ObjectCreate) -> dict[str, str]:
    """Keep a version of an object; the same value again is the same version.

    Raises:
        Refused: it names a class that its value does not show.
    """
    obj = request.obj
    base, leaf = classes(obj.val)
    if obj.builtin_object_class not in (None, leaf):
        raise Refused(f"builtin_object_class: {obj.builtin_object_class!r} is not the class of the value, {leaf!r}")
    digest = digests.checked(digests.of_value(obj.val), obj.expected_digest)
    row = (obj.project_id, obj.object_id, digest, _kind(obj), base, leaf, moments.now(), digests.canonical(obj.val))
    file.execute(KEEP, row)
    note_files(file, obj.project_id, obj.val)
    return {"digest": digest, "object_id": obj.object_id}


def note_files(file: sqlite3.Connection, project: str, value: Any) -> None:
    """Note which files a value that is kept for good refers to."""
    used = [(project, digest) for _, digest in values.files(value)]
    file.executemany("INSERT INTO uses VALUES (?, ?, NULL, 'object')", used)


def read(file: sqlite3.Connection, request: ObjectRead) -> dict[str, Document]:
    """Give a version by its digest, an alias, `v3` or `latest`.

    Raises:
        NotFound: there is none.
    """
    found = find(file, request.project_id, request.object_id, request.digest)
    if found is None:
        raise NotFound(f"there is no object {request.object_id}:{request.digest} in {request.project_id}")
    return {"obj": _shown(file, found, bare=bool(request.metadata_only))}


def find(file: sqlite3.Connection, project: str, object_id: str, digest: str) -> sqlite3.Row | None:
    """Find a version's row by its digest, an alias, `v3` or `latest`."""
    condition = Sql(
        "(x.digest = ? OR x.digest IN (SELECT digest FROM labels WHERE project = ? AND object_id = ?"
        " AND kind = 'alias' AND name = ?))",
        (digest, project, object_id, digest),
    )
    if digest == "latest":
        condition = Sql("1")
    elif digest[:1] == "v" and digest[1:].isascii() and digest[1:].isdigit():
        condition = Sql("x.version = ?", (int(digest[1:]),))
    row: sqlite3.Row | None = file.execute(
        f"SELECT x.*, {LATEST} AS latest FROM objects x WHERE x.project = ? AND x.object_id = ? AND {condition.text}"
        " ORDER BY x.seq DESC LIMIT 1",
        (project, object_id, *condition.values),
    ).fetchone()
    return row


def query(file: sqlite3.Connection, request: ObjectsQuery) -> dict[str, list[Document]]:
    """Give the versions that a filter names, oldest first."""
    wanted = all_of([Sql("x.project = ?", (request.project_id,)), *_conditions(request.filter or ObjectFilter())])
    sorting, part = order(request.sort_by, _sortable, "x.seq"), page(request.limit, request.offset)
    rows = file.execute(
        f"SELECT x.*, {LATEST} AS latest FROM objects x WHERE {wanted.text}{sorting.text}{part.text}",
        wanted.values + sorting.values + part.values,
    ).fetchall()
    return {"objs": [_shown(file, row, bare=bool(request.metadata_only)) for row in rows]}


def delete(file: sqlite3.Connection, request: ObjectDelete) -> dict[str, int]:
    """Delete versions of an object, by default all of them."""
    versions = Sql("1") if request.digests is None else among("digest", request.digests)
    deleted = file.execute(
        f"DELETE FROM objects WHERE project = ? AND object_id = ? AND {versions.text}",
        (request.project_id, request.object_id, *versions.values),
    )
    return {"num_deleted": deleted.rowcount}


def classes(value: Any) -> tuple[str | None, str | None]:
    """Read the class below the SDK's root and the object's own class out of a value; neither of one that has none."""
    bases = value.get("_bases") if isinstance(value, dict) else None
    if not isinstance(bases, list) or len(bases) < 2 or bases[-1] != "BaseModel" or bases[-2] not in ROOTS:
        return None, None
    own = value.get("_class_name")
    return (bases[-3] if len(bases) > 2 else own), own


def _kind(obj: NewObject) -> str:
    kind = obj.val.get("weave_type") if isinstance(obj.val, dict) else None
    return "op" if isinstance(kind, dict) and kind.get("type") == "Op" else "object"


def _conditions(wanted: ObjectFilter) -> list[Sql]:
    lists = (
        ("x.object_id", wanted.object_ids),
        ("x.base_class", wanted.base_object_classes),
        ("x.leaf_class", wanted.leaf_object_classes),
    )
    conditions = [among(column, names) for column, names in lists if names]
    if wanted.exclude_base_object_classes:
        excluded = among("coalesce(x.base_class, '')", wanted.exclude_base_object_classes)
        conditions.append(Sql(f"NOT {excluded.text}", excluded.values))
    if wanted.is_op is not None:
        conditions.append(Sql("(x.kind = 'op') = ?", (wanted.is_op,)))
    if wanted.latest_only:
        conditions.append(Sql(LATEST))
    for kind, names in (("tag", wanted.tags), ("alias", wanted.aliases)):
        if names:
            label = among("l.name", names)
            same = "l.project = x.project AND l.object_id = x.object_id AND l.digest = x.digest"
            found = f"EXISTS (SELECT 1 FROM labels l WHERE {same} AND l.kind = '{kind}' AND {label.text})"
            conditions.append(Sql(found, label.values))
    return conditions


def _sortable(name: str) -> Sql:
    columns = {"object_id": "x.object_id", "created_at": "x.created"}
    if name not in columns:
        raise Refused(f"sort_by: objects can be sorted by {' or '.join(columns)}, not by {name!r}")
    return Sql(columns[name])


def _shown(file: sqlite3.Connection, row: sqlite3.Row, *, bare: bool) -> Document:
    labels = file.execute(LABELS, (row["project"], row["object_id"], row["digest"])).fetchall()
    return {
        "project_id": row["project"],
        "object_id": row["object_id"],
        "digest": row["digest"],
        "version_index": row["version"],
        "is_latest": row["latest"],
        "kind": row["kind"],
        "base_object_class": row["base_class"],
        "leaf_object_class": row["leaf_class"],
        "created_at": moments.iso(row["created"]),
        "val": {} if bare else json.loads(row["val"]),
        "tags": [label["name"] for label in labels if label["kind"] == "tag"],
        "aliases": [label["name"] for label in labels if label["kind"] == "alias"],
    }
