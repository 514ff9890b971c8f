"""How figures are written for people."""

from datetime import UTC, datetime, timedelta

import pytest

from promptlift import figures


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (None, "…"),
        (0, "0"),
        (0.25, "250 µs"),
        (1.23, "1.2 ms"),
        (999, "999 ms"),
        (1234, "1.23 s"),
        (59_900, "59.9 s"),
        (61_000, "1 min 1 s"),
        (7_260_000, "2 h 1 min"),
    ],
)
def test_a_duration_has_the_unit_that_fits(milliseconds: float | None, written: str) -> None:
    assert figures.duration(milliseconds) == written


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (9999, "9999"), (12_345, "12.3k"), (2_500_000, "2.5M")])
def test_a_large_count_is_told_in_thousands(number: int, written: str) -> None:
    assert figures.count(number) == written


@pytest.mark.parametrize(
    ("dollars", "written"), [(None, ""), (0, "$0.00"), (0.00002, "< $0.0001"), (0.00123, "$0.0012"), (12.5, "$12.50")]
)
def test_money_shows_what_matters_of_it(dollars: float | None, written: str) -> None:
    assert figures.money(dollars) == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(5, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (200_000, "2 days ago")]
)
def test_the_past_is_told_in_its_largest_unit(seconds: float, written: str) -> None:
    now = datetime(2026, 1, 31, tzinfo=UTC)

    assert figures.ago(now - timedelta(seconds=seconds), now) == written
