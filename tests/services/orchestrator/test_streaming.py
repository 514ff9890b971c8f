"""A job as server-sent events always ends with a result or an error."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from promptlift.contracts import Creation, Progress
from services.errors import Overloaded
from services.orchestrator.streaming import events

CREATION = Creation(prompt="a", pictures=(), best=0, timings=(), seconds=0.1)


async def told(run: Callable[[Callable[[Progress], None]], Any]) -> list[Any]:
    return [json.loads(event.partition("data: ")[2]) async for event in events(run)]


async def test_progress_comes_before_the_result() -> None:
    async def run(report: Callable[[Progress], None]) -> Creation:
        report(Progress(event="started", stage="upsample"))
        await asyncio.sleep(0)
        report(Progress(event="finished", stage="upsample", seconds=0.1))
        return CREATION

    assert [event["event"] for event in await told(run)] == ["started", "finished", "result"]


async def test_a_domain_error_is_the_last_event() -> None:
    async def run(report: Callable[[Progress], None]) -> Creation:
        raise Overloaded("full", retry_after=3)

    [event] = await told(run)
    assert (event["error"]["code"], event["error"]["retry_after"]) == ("overloaded", 3)


async def test_a_job_that_dies_does_not_leave_its_caller_waiting() -> None:
    async def run(report: Callable[[Progress], None]) -> Creation:
        raise LookupError("a bug")

    [event] = await asyncio.wait_for(told(run), 5)
    assert event["event"] == "error"
    assert "bug" not in event["error"]["message"]


async def test_leaving_the_stream_stops_the_job() -> None:
    stopped = asyncio.Event()

    async def run(report: Callable[[Progress], None]) -> Creation:
        report(Progress(event="started", stage="upsample"))
        try:
            await asyncio.sleep(30)
        finally:
            stopped.set()
        return CREATION

    stream = events(run)
    await anext(stream)
    await stream.aclose()
    await asyncio.wait_for(stopped.wait(), 5)
