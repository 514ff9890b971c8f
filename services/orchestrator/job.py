"""What one job keeps while it runs: its time, its warnings, and the stages it reports."""

import contextlib
import time
from collections.abc import Callable, Iterator

from promptlift.contracts import Progress, Stage, Timing
from services.errors import DeadlineExceeded

MARGIN_SECONDS = 0.2
"""Kept of a job's time for sending the answer."""


class Job:
    """The running record of one `create`.

    Attributes:
        warnings: what the answer must say beside its pictures.
        timings: the stages that ended, in the order of their ends.
    """

    def __init__(
        self, timeout: float, report: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.warnings: list[str] = []
        self.timings: list[Timing] = []
        self._report = report
        self._clock = clock
        self._started = clock()
        self._deadline = self._started + timeout - MARGIN_SECONDS

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._started

    def left(self, at_most: float = float("inf")) -> float:
        """Give the seconds that the next hop may take.

        Raises:
            DeadlineExceeded: there are none.
        """
        left = min(self._deadline - self._clock(), at_most)
        if left <= 0:
            raise DeadlineExceeded(f"the job's time ran out after {self.seconds:.1f} s; allow more")
        return left

    def warn(self, message: str) -> None:
        """Keep a warning, once."""
        if message not in self.warnings:
            self.warnings.append(message)

    @contextlib.contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Report a stage's start and end, and keep its time."""
        started = self._clock()
        self._report(Progress(event="started", stage=stage))
        try:
            yield
        finally:
            timing = Timing(stage=stage, seconds=self._clock() - started)
            self.timings.append(timing)
            self._report(Progress(event="finished", stage=stage, seconds=timing.seconds))
