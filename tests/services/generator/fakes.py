"""A studio that computes nothing but remembers everything, and an engine over it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.errors import Invalid
from services.generator.engine import Engine
from services.generator.order import Order


def order(seed: int = 0, *, steps: int = 4, guidance: float = 5.0, width: int = 64) -> Order:
    return Order("a", "", width, 64, steps, guidance, seed, "png")


@dataclass(frozen=True)
class Plan:
    lane: int


@dataclass(eq=False)
class Easel:
    order: Order
    done: int = 0

    @property
    def lane(self) -> int:
        return self.order.width

    @property
    def steps(self) -> int:
        return self.order.steps


@dataclass
class Studio:
    """Advances on command: each step waits for a permit, so that a test decides what has come by then."""

    free: bool = True
    waiting: bool = False
    seconds: float = 0.0
    permits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    calls: list[list[int]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    failing: dict[int, Exception] = field(default_factory=dict)

    def warm_up(self, rows: int) -> int:
        return rows

    def plan(self, order: Order) -> Plan:
        if order.steps == 99:
            raise Invalid("steps: 99 is not possible")
        return Plan(lane=order.width)

    def easel(self, order: Order, plan: Plan) -> Easel:
        return Easel(order)

    def step(self, easels: Sequence[Easel]) -> None:
        if not self.free:
            self.waiting = True
            self.permits.acquire()
            self.waiting = False
        time.sleep(self.seconds)
        for easel in easels:
            if easel.order.seed in self.failing:
                raise self.failing[easel.order.seed]
        self.calls.append([easel.order.seed for easel in easels])
        for easel in easels:
            easel.done += 1

    def decode(self, easel: Easel) -> str:
        return f"pixels {easel.order.seed}"

    def drop(self, easel: Easel) -> None:
        self.dropped.append(easel.order.seed)

    def allow(self, steps: int) -> None:
        """Let so many steps be done, and wait until they are."""
        done = len(self.calls)
        for _ in range(steps):
            self.permits.release()
        until(lambda: len(self.calls) >= done + steps)


class Observer:
    def __init__(self) -> None:
        self.steps: list[tuple[int, int, int]] = []
        self.outcomes: list[str] = []
        self.idles = 0

    def stepped(self, pictures: int, rows: int, seconds: float, waiting_rows: int) -> None:
        self.steps.append((pictures, rows, waiting_rows))

    def ended(self, outcome: str, waited: float, computed: float) -> None:
        self.outcomes.append(outcome)

    def idle(self) -> None:
        self.idles += 1


def until(condition, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.002)


@contextmanager
def engine(studio: Studio, observer: Observer | None = None, **options: int) -> Iterator[Engine]:
    running = Engine(studio, observer or Observer(), **{"capacity": 8, "queue_rows": 64} | options)
    running.start()
    yield running
    studio.free = True
    for _ in range(1000):
        studio.permits.release()
    running.stop()
