"""What an evaluation asks for."""

import pytest
from pydantic import ValidationError

from promptlift.evaluation.plan import Trial, request, seed_of, trials
from promptlift.evaluation.prompts import Case, PromptSet
from tests.clients.evaluation.made import plan

PROMPTS = PromptSet("x", (Case("a cat"), Case("a dog")))


def test_every_prompt_gets_its_first_seed_before_any_gets_its_second() -> None:
    assert [(trial.case.prompt, trial.index) for trial in trials(plan(), PROMPTS)] == [
        ("a cat", 0),
        ("a dog", 0),
        ("a cat", 1),
        ("a dog", 1),
    ]


def test_seeds_differ_between_prompts_and_never_between_runs() -> None:
    first = [trial.seed for trial in trials(plan(seeds=3), PROMPTS)]

    assert len(set(first)) == 6
    assert first == [trial.seed for trial in trials(plan(seeds=3), PROMPTS)]


def test_more_seeds_leave_the_earlier_ones_as_they_are() -> None:
    few, more = ({trial.key: trial.seed for trial in trials(plan(seeds=n), PROMPTS)} for n in (2, 3))

    assert few.items() < more.items()


def test_another_first_seed_gives_other_pictures() -> None:
    assert seed_of(Case("a cat"), 0, 0) != seed_of(Case("a cat"), 0, 1)


@pytest.mark.parametrize(
    ("arms", "upsample", "compare"),
    [(("base", "upsampled"), True, True), (("base",), False, False), (("upsampled",), True, False)],
)
def test_both_arms_of_a_trial_are_one_request(arms: tuple[str, ...], upsample: bool, compare: bool) -> None:
    trial = Trial(Case("a cat"), 0, 7)

    asked = request(plan(arms=arms, judge_samples=3, judge_mode="dalle3", steps=9), trial, 60)

    assert (asked.prompt, asked.seed, asked.n) == ("a cat", 7, 1)
    assert (asked.upsample, asked.compare) == (upsample, compare)
    assert (asked.judge_mode, asked.judge_samples, asked.steps, asked.timeout) == ("dalle3", 3, 9, 60)


def test_an_option_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValidationError, match="judge_samples is 2, but each quick look"):
        request(plan(judge_mode="quick", judge_samples=2), Trial(Case("a cat"), 0, 7), 60)
