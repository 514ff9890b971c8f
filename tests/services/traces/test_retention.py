"""What is forgotten, and what is not."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from services.traces import calls, contents, objects, retention, wire
from services.traces.database import Database
from services.traces.retention import DAY, UNUSED, Keeping
from tests.services.traces.sending import call
from tests.trace_server import PROJECT

EVERYTHING = Keeping(30 * DAY, 2**40)


@pytest.fixture
def database(tmp_path: Path) -> Any:
    database = Database(tmp_path / "traces.db")
    yield database
    database.close()


def keep(file: sqlite3.Connection, trace: str, content: bytes | None = None) -> str:
    """Keep a trace of one call, perhaps with a file in its output, and give the file's digest."""
    output, digest = None, ""
    if content is not None:
        digest = contents.create(file, contents.NewFile(project_id=PROJECT, name="x", content=content))["digest"]
        output = {"_type": "CustomWeaveType", "files": {"x": digest}}
    calls.complete(file, wire.Complete(batch=[call(f"c-{trace}", trace=trace, output=output)]))
    return digest


def names(database: Database, table: str, column: str) -> list[str]:
    read = database.read(lambda file: [row[0] for row in file.execute(f"SELECT {column} FROM {table} ORDER BY 1")])
    return asyncio.run(read)


def age(file: sqlite3.Connection, *traces: str) -> None:
    for trace in traces:
        file.execute("UPDATE traces SET active = active - ? WHERE trace_id = ?", (31 * DAY, trace))


def test_old_traces_go_with_their_calls_and_files(database: Database) -> None:
    def prepare(file: sqlite3.Connection) -> tuple[str, str]:
        keep(file, "old", b"only here")
        both, new = keep(file, "old2", b"in both"), keep(file, "new", b"new")
        assert keep(file, "new2", b"in both") == both
        age(file, "old", "old2")
        return both, new

    kept = asyncio.run(database.write(prepare))
    deleted = asyncio.run(retention.clean(database, EVERYTHING))

    assert deleted == 2
    assert names(database, "traces", "trace_id") == ["new", "new2"]
    assert names(database, "calls", "trace_id") == ["new", "new2"]
    assert names(database, "files", "digest") == sorted(kept)
    assert len(names(database, "uses", "digest")) == 2


def test_what_objects_refer_to_stays(database: Database) -> None:
    def prepare(file: sqlite3.Connection) -> None:
        digest = keep(file, "old", b"shared with an object")
        value = {"picture": {"_type": "CustomWeaveType", "files": {"x": digest}}}
        new = wire.NewObject(project_id=PROJECT, object_id="o", val=value)
        objects.create(file, wire.ObjectCreate(obj=new))
        age(file, "old")

    asyncio.run(database.write(prepare))
    asyncio.run(retention.clean(database, EVERYTHING))

    assert names(database, "calls", "id") == []
    assert len(names(database, "files", "digest")) == 1


def test_a_file_waits_for_its_call_and_not_for_ever(database: Database) -> None:
    def prepare(file: sqlite3.Connection) -> None:
        for name in (b"waits", b"waited"):
            contents.create(file, contents.NewFile(project_id=PROJECT, name=name.decode(), content=name))
        file.execute("UPDATE files SET stored = stored - ? WHERE name = 'waited'", (UNUSED + 1,))

    asyncio.run(database.write(prepare))
    asyncio.run(retention.clean(database, EVERYTHING))

    assert names(database, "files", "name") == ["waits"]


def test_a_file_that_is_too_large_loses_its_oldest_traces_and_shrinks(database: Database, tmp_path: Path) -> None:
    def prepare(file: sqlite3.Connection) -> None:
        for number in range(40):
            keep(file, f"t{number:02}", bytes([number]) * 100_000)

    asyncio.run(database.write(prepare))
    asyncio.run(retention.clean(database, Keeping(30 * DAY, 2_000_000)))
    kept = names(database, "traces", "trace_id")
    database.close()

    assert 10 <= len(kept) <= 20
    assert kept == [f"t{number:02}" for number in range(40)][-len(kept) :]
    assert (tmp_path / "traces.db").stat().st_size < 2_200_000
