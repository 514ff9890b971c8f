"""Where orders are taken, and kept until they are done: the part of the engine that callers' threads touch."""

import itertools
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from services.errors import DeadlineUnmeetable, Overloaded
from services.generator.admission import expected_seconds
from services.generator.order import Order
from services.generator.ticket import Report, Ticket

PACES = 31
"""Steps whose median tells how long a step takes; it forgets a slow first one at once."""
UNKNOWN_PACE = 1e-3
"""Seconds for a megapixel row, before any step was done."""


class Desk:
    """The tickets of one engine.

    Attributes:
        queue_rows: rows of all pictures, in work or waiting, at most.
        live: pictures whose steps are not done.
        finished: pictures whose steps are done, to be decoded in this order.
    """

    def __init__(self, queue_rows: int) -> None:
        self.queue_rows = queue_rows
        self.live: list[Ticket] = []
        self.finished: deque[Ticket] = deque()
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._paces: deque[float] = deque(maxlen=PACES)
        self._closed = False

    def take(self, order: Order, timeout: float, report: Report, tag: Any = None) -> Ticket:
        """Take an order that is to be done within `timeout` seconds; `tag` stays with it.

        Raises:
            Overloaded: there is no place for it.
            DeadlineUnmeetable: it would not be done in time.
        """
        now = time.monotonic()
        with self._changed:
            service = order.work * statistics.median(self._paces or [UNKNOWN_PACE])
            self._check(order, service, timeout)
            ticket = Ticket(next(self._numbers), order, now, now + timeout, service, report, tag)
            self.live.append(ticket)
            self._changed.notify()
        return ticket

    def learn(self, pace: float) -> None:
        """Hear how many seconds a row of a megapixel took for a step."""
        self._paces.append(pace)

    def finish(self, ticket: Ticket) -> None:
        """Move a ticket whose steps are done to those to be decoded."""
        with self._changed:
            self.live.remove(ticket)
            self.finished.append(ticket)

    def remove(self, ticket: Ticket) -> None:
        """Forget a ticket."""
        with self._changed:
            for tickets in (self.live, self.finished):
                if ticket in tickets:
                    tickets.remove(ticket)

    def wait(self, idle: Callable[[], None]) -> bool:
        """Wait until there is something to do, and say whether to go on; `idle` hears that there is nothing."""
        with self._changed:
            while not (self.live or self.finished or self._closed):
                idle()
                self._changed.wait()
            return not self._closed

    def close(self) -> None:
        """Take no more orders."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _check(self, order: Order, service: float, timeout: float) -> None:
        if self._closed:
            raise Overloaded("the generator stops", retry_after=5)
        wanted = [ticket for ticket in (*self.live, *self.finished) if not ticket.future.cancelled()]
        expected = expected_seconds(service, [ticket.left for ticket in wanted])
        if sum(ticket.rows for ticket in wanted) + order.rows > self.queue_rows:
            said = f"{self.queue_rows} rows of pictures are in work or wait; try again later"
            raise Overloaded(said, retry_after=max(1.0, expected))
        if expected > timeout:
            said = f"the picture would take {expected:.1f} s, longer than the {timeout:.1f} s that the caller waits"
            raise DeadlineUnmeetable(said, retry_after=max(1.0, expected - timeout))
