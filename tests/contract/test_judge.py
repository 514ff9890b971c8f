"""The real client against the real judge: what it asks the model, and what it makes of the answers."""

import pytest

from promptlift import Client, JudgeRequest
from tests.openai_server import Chat, OpenAIServer, Step
from tests.pictures import plain
from tests.witness import draft, sighting, witness


def test_a_picture_is_judged_by_the_facts_of_its_prompt(judge: str, llm: OpenAIServer, prompt: str) -> None:
    facts = [draft(1), draft(2, "colour", "Is the circle red?", parents=[1], value="red")]
    llm.play(brain=witness(facts))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain(), seed=5)

    assert (judgement.status, judgement.score, judgement.verdict) == ("ok", 1.0, "correct")
    assert [(fact.question, fact.evidence, fact.holds) for fact in judgement.facts] == [
        ("Is there a circle?", "in the middle", True),
        ("Is the circle red?", "in the middle", True),
    ]
    assert judgement.reasoning == "2 of 2 facts hold."
    assert (judgement.model, judgement.fingerprint) == ("local-multimodal-1", "fp_local")
    assert (judgement.usage.calls, judgement.usage.input_tokens, judgement.usage.output_tokens) == (2, 22, 14)
    assert len(judgement.image_sha256) == 64
    assert judgement.agreement is None


def test_the_plan_is_made_without_the_picture_and_the_look_without_the_prompt(
    judge: str, llm: OpenAIServer, prompt: str
) -> None:
    llm.play(brain=witness([draft(1)]))

    with Client(judge) as client:
        client.judge(prompt=prompt, image=plain())

    plan, look = llm.chats
    assert plan.asked("prompt") == prompt
    assert plan.images == []
    assert len(look.images) == 1
    assert all(prompt not in message.text for message in look.messages)


def test_a_prompt_is_planned_once_for_all_its_pictures(judge: str, llm: OpenAIServer, prompt: str) -> None:
    llm.play(brain=witness([draft(1)]))

    with Client(judge) as client:
        client.judge(prompt=prompt, image=plain("red"))
        client.judge(prompt=prompt, image=plain("blue"))

    assert [sorted(chat.fields) for chat in llm.chats] == [["facts"], ["seen", "writing"], ["seen", "writing"]]


def test_samples_look_with_the_next_seeds_and_are_averaged(judge: str, llm: OpenAIServer, prompt: str) -> None:
    def seen(chat: Chat):
        return [sighting(1, "no" if chat.seed == 8 else "yes"), sighting(2)]

    llm.play(brain=witness([draft(1), draft(2, question="Is it day?")], seen))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain(), seed=7, samples=3)

    assert sorted(chat.seed for chat in llm.chats if chat.images) == [7, 8, 9]
    assert [fact.vote for fact in judgement.facts] == [0.6667, 1.0]
    assert judgement.score == pytest.approx(0.5 + 0.5 * (2 / 3 + 1) / 2, abs=1e-4)
    assert judgement.agreement == pytest.approx((2 / 3 + 1) / 2, abs=1e-4)


def test_what_reaches_the_api_is_what_the_settings_and_the_request_say(
    judge: str, llm: OpenAIServer, prompt: str
) -> None:
    llm.play(brain=witness([draft(1)]))

    with Client(judge) as client:
        client.judge(prompt=prompt, image=plain(), seed=5)

    look = llm.chats[-1]
    [part] = [part for part in look.messages[-1].content if part.type == "image_url"]
    assert (look.model, look.seed, look.temperature, look.max_tokens) == ("local-multimodal-1", 5, 0.0, 4000)
    assert part.image_url.detail == "high"
    assert llm.headers[-1]["authorization"] == "Bearer sk-test"


def test_the_quick_mode_asks_once(judge: str, llm: OpenAIServer, prompt: str) -> None:
    llm.play(brain=witness([draft(1), draft(2)], lambda chat: [sighting(1), sighting(2)]))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain(), mode="quick")

    assert (judgement.status, judgement.mode, judgement.score) == ("ok", "quick", 1.0)
    assert len(llm.chats) == 1
    assert llm.chats[0].asked("prompt") == prompt


def test_the_quick_mode_takes_one_sample() -> None:
    with pytest.raises(ValueError, match="samples is 3, but each quick look has its own facts"):
        JudgeRequest(prompt="a red circle", image=plain(), mode="quick", samples=3)


@pytest.mark.parametrize(("correct", "score", "verdict"), [(True, 1.0, "correct"), (False, 0.0, "incorrect")])
def test_the_dalle3_mode_gives_the_plain_answer(
    judge: str, llm: OpenAIServer, prompt: str, correct: bool, score: float, verdict: str
) -> None:
    llm.play(brain=witness(correct=correct))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain(), mode="dalle3")

    assert (judgement.score, judgement.verdict, judgement.reasoning) == (score, verdict, "It is there.")
    assert judgement.facts == ()
    assert llm.chats[0].asked("prompt") == prompt


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (Step(refusal="No."), "refused"),
        (Step(status=400, code="content_policy_violation"), "refused"),
        (Step(content="{", finish_reason="length"), "malformed"),
        (Step(content="I think it is fine"), "malformed"),
        (Step(content='{"seen": [], "writing": ""}'), "malformed"),
        (Step(status=401), "unavailable"),
        (Step(status=400, code="context_length_exceeded"), "too_large"),
    ],
    ids=["refusal", "policy", "cut", "prose", "an unanswered question", "key", "too large"],
)
def test_without_an_opinion_there_is_no_score(
    judge: str, llm: OpenAIServer, prompt: str, step: Step, status: str
) -> None:
    llm.play(brain=witness([draft(1)], lambda chat: step))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain())

    assert (judgement.status, judgement.score, judgement.verdict) == (status, None, None)
    assert judgement.reason
    assert judgement.usage.calls >= 1  # a refusal is paid for, too


def test_a_prompt_that_the_model_will_not_plan_has_no_score(judge: str, llm: OpenAIServer, prompt: str) -> None:
    llm.play(Step(refusal="Not this one."))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain())

    assert (judgement.status, judgement.score) == ("refused", None)
    assert "Not this one." in judgement.reason


def test_an_answer_that_cannot_be_read_is_asked_for_once_more(judge: str, llm: OpenAIServer, prompt: str) -> None:
    answers = iter([Step(content="prose"), [sighting(1)]])
    llm.play(brain=witness([draft(1)], lambda chat: next(answers)))

    with Client(judge) as client:
        judgement = client.judge(prompt=prompt, image=plain(), seed=1)

    assert judgement.status == "ok"
    assert len({chat.seed for chat in llm.chats if chat.images}) == 2
