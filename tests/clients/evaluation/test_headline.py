"""The outcome in one sentence."""

import pytest

from promptlift.evaluation.findings import findings
from promptlift.evaluation.headline import between, headline, points
from promptlift.evaluation.statistics import Estimate
from tests.clients.evaluation.made import failed, pair, plan, record


def said(changes: list[tuple[float, float]]) -> str:
    return headline(findings(plan(), [pair(str(n), *scores) for n, scores in enumerate(changes)], []))


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ([(0.1, 0.9)] * 8 + [(0.9, 0.9)] * 4, "Upsampling helps: +66.7 points of pictures that show everything"),
        ([(0.9, 0.1)] * 8 + [(0.9, 0.9)] * 4, "Upsampling harms: −66.7 points"),
        ([(0.9, 0.1), (0.1, 0.9)] * 6, "No difference can be told: ±0.0 points"),
        ([(0.1, 0.9)] * 3, "+100.0 points of pictures that show everything that was asked, on 3 prompts: too few"),
    ],
)
def test_a_claim_is_made_only_when_the_interval_leaves_zero_out(
    changes: list[tuple[float, float]], beginning: str
) -> None:
    assert said(changes).startswith(beginning)


def test_without_a_judged_pair_nothing_is_claimed() -> None:
    assert headline(findings(plan(), [failed("a")], [])) == (
        "No pair was judged in both arms, so that nothing can be said."
    )


def test_one_arm_has_its_share() -> None:
    alone = [record(str(n), {"base": 0.9 if n else 0.1}, upsampling=None) for n in range(4)]

    assert headline(findings(plan(arms=("base",)), alone, [])) == "75.0% of the base pictures show all."


def test_points_carry_their_sign() -> None:
    assert [points(share) for share in (0.042, -0.042, 0.0001)] == ["+4.2", "−4.2", "±0.0"]


def test_an_estimate_is_written_with_its_interval_if_it_has_one() -> None:
    assert between(Estimate(0.1, -0.05, 0.25, 40)) == "+10.0 [−5.0, +25.0]"
    assert between(Estimate(0.1, None, None, 3), signed=False) == "10.0%"
    assert between(None) == "–"
