"""What the judge's overhead is measured with."""

import asyncio
import time

from bench.judging import loop, overhead, pictures, properties, rules
from promptlift.contracts import Image, JudgeRequest
from services.judge.load import load
from services.judge.settings import JudgeSettings


async def test_the_judge_takes_the_instant_endpoint_for_a_model() -> None:
    with overhead.endpoint() as (url, _):
        judge = await asyncio.to_thread(load, JudgeSettings(api_base=url, api_key="none", store="off"))
        request = JudgeRequest(prompt="a thing", image=Image.of(pictures.made()[0]))
        judgement = await judge.judge(request)
        await judge.comparer.model.lm._async_engine_spec.aclose()  # DSPy closes none that it was given

    assert (judgement.status, judgement.score, len(judgement.facts)) == ("ok", 1.0, 4)


def test_pictures_are_as_large_as_sdxls() -> None:
    assert all(1_300_000 < len(data) < 1_700_000 for data in pictures.made())
    assert len(set(pictures.made())) == len(pictures.made())


async def test_a_blocked_loop_is_noticed() -> None:
    longest = loop.watch()
    await asyncio.sleep(0.01)

    started = time.thread_time()
    while time.thread_time() - started < 0.03:
        pass
    await asyncio.sleep(0.01)

    assert longest.seconds >= 0.028
    assert longest.cpu_seconds >= 0.03


def test_the_score_breaks_none_of_its_properties() -> None:
    assert set(properties.violations(300).values()) == {0}


def test_rules_are_held_against_peoples_lists(tmp_path) -> None:
    (tmp_path / "plans.csv").write_text(
        "text,tuple\n"
        'two red dogs,"entity - whole (dogs)"\n'
        'two red dogs,"other - count (dogs, ==2)"\n'
        'two red dogs,"attribute - color (dogs, red)"\n'
        'a bluish cat,"attribute - color (cat, blue)"\n'
    )

    measured = rules.measure(tmp_path / "plans.csv")

    assert measured["count"] == {"read": 1, "listed": 1, "precision": 1.0, "recall": 1.0}
    assert measured["colour"] == {"read": 1, "listed": 2, "precision": 1.0, "recall": 0.5}
