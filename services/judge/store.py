"""Answers kept by content, so that the same question about the same picture gets the same answer, for nothing.

Seeds and temperature are best effort at every endpoint; what makes an evaluation repeatable is that it is not repeated.
Several processes may share one file. A store that can't be read or written is a warning, never a failed judgement.
"""

import asyncio
import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

log = logging.getLogger("promptlift.judge")
BUSY_SECONDS = 5.0
"""To wait for another process that writes."""

CREATE = "CREATE TABLE IF NOT EXISTS answers (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, answer TEXT NOT NULL)"
USED = (
    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)
DROP = (
    "DELETE FROM answers WHERE id IN (SELECT id FROM answers ORDER BY id LIMIT 1 + (SELECT count(*) FROM answers) / 10)"
)
"""Makes room by the oldest tenth."""


class Store(Protocol):
    """Keeps answers."""

    async def get(self, name: str) -> str | None:
        """Give the answer of that name, if there is one."""

    async def keep(self, name: str, answer: str) -> str:
        """Keep an answer unless there is one already, and give the one that is kept."""

    def close(self) -> None:
        """Let go of what keeps them."""


class Forgetful:
    """The store that keeps nothing."""

    async def get(self, name: str) -> str | None:
        """Give nothing."""
        return None

    async def keep(self, name: str, answer: str) -> str:
        """Give the answer back."""
        return answer

    def close(self) -> None:
        """Do nothing."""


class SqliteStore:
    """Keeps answers in one file, the oldest of which go when it is full.

    Attributes:
        path: the file; SQLite keeps two more beside it while it is open.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        """Open the file, or make it.

        Raises:
            OSError: its folder can't be made.
            sqlite3.Error: it can't be opened, or is no store.
        """
        self.path = path
        self._max_bytes = max_bytes
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = WAL")  # readers don't wait for a writer
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.execute(CREATE)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def get(self, name: str) -> str | None:
        """Give the answer of that name, if there is one."""
        return await self._run(self._get, name)

    async def keep(self, name: str, answer: str) -> str:
        """Keep an answer unless there is one already, and give the one that is kept."""
        return await self._run(self._keep, name, answer) or answer

    def close(self) -> None:
        """Close the file."""
        self._thread.shutdown()
        self._file.close()

    async def _run(self, work: Callable[..., str | None], *inputs: str) -> str | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *inputs)
        except sqlite3.Error as error:
            log.warning("the verdict store %s can't be used: %s", self.path, error)
            return None

    def _get(self, name: str) -> str | None:
        found = self._file.execute("SELECT answer FROM answers WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def _keep(self, name: str, answer: str) -> str | None:
        self._file.execute("BEGIN IMMEDIATE")
        with self._file:  # commits, or rolls back on an error
            self._file.execute("INSERT OR IGNORE INTO answers (name, answer) VALUES (?, ?)", (name, answer))
            kept = self._get(name)
            if self._file.execute(USED).fetchone()[0] > self._max_bytes:
                self._file.execute(DROP)
        return kept


def key(**content: object) -> str:
    """Name an answer by everything that it depends on."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
