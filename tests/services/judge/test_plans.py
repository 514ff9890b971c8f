"""Plans that are made once."""

import asyncio
from collections.abc import Sequence

import pytest

from promptlift.contracts import Fact
from services.judge.opinion import NoOpinion
from services.judge.plans import MOST_PLANS, RememberedPlanner
from services.judge.store import Forgetful, SqliteStore


class CountingPlanner:
    """Plans when told to, and remembers what it was asked."""

    version = "1"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()
        self.stopped = 0

    async def plan(self, prompt: str) -> Sequence[Fact]:
        self.asked.append(prompt)
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return [Fact(id=1, kind="other", question=f"{prompt}, as planned {len(self.asked)} times?")]


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0.005)


async def test_requests_for_one_prompt_share_one_plan() -> None:
    inner = CountingPlanner()
    planner = RememberedPlanner(inner, Forgetful())

    first, second = asyncio.create_task(planner.plan("a dog")), asyncio.create_task(planner.plan("a dog"))
    await settled()
    inner.may_answer.set()

    assert await first == await second == await planner.plan("a dog")
    assert inner.asked == ["a dog"]


async def test_one_that_leaves_does_not_take_the_plan_from_the_others() -> None:
    inner = CountingPlanner()
    planner = RememberedPlanner(inner, Forgetful())

    leaving, staying = asyncio.create_task(planner.plan("a dog")), asyncio.create_task(planner.plan("a dog"))
    await settled()
    leaving.cancel()
    await settled()
    inner.may_answer.set()

    assert len(await staying) == 1
    assert inner.stopped == 0


async def test_a_plan_that_nobody_waits_for_is_stopped_and_can_be_asked_for_again() -> None:
    inner = CountingPlanner()
    planner = RememberedPlanner(inner, Forgetful())

    leaving = asyncio.create_task(planner.plan("a dog"))
    await settled()
    leaving.cancel()
    again = asyncio.create_task(planner.plan("a dog"))
    await settled()
    inner.may_answer.set()

    assert len(await again) == 1
    assert inner.stopped == 1


async def test_a_failure_reaches_all_who_wait_and_is_not_kept() -> None:
    class Refusing(CountingPlanner):
        async def plan(self, prompt: str) -> Sequence[Fact]:
            self.asked.append(prompt)
            await asyncio.sleep(0)
            raise NoOpinion("refused", "no")

    inner = Refusing()
    planner = RememberedPlanner(inner, Forgetful())

    outcomes = await asyncio.gather(*(planner.plan("a dog") for _ in range(3)), return_exceptions=True)
    with pytest.raises(NoOpinion):
        await planner.plan("a dog")

    assert [type(outcome) for outcome in outcomes] == [NoOpinion] * 3
    assert len(inner.asked) == 2


async def test_a_plan_outlives_the_process_that_made_it(tmp_path) -> None:
    inner = CountingPlanner()
    inner.may_answer.set()
    plans = []
    for _ in range(2):
        store = SqliteStore(tmp_path / "store", 10**6)
        plans.append(await RememberedPlanner(inner, store).plan("a dog"))
        store.close()

    assert plans[0] == plans[1]
    assert inner.asked == ["a dog"]


async def test_another_version_plans_anew(tmp_path) -> None:
    inner = CountingPlanner()
    inner.may_answer.set()
    store = SqliteStore(tmp_path / "store", 10**6)

    await RememberedPlanner(inner, store).plan("a dog")
    inner.version = "2"
    await RememberedPlanner(inner, store).plan("a dog")

    store.close()
    assert inner.asked == ["a dog", "a dog"]


async def test_the_oldest_plans_are_forgotten() -> None:
    inner = CountingPlanner()
    inner.may_answer.set()
    planner = RememberedPlanner(inner, Forgetful())

    for number in range(MOST_PLANS + 1):
        await planner.plan(f"dog {number}")
    inner.asked.clear()
    await planner.plan(f"dog {MOST_PLANS}")
    await planner.plan("dog 0")

    assert inner.asked == ["dog 0"]
