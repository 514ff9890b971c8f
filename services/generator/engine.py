"""The engine: one thread that owns the device and advances every picture in work, step by step, until it is done.

Pictures join and leave between steps. A picture whose caller left (its future is cancelled) or whose time is up is
dropped before the next step; one that still waited has cost nothing.
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Protocol

from services.errors import DeadlineExceeded, Invalid, Overloaded, ServiceError
from services.generator.admission import next_rows
from services.generator.batch import advanced
from services.generator.desk import Desk
from services.generator.metrics import Observer
from services.generator.order import Order
from services.generator.ticket import Painted, Report, Ticket, nobody

log = logging.getLogger("promptlift.engine")


class Studio(Protocol):
    """What computes: the model, or a stand-in in tests. Called from the engine's thread only."""

    def warm_up(self, rows: int) -> int:
        """Do once what every picture will need; give the rows that a call can have."""

    def plan(self, order: Order) -> Any:
        """Say which lane an order belongs to, its rows and its work."""

    def easel(self, order: Order, plan: Any) -> Any:
        """Prepare an order for its first step."""

    def step(self, easels: Sequence[Any]) -> None:
        """Advance easels of one lane by one step each."""

    def decode(self, easel: Any) -> Any:
        """Turn a finished easel into pixels."""

    def drop(self, easel: Any) -> None:
        """Forget an easel that will not be finished."""


