"""A ledger that keeps what it is told, and can be slow, full or broken."""

import threading
import time
from typing import Any

from services.tracing.calls import Noted


class FakeLedger:
    def __init__(self) -> None:
        self.begun: list[Noted] = []
        self.written: list[Noted] = []
        self.waiting = 0
        self.delay = 0.0
        self.broken = False
        self.flushed = threading.Event()

    def begin(self, call: Noted) -> None:
        self.begun.append(call)

    def write(self, call: Noted) -> None:
        time.sleep(self.delay)
        if self.broken:
            raise RuntimeError("the disk is full")
        self.written.append(call)

    def backlog(self) -> int:
        return self.waiting

    def flush(self, seconds: float) -> bool:
        self.flushed.set()
        return True

    def url(self, call: str, trace: str) -> str:
        return f"http://traces/{trace}"

    def by_op(self, op: str) -> Noted:
        [call] = [call for call in self.written if call.op == op]
        return call


def outputs(ledger: FakeLedger) -> list[Any]:
    return [call.output for call in ledger.written]
