"""A job as server-sent events: each stage as it begins and ends, then the result or the error."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from promptlift.contracts import Creation, Problem, Progress
from services.errors import ServiceError

log = logging.getLogger("promptlift.orchestrator")


async def events(run: Callable[[Callable[[Progress], None]], Awaitable[Creation]]) -> AsyncIterator[str]:
    """Run a job that reports its progress; leaving the stream stops the job."""
    queue: asyncio.Queue[Progress] = asyncio.Queue()

    async def finish() -> None:
        try:
            last = Progress(event="result", result=await run(queue.put_nowait))
        except ServiceError as error:
            last = Progress(event="error", error=error.problem())
        queue.put_nowait(last)

    job = asyncio.create_task(finish())
    try:
        while True:
            event = await _next(queue, job)
            yield f"event: {event.event}\ndata: {event.model_dump_json(exclude_none=True)}\n\n"
            if event.event in ("result", "error"):
                return
    finally:
        job.cancel()


async def _next(queue: asyncio.Queue[Progress], job: asyncio.Task[None]) -> Progress:
    """Wait for the next event; a job that died without one must not leave its caller waiting."""
    waiting = asyncio.create_task(queue.get())
    await asyncio.wait({waiting, job}, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    if not queue.empty():
        return await waiting
    waiting.cancel()
    log.error("a streamed job failed", exc_info=job.exception())
    return Progress(event="error", error=Problem(code="failed", message="failed inside; the log tells more"))
