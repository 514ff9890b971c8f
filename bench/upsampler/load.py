"""The upsampler under load: how long many requests take together, how many it answers a second, and its memory."""

import asyncio
import gc
import time
from dataclasses import dataclass
from itertools import count

import psutil

from bench.upsampler.http import Connection
from bench.upsampler.scenes import prompt

NUMBERS = count()
"""Every request of a run has another prompt, so that nothing is remembered."""


@dataclass(frozen=True)
class Rate:
    """How fast requests were answered.

    Attributes:
        per_second: answers a second.
        cpu_ms: milliseconds of CPU time of the service for each.
    """

    per_second: float
    cpu_ms: float


async def burst(port: int, requests: int) -> float:
    """Send requests at once, and give the seconds until the last is answered."""
    connections = [await Connection.open(port) for _ in range(requests)]
    started = time.perf_counter()
    await asyncio.gather(*(_upsampled(connection) for connection in connections))
    seconds = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return seconds


async def flood(port: int, worker: psutil.Process | None, *, connections: int, requests: int) -> Rate:
    """Keep connections busy until all requests are answered."""
    left = iter(range(requests))

    async def busy() -> None:
        connection = await Connection.open(port)
        for _ in left:
            await _upsampled(connection)
        connection.close()

    before = _cpu_seconds(worker)
    gc.disable()  # of this process, which shares the cores with the service
    started = time.perf_counter()
    await asyncio.gather(*(busy() for _ in range(connections)))
    seconds = time.perf_counter() - started
    gc.enable()
    return Rate(requests / seconds, (_cpu_seconds(worker) - before) / requests * 1000)


async def _upsampled(connection: Connection) -> None:
    answer = await connection.post("/upsample", {"prompt": prompt(next(NUMBERS)), "seed": 1})
    if answer["fallback"] or answer["attempts"] != 1:
        raise RuntimeError(f"not upsampled at once: {answer}")


def _cpu_seconds(process: psutil.Process | None) -> float:
    return sum(process.cpu_times()[:2]) if process else 0.0
