"""`make demo` and `make serve`, as a user runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from PIL import Image as Pillow

from services.local.system import ROOT
from services.local.traces import OFFSET
from tests.e2e.conftest import free_port

pytestmark = pytest.mark.e2e
OWN = os.environ | {"PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}", "JUDGE_STORE": "off"}
"""A user's environment, without what other tests set for theirs."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return OWN | {"TRACES_FILE": str(tmp_path / "traces.db")}


def local(*words: str) -> list[str]:
    return [sys.executable, "-m", "services.local", *words]


def test_the_demo_shows_the_whole_job(tmp_path: Path, environment: dict[str, str]) -> None:
    out = tmp_path / "pictures of mine"
    command = local("demo", "--port", str(free_port()), "--out", str(out), "two blue squares")

    shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    for name in ("base.png", "upsampled.png"):
        with Pillow.open(out / name) as picture:
            assert picture.size == (128, 128)
    assert shown.stdout.count("judgement ") == 2
    for said in ("two blue squares", "upsampled", "comparison", "all four are ready", "stopping the services"):
        assert said in shown.stdout
    for op in ("create", "upsample", "llama.cpp.completions", "generate", "judge", "compare"):
        assert f"● {op}" in shown.stdout
    assert (tmp_path / "traces.db").stat().st_size


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_is_served_ends_with_everything_that_it_started(how: signal.Signals, environment: dict[str, str]) -> None:
    port = free_port()
    server = subprocess.Popen(
        local("serve", "--port", str(port)), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if line.startswith("traces: "):
            break
    assert any(line.startswith(f"ready on http://127.0.0.1:{port}") for line in said)
    assert httpx.get(f"http://127.0.0.1:{port + OFFSET}/readyz").is_success
    family = psutil.Process(server.pid).children(recursive=True)
    assert len(family) >= 5

    server.send_signal(how)
    server.communicate(timeout=60)

    assert server.returncode == 130
    psutil.wait_procs(family, timeout=10)
    assert [process for process in family if process.is_running()] == []


def test_a_port_that_is_taken_is_named(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        started = time.monotonic()
        shown = subprocess.run(
            local("demo", "--port", str(port)), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    assert shown.returncode == 1
    assert f"port {port} is taken" in shown.stdout
    assert f"PORT={port + 1}" in shown.stdout
    assert time.monotonic() - started < 60
