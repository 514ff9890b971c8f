"""What it took to train the weights: one record for each run of a stage, kept beside them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

FILE = "training.json"


@dataclass(frozen=True)
class Record:
    """A run of a stage.

    Attributes:
        optimizer: with what went into each step.
        steps: that count for the weights.
        seconds_per_step: median over the log; it includes waiting for other work on the machine.
        hours: in all, by the log.
        loss: mean over the last entry's steps.
    """

    stage: str
    optimizer: str
    steps: int
    seconds_per_step: float
    hours: float
    loss: float


def read(log: Path, stage: str, optimizer: str) -> Record:
    """Read a stage's log; of steps done twice after a resumption the later count."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    entries = {line["step"]: line for line in lines}
    steps = sorted(step for step in entries if step <= lines[-1]["step"])
    lengths = [step - before for before, step in zip([0, *steps], steps, strict=False)]
    seconds = [entries[step]["seconds_per_step"] for step in steps]
    hours = sum(length * each for length, each in zip(lengths, seconds, strict=True)) / 3600
    return Record(stage, optimizer, steps[-1], median(seconds), round(hours, 2), entries[steps[-1]]["loss"])


def kept(weights: Path) -> list[Record]:
    """Load the records of weights, in the order of training."""
    path = weights / FILE
    return [Record(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def keep(weights: Path, record: Record, *, onward: bool = False) -> None:
    """Keep a record; where training began from nothing, it takes the place of the stage's earlier ones."""
    others = [other for other in kept(weights) if onward or other.stage != record.stage]
    weights.mkdir(parents=True, exist_ok=True)
    entries = [asdict(each) for each in [*others, record]]
    (weights / FILE).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
