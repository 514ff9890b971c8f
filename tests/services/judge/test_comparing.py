"""Comparing two pictures in both orders."""

import pytest

from promptlift.cli.pictures import drawn
from promptlift.contracts import Image
from services.judge.checklist import Checklist
from services.judge.comparing import FactComparer, Preference, agreed, compare
from services.judge.opinion import NoOpinion
from services.judge.pictures import prepare
from tests.shapes import ShapeEyes, ShapePlanner

SCENES = {scene.prompt: scene.image for scene in drawn()}
COMPARER = FactComparer(Checklist(ShapePlanner(), ShapeEyes()))


async def outcome(prompt: str, first: Image, second: Image) -> dict:
    pair = (await prepare(first, "first"), await prepare(second, "second"))
    return await compare(COMPARER, "faithfulness", prompt, *pair, seed=0)


async def test_eyes_without_a_language_model_prefer_what_shows_more() -> None:
    right, wrong = SCENES["two orange stars"], SCENES["two blue squares"]

    assert (await outcome("two orange stars", right, wrong))["winner"] == "first"
    assert (await outcome("two orange stars", wrong, right))["winner"] == "second"


async def test_a_picture_ties_with_itself() -> None:
    same = SCENES["two orange stars"]

    told = await outcome("two orange stars", same, same)

    assert (told["winner"], told["consistent"], told["position_bias"]) == ("tie", True, 0)


async def test_eyes_without_a_language_model_have_no_taste() -> None:
    picture = await prepare(SCENES["two orange stars"], "first")

    with pytest.raises(NoOpinion, match="only a multimodal model"):
        await COMPARER.prefer("appeal", "two orange stars", picture, picture, 0)


@pytest.mark.parametrize("forth", ["A", "B", "tie"])
@pytest.mark.parametrize("back", ["A", "B", "tie"])
def test_only_agreement_wins(forth: str, back: str) -> None:
    told = agreed(Preference(forth, "so"), Preference(back, "so"))

    assert told["consistent"] or told["winner"] == "tie"
    assert (told["position_bias"] != 0) == (forth == back != "tie")
    assert not (told["position_bias"] and told["consistent"])
