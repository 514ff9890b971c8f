"""Facts of the shapes world survive being written as the contract has them, which is how plans are kept."""

from dataclasses import replace
from itertools import islice

import pytest

from pocket.facts import facts
from pocket.parse import parse
from pocket.world import scenes
from services.judge.claims import claimed, written


def test_every_fact_that_a_scene_states_is_read_back_as_it_was() -> None:
    for scene in islice(scenes(held_out=True), 300):
        claims = facts(scene.statement)
        facts_of_contract = [written(claim, number) for number, claim in enumerate(claims, 1)]

        assert [claimed(fact) for fact in facts_of_contract] == [replace(claim, parent=None) for claim in claims]
        assert all(parent < fact.id for fact in facts_of_contract for parent in fact.parents)


@pytest.mark.parametrize(
    ("prompt", "questions"),
    [
        (
            "a red circle",
            ["Is there a circle?", "Is there a red circle?", "How many red circles are there; exactly 1?"],
        ),
        (
            "a large arrow in the center on a white background",
            [
                "Is there an arrow?",
                "How many arrows are there; exactly 1?",
                "Is the arrow large?",
                "Is the arrow in the center?",
                "Is the background white?",
            ],
        ),
    ],
)
def test_questions_read_as_questions(prompt: str, questions: list[str]) -> None:
    claims = facts(parse(prompt).statement)

    assert [written(claim, number).question for number, claim in enumerate(claims, 1)] == questions
