"""The processes of a measurement: a language model's stand-in, and the upsampler as a user starts it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from promptlift import Client, PromptliftError
from services.local.system import ROOT, STATE, LocalSystem

ENTRY = "services.upsampler.service:Upsampler"
MOST_AT_ONCE = 256


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def model(seconds: float) -> Iterator[dict[str, str]]:
    """Run a model that takes the given time for an answer, and give the upsampler's settings for it."""
    port = free_port()
    with _process("bench.upsampler.model", str(port), str(seconds)):
        _await(port)
        yield {
            "UPSAMPLER_API_BASE": f"http://127.0.0.1:{port}/v1",
            "UPSAMPLER_API_KEY": "none",
            "UPSAMPLER_MODEL": "bench",
            "UPSAMPLER_CONCURRENCY": str(MOST_AT_ONCE),
        }


@contextlib.contextmanager
def upsampler(variables: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    """Start the upsampler by `bentoml serve`; give its port and the process that does the work."""
    port = free_port()
    with LocalSystem(port, entry=ENTRY, log=STATE / "bench.log", environment=variables) as system:
        system.wait()
        yield port, _worker(port)


@contextlib.contextmanager
def profiled(variables: dict[str, str], target: Path) -> Iterator[int]:
    """Serve the same application from one process that samples itself; the samples are in `target` afterwards."""
    port = free_port()
    with _process("bench.upsampler.profile", str(port), str(target), variables=variables):
        with Client(f"http://127.0.0.1:{port}") as client:
            for _ in range(600):
                with contextlib.suppress(PromptliftError):
                    client.ready()
                    break
                time.sleep(0.1)
        yield port


@contextlib.contextmanager
def _process(module: str, *arguments: str, variables: dict[str, str] | None = None) -> Iterator[None]:
    own = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients")]), "BENTOML_DO_NOT_TRACK": "True"}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=os.environ | own | (variables or {}), cwd=ROOT
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _await(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def _worker(port: int) -> psutil.Process:
    """Find the process that holds the connections on a port: of BentoML's, the one that used the most CPU time."""
    family = [child for child in psutil.Process().children(recursive=True) if child.name().startswith("python")]
    return max(family, key=lambda process: sum(process.cpu_times()[:2]))
