"""Answers kept by content."""

import asyncio
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from services.judge.store import Forgetful, SqliteStore, key


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "folder" / "store", 10**6)
    yield store
    store.close()


async def test_what_is_kept_is_given_back(store: SqliteStore) -> None:
    assert await store.get("a") is None
    assert await store.keep("a", "one") == "one"
    assert await store.get("a") == "one"


async def test_the_first_answer_stays(store: SqliteStore) -> None:
    await store.keep("a", "one")

    assert await store.keep("a", "two") == "one"
    assert await store.get("a") == "one"


async def test_an_answer_outlives_its_process(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path / "store", 10**6)
    await first.keep("a", "one")
    first.close()

    second = SqliteStore(tmp_path / "store", 10**6)

    assert await second.get("a") == "one"
    second.close()


async def test_the_oldest_go_when_it_is_full(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store", 300_000)

    for number in range(1000):
        await store.keep(f"{number}", "x" * 1000)

    assert await store.get("0") is None
    assert await store.get("999") == "x" * 1000
    kept = [number for number in range(1000) if await store.get(f"{number}")]
    assert kept == list(range(kept[0], 1000))
    assert len(kept) > 150
    store.close()
    assert (tmp_path / "store").stat().st_size < 400_000


def _keep_many(path: Path, who: int, answers: "multiprocessing.Queue[list[str]]") -> None:
    async def keep() -> list[str]:
        store = SqliteStore(path, 10**7)
        kept = [await store.keep(f"{number}", f"{who} says {number}") for number in range(200)]
        store.close()
        return kept

    answers.put(asyncio.run(keep()))


def test_processes_that_share_a_file_agree_on_every_answer(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    answers = spawning.Queue()
    workers = [spawning.Process(target=_keep_many, args=(tmp_path / "store", who, answers)) for who in range(3)]

    for worker in workers:
        worker.start()
    kept = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()

    assert kept[0] == kept[1] == kept[2]
    assert len(kept[0]) == 200


async def test_a_store_that_breaks_costs_the_answer_nothing(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(store.path) as other:
        other.execute("DROP TABLE answers")

    assert await store.get("a") is None
    assert await store.keep("a", "one") == "one"
    assert "can't be used: no such table" in caplog.text


async def test_a_failed_write_leaves_no_lock_behind(store: SqliteStore) -> None:
    assert await store.keep("a", None) is None  # type: ignore[arg-type]
    assert await store.keep("a", "one") == "one"


def test_what_is_no_store_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a shopping list, long enough to be mistaken for something else")

    with pytest.raises(sqlite3.Error, match="not a database"):
        SqliteStore(tmp_path / "store", 10**6)


async def test_the_forgetful_store_keeps_nothing() -> None:
    store = Forgetful()

    assert await store.keep("a", "one") == "one"
    assert await store.get("a") is None


def test_a_name_depends_on_every_part_and_on_no_order() -> None:
    assert key(a=1, b="x") == key(b="x", a=1)
    assert len({key(a=1), key(a=2), key(b=1), key(a="1"), key(a=1, b=None)}) == 5
