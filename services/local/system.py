"""Starting the four services as one BentoML server, waiting until they are ready, and stopping them all."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import psutil

from promptlift import Client, PromptliftError, Unavailable
from services.settings import BAD_SETTINGS

ROOT = Path(__file__).parents[2]
STATE = ROOT / ".promptlift"
"""What a running system writes: BentoML's home and its log. Never committed."""
ENTRY = "services.orchestrator.service:Orchestrator"
GRACE_SECONDS = 60
"""For running requests to finish after SIGTERM."""
POLL_SECONDS = 0.25


class NotStarted(Exception):
    """The system could not be started; the message says why and what to do."""


class LocalSystem:
    """One service with all that it needs, as child processes.

    Attributes:
        url: where it answers.
        log: the file that its output goes to; None when it goes to this process's own.
    """

    def __init__(
        self,
        port: int,
        *,
        entry: str = ENTRY,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self._port = port
        self._entry = entry
        self._environment = dict(environment or {})
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the processes.

        Raises:
            NotStarted: the port is taken.
        """
        check_port(self._port)
        home = STATE / f"bentoml-{self._port}"
        home.mkdir(parents=True, exist_ok=True)
        own = {
            "BENTOML_DO_NOT_TRACK": "True",
            "BENTOML_HOME": str(home),  # two servers with one home overwrite each other's metrics
            "LOG_FORMAT": os.environ.get("LOG_FORMAT", "text"),
            "OMP_WAIT_POLICY": "PASSIVE",  # on busy cores a spinning thread makes the others wait for seconds
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients")]),
        }
        command = [sys.executable, "-m", "bentoml", "serve", self._entry, "--host", "127.0.0.1"]
        command += ["--port", str(self._port), "--timeout-keep-alive", "65"]
        command += ["--timeout-graceful-shutdown", str(GRACE_SECONDS)]
        with self._output() as output:
            self._server = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **own, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop it in order
            )

    def wait(self, tell: Callable[[str], None] = lambda message: None, timeout: float = 600.0) -> None:
        """Return when every service is ready; `tell` hears what is waited for, each time that changes.

        Raises:
            NotStarted: a service stopped, or was not ready in time.
        """
        deadline = time.monotonic() + timeout
        told = ""
        with Client(self.url) as client:
            while time.monotonic() < deadline:
                if self._server is None or self._server.poll() is not None:
                    raise NotStarted(f"the services stopped before they were ready; {self._last_words()}")
                try:
                    return client.ready()
                except Unavailable as error:
                    waiting = error.detail
                except PromptliftError:
                    waiting = "the processes are starting"
                if waiting != told:
                    tell(waiting)
                    told = waiting
                time.sleep(POLL_SECONDS)
        raise NotStarted(f"not ready within {timeout:g} s: {told}")

    def join(self) -> int:
        """Wait until the server ends by itself, and give its exit status."""
        assert self._server is not None, "start it first"
        return self._server.wait()

    def stop(self) -> None:
        """Stop every process; running requests may finish within the grace period."""
        if self._server is None:
            return
        family = _family(self._server.pid)
        with contextlib.suppress(ProcessLookupError):
            self._server.send_signal(signal.SIGTERM)
        try:
            self._server.wait(GRACE_SECONDS + 10)
        except subprocess.TimeoutExpired:
            self._server.kill()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._server = None

    def __enter__(self) -> "LocalSystem":
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def _output(self) -> contextlib.AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return contextlib.nullcontext()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("wb")

    def _last_words(self) -> str:
        if self.log is None:
            return "their output says why"
        lines = self.log.read_text(errors="replace").splitlines()
        critical = [line for line in lines if "[CRITICAL]" in line]
        settings = next((lines[number:] for number, line in enumerate(lines) if line.startswith(BAD_SETTINGS)), [])
        return f"{self.log} says: " + "\n".join(critical or settings or lines[-5:])


def check_port(port: int) -> None:
    """Make sure that nothing listens on a port.

    Raises:
        NotStarted: something does; the message names it where it may be known.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise NotStarted(
                f"port {port} is taken{_holder(port)}; free it, or name another: PORT={port + 1}"
            ) from error


def _holder(port: int) -> str:
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""


def _family(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return [*psutil.Process(pid).children(recursive=True)]
    return []
