"""Starting ours and its peers, one at a time, on the same model and with the same threads."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from services.local.system import ROOT, STATE, LocalSystem

OURS = ("ours, continuous", "ours, adaptive")
PEERS = ("pipeline behind a lock", "BentoML batching", "LitServe batching")
ENTRY = "services.generator.service:Generator"


@contextmanager
def running(name: str, model: str, threads: int) -> Iterator[str]:
    """Run a system until the block ends, and give its URL once it is ready."""
    port = _free_port()
    if name in OURS:
        settings = {
            "GENERATOR_MODEL": model,
            "GENERATOR_THREADS": str(threads),
            "GENERATOR_BATCHING": name.rpartition(" ")[2],
            "GENERATOR_QUEUE_ROWS": "100000",  # the peers turn nobody away either
            "GENERATOR_CONCURRENCY": "100000",
            "GENERATOR_TIMEOUT": "3600",
        }
        with LocalSystem(port, entry=ENTRY, log=STATE / "bench.log", environment=settings) as system:
            system.wait()
            yield system.url
        return
    url = f"http://127.0.0.1:{port}"
    with _peer(name, model, threads, port) as process:
        _wait(url, process)
        yield url


@contextmanager
def _peer(name: str, model: str, threads: int, port: int) -> Iterator[subprocess.Popen[bytes]]:
    options = ["--model", model, "--threads", str(threads), "--port", str(port)]
    module = "bench.generator.peers."
    command = {
        "pipeline behind a lock": ["-m", module + "fastapi_lock", *options],
        "LitServe batching": ["-m", module + "litserve_batching", *options],
        "BentoML batching": ["-m", "bentoml", "serve", module + "bentoml_batching:Peer", "--port", str(port)],
    }[name]
    own = {
        "PEER_MODEL": model,
        "PEER_THREADS": str(threads),
        "OMP_WAIT_POLICY": "PASSIVE",
        "BENTOML_DO_NOT_TRACK": "True",
        "BENTOML_HOME": str(STATE / "bench-bentoml"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients")]),
    }
    with (STATE / "bench-peer.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=os.environ | own, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"a peer ended before it was ready; see {STATE / 'bench-peer.log'}")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        time.sleep(0.25)
    raise RuntimeError("a peer was not ready within two minutes")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
