"""What an evaluation took: time, tokens and, as far as prices are known, money."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promptlift.contracts import Judgement, Opinion
from promptlift.evaluation.record import Record


@dataclass(frozen=True)
class Effort:
    """What was spent, in seconds, tokens and US dollars.

    Attributes:
        wall_seconds: of all runs together, from their beginning to their last trial.
        trial_seconds: of all trials together, as each waited for its answer.
        paint_seconds: of the generator's work on all pictures, company included.
        dollars: None when neither upsampler nor judge tells its cost.
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
) -> Effort:
    """Add everything up. What the judge repeated from its store cost nothing and is left out."""
    written = [record.upsampling for record in records if record.upsampling is not None]
    asked = [opinion for opinion in [*controls, *_opinions(records)] if not opinion.stored]
    used = [opinion.usage for opinion in asked if opinion.usage is not None]
    told = [*(one.cost for one in written), *(opinion.cost for opinion in asked)]
    costs = [cost for cost in told if cost is not None]
    shots = [shot for record in records for shot in record.shots]
    return Effort(
        pictures=len(shots),
        wall_seconds=sum(end - began for began, end in sessions),
        trial_seconds=sum(record.seconds for record in records),
        paint_seconds=sum(shot.compute_seconds for shot in shots),
        upsampler_tokens=sum(one.usage.input_tokens + one.usage.output_tokens for one in written),
        judge_tokens=sum(usage.input_tokens + usage.output_tokens for usage in used),
        dollars=sum(costs) if costs else None,
    )


def _opinions(records: Sequence[Record]) -> Iterator[Opinion]:
    for record in records:
        yield from (shot.judgement for shot in record.shots if shot.judgement is not None)
        if record.comparison is not None:
            yield record.comparison
