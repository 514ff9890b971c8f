"""What the judge adds to the model's own time: a real service in front of an endpoint that answers at once."""

import base64
import contextlib
import http.client
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil

from bench.judging.pictures import made
from services.local.system import ROOT, STATE, LocalSystem

ENTRY = "bench.judging.watched:Judge"
LOG = STATE / "bench-judging.log"
AT_ONCE = 8
WARM_UP = 100
ROUNDS = 4
"""Parts of the run between which memory is read."""


@contextlib.contextmanager
def endpoint() -> Iterator[tuple[str, psutil.Process]]:
    """Serve the instant endpoint in a process of its own; give its base URL."""
    port = _free_port()
    with subprocess.Popen([sys.executable, "-m", "bench.judging.endpoint", str(port)], cwd=ROOT) as server:
        while not _listens(port):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/v1", psutil.Process(server.pid)
        server.terminate()


def serve(judgements: int) -> dict[str, Any]:
    """Measure the service: judgements a second, processor time of each part, memory, the longest callback."""
    port = _free_port()
    busy = psutil.cpu_percent(interval=3) / 100
    with endpoint() as (url, model):
        settings = {"JUDGE_API_BASE": url, "JUDGE_STORE": "off"}
        with LocalSystem(port, entry=ENTRY, log=LOG, environment=settings) as system:
            system.wait()
            _load(port, WARM_UP)
            before, modelled, loaded = _watch(port), sum(model.cpu_times()[:2]), time.process_time()
            started, seen = time.perf_counter(), [before]
            for _ in range(ROUNDS):
                _load(port, judgements // ROUNDS)
                seen.append(_watch(port))
            seconds = time.perf_counter() - started
            return {
                "other_work": busy,
                "judgements": judgements,
                "per_second": judgements / seconds,
                "judge_cpu_seconds_each": (seen[-1]["cpu_seconds"] - before["cpu_seconds"]) / judgements,
                "model_cpu_seconds_each": (sum(model.cpu_times()[:2]) - modelled) / judgements,
                "load_cpu_seconds_each": (time.process_time() - loaded) / judgements,
                "longest_seconds": seen[-1]["longest_seconds"],
                "longest_cpu_seconds": seen[-1]["longest_cpu_seconds"],
                "memory": [one["memory"] for one in seen],
            }


def compare(pictures: int) -> dict[str, dict[str, float]]:
    """Measure the judge's core beside DSPy alone, each in a process of its own, one after the other."""
    with endpoint() as (url, _):
        return {way: _core(way, url, pictures) for way in ("ours", "plain")}


def _core(way: str, url: str, pictures: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.judging.core", way, url, str(pictures)]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    measured: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return measured


def _load(port: int, judgements: int) -> None:
    """Ask for judgements from some threads at once; the first answer without an opinion ends the benchmark."""
    bodies = [
        json.dumps({"prompt": "a thing", "image": {"data": base64.b64encode(data).decode()}}).encode()
        for data in made()
    ]
    numbers = itertools.count()
    failures: list[str] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while (number := next(numbers)) < judgements and not failures:
            connection.request("POST", "/judge", bodies[number % len(bodies)], {"content-type": "application/json"})
            answer = connection.getresponse().read()
            if json.loads(answer).get("status") != "ok":
                failures.append(answer.decode()[:500])
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"the judge gave no opinion: {failures[0]}")


def _watch(port: int) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/watch")
    told: dict[str, float] = json.loads(connection.getresponse().read())
    connection.close()
    return told


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
