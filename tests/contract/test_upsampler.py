"""The real client against the real upsampler."""

import pytest

from promptlift import Client, Rejected
from tests.openai_server import OpenAIServer, Step


def test_a_terse_prompt_becomes_a_caption(upsampler: str, llm: OpenAIServer) -> None:
    with Client(upsampler) as client:
        upsampling = client.upsample(prompt="a red circle", seed=7)

    assert upsampling.base_prompt == "a red circle"
    assert upsampling.prompt.startswith("a red circle, seen from the front")
    assert (upsampling.seed, upsampling.fallback) == (7, False)
    assert llm.chats[0].seed == 7


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step(refusal="I can't help with that."), "I can't help with that."),
        (Step(content='{"caption": "a red ci', finish_reason="length"), "cut off at the token limit"),
        (Step(content="a red circle, no JSON at all"), "gave no caption"),
        (Step(content='{"caption": "  "}'), "gave no caption"),
        (Step(raw="<html>nothing here</html>"), "no chat completion"),
        (Step(status=401), "scripted"),
        (Step(status=400, code="context_length_exceeded"), "scripted"),
    ],
    ids=["refused", "truncated", "malformed", "blank", "html", "key", "too long"],
)
def test_whatever_the_model_does_there_is_a_prompt_to_paint(
    upsampler: str, llm: OpenAIServer, step: Step, reason: str
) -> None:
    llm.play(step)

    with Client(upsampler) as client:
        upsampling = client.upsample(prompt="a red circle")

    assert upsampling.prompt == "a red circle"
    assert upsampling.fallback
    assert reason in (upsampling.reason or "")


@pytest.mark.parametrize(
    "step", [Step(status=500), Step(status=429, headers={"retry-after": "0.1"})], ids=["500", "429"]
)
def test_a_passing_failure_of_the_model_is_retried(upsampler: str, llm: OpenAIServer, step: Step) -> None:
    llm.play(step)

    with Client(upsampler) as client:
        upsampling = client.upsample(prompt="a red circle")

    assert not upsampling.fallback
    assert len(llm.chats) == 2


def test_a_model_that_is_too_slow_costs_no_more_than_the_callers_time(upsampler: str, llm: OpenAIServer) -> None:
    llm.play(Step(delay=5))

    with Client(upsampler) as client:
        upsampling = client.upsample(prompt="a red circle", timeout=1)

    assert upsampling.fallback
    assert "no answer in time" in (upsampling.reason or "")


def test_the_service_itself_names_each_wrong_field_with_its_value(upsampler: str) -> None:
    import httpx

    answer = httpx.post(f"{upsampler}/upsample", json={"prompt": "a\x00b", "seed": -1, "colour": "red"})

    assert answer.status_code == 422
    message = answer.json()["error"]["message"]
    assert "prompt: holds the control character U+0000 at position 1; remove it, got 'a\\x00b'" in message
    assert "seed: must be greater than or equal to 0, got -1" in message
    assert "colour: is unknown; remove it" in message


def test_a_lone_surrogate_is_refused_before_it_is_sent(upsampler: str) -> None:
    with Client(upsampler) as client, pytest.raises(Rejected, match="prompt"):
        client.upsample(prompt="a \ud800 circle")
