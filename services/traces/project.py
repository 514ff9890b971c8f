"""What `weave.init` asks before it begins: whether the project exists, who asks, which versions are right."""

import sqlite3
from typing import Any

from services.traces.wire import Wire
from services.traces.wire_data import GraphQl, Projects

ENTITY = "local"
"""Entity of a project that is named without one."""


def graphql(file: sqlite3.Connection, request: GraphQl) -> dict[str, Any]:
    """Answer W&B's GraphQL as far as the SDK asks: every project exists, and everyone is the same person."""
    variables = request.variables or {}
    if "upsertModel" in request.query:
        return {"data": {"upsertModel": {"model": {"name": variables.get("name"), "description": None}}}}
    if "viewer" in request.query:
        return {"data": {"viewer": {"username": ENTITY, "defaultEntity": {"name": ENTITY}}}}
    return {"data": {"project": {"name": variables.get("name", ENTITY)}}}


def ids(file: sqlite3.Connection, request: Projects) -> list[dict[str, str]]:
    """Give each project's internal id, which is its own here."""
    return [{"external_project_id": name, "internal_project_id": name} for name in request.project_ids]


def versions(file: sqlite3.Connection, request: Wire) -> dict[str, str]:
    """Tell that every version of the SDK may try."""
    return {"min_required_weave_python_version": "0.0.0", "trace_server_version": "0.0.0"}
