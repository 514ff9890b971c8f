"""Tags, of which a version may have many, and aliases, each of which names one version of an object."""

import sqlite3
from typing import Any

from services.traces import objects
from services.traces.errors import NotFound
from services.traces.wire import Label, OfProject


def tag(file: sqlite3.Connection, request: Label) -> dict[str, Any]:
    """Put tags on a version."""
    _exists(file, request)
    for name in request.tags:
        _put(file, request, "tag", name)
    return {}


def untag(file: sqlite3.Connection, request: Label) -> dict[str, Any]:
    """Take tags off a version."""
    for name in request.tags:
        file.execute(
            "DELETE FROM labels WHERE project = ? AND object_id = ? AND kind = 'tag' AND name = ? AND digest = ?",
            (request.project_id, request.object_id, name, request.digest),
        )
    return {}


def name(file: sqlite3.Connection, request: Label) -> dict[str, Any]:
    """Let aliases name a version, and no other one."""
    _exists(file, request)
    unname(file, request)
    for alias in request.aliases:
        _put(file, request, "alias", alias)
    return {}


def unname(file: sqlite3.Connection, request: Label) -> dict[str, Any]:
    """Let aliases name nothing any more."""
    for alias in request.aliases:
        file.execute(
            "DELETE FROM labels WHERE project = ? AND object_id = ? AND kind = 'alias' AND name = ?",
            (request.project_id, request.object_id, alias),
        )
    return {}


def tags(file: sqlite3.Connection, request: OfProject) -> dict[str, list[str]]:
    """List a project's tags."""
    return {"tags": _names(file, request, "tag")}


def aliases(file: sqlite3.Connection, request: OfProject) -> dict[str, list[str]]:
    """List a project's aliases."""
    return {"aliases": _names(file, request, "alias")}


def _names(file: sqlite3.Connection, request: OfProject, kind: str) -> list[str]:
    rows = file.execute(
        "SELECT DISTINCT name FROM labels WHERE project = ? AND kind = ? ORDER BY name", (request.project_id, kind)
    )
    return [row["name"] for row in rows]


def _put(file: sqlite3.Connection, request: Label, kind: str, label: str) -> None:
    file.execute(
        "INSERT OR IGNORE INTO labels (project, object_id, digest, kind, name) VALUES (?, ?, ?, ?, ?)",
        (request.project_id, request.object_id, request.digest, kind, label),
    )


def _exists(file: sqlite3.Connection, request: Label) -> None:
    if objects.find(file, request.project_id, request.object_id, request.digest) is None:
        raise NotFound(f"there is no object {request.object_id}:{request.digest} in {request.project_id}")
