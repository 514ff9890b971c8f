"""The SQLite file behind everything: one writer, several readers that never wait for it."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

VERSION = 1
"""Of the schema; a file of another one is refused."""
READERS = 4
BUSY_SECONDS = 10.0
CACHE_KILOBYTES = 4096
"""Pages that each connection keeps in memory."""
MOST_JOURNAL = 16 * 2**20
"""Bytes that the journal beside the file keeps when it is idle."""

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]


class WrongFile(Exception):
    """The file can't be used; the message says why and what to do."""


class Database:
    """Runs work on the file, off the event loop.

    Attributes:
        path: the file; SQLite keeps two more beside it while it is open.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            WrongFile: its folder can't be made, or it is no trace file of this version.
        """
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = _connect(path)
            _prepare(self._writer)
        except (OSError, sqlite3.Error) as error:
            raise WrongFile(f"{path} can't be used as a trace file: {error}; name another with --file") from error
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="traces-write")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="traces-read")

    async def write(self, work: Work[Result]) -> Result:
        """Run work in a transaction of its own; all of it is kept, or nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._write, work)

    async def read(self, work: Work[Result]) -> Result:
        """Run work that changes nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, work)

    async def shrink(self, pages: int) -> None:
        """Give so many pages that are free back to the file system."""
        script = f"PRAGMA incremental_vacuum({pages})"  # only as a script does the module run it to its end
        await asyncio.get_running_loop().run_in_executor(self._writing, self._writer.executescript, script)

    @contextlib.contextmanager
    def reader(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of one's own, for an answer that is streamed while it is read."""
        connection = _connect(self.path, read_only=True)
        try:
            yield connection
        finally:
            connection.close()

    def close(self) -> None:
        """Finish what is being written, and close the file."""
        self._writing.shutdown()
        self._reading.shutdown()
        for connection in (*self._opened, self._writer):
            connection.close()

    def _write(self, work: Work[Result]) -> Result:
        self._writer.execute("BEGIN IMMEDIATE")
        with self._writer:  # commits, or rolls back on an error
            return work(self._writer)

    def _read(self, work: Work[Result]) -> Result:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _connect(self.path, read_only=True)
            self._opened.append(connection)
        return work(connection)


def _connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, VERSION):
        raise WrongFile(f"its schema is version {version}, this server's is {VERSION}; name another with --file")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before the first table: room that is freed goes back
    connection.execute("PRAGMA journal_mode = WAL")  # readers don't wait for the writer
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA journal_size_limit = {MOST_JOURNAL}")
    connection.executescript((files("services.traces") / "schema.sql").read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA user_version = {VERSION}")
