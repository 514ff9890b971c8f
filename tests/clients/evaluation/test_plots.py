"""Where the plots put what they show."""

import pytest

from promptlift.evaluation.findings import Findings, findings
from promptlift.evaluation.plots import HALF, LABELS, WIDTH, forest, stacked, waterfall
from tests.clients.evaluation.made import compared, pair, plan


def found(*changes: tuple[float, float]) -> Findings:
    return findings(plan(), [pair(str(n), *scores) for n, scores in enumerate(changes)], [])


def test_a_difference_stands_on_its_side_of_zero_between_its_bounds() -> None:
    plot = forest([found(*[(0.1, 0.9)] * 5, *[(0.9, 0.9)] * 5).whole])

    assert plot is not None
    [whisker] = plot.whiskers
    assert whisker.low is not None
    assert whisker.high is not None
    assert plot.zero < whisker.low < whisker.x < whisker.high
    assert whisker.clear
    assert LABELS <= plot.ticks[0].x < plot.zero < plot.ticks[-1].x < WIDTH


def test_the_axis_is_as_long_as_the_widest_interval_and_has_zero_in_its_middle() -> None:
    plot = forest([found(*[(0.1, 0.9)] * 5, *[(0.9, 0.9)] * 5).whole])

    assert plot is not None
    labels = [tick.label for tick in plot.ticks]
    assert labels == ["-100", "-80", "-60", "-40", "-20", "0", "+20", "+40", "+60", "+80", "+100"]


def test_without_a_difference_there_is_no_plot() -> None:
    assert forest([found((0.9, 0.9)).whole, found().whole]) is not None
    assert forest([found().whole]) is None


def test_gains_stand_above_the_line_and_losses_hang_below() -> None:
    gain, same, loss = waterfall(found((0.1, 0.9), (0.5, 0.5), (0.9, 0.4)).changes)

    assert (gain.kind, same.kind, loss.kind) == ("better", "same", "worse")
    assert gain.y + gain.height == pytest.approx(HALF)
    assert loss.y == HALF
    assert (gain.height, loss.height) == (pytest.approx(0.8 * HALF), pytest.approx(0.5 * HALF))
    assert gain.title == "+80.0: 0"


def test_wins_ties_and_losses_share_the_whole_width() -> None:
    winners = ["second", "second", "tie", "first"]
    records = [pair(str(n), 0.9, 0.9, comparison=compared(winner)) for n, winner in enumerate(winners)]
    wins = findings(plan(), records, []).whole.wins
    assert wins is not None

    parts = stacked(wins)

    assert [part.width for part in parts] == [WIDTH / 2, WIDTH / 4, WIDTH / 4]
    assert [part.x for part in parts] == [0, WIDTH / 2, WIDTH * 3 / 4]
    assert parts[0].label == "upsampled shows more: 2 (50%)"
