"""Rules of reading: every caption reads back as what it says, and users may say it their own way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket.captions import STYLES, freely, partial, training_caption, worded
from pocket.filling import fill
from pocket.parse import parse
from pocket.statement import Entity, Link, Statement, terse
from pocket.world import scene

seeds = st.integers(min_value=0, max_value=2**40)
red_circle = Entity("circle", "red")


@given(seeds, seeds)
def test_a_training_caption_reads_back_as_what_it_states(seed: int, wording: int) -> None:
    caption = training_caption(scene(seed), random.Random(wording))

    reading = parse(caption.text)

    assert reading.statement == caption.statement
    assert reading.understood


@given(seeds, seeds, st.sampled_from(STYLES))
def test_a_statement_reads_back_in_every_style_whatever_it_leaves_open(seed: int, wording: int, style: str) -> None:
    chance = random.Random(wording)
    for statement in (scene(seed).statement, terse(scene(seed).statement), partial(scene(seed).statement, chance)):
        assert parse(worded(statement, style, freely(chance, plain=0.3))).statement == statement


@given(seeds)
def test_case_and_punctuation_do_not_matter(seed: int) -> None:
    caption = worded(scene(seed).statement)

    assert parse(caption.upper() + "!").statement == parse(caption).statement


@given(st.text())
def test_no_text_is_too_strange_to_read(text: str) -> None:
    reading = parse(text)

    assert not parse(" ".join(reading.unknown)).statement.entities


@given(seeds, st.integers(0, 1000))
def test_a_filled_prompt_keeps_its_words_and_leaves_nothing_open(seed: int, draw: int) -> None:
    prompt = worded(terse(scene(seed).statement))

    filled = fill(prompt, draw)

    reading = parse(filled)
    assert filled.startswith(prompt)
    assert reading.understood
    assert terse(reading.statement) == terse(scene(seed).statement)
    assert reading.statement.background
    assert all(entity.size for entity in reading.statement.entities)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("a red circle", Statement((red_circle,))),
        ("Red disc.", Statement((Entity("circle", "red", count=1),))),
        ("the red circle", Statement((red_circle,))),
        (
            "an orange square left of a blue star on a black background",
            Statement((Entity("square", "orange"), Entity("star", "blue")), (Link("left of", 0, 1),), "black"),
        ),
        ("Three little hearts on white", Statement((Entity("heart", None, "small", count=3),), (), "white")),
        ("5 crosses", Statement((Entity("cross", count=5),))),
        ("stars", Statement((Entity("star", count=None),))),
        ("a couple of yellow moons", Statement((Entity("crescent", "yellow", count=2),))),
        (
            "a tiny star inside a big blue box",
            Statement((Entity("star", None, "small"), Entity("square", "blue", "large")), (Link("inside", 0, 1),)),
        ),
        (
            "a red circle, a blue square and a green star on a light blue background",
            Statement((red_circle, Entity("square", "blue"), Entity("star", "green")), (), "sky blue"),
        ),
        (
            "a red circle in the top left corner. it is small",
            Statement((Entity("circle", "red", "small", "top left"),)),
        ),
        ("in the middle, a red circle", Statement((Entity("circle", "red", cell="center"),))),
        (
            "a red circle and a blue square, both large",
            Statement((Entity("circle", "red", "large"), Entity("square", "blue", "large"))),
        ),
        (
            "a red circle left of a blue star and above a green heart",
            Statement(
                (red_circle, Entity("star", "blue"), Entity("heart", "green")),
                (Link("left of", 0, 1), Link("above", 0, 2)),
            ),
        ),
        ("a red circle over a white background", Statement((red_circle,), (), "white")),
        ("a red circle on a blue star", Statement((red_circle, Entity("star", "blue")))),
    ],
)
def test_users_may_say_it_their_own_way(text: str, statement: Statement) -> None:
    assert parse(text).statement == statement


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("a frog dressed as a knight", ("frog", "dressed", "knight")),
        ("a shiny red circle", ("shiny",)),
        ("seven red circles", ("seven",)),
        ("a red circle without a star", ("without",)),
        ("a red circle on a blue star", ("on",)),
        ("a red circle and a blue square on a mint background", ()),
    ],
)
def test_words_from_outside_the_world_are_listed_once_in_order(text: str, unknown: tuple[str, ...]) -> None:
    assert parse(text).unknown == unknown


def test_an_empty_text_is_not_understood() -> None:
    assert not parse("").understood
