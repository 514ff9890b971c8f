"""Arrivals that do not wait for answers: seeded Poisson traces, uniform or mixed."""

import random
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["uniform", "mixed"]
MIX = ((0.4, 4, 0.0), (0.4, 20, 5.0), (0.2, 50, 5.0))
"""Share, steps and guidance of mixed traffic; few-step pictures have no guidance, as few-step models want it."""
PROMPTS = ("a red circle", "two blue squares", "a large green star at the top", "a yellow heart left of a black ring")


@dataclass(frozen=True)
class Arrival:
    """One request and when it comes, in seconds from the trace's start."""

    at: float
    prompt: str
    steps: int
    guidance: float
    seed: int

    @property
    def work(self) -> int:
        """Rows times steps: its size beside others of the same picture size."""
        return self.steps * (2 if self.guidance > 1 else 1)

    def body(self) -> dict[str, Any]:
        """Make the request that every system understands."""
        request = asdict(self)
        del request["at"]
        return request


def poisson(kind: Kind, rate: float, count: int, seed: int) -> list[Arrival]:
    """Draw `count` arrivals at `rate` a second on average."""
    draw = random.Random(seed)
    now = 0.0
    arrivals = []
    for number in range(count):
        now += draw.expovariate(rate)
        steps, guidance = (20, 5.0) if kind == "uniform" else _mixed(draw)
        arrivals.append(Arrival(now, draw.choice(PROMPTS), steps, guidance, number))
    return arrivals


def mean_work(kind: Kind) -> float:
    """Give the mean size of a trace's requests, in rows times steps."""
    if kind == "uniform":
        return 40.0
    return sum(share * steps * (2 if guidance > 1 else 1) for share, steps, guidance in MIX)


def _mixed(draw: random.Random) -> tuple[int, float]:
    at = draw.random()
    for share, steps, guidance in MIX:
        at -= share
        if at < 0:
            return steps, guidance
    return MIX[-1][1:]
