"""Asking for every trial that is missing, so many at a time, and keeping each answer as it comes."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from promptlift.async_client import AsyncClient
from promptlift.contracts import Creation
from promptlift.endpoints import CREATE
from promptlift.errors import PromptliftError, Unavailable, Unreachable
from promptlift.evaluation.journal import Journal
from promptlift.evaluation.plan import Trial, request
from promptlift.evaluation.record import Record, answered, fault_of, shot_of

GIVE_UP_AFTER = 10
"""Trials in a row without an answer after which the service is taken to be gone."""


def missing(wanted: Sequence[Trial], journal: Journal) -> list[Trial]:
    """Give the trials that have no record, or one that an outage spoiled."""
    arms = journal.plan.arms
    return [trial for trial in wanted if (record := journal.records.get(trial.key)) is None or not record.settled(arms)]


async def run(
    wanted: Sequence[Trial],
    journal: Journal,
    client: AsyncClient,
    *,
    concurrency: int,
    timeout: float,
    told: Callable[[Record], None],
) -> None:
    """Run trials and keep their records; `timeout` is in seconds for one trial, `told` hears of each.

    Cancelling it stops the work behind it; what was kept stays.

    Raises:
        Unavailable: no answer came several times in a row; what is missing can be run later.
    """
    waiting = iter(wanted)
    silence = Silence()

    async def worker() -> None:
        for trial in waiting:
            record = await _try(trial, journal, client, timeout)
            journal.add(record)
            told(record)
            silence.hear(record)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(wanted))):
                group.create_task(worker())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures


class Silence:
    """Counts the trials in a row that got no answer."""

    def __init__(self) -> None:
        self._length = 0

    def hear(self, record: Record) -> None:
        """Take note of a trial.

        Raises:
            Unavailable: that was one too many.
        """
        kinds = {Unavailable.__name__, Unreachable.__name__}
        gone = record.fault is not None and record.fault.kind in kinds
        self._length = self._length + 1 if gone else 0
        if self._length >= GIVE_UP_AFTER and record.fault is not None:
            raise Unavailable(f"{self._length} trials in a row got no answer, the last: {record.fault.message}")


async def _try(trial: Trial, journal: Journal, client: AsyncClient, timeout: float) -> Record:
    before = journal.records.get(trial.key)
    started = time.monotonic()
    outcome: dict[str, Any]
    try:
        creation = await client.ask(CREATE, request(journal.plan, trial, timeout), timeout=timeout)
    except PromptliftError as error:
        outcome = {"fault": fault_of(error), "request_id": error.request_id}
    else:
        outcome = answered(creation) | {"shots": tuple(_shots(trial, journal, creation))}
    return Record(
        key=trial.key,
        prompt=trial.case.prompt,
        category=trial.case.category,
        index=trial.index,
        seed=trial.seed,
        seconds=time.monotonic() - started,
        finished_at=time.time(),
        tries=before.tries + 1 if before else 1,
        **outcome,
    )


def _shots(trial: Trial, journal: Journal, creation: Creation) -> Iterator[Any]:
    for picture in creation.pictures:
        yield shot_of(picture, journal.save(f"{trial.key}-{picture.arm}", picture.generated.image))
