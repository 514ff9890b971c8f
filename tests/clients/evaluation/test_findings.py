"""From records to figures."""

import random

import pytest

from promptlift.evaluation.findings import Findings, findings
from promptlift.evaluation.record import Record
from tests.clients.evaluation.made import compared, failed, pair, plan, record, shot, silent
from tests.fakes import upsampling

REFUSED = {"upsampling": upsampling(reason="I can't.")}


def found(*records: Record, **said: object) -> Findings:
    return findings(plan(**said), records, [])


def test_seeds_are_averaged_for_each_prompt_before_prompts_are() -> None:
    result = found(pair("a", 0.2, 0.9, 0), pair("a", 0.2, 0.9, 1), pair("a", 0.2, 0.9, 2), pair("b", 0.2, 0.2, 0))

    assert result.whole.correct.difference is not None
    assert result.whole.correct.difference.value == 0.5
    assert (result.whole.prompts, result.whole.pairs) == (2, 4)


def test_both_arms_are_measured_over_the_same_pairs() -> None:
    result = found(pair("a", 0.9, 0.9), record("b", {"base": 0.1}, **REFUSED), pair("c", 0.1, None))

    assert result.whole.correct.base is not None
    assert result.whole.correct.base.value == 1.0
    assert result.whole.pairs == 1


def test_a_prompt_that_was_not_upsampled_counts_as_unchanged_for_a_user() -> None:
    result = found(pair("a", 0.2, 0.9), record("b", {"base": 0.1}, **REFUSED))

    measure = result.whole.correct
    assert measure.difference is not None
    assert measure.with_fallbacks is not None
    assert (measure.difference.value, measure.with_fallbacks.value) == (1.0, 0.5)


def test_a_score_of_half_is_incorrect() -> None:
    result = found(pair("a", 0.5, 0.51))

    assert result.whole.correct.difference is not None
    assert result.whole.correct.difference.value == 1.0


def test_each_category_has_its_own_figures() -> None:
    result = found(
        pair("a", 0.2, 0.9, category="one"), pair("b", 0.9, 0.2, category="two"), pair("c", 0.9, 0.9, category="two")
    )

    shown = {one.name: one.correct.difference.value for one in result.categories if one.correct.difference}
    assert shown == {"one": 1.0, "two": -0.5}


def test_a_set_without_categories_is_not_taken_apart() -> None:
    assert found(pair("a", 0.2, 0.9), pair("b", 0.2, 0.9)).categories == ()


def test_prompts_are_counted_by_the_sign_of_their_mean_score() -> None:
    result = found(pair("a", 0.2, 0.4), pair("b", 0.9, 0.1), pair("c", 0.3, 0.3), pair("d", 0.9, 0.1, 1))

    assert (result.whole.signs.improved, result.whole.signs.worse, result.whole.signs.same) == (1, 2, 1)


def test_ties_count_half_of_a_win() -> None:
    winners = ["second", "second", "tie", "first", None]
    result = found(
        *(pair(str(n), 0.9, 0.9, comparison=compared(winner)) for n, winner in enumerate(winners)),
    )

    wins = result.whole.wins
    assert wins is not None
    assert wins.rate is not None
    assert (wins.upsampled, wins.base, wins.ties) == (2, 1, 1)
    assert wins.rate.value == pytest.approx(2.5 / 4)


def test_the_position_bias_of_comparisons_is_told() -> None:
    result = found(
        pair("a", 0.9, 0.9, comparison=compared("tie", consistent=False, bias=1)),
        pair("b", 0.9, 0.9, comparison=compared("first")),
    )

    assert result.whole.wins is not None
    assert (result.whole.wins.inconsistent, result.whole.wins.bias) == (0.5, 0.5)


def test_what_was_not_judged_is_counted_apart_with_its_reasons() -> None:
    refused = (shot("base", 0.9), shot("upsampled", 0.9, judgement=silent()))
    result = found(failed("a"), pair("b", 0.9, 0.9, shots=refused), pair("c", 0.9, 0.9, shots=refused))

    assert [(one.arm, one.fate, one.count, one.reasons) for one in result.apart] == [
        ("base", "failed", 1, ("Unavailable: no answer",)),
        ("upsampled", "failed", 1, ("Unavailable: no answer",)),
        ("upsampled", "refused", 2, ("I'd rather not.",)),
    ]


def test_the_order_of_records_makes_no_difference() -> None:
    records = [pair(str(n % 5), n / 10, 1 - n / 10, n, category=str(n % 2)) for n in range(10)]
    shuffled = random.Random(1).sample(records, len(records))

    assert found(*records) == found(*shuffled)


def test_changes_stand_from_the_most_improved_to_the_most_harmed() -> None:
    result = found(pair("a", 0.9, 0.1), pair("b", 0.1, 0.9), pair("c", 0.1, 0.3))

    assert [change.prompt for change in result.changes] == ["b", "c", "a"]


def test_one_arm_alone_has_no_difference() -> None:
    result = found(record("a", {"base": 0.9}, upsampling=None), arms=("base",))

    assert result.whole.correct.base is not None
    assert result.whole.correct.base.value == 1.0
    assert (result.whole.correct.upsampled, result.whole.correct.difference, result.whole.wins) == (None, None, None)
    assert (result.changes, result.apart) == ((), ())


def test_an_evaluation_in_which_everything_failed_has_no_figures() -> None:
    result = found(failed("a"), failed("b"))

    assert (result.whole.correct.difference, result.noise, result.changes) == (None, None, ())
    assert result.validity.verdict == "invalid"
