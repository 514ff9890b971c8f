"""The trace server beside the services of one machine, unless they are told to record elsewhere or nowhere."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from services.local.system import ROOT, STATE, NotStarted, check_port
from services.settings import read
from services.tracing import TracingSettings

FILE = Path(os.environ.get("TRACES_FILE") or STATE / "traces.db").absolute()
LOG = STATE / "traces.log"
START_SECONDS = 20.0
STOP_SECONDS = 10.0
OFFSET = 10
"""From the orchestrator's port to the trace server's."""


class LocalTraces:
    """Use as a context manager around the services.

    Attributes:
        url: where it answers; None when it is not needed, or could not be started.
        trouble: why there are no traces, when there are none.
    """

    def __init__(self, port: int, settings: TracingSettings, file: Path = FILE) -> None:
        self.url: str | None = None
        self.trouble: str | None = None
        self._port = port
        self._wanted = settings.to == "auto" and not settings.on
        self._file = file
        self._server: subprocess.Popen[bytes] | None = None

    @classmethod
    def beside(cls, port: int) -> "LocalTraces":
        """Prepare the one that belongs to an orchestrator at a port."""
        return cls(port + OFFSET, read(TracingSettings))

    @property
    def environment(self) -> Mapping[str, str]:
        """What the services must be told to record their calls here."""
        return {"TRACING_TO": self.url, "ORCHESTRATOR_TRUST_TRACES": "true"} if self.url else {}

    def __enter__(self) -> "LocalTraces":
        """Start it; the services run without it, too."""
        if self._wanted:
            try:
                self._start()
            except NotStarted as error:
                self.trouble = str(error)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it, after the services have handed over what they recorded."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()

    def _start(self) -> None:
        check_port(self._port)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "services.traces", "serve", "--port", str(self._port)]
        path = os.pathsep.join([str(ROOT), str(ROOT / "clients")])
        with LOG.open("wb") as log:
            self._server = subprocess.Popen(
                [*command, "--file", str(self._file)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(f"http://127.0.0.1:{self._port}")

    def _wait(self, url: str) -> None:
        assert self._server is not None, "start it first"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._server.poll() is None:
            try:
                if httpx.get(f"{url}/readyz").is_success:
                    self.url = url
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise NotStarted(f"the trace server did not start; {LOG} says why")
