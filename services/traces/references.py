"""Following the SDK's references: `weave:///entity/project/kind/name:digest` and a path of edges into what it names."""

import json
import sqlite3
from typing import Any
from urllib.parse import unquote

from services.traces import objects, tables
from services.traces.errors import NotFound, Refused
from services.traces.wire_data import References

SCHEME = "weave:///"
MOST_HOPS = 20
"""References that may lie on the way to one value."""


def read(file: sqlite3.Connection, request: References) -> dict[str, list[Any]]:
    """Give what each reference names."""
    return {"vals": [resolve(file, uri) for uri in request.refs]}


def resolve(file: sqlite3.Connection, uri: str, hops: int = 0) -> Any:
    """Give what a reference names.

    Raises:
        NotFound: there is no such thing.
        Refused: it is no reference, or they go round in circles.
    """
    parts = uri.removeprefix(SCHEME).split("/")
    if not uri.startswith(SCHEME) or len(parts) < 4 or len(parts) % 2:
        raise Refused(f"{uri[:200]!r} is no reference; one looks like weave:///entity/project/object/name:digest")
    if hops > MOST_HOPS:
        raise Refused(f"{uri[:200]!r} leads through more than {MOST_HOPS} references")
    project = f"{parts[0]}/{parts[1]}"
    value = _named(file, project, parts[2], unquote(parts[3]))
    for edge, key in zip(parts[4::2], map(unquote, parts[5::2]), strict=True):
        if isinstance(value, str) and value.startswith(SCHEME) and edge != "id":
            value = resolve(file, value, hops + 1)
        value = _step(file, project, value, edge, key)
    return value


def _named(file: sqlite3.Connection, project: str, kind: str, name: str) -> Any:
    if kind == "call":
        found = file.execute("SELECT body FROM calls WHERE project = ? AND id = ?", (project, name)).fetchone()
    elif kind == "table":
        return tables.values(file, project, name)
    else:
        object_id, _, digest = name.rpartition(":")
        found = objects.find(file, project, object_id, digest)
    if found is None:
        raise NotFound(f"there is no {kind} {name} in {project}")
    return json.loads(found["body" if kind == "call" else "val"])


def _step(file: sqlite3.Connection, project: str, value: Any, edge: str, key: str) -> Any:
    match edge:
        case "id":
            return tables.row(file, project, key)
        case "index" if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            return value[int(key)]
        case "attr" | "key" if isinstance(value, dict):
            return value.get(key)
    raise NotFound(f"there is no {edge} {key!r} where the reference leads")
