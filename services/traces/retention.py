"""Forgetting: traces that are too old, the oldest ones where the file is too large, and files that nothing needs."""

import asyncio
import json
import logging
import sqlite3
from typing import NamedTuple

from services.traces import calls, moments
from services.traces.database import Database

log = logging.getLogger("promptlift.traces")

EVERY_SECONDS = 60.0
AT_ONCE = 200
"""Traces that one transaction deletes, so that what arrives waits no longer than for that."""
ROUNDS = 1000
"""Transactions of one clean-up at most; the next one goes on."""
DAY = 86_400 * 1_000_000
UNUSED = 3_600 * 1_000_000
"""Microseconds that a file may wait for the call or object that it belongs to; the SDK sends it apart."""
PAGES = 2000
"""Pages that are given back to the file system at once."""

SIZE = (
    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)
ORPHANS = """
DELETE FROM files WHERE seq IN (SELECT seq FROM files WHERE stored < ? AND NOT EXISTS (
    SELECT 1 FROM uses WHERE uses.project = files.project AND uses.digest = files.digest) LIMIT ?)
"""
RELEASED = """
DELETE FROM files WHERE (project, digest) IN (SELECT project, digest FROM uses WHERE call IN
    (SELECT value FROM json_each(?))) AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.project = files.project
    AND uses.digest = files.digest AND (uses.call IS NULL OR uses.call NOT IN (SELECT value FROM json_each(?))))
"""


class Keeping(NamedTuple):
    """How much is kept: microseconds since a trace's last call, and bytes of the file."""

    age: int
    size: int


async def watch(database: Database, keeping: Keeping, every: float = EVERY_SECONDS) -> None:
    """Clean up again and again until cancelled."""
    while True:
        try:
            await clean(database, keeping)
        except sqlite3.Error as error:
            log.warning("old traces can't be deleted now: %s", error)
        await asyncio.sleep(every)


async def clean(database: Database, keeping: Keeping) -> int:
    """Delete what need not be kept any longer, and tell how many traces that were."""
    deleted = 0
    for _ in range(ROUNDS):
        gone = await database.write(lambda file: _forget(file, keeping))
        deleted += gone
        if not gone:
            break
    await database.write(lambda file: file.execute(ORPHANS, (moments.now() - UNUSED, AT_ONCE)).rowcount)
    await database.shrink(PAGES)
    if deleted:
        log.info("deleted %d traces that were too old or too many", deleted)
    return deleted


def _forget(file: sqlite3.Connection, keeping: Keeping) -> int:
    """Delete some of the traces that are too old, or else some of the oldest while the file is too large."""
    old = file.execute(
        "SELECT trace_id FROM traces WHERE active < ? ORDER BY active LIMIT ?", (moments.now() - keeping.age, AT_ONCE)
    ).fetchall()
    if not old and file.execute(SIZE).fetchone()[0] > keeping.size:
        share = 1 + file.execute("SELECT count(*) FROM traces").fetchone()[0] // 20
        old = file.execute("SELECT trace_id FROM traces ORDER BY active LIMIT ?", (min(share, AT_ONCE),)).fetchall()
    for row in old:
        _delete(file, row["trace_id"])
    return len(old)


def _delete(file: sqlite3.Connection, trace_id: str) -> None:
    rows = file.execute("SELECT seq, project, id FROM calls WHERE trace_id = ?", (trace_id,)).fetchall()
    numbers = json.dumps([row["seq"] for row in rows])
    file.execute(RELEASED, (numbers, numbers))
    calls.remove(file, [row["seq"] for row in rows])
    file.executemany(
        "DELETE FROM feedback WHERE project = ? AND weave_ref = ?",
        [(row["project"], f"weave:///{row['project']}/call/{row['id']}") for row in rows],
    )
    file.execute("DELETE FROM traces WHERE trace_id = ?", (trace_id,))
