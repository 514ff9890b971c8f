"""What the logs of a training tell: steps that were done, and the time that they took."""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Record:
    """A stage's training so far.

    Attributes:
        steps: that count for the weights.
        seconds_per_step: median over the log; it includes waiting for other work on the machine.
        hours: in all, by the log.
        loss: mean over the last entry's steps.
    """

    steps: int
    seconds_per_step: float
    hours: float
    loss: float


def read(log: Path) -> Record | None:
    """Read a stage's log, or give None where there is none; of steps done twice after a resumption the later count."""
    if not log.exists():
        return None
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    entries = {line["step"]: line for line in lines}
    steps = sorted(step for step in entries if step <= lines[-1]["step"])
    lengths = [step - before for before, step in zip([0, *steps], steps, strict=False)]
    seconds = [entries[step]["seconds_per_step"] for step in steps]
    hours = sum(length * each for length, each in zip(lengths, seconds, strict=True)) / 3600
    return Record(steps[-1], median(seconds), hours, entries[steps[-1]]["loss"])
