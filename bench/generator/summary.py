"""What a trace's outcomes add up to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.generator.load import Outcome


@dataclass(frozen=True)
class Summary:
    """One system under one trace.

    Attributes:
        images_per_second: pictures done, over the time from the first arrival to the last answer.
        goodput: the same, of pictures done within the bound.
        p50, p90, p99: seconds.
        short_p99: seconds, of 4-step pictures; None when there are none.
        failed: arrivals without a picture.
    """

    images_per_second: float
    goodput: float
    p50: float
    p90: float
    p99: float
    short_p99: float | None
    failed: int


def summarise(outcomes: Sequence[Outcome], second_per_work: float, slowdown: float) -> Summary:
    """Sum up; a picture is in bound when it took at most `slowdown` times what it would take alone."""
    done = [outcome for outcome in outcomes if outcome.latency is not None]
    if not done:
        raise ValueError("a system answered nothing; its log tells why")
    latencies = np.array([outcome.latency for outcome in done])
    ends = [outcome.scheduled + (outcome.latency or 0.0) for outcome in done]
    span = max(ends) - min(outcome.scheduled for outcome in outcomes)
    good = [outcome for outcome in done if (outcome.latency or 0.0) <= slowdown * outcome.work * second_per_work]
    short = [outcome.latency for outcome in done if outcome.steps == 4]
    p50, p90, p99 = np.percentile(latencies, [50, 90, 99])
    return Summary(
        images_per_second=len(done) / span,
        goodput=len(good) / span,
        p50=float(p50),
        p90=float(p90),
        p99=float(p99),
        short_p99=float(np.percentile(np.array(short), 99)) if short else None,
        failed=len(outcomes) - len(done),
    )
