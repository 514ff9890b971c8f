"""The engine between DSPy and an OpenAI-compatible endpoint, over the real openai SDK."""

import asyncio
import base64
from typing import Any

import dspy
import pytest

from services.language_model import attachments, connect, name_model
from services.upsampler.settings import UpsamplerSettings
from tests.openai_server import KEY, MODEL, OpenAIServer, Step
from tests.pictures import plain


def settings(llm: OpenAIServer, **fields: Any) -> UpsamplerSettings:
    return UpsamplerSettings(**{"api_base": llm.url, "api_key": KEY, "max_retries": 1} | fields)


def ask(llm: OpenAIServer, model: str = MODEL, *, inputs: dict[str, Any] | None = None, **fields: Any) -> Any:
    """Run a one-field program once, asynchronously."""
    signature = fields.pop("signature", "question: str -> answer: str")
    lm = connect(settings(llm, **fields), model)

    async def run() -> Any:
        try:
            with dspy.context(lm=lm, adapter=dspy.JSONAdapter(), disable_history=True, trace=None):
                return await dspy.Predict(signature).acall(**inputs or {"question": "why?"}, config={"seed": 3})
        finally:
            await lm._async_engine_spec.aclose()  # DSPy closes none that it was given

    return asyncio.run(run())


def test_model_seed_temperature_and_limit_reach_the_api(llm: OpenAIServer) -> None:
    ask(llm, temperature=0.25, max_tokens=77)

    [chat] = llm.chats
    assert (chat.model, chat.seed, chat.temperature, chat.max_tokens) == (MODEL, 3, 0.25, 77)
    assert llm.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("model", ["o3-mini", "gpt-5", "gpt-5.1-mini"])
def test_a_reasoning_model_is_sent_no_temperature(llm: OpenAIServer, model: str) -> None:
    ask(llm, model, temperature=0.0)

    assert llm.chats[0].temperature is None


def test_a_model_that_dspy_does_not_know_still_gets_a_json_schema(llm: OpenAIServer) -> None:
    ask(llm, "qwen3-vl-of-my-own")

    assert llm.chats[0].response_format is not None
    assert llm.chats[0].response_format.json_schema.strict is True


@pytest.mark.parametrize(
    ("step", "kind", "code"),
    [
        (Step(refusal="No."), dspy.LMInvalidRequestError, "refused"),
        (Step(finish_reason="content_filter", content=""), dspy.LMInvalidRequestError, "refused"),
        (Step(finish_reason="length", content='{"answer": "be'), dspy.LMInvalidRequestError, "truncated"),
        (Step(status=401), dspy.LMAuthError, None),
        (Step(status=403), dspy.LMAuthError, None),
        (Step(status=404), dspy.LMUnsupportedModelError, None),
        (Step(status=400, code="content_policy_violation"), dspy.LMInvalidRequestError, "refused"),
        (Step(status=400, code="context_length_exceeded"), dspy.ContextWindowExceededError, "context_length_exceeded"),
        (Step(raw="<html></html>"), dspy.LMProviderError, None),
    ],
    ids=["refusal", "filter", "cut", "401", "403", "404", "policy", "context", "html"],
)
def test_an_answer_that_is_none_is_an_error_with_its_reason(
    llm: OpenAIServer, step: Step, kind: type[dspy.LMError], code: str | None
) -> None:
    llm.play(step)

    with pytest.raises(kind) as caught:
        ask(llm)

    assert caught.value.provider_code == code
    assert len(llm.chats) == 1


@pytest.mark.parametrize(("status", "kind"), [(429, dspy.LMRateLimitError), (500, dspy.LMServerError)])
def test_a_passing_failure_is_tried_again_and_then_given_up(
    llm: OpenAIServer, status: int, kind: type[dspy.LMError]
) -> None:
    llm.play(*[Step(status=status, headers={"retry-after-ms": "10"})] * 5)

    with pytest.raises(kind):
        ask(llm, max_retries=2)

    assert len(llm.chats) == 3


def test_a_quota_that_is_spent_is_a_matter_of_billing(llm: OpenAIServer) -> None:
    llm.play(*[Step(status=429, code="insufficient_quota", headers={"retry-after-ms": "10"})] * 2)

    with pytest.raises(dspy.LMBillingError):
        ask(llm)


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with pytest.raises(dspy.LMTransportError):
        asyncio.run(_ask_nowhere())


async def _ask_nowhere() -> None:
    lm = connect(UpsamplerSettings(api_base="http://127.0.0.1:9/v1", max_retries=0), "m")
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter(), disable_history=True, trace=None):
        await dspy.Predict("question -> answer").acall(question="why?")


class Shown(dspy.Type):
    name: str

    def format(self) -> list[dict[str, Any]]:
        return [{"type": "image_url", "image_url": {"url": self.name, "detail": "high"}}]


LOOKING = dspy.Signature({"picture": (Shown, dspy.InputField()), "answer": (str, dspy.OutputField())}, "Look.")


def test_an_attached_image_is_sent_by_its_name(llm: OpenAIServer) -> None:
    data = base64.b64encode(plain().data).decode()
    token = attachments.set({"attached:one": f"data:image/png;base64,{data}"})
    try:
        ask(llm, signature=LOOKING, inputs={"picture": Shown(name="attached:one")})
    finally:
        attachments.reset(token)

    [image] = llm.chats[0].images
    assert image.size == (32, 32)


def test_an_image_that_nobody_attached_is_never_sent(llm: OpenAIServer) -> None:
    with pytest.raises(dspy.LMError, match="did not attach"):
        ask(llm, signature=LOOKING, inputs={"picture": Shown(name="https://example.invalid/a.png")})

    assert llm.chats == []


def test_without_a_name_the_first_model_of_the_endpoint_is_asked(llm: OpenAIServer) -> None:
    assert name_model(settings(llm), "gpt-4o")[0] == MODEL
    assert name_model(settings(llm, model="other"), "gpt-4o")[0] == "other"


def test_an_endpoint_without_a_model_is_told(llm: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "models", [])

    with pytest.raises(RuntimeError, match="serves no model"):
        name_model(settings(llm), "gpt-4o")


def test_an_endpoint_that_does_not_answer_is_told() -> None:
    with pytest.raises(RuntimeError, match="is it running"):
        name_model(UpsamplerSettings(api_base="http://127.0.0.1:9/v1"), "gpt-4o")
