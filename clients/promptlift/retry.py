"""When a failed attempt is worth another one, and after which pause."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from promptlift.errors import PromptliftError, Unavailable, Unreachable


@dataclass(frozen=True)
class Retry:
    """Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015).

    Attributes:
        limit: further attempts after the first; 0 turns retrying off.
        first_pause: upper bound of the first pause, in seconds; it doubles with each attempt.
        longest_pause: upper bound of any pause that the service did not ask for, in seconds.
        draw: gives a number in [0, 1).
    """

    limit: int = 2
    first_pause: float = 0.5
    longest_pause: float = 8.0
    draw: Callable[[], float] = random.random

    def pause(self, error: PromptliftError, attempt: int) -> float | None:
        """Give the seconds to wait after attempt number `attempt` (from 0), or None to give up.

        A `Retry-After` is waited for in full, with up to 10 % more so that callers do not come back together.
        """
        if attempt >= self.limit or not isinstance(error, Unreachable | Unavailable):
            return None
        if error.retry_after is not None:
            return error.retry_after * (1 + 0.1 * self.draw())
        return min(self.longest_pause, self.first_pause * 2.0**attempt) * self.draw()
