"""No request is slowed or failed by where its calls are recorded, and what can be recorded is."""

import logging
import time

import pytest

from services.tracing import position, recorder
from services.tracing.calls import Noted
from services.tracing.recorder import Recorder
from tests.services.tracing.fakes import FakeLedger, outputs


def noted(to: Recorder, output: object) -> Noted:
    call = Noted("judge", {}, position.begin(), position.begin(), to)
    call.result(output)
    return call


def test_what_waits_at_the_end_is_handed_over_and_sent(ledger: FakeLedger) -> None:
    running = Recorder(lambda: ledger)
    for number in range(100):
        running.ended(noted(running, number))
    running.start()

    assert running.stop(5) is True
    assert outputs(ledger) == list(range(100))
    assert ledger.flushed.is_set()


def test_the_end_waits_no_longer_than_it_may(ledger: FakeLedger, caplog: pytest.LogCaptureFixture) -> None:
    ledger.delay = 0.2
    running = Recorder(lambda: ledger)
    for number in range(100):
        running.ended(noted(running, number))
    running.start()

    started = time.monotonic()
    assert running.stop(0.5) is False
    assert time.monotonic() - started < 5
    assert "calls that are not handed over" in caplog.text


def test_a_server_that_does_not_keep_up_costs_calls_and_not_time(
    ledger: FakeLedger, caplog: pytest.LogCaptureFixture
) -> None:
    running = Recorder(lambda: ledger, queued=10)

    for number in range(25):
        running.ended(noted(running, number))

    assert running.lost == 15
    assert [record.message for record in caplog.records] == [
        "1 calls were not recorded up to now, because the trace server does not keep up"
    ]
    running.start()
    assert running.stop(5)
    assert outputs(ledger) == list(range(10))


def test_pictures_that_wait_are_bounded_by_their_bytes(ledger: FakeLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "QUEUED_BYTES", 1000)
    running = Recorder(lambda: ledger)

    for _ in range(5):
        running.ended(noted(running, {"picture": b"x" * 400}))
    assert running.lost == 3

    running.start()
    running.ended(noted(running, "text"))
    assert running.stop(5)
    assert len(ledger.written) == 3


def test_a_server_that_is_not_there_yet_is_tried_again(ledger: FakeLedger, caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def connect() -> FakeLedger:
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionError("nobody listens")
        return ledger

    running = Recorder(connect, retry=0.01)
    running.start()
    running.ended(noted(running, "early"))
    deadline = time.monotonic() + 10
    while not ledger.written and time.monotonic() < deadline:
        time.sleep(0.01)

    assert running.stop(5)
    assert outputs(ledger) == ["early"]
    assert caplog.text.count("nobody listens") == 1


def test_a_server_that_never_comes_does_not_keep_the_end_waiting(ledger: FakeLedger) -> None:
    def connect() -> FakeLedger:
        raise ConnectionError("nobody listens")

    running = Recorder(connect)
    running.start()
    running.ended(noted(running, "early"))

    started = time.monotonic()
    assert running.stop(30) is False
    assert time.monotonic() - started < 10


def test_a_call_that_cannot_be_written_down_harms_no_other(
    ledger: FakeLedger, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.broken = True
    running = Recorder(lambda: ledger)
    running.start()
    running.ended(noted(running, "bad"))
    while not running.lost:
        time.sleep(0.01)
    ledger.broken = False
    running.ended(noted(running, "good"))

    assert running.stop(5)
    assert outputs(ledger) == ["good"]
    assert "the disk is full" in caplog.text


def test_a_client_that_has_much_under_way_is_waited_for(ledger: FakeLedger) -> None:
    ledger.waiting = recorder.BACKLOG + 1
    running = Recorder(lambda: ledger)
    running.start()
    running.ended(noted(running, "later"))
    time.sleep(0.2)
    assert ledger.written == []

    ledger.waiting = 0
    assert running.stop(5)
    assert outputs(ledger) == ["later"]


def test_nothing_is_shown_as_running_where_calls_wait(ledger: FakeLedger) -> None:
    running = Recorder(lambda: ledger)
    for number in range(recorder.BUSY):
        running.ended(noted(running, number))
    running.begun(noted(running, "new"))
    running.start()

    assert running.stop(5)
    assert ledger.begun == []


def test_a_page_has_an_address_once_there_is_a_server(ledger: FakeLedger) -> None:
    running = Recorder(lambda: ledger)
    assert running.url("c", "t") is None
    running.start()
    assert running.stop(5)

    assert running.url("c", "t") == "http://traces/t"


def test_the_log_tells_where_calls_are_lost_to_at_most_once_a_minute(
    caplog: pytest.LogCaptureFixture, ledger: FakeLedger
) -> None:
    with caplog.at_level(logging.WARNING):
        running = Recorder(lambda: ledger, queued=1)
        for number in range(100):
            running.ended(noted(running, number))

    assert len(caplog.records) == 1
