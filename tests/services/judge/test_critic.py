"""Answering requests, with eyes that are no language model."""

import asyncio
from pathlib import Path

import pytest

from promptlift.cli.pictures import drawn
from promptlift.contracts import CompareRequest, Image, JudgeRequest
from services.errors import Invalid
from services.judge.checklist import Checklist
from services.judge.comparing import FactComparer
from services.judge.critic import Critic
from services.judge.eyes import Look
from services.judge.store import Forgetful, SqliteStore, Store
from tests.pictures import animated, plain
from tests.shapes import ShapeEyes, ShapePlanner

SCENES = {scene.prompt: scene.image for scene in drawn()}


class CountingEyes(ShapeEyes):
    """Count how often they look, and look as slowly as they are told."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seeds: list[int] = []
        self.seconds = seconds

    async def look(self, picture, facts, seed) -> Look:
        self.seeds.append(seed)
        await asyncio.sleep(self.seconds)
        return await super().look(picture, facts, seed)


def critic(eyes: CountingEyes | None = None, store: Store | None = None, **said) -> Critic:
    checklist = Checklist(ShapePlanner(), eyes or CountingEyes())
    described = {"name": "shapes", "version": "1", "seed": 0, "timeout": 60.0, **said}
    return Critic({"checklist": checklist}, FactComparer(checklist), store or Forgetful(), **described)


def asked(prompt: str = "two orange stars", image: Image | None = None, **said) -> JudgeRequest:
    return JudgeRequest(prompt=prompt, image=image or SCENES["two orange stars"], **said)


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "store", 10**6)
    yield store
    store.close()


async def test_eyes_without_a_language_model_judge_by_the_same_rules() -> None:
    right = await critic().judge(asked())
    wrong = await critic().judge(asked("three orange stars"))

    assert (right.score, right.verdict) == (1.0, "correct")
    assert (wrong.score, wrong.verdict) == (0.25, "incorrect")
    assert wrong.facts[1].observed_count == 2
    assert (right.model, right.usage.calls) == ("shapes", 0)


async def test_the_same_question_is_looked_at_once(store: SqliteStore) -> None:
    eyes = CountingEyes()

    first = await critic(eyes, store).judge(asked(seed=3))
    again = await critic(eyes, store).judge(asked(seed=3))

    assert (first.stored, again.stored) == (False, True)
    assert again.model_copy(update={"stored": False}) == first
    assert eyes.seeds == [3]


@pytest.mark.parametrize(
    ("request_", "described"),
    [
        (asked(seed=4), {}),
        (asked(samples=2), {}),
        (asked("two orange stars on a white background"), {}),
        (asked(image=SCENES["two blue squares"]), {}),
        (asked(), {"name": "other"}),
        (asked(), {"version": "2"}),
        (asked(), {"circumstances": {"temperature": 1.0}}),
    ],
    ids=["seed", "samples", "prompt", "picture", "model", "rubric", "circumstances"],
)
async def test_another_question_is_looked_at_anew(store: SqliteStore, request_: JudgeRequest, described: dict) -> None:
    await critic(store=store).judge(asked())

    assert not (await critic(store=store, **described).judge(request_)).stored


async def test_a_deadline_is_no_part_of_the_question(store: SqliteStore) -> None:
    await critic(store=store).judge(asked(timeout=30))

    assert (await critic(store=store).judge(asked(timeout=40))).stored


async def test_only_opinions_are_kept(store: SqliteStore) -> None:
    late = await critic(CountingEyes(seconds=5), store).judge(asked(timeout=0.4))
    again = await critic(store=store).judge(asked())

    assert (late.status, late.score) == ("unavailable", None)
    assert "no answer in time" in late.reason
    assert (again.status, again.stored) == ("ok", False)


async def test_an_answer_that_can_no_longer_be_read_is_given_anew(store: SqliteStore) -> None:
    class Spoilt(Forgetful):
        async def get(self, name: str) -> str | None:
            return '{"status": "fine"}'

    judgement = await critic(store=Spoilt()).judge(asked())

    assert (judgement.status, judgement.stored) == ("ok", False)


async def test_samples_count_the_seeds_up_and_wrap_round() -> None:
    eyes = CountingEyes()

    await critic(eyes).judge(asked(seed=2**32 - 1, samples=3))

    assert eyes.seeds == [2**32 - 1, 0, 1]


async def test_a_way_of_judging_that_is_not_there_is_no_opinion() -> None:
    judgement = await critic().judge(asked(mode="dalle3"))

    assert judgement.status == "unavailable"
    assert judgement.reason == "shapes can't judge in the mode dalle3; use checklist"


async def test_a_picture_that_cannot_be_looked_at_is_the_callers_fault(store: SqliteStore) -> None:
    with pytest.raises(Invalid, match="image: is animated"):
        await critic(store=store).judge(asked(image=animated()))


async def test_comparisons_are_kept_by_both_pictures_and_their_order(store: SqliteStore) -> None:
    one, other = SCENES["two orange stars"], plain()

    there = await critic(store=store).compare(CompareRequest(prompt="two orange stars", first=one, second=other))
    back = await critic(store=store).compare(CompareRequest(prompt="two orange stars", first=other, second=one))
    again = await critic(store=store).compare(CompareRequest(prompt="two orange stars", first=one, second=other))

    assert (there.winner, back.winner, again.winner) == ("first", "second", "first")
    assert (there.stored, back.stored, again.stored) == (False, False, True)
    assert there.first_sha256 == back.second_sha256 != there.second_sha256
