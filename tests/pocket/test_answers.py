"""Rules of answering: true facts hold, false ones do not, and nothing holds of nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket.answers import answer, match, number_odds
from pocket.evaluation.truth import falsified, ideal
from pocket.facts import facts
from pocket.parse import parse
from pocket.sight import SeenScene
from pocket.world import scene

seeds = st.integers(min_value=0, max_value=2**40)
NOTHING = SeenScene((), "white", {"white": 1.0})


@given(seeds)
def test_every_fact_holds_of_the_scene_it_was_drawn_from(seed: int) -> None:
    drawn = scene(seed)

    for fact in facts(drawn.statement):
        assert answer(ideal(drawn), fact).holds, fact.claim
    assert match(ideal(drawn), drawn.statement) > 0.5


@given(seeds, seeds)
def test_a_fact_made_false_does_not_hold(seed: int, chance: int) -> None:
    drawn = scene(seed)
    for fact in facts(drawn.statement):
        false = falsified(fact, drawn, random.Random(chance))
        assert false is None or not answer(ideal(drawn), false).holds


@given(seeds)
def test_nothing_holds_of_an_empty_picture(seed: int) -> None:
    assert match(NOTHING, scene(seed).statement) == 0.0


@given(seeds, seeds)
def test_a_score_is_above_one_half_exactly_when_every_fact_holds(one: int, other: int) -> None:
    seen, statement = ideal(scene(one)), scene(other).statement

    score = match(seen, statement)

    assert 0 <= score <= 1
    assert (score > 0.5) == all(answer(seen, fact).holds for fact in facts(statement))


@given(st.lists(st.floats(0, 1), max_size=6))
def test_the_odds_of_all_numbers_add_up_to_one(chances: list[float]) -> None:
    assert sum(number_odds(chances, number) for number in range(len(chances) + 1)) == pytest.approx(1)


def test_evidence_says_what_was_seen() -> None:
    drawn = scene(3)
    fact = facts(drawn.statement)[0]

    evidence = answer(ideal(drawn), fact).evidence

    assert all(thing.colour in evidence and thing.shape in evidence for thing in drawn.things)
    assert evidence.endswith("yes.")


def test_a_child_names_the_fact_it_hangs_on() -> None:
    claims = facts(parse("a small red circle left of a blue star").statement)

    assert [claim.kind for claim in claims] == [
        "shape", "colour", "count", "size", "shape", "colour", "count", "relation",
    ]  # fmt: skip
    assert [claim.parent for claim in claims] == [None, 0, 0, 0, None, 4, 4, 0]
