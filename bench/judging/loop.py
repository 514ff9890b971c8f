"""How long an event loop, whichever kind it is, is kept from its turns."""

import asyncio
import time
from dataclasses import dataclass, field

BEAT = 0.002
"""Seconds between two looks at the clock."""


@dataclass
class Longest:
    """The longest time without a turn so far.

    Attributes:
        seconds: that passed; on a machine with other work, other processes' turns are in it.
        cpu_seconds: that the loop's own thread computed from one beat to the next, at most one beat more than its
            longest callback.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    _beating: "asyncio.Task[None] | None" = field(default=None, repr=False)

    async def _beat(self) -> None:
        while True:
            started, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BEAT)
            self.seconds = max(self.seconds, time.perf_counter() - started - BEAT)
            self.cpu_seconds = max(self.cpu_seconds, time.thread_time() - worked)


def watch() -> Longest:
    """Watch the running loop from now on."""
    longest = Longest()
    longest._beating = asyncio.ensure_future(longest._beat())
    return longest
