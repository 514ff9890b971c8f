"""Sending a trace to a system from a process of its own; latency counts from the scheduled arrival."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from bench.generator.traces import Arrival


@dataclass(frozen=True)
class Outcome:
    """What became of an arrival; `latency` in seconds, None when there was no picture."""

    steps: int
    work: int
    scheduled: float
    latency: float | None


def send(url: str, trace: list[Arrival], patience: float) -> list[Outcome]:
    """Send a trace from another process, and wait at most `patience` seconds for each answer."""
    with tempfile.TemporaryDirectory() as folder:
        given, answered = Path(folder, "trace.json"), Path(folder, "outcomes.json")
        given.write_text(json.dumps([asdict(arrival) for arrival in trace]))
        command = [sys.executable, "-m", "bench.generator.load", url, str(given), str(answered), str(patience)]
        subprocess.run(command, check=True)
        return [Outcome(**outcome) for outcome in json.loads(answered.read_text())]


async def _send(url: str, trace: list[Arrival], patience: float) -> list[Outcome]:
    limits = httpx.Limits(max_connections=2000, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=patience, limits=limits) as http:
        start = time.monotonic() + 0.2

        async def one(arrival: Arrival) -> Outcome:
            await asyncio.sleep(start + arrival.at - time.monotonic())
            latency = None
            try:
                response = await http.post("/generate", json=[arrival.body()])
                if response.status_code == 200:
                    latency = time.monotonic() - start - arrival.at
            except httpx.TransportError:
                latency = None
            return Outcome(arrival.steps, arrival.work, arrival.at, latency)

        return await asyncio.gather(*(one(arrival) for arrival in trace))


if __name__ == "__main__":
    address, trace_file, outcome_file, seconds = sys.argv[1:]
    arrivals = [Arrival(**arrival) for arrival in json.loads(Path(trace_file).read_text())]
    outcomes = asyncio.run(_send(address, arrivals, float(seconds)))
    Path(outcome_file).write_text(json.dumps([asdict(outcome) for outcome in outcomes]))
