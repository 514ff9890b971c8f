"""A recorder over a fake ledger, in the place of the process's own."""

from collections.abc import Iterator

import pytest

from services.tracing import position, recorder
from tests.services.tracing.fakes import FakeLedger


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


@pytest.fixture
def running(ledger: FakeLedger, monkeypatch: pytest.MonkeyPatch) -> Iterator[recorder.Recorder]:
    """Record to the fake ledger."""
    started = recorder.Recorder(lambda: ledger)
    started.start()
    monkeypatch.setattr(recorder, "_running", started)
    token = position.enter(None)
    yield started
    position.leave(token)
    started.stop(5)
