"""The geometry of the report's plots, in pixels of their drawings; the template only draws what stands here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from promptlift.evaluation.findings import Change, Slice, Wins
from promptlift.evaluation.headline import between, points
from promptlift.evaluation.statistics import SAME, Estimate

WIDTH = 760
LABELS = 190
"""Width that the names of categories take."""
FIGURES = 170
"""Width that the figures beside a plot take."""
ROW = 28
HALF = 90
"""Height of a bar of the greatest difference."""
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
MOST_TICKS = 5
"""Ticks on each side of zero."""


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Whisker:
    """An estimate with its interval; `low` and `high` are None without one."""

    name: str
    y: float
    x: float
    low: float | None
    high: float | None
    figures: str
    clear: bool
    """Whether the interval leaves zero out."""


@dataclass(frozen=True)
class Forest:
    """Differences with their intervals, one below the other around a line at zero."""

    height: float
    zero: float
    ticks: tuple[Tick, ...]
    whiskers: tuple[Whisker, ...]


@dataclass(frozen=True)
class Bar:
    """One prompt's difference."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True)
class Part:
    """A part of the bar of wins, ties and losses."""

    x: float
    width: float
    kind: str
    label: str


def forest(slices: Sequence[Slice]) -> Forest | None:
    """Place the differences of the share of correct pictures."""
    rows = [(one.name, one.correct.difference) for one in slices if one.correct.difference is not None]
    if not rows:
        return None
    reach = max(max(abs(value) for value in _values(estimate)) for _, estimate in rows) or 0.1
    step = next((step for step in STEPS if reach <= step * MOST_TICKS), STEPS[-1])
    sides = math.ceil(reach / step - SAME)
    scale = (WIDTH - LABELS - FIGURES) / 2 / (sides * step)
    zero = LABELS + (WIDTH - LABELS - FIGURES) / 2
    ticks = [
        Tick(zero + place * step * scale, f"{100 * place * step:+.0f}" if place else "0")
        for place in range(-sides, sides + 1)
    ]
    return Forest(
        height=ROW * (len(rows) + 1.5),
        zero=zero,
        ticks=tuple(ticks),
        whiskers=tuple(
            _whisker(name, estimate, ROW * (place + 0.75), zero, scale) for place, (name, estimate) in enumerate(rows)
        ),
    )


def _values(estimate: Estimate) -> list[float]:
    return [value for value in (estimate.value, estimate.low, estimate.high) if value is not None]


def _whisker(name: str, estimate: Estimate, y: float, zero: float, scale: float) -> Whisker:
    low, high = estimate.low, estimate.high
    return Whisker(
        name=name or "(none)",
        y=y,
        x=zero + estimate.value * scale,
        low=None if low is None else zero + low * scale,
        high=None if high is None else zero + high * scale,
        figures=between(estimate),
        clear=low is not None and high is not None and (low > 0 or high < 0),
    )


def waterfall(changes: Sequence[Change]) -> list[Bar]:
    """Place each prompt's difference of scores, the most improved on the left."""
    width = WIDTH / max(len(changes), 1)
    bars = []
    for place, change in enumerate(changes):
        height = max(abs(change.score) * HALF, 1.0)
        kind = "same" if abs(change.score) <= SAME else "better" if change.score > 0 else "worse"
        y = HALF - height if kind == "better" else HALF
        title = f"{points(change.score)}: {change.prompt}"
        bars.append(Bar(place * width, y, max(width - 1, width * 0.9), height, kind, title))
    return bars


def stacked(wins: Wins) -> list[Part]:
    """Place wins, ties and losses in one bar."""
    counts = [
        ("better", "upsampled shows more", wins.upsampled),
        ("same", "tie", wins.ties),
        ("worse", "base shows more", wins.base),
    ]
    whole = sum(count for _, _, count in counts)
    parts, x = [], 0.0
    for kind, name, count in counts:
        width = WIDTH * count / whole
        parts.append(Part(x, width, kind, f"{name}: {count} ({100 * count / whole:.0f}%)"))
        x += width
    return parts
