"""What a list of traces shows of each, computed anew whenever one of its calls arrives."""

import sqlite3
from collections.abc import Iterable

from services.traces import moments

NO_ROOT = "incomplete"
"""Status of a trace whose outermost call is not here: it has not ended yet, or never will."""

COUNT = """
SELECT count(*) AS calls, sum(status = 'error') AS errors, min(started) AS started,
    max(coalesce(ended, started)) AS ended
FROM calls WHERE trace_id = ? AND started IS NOT NULL
"""
ROOT = """
SELECT project, op, parent_id, status, started, ended,
    json_extract(body, '$.attributes.links[0].index') IS NOT NULL AS is_batch
FROM calls WHERE trace_id = ? AND started IS NOT NULL ORDER BY parent_id IS NOT NULL, started, seq LIMIT 1
"""
PROMPT = """
SELECT prompt FROM calls WHERE trace_id = ? AND prompt IS NOT NULL ORDER BY parent_id IS NOT NULL, started LIMIT 1
"""


def refresh(file: sqlite3.Connection, traces: Iterable[str]) -> None:
    """Bring what is known of traces up to date."""
    for trace_id in traces:
        root = file.execute(ROOT, (trace_id,)).fetchone()
        if root is None:
            file.execute("DELETE FROM traces WHERE trace_id = ?", (trace_id,))
            continue
        counted = file.execute(COUNT, (trace_id,)).fetchone()
        prompt = file.execute(PROMPT, (trace_id,)).fetchone()
        complete = root["parent_id"] is None
        file.execute(
            "INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                trace_id,
                root["project"],
                root["op"] or "?",
                prompt["prompt"] if prompt else None,
                root["status"] if complete else NO_ROOT,
                counted["started"],
                root["ended"] if complete else counted["ended"],
                moments.now(),
                counted["calls"],
                counted["errors"],
                root["is_batch"],
            ),
        )