class Engine:
    """Takes orders from any thread, and advances them on its own.

    Attributes:
        capacity: rows of one U-Net call at most.
    """

    def __init__(self, studio: Studio, observer: Observer, *, capacity: int, queue_rows: int) -> None:
        self.capacity = capacity
        self._studio = studio
        self._observer = observer
        self._desk = Desk(queue_rows)
        self._warm: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin to work, and return when the studio is warmed up.

        Raises:
            RuntimeError: the studio can't paint; the message says why.
        """
        self._thread.start()
        self._warm.result()

    def stop(self) -> None:
        """Finish the step in work, drop everything else, and end the thread."""
        self._desk.close()
        self._thread.join()

    def submit(self, order: Order, timeout: float, report: Report = nobody, tag: Any = None) -> Future[Painted]:
        """Take an order; cancelling the future drops it. `report` hears of each step, on the engine's thread.

        `tag` is kept with the picture, and told to those that it is advanced with.

        Raises:
            Overloaded: there is no place in the queue.
            DeadlineUnmeetable: it would not be done within `timeout` seconds.
        """
        return self._desk.take(order, timeout, report, tag).future

    def _run(self) -> None:
        try:
            self.capacity = self._studio.warm_up(self.capacity)
        except (MemoryError, RuntimeError) as error:
            return self._warm.set_exception(error)
        self._warm.set_result(None)
        while self._desk.wait(self._observer.idle):
            try:
                self._advance()
            except Exception:
                log.exception("the engine failed; every picture in work is given up")
                self._give_up(ServiceError("the engine failed; the log tells more"))
        self._give_up(Overloaded("the generator stops", retry_after=5))

    def _give_up(self, error: ServiceError) -> None:
        for ticket in (*self._desk.live, *self._desk.finished):
            self._fail(ticket, error)

    def _advance(self) -> None:
        """Drop who left, decode one finished picture, and do one step."""
        now = time.monotonic()
        for ticket in (*self._desk.live, *self._desk.finished):
            if ticket.future.cancelled():
                self._forget(ticket, "cancelled")
            elif now >= ticket.deadline:
                waited = ticket.deadline - ticket.arrived
                self._fail(ticket, DeadlineExceeded(f"not painted within the {waited:.1f} s given"))
        if self._desk.finished:
            self._decode(self._desk.finished[0])
        ready = [ticket for ticket in list(self._desk.live) if self._planned(ticket)]
        chosen = next_rows(ready, now, self.capacity)
        if chosen:
            self._step(sorted(chosen, key=lambda ticket: ticket.number))

    def _planned(self, ticket: Ticket) -> bool:
        if ticket.plan is None:
            try:
                ticket.plan = self._studio.plan(ticket.order)
            except ServiceError as error:
                self._fail(ticket, error)
        return ticket.plan is not None

    def _step(self, tickets: list[Ticket]) -> None:
        tickets = [ticket for ticket in tickets if self._begun(ticket)]
        if not tickets:
            return
        done = [ticket.easel.done for ticket in tickets]
        started = time.perf_counter()
        try:
            self._studio.step([ticket.easel for ticket in tickets])
        except (MemoryError, RuntimeError) as error:
            self._step_failed(
                [ticket for ticket, before in zip(tickets, done, strict=True) if ticket.easel.done == before], error
            )
        seconds = time.perf_counter() - started
        stepped = [ticket for ticket, before in zip(tickets, done, strict=True) if ticket.easel.done > before]
        if stepped:
            advanced(stepped, seconds)
        for ticket in stepped:
            self._stepped(ticket, len(tickets))
        self._desk.learn(seconds / sum(ticket.order.work / ticket.order.steps for ticket in tickets))
        rows = sum(ticket.rows for ticket in tickets)
        waiting = sum(ticket.rows for ticket in list(self._desk.live) if ticket not in tickets)
        self._observer.stepped(len(tickets), rows, seconds, waiting)

    def _begun(self, ticket: Ticket) -> bool:
        if ticket.easel is None:
            ticket.started = time.monotonic()  # and not when the turn began, since which it may have arrived
            try:
                ticket.easel = self._studio.easel(ticket.order, ticket.plan)
            except (ServiceError, MemoryError, RuntimeError) as error:
                self._fail(ticket, _in_words(error, ticket.order))
                return False
        return True

    def _step_failed(self, tickets: list[Ticket], error: Exception) -> None:
        """Find out which picture can't be advanced, by advancing each alone."""
        log.warning("a step of %d pictures failed: %s", len(tickets), error)
        if isinstance(error, MemoryError) and len(tickets) > 1:
            self.capacity = max(2, sum(ticket.rows for ticket in tickets) // 2)
            log.warning("U-Net calls hold at most %d rows from now on", self.capacity)
        for ticket in tickets:
            try:
                if len(tickets) == 1:
                    raise error
                self._studio.step([ticket.easel])
            except (MemoryError, RuntimeError) as own:
                self._fail(ticket, _in_words(own, ticket.order))

    def _stepped(self, ticket: Ticket, company: int) -> None:
        ticket.company += company
        ticket.report(ticket.easel.done, ticket.easel.steps)
        if ticket.easel.done >= ticket.easel.steps:
            self._desk.finish(ticket)

    def _decode(self, ticket: Ticket) -> None:
        try:
            pixels = self._studio.decode(ticket.easel)
        except (MemoryError, RuntimeError) as error:
            return self._fail(ticket, _in_words(error, ticket.order))
        self._desk.remove(ticket)
        now = time.monotonic()
        painted = Painted(
            pixels=pixels,
            plan=ticket.plan,
            waited=ticket.started - ticket.arrived,
            computed=now - ticket.started,
            company=ticket.company / ticket.easel.steps,
            batches=tuple(ticket.batches),
        )
        self._observer.ended("painted" if ticket.give(painted) else "cancelled", painted.waited, painted.computed)

    def _fail(self, ticket: Ticket, error: ServiceError) -> None:
        ticket.refuse(error)
        self._forget(ticket, error.code)

    def _forget(self, ticket: Ticket, outcome: str) -> None:
        if ticket.easel is not None:
            self._studio.drop(ticket.easel)
        self._desk.remove(ticket)
        now = time.monotonic()
        waited = (ticket.started or now) - ticket.arrived
        self._observer.ended(outcome, waited, now - ticket.arrived - waited)


def _in_words(error: Exception, order: Order) -> ServiceError:
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, MemoryError):
        return Invalid(f"width, height: {order.width}x{order.height} needs more memory than there is; ask for less")
    return ServiceError(f"the model failed: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
