"""The real client against the real orchestrator, which calls the three real services over HTTP."""

import httpx
import pytest

from promptlift import AsyncClient, Client, CreateRequest, Rejected, Unavailable
from tests.openai_server import OpenAIServer, Step
from tests.pictures import noisy
from tests.witness import witness


def test_a_job_upsamples_paints_and_judges(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle", seed=5)

    [picture] = creation.pictures
    assert picture.arm == "upsampled"
    assert picture.generated.prompt == creation.upsampling.prompt != "a red circle"
    assert picture.judgement.score == 1.0
    assert [timing.stage for timing in creation.timings] == ["upsample", "generate", "judge"]
    assert creation.seconds >= max(timing.seconds for timing in creation.timings)


def test_the_judge_sees_the_users_own_prompt_and_never_the_upsampled_one(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle", compare=True)

    judging = [chat for chat in llm.chats if chat.images or "facts" in chat.fields]
    assert len([chat for chat in judging if chat.images]) == 4  # two judgements, one comparison in both orders
    assert {chat.asked("prompt") for chat in judging} <= {"a red circle", ""}
    assert all(creation.upsampling.prompt not in chat.messages[-1].text for chat in judging)


def test_each_picture_is_judged_as_the_request_says(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle", judge_mode="dalle3", judge_samples=3, judge_seed=5)

    judgement = creation.pictures[0].judgement
    assert (judgement.mode, judgement.samples, judgement.seed) == ("dalle3", 3, 5)
    assert sorted(chat.seed for chat in llm.chats if chat.images) == [5, 6, 7]


def test_the_judge_can_be_asked_through_it(orchestrator: str, judge: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())
    picture = noisy(256)

    with Client(orchestrator) as here, Client(judge) as there:
        answers = [client.judge(prompt="a red circle", image=picture, seed=3) for client in (here, there)]

    assert len(picture.data) > 64 * 1024  # more than any other of its routes takes
    assert answers[0] == answers[1]


def test_both_arms_are_painted_with_the_same_seeds(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle", compare=True, n=2, seed=7, judge=False)

    assert [(p.arm, p.generated.seed) for p in creation.pictures] == [
        ("base", 7),
        ("base", 8),
        ("upsampled", 7),
        ("upsampled", 8),
    ]
    assert creation.comparison is None


def test_without_upsampling_the_users_own_words_are_painted(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle", upsample=False)

    assert creation.upsampling is None
    assert [(p.arm, p.generated.prompt) for p in creation.pictures] == [("base", "a red circle")]


def test_a_refused_prompt_is_painted_as_it_is_with_a_warning(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(Step(refusal="I can't."), brain=witness())

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle")

    assert [picture.arm for picture in creation.pictures] == ["base"]
    assert "I can't." in creation.warnings[0]


def test_a_picture_without_a_judge_has_no_score(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness(seen=lambda chat: []))

    with Client(orchestrator) as client:
        creation = client.create(prompt="a red circle")

    assert creation.pictures[0].judgement.status == "malformed"
    assert creation.pictures[0].judgement.score is None
    assert creation.pictures[0].generated.image.data


def test_every_choice_reaches_the_generator(orchestrator: str, llm: OpenAIServer) -> None:
    with Client(orchestrator) as client:
        creation = client.create(
            prompt="a blurry photo",
            upsample=False,
            judge=False,
            negative_prompt="snow",
            stock_negative_prompt=True,
            width=128,
            height=64,
            steps=3,
            guidance=2.5,
            seed=11,
            format="webp",
        )

    generated = creation.pictures[0].generated
    assert (generated.width, generated.height, generated.steps, generated.guidance) == (128, 64, 3, 2.5)
    assert (generated.seed, generated.image.media_type) == (11, "image/webp")
    assert generated.negative_prompt.startswith("snow, out of focus")
    assert "blurry" not in generated.negative_prompt


def test_the_judges_seed_reaches_the_model(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(orchestrator) as client:
        client.create(prompt="a red circle", judge_seed=42)

    assert [chat.seed for chat in llm.chats if chat.images] == [42]


async def test_a_stream_tells_each_stage_and_ends_with_the_result(orchestrator: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    async with AsyncClient(orchestrator) as client:
        events = [event async for event in client.stream(CreateRequest(prompt="a red circle"))]

    told = [(event.event, event.stage) for event in events]
    assert told == [
        ("started", "upsample"),
        ("finished", "upsample"),
        ("started", "generate"),
        ("finished", "generate"),
        ("started", "judge"),
        ("finished", "judge"),
        ("result", None),
    ]
    assert events[-1].result.pictures[0].judgement.score == 1.0


async def test_a_stream_that_fails_says_so_and_ends(orchestrator: str, llm: OpenAIServer) -> None:
    async with AsyncClient(orchestrator) as client:
        request = CreateRequest(prompt="a red circle", upsample=False, steps=150, width=256, height=256, timeout=0.5)
        events = [event async for event in client.stream(request)]

    assert events[-1].event == "error"
    assert "longer than" in events[-1].error.message


def test_a_job_that_cannot_be_done_in_its_time_is_not_begun(orchestrator: str) -> None:
    with Client(orchestrator) as client, pytest.raises(Unavailable, match="longer than") as caught:
        client.create(prompt="a red circle", upsample=False, steps=150, width=256, height=256, timeout=0.5)

    assert caught.value.status == 503


def test_a_request_id_is_kept_through_every_service(orchestrator: str, llm: OpenAIServer) -> None:
    answer = httpx.post(
        f"{orchestrator}/create",
        json={"prompt": "a red circle", "judge": False},
        headers={"x-request-id": "job-17"},
        timeout=60,
    )

    assert answer.headers["x-request-id"] == "job-17"
    assert answer.json()["request_id"] == "job-17"


def test_the_orchestrator_rejects_what_the_contract_does_not_allow(orchestrator: str) -> None:
    with Client(orchestrator) as client, pytest.raises(Rejected, match="n: must be less than or equal to 16, got 17"):
        client.create(prompt="a red circle", n=17)
