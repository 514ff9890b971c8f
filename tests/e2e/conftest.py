"""The real processes, started as a user starts them."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from services.local.system import LocalSystem

Running = Callable[..., AbstractContextManager[LocalSystem]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def running(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Running:
    """Start a service, by default the orchestrator with all that it needs, and wait until it is ready."""

    @contextlib.contextmanager
    def start(entry: str = "orchestrator", ready: bool = True, **variables: str) -> Iterator[LocalSystem]:
        log = tmp_path_factory.mktemp("log") / "system.log"
        name = f"services.{entry}.service:{entry.capitalize()}"
        with LocalSystem(free_port(), entry=name, log=log, environment=environment | variables) as system:
            if ready:
                system.wait(timeout=120)
            yield system

    return start


@pytest.fixture(scope="session")
def system(running: Running) -> Iterator[LocalSystem]:
    """The whole system, started once for all tests that only call it."""
    with running() as started:
        yield started


def log_of(system: LocalSystem) -> str:
    assert isinstance(system.log, Path)
    return system.log.read_text()
