"""What an evaluation took: time, tokens and, as far as prices are known, money."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promptlift.contracts import Judgement, Opinion, Usage
from promptlift.evaluation.record import Record


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens of the judge's model."""

    input: float
    output: float


@dataclass(frozen=True)
class Effort:
    """What was spent, in seconds, tokens and US dollars.

    Attributes:
        wall_seconds: of all runs together, from their beginning to their last trial.
        trial_seconds: of all trials together, as each waited for its answer.
        paint_seconds: of the generator's work on all pictures, company included.
        dollars: None when neither the upsampler tells its cost nor a price is given.
    """

    pictures: int
    wall_seconds: float
    trial_seconds: float
    paint_seconds: float
    upsampler_tokens: int
    judge_tokens: int
    dollars: float | None


def effort(
    records: Sequence[Record],
    controls: Sequence[Judgement],
    sessions: Sequence[tuple[float, float]],
    price: Price | None,
) -> Effort:
    """Add everything up. What the judge repeated from its store cost nothing and is left out."""
    written = [record.upsampling for record in records if record.upsampling is not None]
    asked = [usage for record in records for usage in _usages(record)] + [*_paid(controls)]
    costs = [upsampling.cost for upsampling in written if upsampling.cost is not None]
    costs += [_dollars(usage, price) for usage in asked] if price is not None else []
    shots = [shot for record in records for shot in record.shots]
    return Effort(
        pictures=len(shots),
        wall_seconds=sum(end - began for began, end in sessions),
        trial_seconds=sum(record.seconds for record in records),
        paint_seconds=sum(shot.compute_seconds for shot in shots),
        upsampler_tokens=sum(one.usage.input_tokens + one.usage.output_tokens for one in written),
        judge_tokens=sum(usage.input_tokens + usage.output_tokens for usage in asked),
        dollars=sum(costs) if costs else None,
    )


def _usages(record: Record) -> Iterator[Usage]:
    yield from _paid([shot.judgement for shot in record.shots if shot.judgement is not None])
    if record.comparison is not None:
        yield from _paid([record.comparison])


def _paid(opinions: Sequence[Opinion]) -> Iterator[Usage]:
    for opinion in opinions:
        if opinion.usage is not None and not opinion.stored:
            yield opinion.usage


def _dollars(usage: Usage, price: Price) -> float:
    return (usage.input_tokens * price.input + usage.output_tokens * price.output) / 1e6
