"""The trace server as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.services.traces.sending import call
from tests.trace_server import PROJECT, ROOT


@contextmanager
def running(file: Path, *options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server on a free port, and give it with its address once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.traces", "serve", "--port", "0", "--file", str(file), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}", **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "running on" in line)
        yield process, line.split("running on ")[1].split()[0]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order_and_keeps_what_it_was_sent(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "traces.db"
    with running(file) as (process, url):
        assert httpx.get(f"{url}/readyz").json() == {"status": "ok"}
        httpx.post(f"{url}/v2/{PROJECT}/calls/complete", json={"batch": [call("root")]}).raise_for_status()
        process.send_signal(number)
        status = process.wait(15)

    with running(file) as (_, url):
        kept = httpx.get(f"{url}/traces.json").json()["traces"]

    assert status == 0
    assert [trace["trace_id"] for trace in kept] == ["t1"]
    assert sorted(path.name for path in tmp_path.glob("traces.db*"))[0] == "traces.db"


def test_what_it_was_told_to_forget_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "traces.db"
    with running(file) as (process, url):
        httpx.post(f"{url}/v2/{PROJECT}/calls/complete", json={"batch": [call("root")]}).raise_for_status()
        process.terminate()
        process.wait(15)
    time.sleep(1)

    with running(file, "--keep-days", "0.00001") as (_, url):
        deadline = time.monotonic() + 15
        while httpx.get(f"{url}/traces.json").json()["traces"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        (("--host", "0.0.0.0"), {}, "TRACES_KEY"),
        (("--port", "70000"), {}, "TRACES_PORT: "),
        ((), {"TRACES_MAX_MEGABYTES": "1"}, "TRACES_MAX_MEGABYTES: "),
        (("--file", "/proc/none/traces.db"), {}, "can't be used as a trace file"),
    ],
)
def test_it_refuses_to_start_in_words(
    tmp_path: Path, options: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.traces", "serve", "--file", str(tmp_path / "traces.db"), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_others_may_reach_it_with_a_key(tmp_path: Path) -> None:
    with running(tmp_path / "traces.db", "--host", "0.0.0.0", TRACES_KEY="sesam") as (_, url):
        address = url.replace("0.0.0.0", "127.0.0.1")

        assert httpx.get(f"{address}/traces.json").status_code == 401
        assert httpx.get(f"{address}/traces.json", auth=("any", "sesam")).status_code == 200


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    import sqlite3

    from services.traces.database import Database, WrongFile

    file = sqlite3.connect(tmp_path / "traces.db")
    file.execute("PRAGMA user_version = 99")
    file.close()

    with pytest.raises(WrongFile, match="version 99"):
        Database(tmp_path / "traces.db")


def test_the_server_needs_neither_weave_nor_bentoml() -> None:
    code = "import sys, services.traces.__main__; print({'weave', 'bentoml', 'numpy', 'httpx'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}"}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "set()"
