"""Asking for trials and keeping their records."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from promptlift import AsyncClient, Retry, Unavailable
from promptlift.evaluation.journal import Journal
from promptlift.evaluation.plan import Trial, trials
from promptlift.evaluation.prompts import Case, PromptSet
from promptlift.evaluation.record import Record
from promptlift.evaluation.run import GIVE_UP_AFTER, missing, run
from tests.clients.evaluation.made import creation, failed, pair, plan

PROMPTS = PromptSet("x", tuple(Case(f"prompt {number}") for number in range(12)))
Answer = Callable[[dict[str, object]], httpx.Response]


def ok(asked: dict[str, object]) -> httpx.Response:
    return httpx.Response(200, content=creation(str(asked["prompt"])).model_dump_json())


class Orchestrator:
    """Answers trials, and knows how many were in work at once."""

    def __init__(self, answer: Answer = ok) -> None:
        self.answer = answer
        self.asked: list[dict[str, object]] = []
        self.most = 0
        self._now = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(0.001)
        self._now -= 1
        self.asked.append(json.loads(request.content))
        return self.answer(self.asked[-1])


async def ran(journal: Journal, server: Orchestrator, wanted: list[Trial], concurrency: int = 4) -> list[Record]:
    told: list[Record] = []
    transport = httpx.MockTransport(server)
    async with AsyncClient("http://orchestrator", transport=transport, retry=Retry(limit=0)) as client:
        await run(wanted, journal, client, concurrency=concurrency, timeout=10, told=told.append)
    return told


async def test_every_trial_is_asked_for_once_and_kept(tmp_path: Path) -> None:
    server = Orchestrator()
    with Journal(tmp_path, plan(seeds=2)) as journal:
        wanted = missing(list(trials(journal.plan, PROMPTS)), journal)

        told = await ran(journal, server, wanted)

        assert sorted(record.key for record in told) == sorted(trial.key for trial in wanted) == sorted(journal.records)
        assert [missing(wanted, journal), len(server.asked)] == [[], 24]


async def test_no_more_trials_are_in_work_than_allowed(tmp_path: Path) -> None:
    server = Orchestrator()
    with Journal(tmp_path, plan()) as journal:
        await ran(journal, server, list(trials(journal.plan, PROMPTS)), concurrency=3)

    assert server.most == 3


async def test_the_pictures_are_on_disk_before_the_record_is(tmp_path: Path) -> None:
    with Journal(tmp_path, plan(seeds=1)) as journal:
        [record, *_] = await ran(journal, Orchestrator(), list(trials(journal.plan, PROMPTS)))

    assert [(tmp_path / shot.file).exists() for shot in record.shots] == [True, True]
    assert record.request_id == "an id"


async def test_a_rejected_trial_is_kept_with_its_reason_and_never_asked_again(tmp_path: Path) -> None:
    problem = {"error": {"code": "invalid", "message": "no such size", "request_id": "r1"}}
    server = Orchestrator(lambda asked: httpx.Response(422, json=problem))
    with Journal(tmp_path, plan(seeds=1)) as journal:
        wanted = list(trials(journal.plan, PROMPTS))

        [record, *_] = await ran(journal, server, wanted)

        assert record.fault is not None
        assert (record.fault.kind, record.fault.final, record.request_id) == ("Rejected", True, "r1")
        assert missing(wanted, journal) == []


async def test_a_service_that_is_gone_ends_the_run_and_its_trials_stay_missing(tmp_path: Path) -> None:
    server = Orchestrator(lambda asked: httpx.Response(503, text="gone"))
    with Journal(tmp_path, plan(seeds=2)) as journal:
        wanted = list(trials(journal.plan, PROMPTS))

        with pytest.raises(Unavailable, match=f"{GIVE_UP_AFTER} trials in a row got no answer, the last: .*gone"):
            await ran(journal, server, wanted, concurrency=1)

        assert len(server.asked) == GIVE_UP_AFTER
        assert missing(wanted, journal) == wanted


async def test_failures_that_are_not_in_a_row_do_not_end_the_run(tmp_path: Path) -> None:
    answers = iter([True, False] * 20)
    server = Orchestrator(lambda asked: ok(asked) if next(answers) else httpx.Response(503, text="busy"))
    with Journal(tmp_path, plan(seeds=2)) as journal:
        await ran(journal, server, list(trials(journal.plan, PROMPTS)), concurrency=1)

        assert sum(record.fault is not None for record in journal.records.values()) == 12


async def test_another_try_is_counted(tmp_path: Path) -> None:
    with Journal(tmp_path, plan(seeds=1)) as journal:
        first = next(iter(trials(journal.plan, PROMPTS)))
        journal.add(failed("x", key=first.key, tries=1))

        [record] = await ran(journal, Orchestrator(), missing([first], journal))

    assert record.tries == 2


async def test_what_is_kept_is_not_asked_for(tmp_path: Path) -> None:
    with Journal(tmp_path, plan(seeds=1)) as journal:
        wanted = list(trials(journal.plan, PROMPTS))
        journal.add(pair("x", 0.9, 0.9, key=wanted[0].key))

        assert missing(wanted, journal) == wanted[1:]
