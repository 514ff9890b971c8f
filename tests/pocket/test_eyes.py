"""Rules of the eyes: they read held-out drawings right and are not content with wrong ones."""

from itertools import islice

import pytest
from PIL import Image, ImageFilter

from pocket.answers import answer, match
from pocket.captions import worded
from pocket.drawing import draw
from pocket.evaluation.sightedness import accuracy, blanks
from pocket.eyes import Eyes
from pocket.facts import facts
from pocket.painter import EYES
from pocket.parse import parse
from pocket.statement import Entity, Link, Statement
from pocket.world import Scene, scenes


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes.load(EYES)


@pytest.fixture(scope="module")
def held_out() -> list[Scene]:
    return list(islice(scenes(held_out=True), 60))


def _first(held_out: list[Scene], relation: str | None = None, things: int = 1) -> Scene:
    return next(
        scene
        for scene in held_out
        if scene.statement.things == things
        and [link.relation for link in scene.statement.links] == ([relation] if relation else [])
    )


def _holds(eyes: Eyes, picture: Image.Image, prompt: str, kind: str) -> bool:
    seen = eyes.look(picture)
    asked = [fact for fact in facts(parse(prompt).statement) if fact.kind == kind]
    return all(answer(seen, fact).holds for fact in asked)


def test_drawings_of_held_out_scenes_are_read_right(eyes: Eyes, held_out: list[Scene]) -> None:
    seen = eyes.look_at([draw(scene) for scene in held_out])

    for kind, found in accuracy(held_out, seen).items():
        assert found.mean >= 0.97, kind


def test_a_wrong_colour_is_caught(eyes: Eyes, held_out: list[Scene]) -> None:
    scene = _first(held_out)
    thing = scene.things[0]
    other = "red" if thing.colour != "red" else "blue"

    assert _holds(eyes, draw(scene), f"a {thing.colour} {thing.shape}", "colour")
    assert not _holds(eyes, draw(scene), f"a {other} {thing.shape}", "colour")


def test_a_wrong_count_is_caught(eyes: Eyes, held_out: list[Scene]) -> None:
    scene = _first(held_out, things=3)
    entity = scene.statement.entities[0]
    three = worded(Statement((Entity(entity.shape, entity.colour, count=entity.count),)))
    four = worded(Statement((Entity(entity.shape, entity.colour, count=entity.number + 1),)))

    assert _holds(eyes, draw(scene), three, "count")
    assert not _holds(eyes, draw(scene), four, "count")


@pytest.mark.parametrize(("relation", "wrong"), [("left of", "right of"), ("above", "below"), ("inside", "above")])
def test_a_wrong_relation_is_caught(eyes: Eyes, held_out: list[Scene], relation: str, wrong: str) -> None:
    scene = _first(held_out, relation, things=2)
    told = Statement(scene.statement.entities, (Link(relation, 0, 1),))
    turned = Statement(scene.statement.entities, (Link(wrong, 0, 1),))

    assert _holds(eyes, draw(scene), worded(told), "relation")
    assert not _holds(eyes, draw(scene), worded(turned), "relation")


def test_a_blank_picture_scores_below_a_tenth_for_every_prompt(eyes: Eyes, held_out: list[Scene]) -> None:
    for seen in eyes.look_at(blanks()):
        assert all(match(seen, scene.statement) < 0.1 for scene in held_out)


@pytest.mark.parametrize("side", [64, 200, 1024])
def test_a_picture_of_another_size_shows_the_same(eyes: Eyes, held_out: list[Scene], side: int) -> None:
    scene = _first(held_out)
    picture = draw(scene).resize((side, side), Image.Resampling.BICUBIC)

    seen = eyes.look(picture)

    assert [(thing.shape, thing.colour) for thing in seen.things if thing.confidence >= 0.5] == [
        (thing.shape, thing.colour) for thing in scene.things
    ]


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA"])
def test_a_picture_of_any_mode_can_be_looked_at(eyes: Eyes, held_out: list[Scene], mode: str) -> None:
    picture = draw(_first(held_out))

    [seen], [same] = eyes.look(picture.convert(mode)).things, eyes.look(picture).things

    assert (seen.shape, seen.size) == (same.shape, same.size)


def test_a_smeared_picture_is_less_legible(eyes: Eyes, held_out: list[Scene]) -> None:
    picture = draw(_first(held_out))

    sharp, smeared = eyes.look_at([picture, picture.filter(ImageFilter.GaussianBlur(12))])

    assert 0 <= smeared.legibility < sharp.legibility <= 1
    assert sharp.legibility > 0.8
    assert eyes.look(Image.new("RGB", (128, 128), "white")).legibility == 0
