"""Handing calls over to where they are recorded, on a thread of its own; what that can't keep up with is forgotten."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from services.tracing.settings import TracingSettings
from services.tracing.weight import weight

if TYPE_CHECKING:
    from services.tracing.calls import Noted

log = logging.getLogger("promptlift.tracing")
QUEUED = 4096
"""Calls that may wait."""
BUSY = 64
"""Calls that wait while the trace server is kept busy."""
QUEUED_BYTES = 128 * 1024 * 1024
"""Bytes of pictures and text that may wait."""
BACKLOG = 512
"""Calls and files that the ledger may have under way before the next call waits."""
RETRY_SECONDS = 15.0
TOLD_SECONDS = 60.0
"""Between two log lines about calls that were not recorded."""
MARGIN_SECONDS = 0.5
"""Granted to a thread that is told to be done by a certain time."""


class Ledger(Protocol):
    """Where calls are recorded. Used by the recorder's thread only, but for `url`."""

    def begin(self, call: "Noted") -> None:
        """Record that a call has begun."""

    def write(self, call: "Noted") -> None:
        """Record a call that ended."""

    def backlog(self) -> int:
        """Give the number of things that are not yet sent."""

    def flush(self, seconds: float) -> bool:
        """Send all of it, and say whether that was done in time."""

    def url(self, call: str, trace: str) -> str:
        """Give the address of a call's page."""


class Recorder:
    """A queue of calls and the thread that empties it.

    Attributes:
        sample: share of the traces that begin here and are recorded.
        lost: calls that were not recorded.
    """

    def __init__(
        self, connect: Callable[[], Ledger], *, sample: float = 1.0, retry: float = RETRY_SECONDS, queued: int = QUEUED
    ) -> None:
        self.sample = sample
        self.lost = 0
        self._connect = connect
        self._retry = retry
        self._ledger: Ledger | None = None
        self._queue: queue.Queue[tuple[Noted, bool, int]] = queue.Queue(queued)
        self._bytes = 0
        self._lock = threading.Lock()
        self._deadline = float("inf")
        self._stopping = threading.Event()
        self._done = threading.Event()
        self._told = float("-inf")
        self._thread = threading.Thread(target=self._run, name="tracing", daemon=True)

    def start(self) -> None:
        """Begin to connect; nobody waits for it."""
        self._thread.start()

    def begun(self, call: "Noted") -> None:
        """Take a call that begins a trace, to be shown as running; where calls wait, it is shown when it ends."""
        if self._queue.qsize() < BUSY:
            self._put(call, ended=False)

    def ended(self, call: "Noted") -> None:
        """Take a call that ended."""
        self._put(call, ended=True)

    def url(self, call: str, trace: str) -> str | None:
        """Give the address of a call's page, once connected."""
        return self._ledger.url(call, trace) if self._ledger else None

    def stop(self, seconds: float) -> bool:
        """Hand over what waits, for so many seconds at most, and say whether that was enough."""
        self._deadline = time.monotonic() + seconds
        self._stopping.set()
        done = self._done.wait(seconds + MARGIN_SECONDS)
        left = self._queue.qsize()
        if not done or left:
            log.warning("the service ends with %d calls that are not handed over to the trace server", left)
        return done and not left

    def _put(self, call: "Noted", *, ended: bool) -> None:
        size = weight(call.inputs) + weight(call.output)
        if not self._hold(size):
            return self._lose("the trace server does not keep up")
        try:
            self._queue.put_nowait((call, ended, size))
        except queue.Full:
            self._release(size)
            self._lose("the trace server does not keep up")

    def _hold(self, size: int) -> bool:
        with self._lock:
            if self._bytes and self._bytes + size > QUEUED_BYTES:
                return False
            self._bytes += size
            return True

    def _release(self, size: int) -> None:
        with self._lock:
            self._bytes -= size

    def _lose(self, reason: str) -> None:
        self.lost += 1
        if time.monotonic() - self._told > TOLD_SECONDS:
            self._told = time.monotonic()
            log.warning("%d calls were not recorded up to now, because %s", self.lost, reason)

    def _run(self) -> None:
        ledger = self._connected()
        while ledger is not None and self._next(ledger):
            pass
        if ledger is not None:
            ledger.flush(max(0.0, self._deadline - time.monotonic()))
        self._done.set()

    def _connected(self) -> Ledger | None:
        """Try until there is a ledger, or the service stops."""
        told = False
        while not self._stopping.is_set():
            try:
                self._ledger = self._connect()
                return self._ledger
            except Exception as error:  # noqa: BLE001  whatever it is, requests go on
                if not told:
                    log.warning("traces are not recorded for now: %s", error)
                told = True
            self._stopping.wait(self._retry)
        return None

    def _next(self, ledger: Ledger) -> bool:
        """Hand one call over; False when there is nothing more to do."""
        while ledger.backlog() > BACKLOG and not self._late():
            time.sleep(0.05)
        try:
            call, ended, size = self._queue.get(timeout=0.2)
        except queue.Empty:
            return not self._stopping.is_set()
        try:
            if ended:
                ledger.write(call)
            else:
                ledger.begin(call)
        except Exception:  # whatever it is, requests go on
            log.exception("a call could not be recorded")
            self._lose("it could not be written down")
        self._release(size)
        return not self._late()

    def _late(self) -> bool:
        return self._stopping.is_set() and time.monotonic() >= self._deadline


_running: Recorder | None = None


def running() -> Recorder | None:
    """Give this process's recorder; None where nothing is recorded."""
    return _running


def start(settings: TracingSettings, service: str) -> None:
    """Begin to record what this process does, if the settings say so; it returns at once."""
    global _running
    if not settings.on or _running is not None:
        return

    def connect() -> Ledger:
        from services.tracing.connecting import connect  # noqa: PLC0415  imports Weave, which takes seconds

        return connect(settings, service)

    _running = Recorder(connect, sample=settings.sample)
    _running.start()


def stop(settings: TracingSettings) -> None:
    """Hand over what is recorded, within the time that the settings give; blocks for as long."""
    global _running
    recorder, _running = _running, None
    if recorder is not None:
        recorder.stop(settings.flush)
