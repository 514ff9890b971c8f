"""A picture from its arrival to its end."""

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from services.generator.batch import Batch
from services.generator.order import Order

Report = Callable[[int, int], None]
"""Hears of steps done and steps in all."""


@dataclass(frozen=True)
class Painted:
    """A finished picture.

    Attributes:
        pixels: what the studio decoded.
        plan: what the studio planned.
        waited: seconds until its first step.
        computed: seconds from then on.
        company: pictures that shared its U-Net calls, itself included, on average.
        batches: with whom it was advanced, in turn.
    """

    pixels: Any
    plan: Any
    waited: float
    computed: float
    company: float
    batches: tuple[Batch, ...]


@dataclass(eq=False)
class Ticket:
    """One order, and what became of it so far.

    Attributes:
        deadline: when its caller stops waiting, on the clock of `arrived`.
        service: seconds that it would take alone.
        tag: what its caller gave along with it.
        company: pictures in its U-Net calls so far, added up.
        batches: with whom it was advanced so far, in turn.
    """

    number: int
    order: Order
    arrived: float
    deadline: float
    service: float
    report: Report
    tag: Any = None
    future: Future[Painted] = field(default_factory=Future)
    plan: Any = None
    easel: Any = None
    started: float = 0.0
    company: int = 0
    batches: list[Batch] = field(default_factory=list)

    @property
    def lane(self) -> Any:
        """What it must share with the pictures of one U-Net call."""
        return self.easel.lane if self.easel else self.plan.lane

    @property
    def rows(self) -> int:
        """Rows that it takes of a call."""
        return self.order.rows

    @property
    def left(self) -> float:
        """Seconds of work that are left of it."""
        return self.service * (1 - self.easel.done / self.easel.steps) if self.easel else self.service

    def give(self, painted: Painted) -> bool:
        """Hand the picture over; False when its caller left in this very moment."""
        return self._settled(self.future.set_result, painted)

    def refuse(self, error: Exception) -> bool:
        """Tell the caller why there is no picture; False when it has left."""
        return self._settled(self.future.set_exception, error)

    def _settled(self, settle: Callable[[Any], None], value: Any) -> bool:
        try:
            settle(value)
        except InvalidStateError:
            return False
        return True


def nobody(done: int, steps: int) -> None:
    """Hear of a picture's progress, and do nothing."""
