"""Jobs that wait for a generator which is not there yet."""

from dataclasses import dataclass, field

import pytest
from prometheus_client import REGISTRY

from promptlift.contracts import GenerateRequest, GenerateResult, Progress
from services.errors import DependencyUnavailable, NotReady
from services.orchestrator.job import Job
from services.orchestrator.patience import Patient
from tests.fakes import FakeServices

GONE = DependencyUnavailable("the generator is not available: connection refused", retry_after=5)
ASKED = [GenerateRequest(prompt="a red circle", seed=7)]


@dataclass
class LateServices(FakeServices):
    """Services whose generator is there only after so many looks at it; `None`: never."""

    looks_needed: int | None = 0
    asked_for: list[tuple[str, ...]] = field(default_factory=list)
    waiting: list[float | None] = field(default_factory=list)

    async def ready(self, *names: str) -> None:
        self.asked_for.append(names)
        self.waiting.append(REGISTRY.get_sample_value("promptlift_orchestrator_waiting_jobs"))
        if self.looks_needed is None or len(self.asked_for) < self.looks_needed:
            raise NotReady("the generator is still loading")
        self.generator_error = None


async def paint(
    services: FakeServices, wait: float = 5.0, told: list[Progress] | None = None, timeout: float = 60.0
) -> list[GenerateResult]:
    job = Job(timeout, (told if told is not None else []).append)
    return await Patient(services, job, wait=wait, pause=0.01).generate(ASKED, job.left())


async def test_a_generator_that_is_there_is_asked_at_once() -> None:
    services = LateServices()

    [result] = await paint(services)

    assert result.picture is not None
    assert services.asked_for == []


async def test_a_job_waits_until_the_generator_is_there_and_then_paints() -> None:
    services = LateServices(generator_error=GONE, looks_needed=4)
    told: list[Progress] = []

    [result] = await paint(services, told=told)

    assert result.picture is not None
    assert services.asked_for == [("generator",)] * 4
    assert [(event.event, event.stage) for event in told] == [("started", "wait"), ("finished", "wait")]


async def test_jobs_that_wait_are_counted_for_what_scales_the_generator() -> None:
    services = LateServices(generator_error=GONE, looks_needed=3)

    await paint(services)

    assert services.waiting == [0, 1, 1]
    assert REGISTRY.get_sample_value("promptlift_orchestrator_waiting_jobs") == 0


async def test_a_job_that_waited_in_vain_says_when_to_come_back() -> None:
    services = LateServices(generator_error=GONE, looks_needed=None)

    with pytest.raises(DependencyUnavailable, match=r"the generator is starting.*connection refused") as caught:
        await paint(services, wait=0.1)

    assert caught.value.retry_after
    assert REGISTRY.get_sample_value("promptlift_orchestrator_waiting_jobs") == 0


async def test_a_callers_short_time_bounds_the_wait_and_the_answer_still_says_why() -> None:
    services = LateServices(generator_error=GONE, looks_needed=None)

    with pytest.raises(DependencyUnavailable, match="is starting"):
        await paint(services, wait=600, timeout=0.5)


async def test_without_patience_the_error_comes_at_once() -> None:
    services = LateServices(generator_error=GONE, looks_needed=2)

    with pytest.raises(DependencyUnavailable, match="connection refused"):
        await paint(services, wait=0)

    assert services.asked_for == []


async def test_a_generator_that_is_there_and_turns_pictures_away_is_not_waited_for() -> None:
    class Full(LateServices):
        async def ready(self, *names: str) -> None:
            self.asked_for.append(names)

    services = Full(generator_error=DependencyUnavailable("the queue is full"))

    with pytest.raises(DependencyUnavailable, match="the queue is full"):
        await paint(services)

    assert len(services.painted) == 1
