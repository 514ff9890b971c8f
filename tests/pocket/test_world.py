"""Rules of the shapes world."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket.drawing import draw
from pocket.grammar import CONTRAST, SIDE, contrast, load_grammar
from pocket.world import Scene, combination, is_held_out, scene, scenes

seeds = st.integers(min_value=0, max_value=2**40)


def test_the_grammar_names_enough_to_be_a_world() -> None:
    grammar = load_grammar()

    assert len(grammar.shapes) >= 10
    assert len(grammar.colours) == 12
    assert len(grammar.backgrounds) == 8
    assert len(grammar.sizes) == 3
    assert len(grammar.cells) == 9
    assert list(grammar.counts) == [1, 2, 3, 4, 5]
    assert {"left of", "right of", "above", "below", "inside"} == set(grammar.relations)


@given(seeds)
def test_the_same_seed_gives_the_same_scene(seed: int) -> None:
    assert scene(seed) == scene(seed)


def test_the_same_scene_gives_the_same_picture() -> None:
    first = draw(scene(7))

    assert first.size == (SIDE, SIDE)
    assert first.tobytes() == draw(scene(7)).tobytes()


@given(seeds)
def test_everything_lies_within_the_picture(seed: int) -> None:
    for thing in scene(seed).things:
        assert thing.radius <= min(thing.x, thing.y)
        assert max(thing.x, thing.y) <= 1 - thing.radius


@given(seeds)
def test_nothing_is_drawn_in_a_colour_close_to_what_lies_behind_it(seed: int) -> None:
    drawn = scene(seed)

    for thing, behind in _behind(drawn):
        assert contrast(load_grammar().colours[thing].rgb, behind) >= CONTRAST


@given(seeds)
def test_things_keep_apart_unless_one_is_inside_the_other(seed: int) -> None:
    drawn = scene(seed)
    inside = any(link.relation == "inside" for link in drawn.statement.links)

    for place, one in enumerate(drawn.things):
        for other in drawn.things[:place]:
            apart = max(abs(one.x - other.x), abs(one.y - other.y))
            assert inside or apart > (one.radius + other.radius)


@given(seeds)
def test_the_statement_counts_every_thing(seed: int) -> None:
    drawn = scene(seed)

    assert drawn.statement.things == len(drawn.things)


def test_training_never_draws_what_is_held_out() -> None:
    trained = {combination(drawn.statement) for drawn in islice(scenes(held_out=False), 2000)}
    held_out = {combination(drawn.statement) for drawn in islice(scenes(held_out=True), 200)}

    assert not trained & held_out


@pytest.mark.parametrize("turn", [("left of", "right of"), ("above", "below")])
def test_a_pair_told_from_the_other_side_is_the_same_combination(turn: tuple[str, str]) -> None:
    told = next(
        drawn.statement
        for drawn in scenes(held_out=False)
        if drawn.statement.links[:1] and drawn.statement.links[0].relation == turn[0]
    )
    other = type(told)(told.entities[::-1], (type(told.links[0])(turn[1], 0, 1),), told.background)

    assert combination(told) == combination(other)
    assert is_held_out(told) == is_held_out(other)


def _behind(drawn: Scene) -> list[tuple[str, tuple[int, int, int]]]:
    grammar = load_grammar()
    inside = {link.subject: link.object for link in drawn.statement.links if link.relation == "inside"}
    pairs = []
    for place, thing in enumerate(drawn.things):
        behind = grammar.backgrounds[drawn.background].rgb
        if place in inside and drawn.things[inside[place]].shape != "ring":
            behind = grammar.colours[drawn.things[inside[place]].colour].rgb
        pairs.append((thing.colour, behind))
    return pairs
