"""The embedded eyes judge drawings of their world through the scoring that all eyes share, and nothing else."""

from itertools import islice
from pathlib import Path

import pytest

from pocket.captions import worded
from pocket.drawing import draw
from pocket.grammar import plural
from pocket.statement import terse
from pocket.world import Scene, scenes
from promptlift.cli import controls
from promptlift.cli.pictures import drawn
from promptlift.contracts import CompareRequest, Image, JudgeRequest
from services.judge import embedded
from services.judge.critic import Critic
from services.judge.load import sighted
from services.judge.opinion import NoOpinion
from services.judge.settings import JudgeSettings
from services.judge.store import Forgetful
from tests.pictures import encoded, plain


@pytest.fixture(scope="module")
def critic() -> Critic:
    return sighted(JudgeSettings(), embedded.open_eyes(), Forgetful())


@pytest.fixture(scope="module")
def held_out() -> list[Scene]:
    return list(islice(scenes(held_out=True), 20))


def picture(scene: Scene) -> Image:
    return Image.of(encoded(draw(scene)))


async def test_drawings_are_judged_correct_for_their_own_words_and_not_for_others(
    critic: Critic, held_out: list[Scene]
) -> None:
    for scene, other in zip(held_out, [*held_out[1:], held_out[0]], strict=True):
        own = await critic.judge(JudgeRequest(prompt=worded(scene.statement), image=picture(scene)))
        strange = await critic.judge(JudgeRequest(prompt=worded(other.statement), image=picture(scene)))

        assert (own.verdict, own.model) == ("correct", embedded.NAME)
        assert own.score > 0.9
        assert strange.verdict == "incorrect"


async def test_a_wrong_count_is_told_with_what_was_counted(critic: Critic, held_out: list[Scene]) -> None:
    scene = next(scene for scene in held_out if scene.statement.entities[0].count == 3)
    entity = scene.statement.entities[0]
    prompt = f"five {entity.colour} {plural(entity.shape)}"

    judgement = await critic.judge(JudgeRequest(prompt=prompt, image=picture(scene)))

    assert judgement.verdict == "incorrect"
    assert [fact.observed_count for fact in judgement.facts if fact.kind == "count"] == [3]
    assert "(3 counted)" in judgement.reasoning


@pytest.mark.parametrize("colour", ["white", "black", "red", "navy"])
async def test_a_blank_picture_scores_below_a_tenth(critic: Critic, held_out: list[Scene], colour: str) -> None:
    for scene in held_out:
        judgement = await critic.judge(JudgeRequest(prompt=worded(scene.statement), image=plain(colour)))

        assert judgement.score < 0.1


async def test_more_of_the_prompt_wins_a_comparison_in_either_order(critic: Critic, held_out: list[Scene]) -> None:
    scene, other = held_out[:2]
    prompt = worded(terse(scene.statement))
    right, wrong = picture(scene), picture(other)

    there = await critic.compare(CompareRequest(prompt=prompt, first=right, second=wrong))
    back = await critic.compare(CompareRequest(prompt=prompt, first=wrong, second=right))

    assert (there.winner, back.winner) == ("first", "second")


@pytest.mark.parametrize(
    ("prompt", "named"),
    [
        ("a frog dressed as a knight", "not: frog, dressed, knight"),
        ("a red circle without a star", "not: without"),
        ("seven red circles", "not: seven"),
        ("something nice", "not: something, nice"),
        ("red", "and the prompt names none"),
        ("a red and blue circle", "not: red"),
    ],
)
async def test_of_what_is_beyond_its_world_it_gives_no_score(critic: Critic, prompt: str, named: str) -> None:
    judgement = await critic.judge(JudgeRequest(prompt=prompt, image=plain()))

    assert (judgement.status, judgement.score) == ("unavailable", None)
    assert named in judgement.reason
    assert "JUDGE_API_BASE" in judgement.reason


async def test_a_prompt_with_too_many_facts_is_refused() -> None:
    prompt = " and ".join(f"a {size} red circle" for size in ["small", "large"] * 12)

    with pytest.raises(NoOpinion, match="holds 96 facts; at most 64") as caught:
        await embedded.PocketPlanner("1").plan(prompt)

    assert caught.value.status == "too_large"


async def test_a_way_of_judging_that_needs_a_language_model_is_named_with_what_there_is(critic: Critic) -> None:
    judgement = await critic.judge(JudgeRequest(prompt="a red circle", image=plain(), mode="dalle3"))

    assert judgement.reason == "pocket-eyes can't judge in the mode dalle3; use checklist"


def test_other_weights_are_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = embedded.version()
    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(embedded, "WEIGHTS", tmp_path)

    assert embedded.version() != before


async def test_it_passes_the_controls_that_every_judge_must_pass(critic: Critic) -> None:
    questions = controls.cases(drawn())

    judged = [(case, await critic.judge(JudgeRequest(prompt=case.prompt, image=case.image))) for case in questions]

    failed = [result for result in controls.grade(judged) if result.passed is False]
    assert not failed


async def test_the_evidence_says_what_was_seen(critic: Critic) -> None:
    judgement = await critic.judge(JudgeRequest(prompt="a red circle", image=plain("white")))

    assert judgement.facts[0].evidence == "Seen on white: nothing"
