"""The whole job, with services that answer at once."""

from typing import Any

import pytest

from promptlift.contracts import CreateRequest, Creation, Progress
from services.errors import DeadlineExceeded, DependencyFailed, DependencyUnavailable, ServiceError
from services.orchestrator import workflow
from services.orchestrator.job import Job
from tests.fakes import FakeServices

DOWN = DependencyUnavailable("it is not available", retry_after=5)


async def create(services: FakeServices, told: list[Progress] | None = None, **fields: Any) -> Creation:
    job = Job(60.0, (told if told is not None else []).append)
    request = CreateRequest(**{"prompt": "a red circle", "seed": 7} | fields)
    return await workflow.create(request, services, job, upsample_timeout=30.0)


async def test_the_upsampled_prompt_is_painted_and_judged_against_the_users_own() -> None:
    services = FakeServices()

    creation = await create(services)

    assert [request.prompt for request in services.painted] == ["a red circle, in soft light"]
    assert [request.prompt for request in services.looked_at] == ["a red circle"]
    assert [picture.arm for picture in creation.pictures] == ["upsampled"]


async def test_both_arms_are_painted_in_one_batch_with_the_same_seeds() -> None:
    services = FakeServices()

    creation = await create(services, compare=True, n=2)

    assert [(request.prompt, request.seed) for request in services.painted] == [
        ("a red circle", 7),
        ("a red circle", 8),
        ("a red circle, in soft light", 7),
        ("a red circle, in soft light", 8),
    ]
    assert creation.comparison is not None
    assert creation.comparison.winner == "second"


async def test_seeds_beyond_the_last_begin_again() -> None:
    services = FakeServices()

    await create(services, n=2, seed=2**32 - 1)

    assert [request.seed for request in services.painted] == [2**32 - 1, 0]


async def test_the_judge_is_told_the_same_of_both_arms() -> None:
    services = FakeServices()

    await create(services, compare=True)

    base, upsampled = (request.model_dump(exclude={"image", "timeout"}) for request in services.looked_at)
    assert base == upsampled
    assert base["prompt"] == "a red circle"


@pytest.mark.parametrize(
    ("scores", "best"),
    [([0.9, 0.2], 0), ([0.2, 0.9], 1), ([0.7, 0.7], 1), ([None, 0.1], 1), ([None, None], 1)],
    ids=["base", "upsampled", "equal", "unjudged", "none"],
)
async def test_the_best_picture_has_the_highest_score(scores: list[float | None], best: int) -> None:
    creation = await create(FakeServices(scores=scores), compare=True)

    assert creation.best == best


async def test_without_an_upsampler_the_base_prompt_is_painted_with_a_warning() -> None:
    creation = await create(FakeServices(upsampler_error=DOWN))

    assert [picture.generated.prompt for picture in creation.pictures] == ["a red circle"]
    assert [picture.arm for picture in creation.pictures] == ["base"]
    assert "the base prompt is painted: it is not available" in creation.warnings


async def test_an_upsampler_that_gave_nothing_paints_the_base_prompt_once() -> None:
    services = FakeServices(fallback="the model refused")

    creation = await create(services, compare=True)

    assert len(services.painted) == 1
    assert creation.comparison is None
    assert creation.upsampling is not None
    assert "the model refused" in creation.warnings[0]


async def test_without_a_judge_the_pictures_come_without_a_score() -> None:
    creation = await create(FakeServices(judge_error=DOWN), compare=True)

    judgements = [picture.judgement for picture in creation.pictures]
    assert [(j.status, j.score) for j in judgements if j] == [("unavailable", None)] * 2
    assert creation.comparison is not None
    assert creation.comparison.status == "unavailable"
    assert any("has no score" in warning for warning in creation.warnings)


@pytest.mark.parametrize("error", [DOWN, DependencyFailed("it failed")])
async def test_without_a_generator_there_is_no_answer_but_its_error(error: ServiceError) -> None:
    with pytest.raises(type(error)) as caught:
        await create(FakeServices(generator_error=error))

    assert caught.value.retry_after == error.retry_after


async def test_a_missing_picture_leaves_the_others() -> None:
    creation = await create(FakeServices(missing=frozenset({0})), n=2)

    assert [picture.generated.seed for picture in creation.pictures] == [8]
    assert "a picture of the upsampled prompt is missing: the brush broke" in creation.warnings


async def test_when_every_picture_is_missing_the_first_ones_error_is_told() -> None:
    with pytest.raises(ServiceError, match="the brush broke"):
        await create(FakeServices(missing=frozenset({0, 1})), n=2)


async def test_nothing_is_asked_that_was_not_wanted() -> None:
    services = FakeServices()

    creation = await create(services, upsample=False, judge=False, compare=True)

    assert (services.upsampled, services.looked_at, services.compared) == ([], [], [])
    assert [picture.judgement for picture in creation.pictures] == [None]


async def test_each_stage_is_told_as_it_begins_and_ends() -> None:
    told: list[Progress] = []

    creation = await create(FakeServices(), told, compare=True)

    assert [(event.event, event.stage) for event in told[:5]] == [
        ("started", "upsample"),
        ("finished", "upsample"),
        ("started", "generate"),
        ("finished", "generate"),
        ("started", "judge"),
    ]
    assert {timing.stage for timing in creation.timings} == {"upsample", "generate", "judge", "compare"}


async def test_every_hop_is_told_how_long_it_may_take() -> None:
    services = FakeServices()

    await create(services)

    assert services.upsampled[0].timeout is not None
    assert services.upsampled[0].timeout <= 30.0
    assert services.looked_at[0].timeout is not None
    assert services.looked_at[0].timeout <= 60.0


async def test_a_job_out_of_time_says_so_instead_of_blaming_the_generator() -> None:
    services = FakeServices(slow=0.15, generator_error=DOWN)
    job = Job(0.3, lambda progress: None)

    with pytest.raises(DeadlineExceeded, match="time ran out"):
        await workflow.create(CreateRequest(prompt="a"), services, job, upsample_timeout=30.0)
