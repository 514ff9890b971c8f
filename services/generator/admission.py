"""Who advances next, and whether a new picture can be done in time: decisions on plain numbers.

Pictures are served by slowdown: the time since a picture came, in units of the time that it would take alone. A 4-step
picture that waits for a second has waited for ten times its own length, a 50-step one hardly at all, so the short one
goes first; but every picture's slowdown grows while it waits, so none starves.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Protocol, TypeVar

PATIENCE_SECONDS = 0.05
"""Added to every age, so that of pictures that just came the shorter goes first."""


class Candidate(Protocol):
    """A picture in work or waiting.

    Attributes:
        lane: pictures of one lane can share a U-Net call.
        rows: rows that it takes of a call.
        arrived: when it came, in seconds of a monotonic clock.
        service: seconds that it would take alone.
    """

    @property
    def lane(self) -> Hashable: ...  # noqa: D102  the class tells

    @property
    def rows(self) -> int: ...  # noqa: D102

    @property
    def arrived(self) -> float: ...  # noqa: D102

    @property
    def service(self) -> float: ...  # noqa: D102


Picture = TypeVar("Picture", bound=Candidate)


def slowdown(candidate: Candidate, now: float) -> float:
    """Give a picture's age in units of its own length."""
    return (now - candidate.arrived + PATIENCE_SECONDS) / candidate.service


def next_rows(candidates: Iterable[Picture], now: float, capacity: int) -> list[Picture]:
    """Choose the pictures of the next U-Net call.

    The one that is slowed down most goes, whatever its lane and rows; others of its lane, in the same order, fill up
    the call to `capacity` rows.
    """
    ordered = sorted(candidates, key=lambda candidate: -slowdown(candidate, now))
    chosen: list[Picture] = []
    free = capacity
    for candidate in ordered:
        if not chosen or (candidate.lane == chosen[0].lane and candidate.rows <= free):
            chosen.append(candidate)
            free -= candidate.rows
    return chosen


def expected_seconds(service: float, others_left: Sequence[float]) -> float:
    """Estimate how long a new picture will take among others with so many seconds of work left.

    Served by slowdown, no other picture gets ahead of it by more than its own length.
    """
    return service + sum(min(left, service) for left in others_left)
