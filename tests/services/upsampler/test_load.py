"""Which model upsamples, and the embedded one through the whole pipeline."""

from pathlib import Path
from typing import Any

import pytest

from pocket.filling import fill
from promptlift.contracts import UpsampleRequest, Upsampling
from services.upsampler import embedded, shapes
from services.upsampler.load import load
from services.upsampler.settings import UpsamplerSettings
from tests.openai_server import KEY, MODEL, OpenAIServer
from tests.services.upsampler.test_embedded import TAIL, Llama


@pytest.fixture
def llama(monkeypatch: pytest.MonkeyPatch) -> Llama:
    """A scripted llama.cpp in the place of the real one."""
    scripted = Llama()
    monkeypatch.setattr(embedded, "find_weights", lambda: Path("weights.gguf"))
    monkeypatch.setattr(embedded, "start", lambda weights, threads: scripted)
    return scripted


async def upsample(llama: Llama, *steps: str, prompt: str = "a red bowl", **fields: Any) -> Upsampling:
    llama.steps[:] = steps
    writer = load(UpsamplerSettings(samples=len(steps) or 1), fields.pop("grammar", shapes.grammar))
    return await writer.upsample(UpsampleRequest(prompt=prompt, **fields))


async def test_an_endpoint_is_asked_with_the_first_model_that_it_serves(llm: OpenAIServer) -> None:
    settings = UpsamplerSettings(api_base=llm.url, api_key=KEY, input_price=1.0, output_price=2.0)

    writer = load(settings)
    told = await writer.upsample(UpsampleRequest(prompt="a red circle"))
    await writer._scribe._lm._async_engine_spec.aclose()  # DSPy closes none that it was given

    assert told.model == MODEL
    assert told.cost == pytest.approx((11 * 1 + 7 * 2) / 1_000_000)


async def test_the_embedded_model_goes_on_with_the_users_words(llama: Llama) -> None:
    told = await upsample(llama, TAIL, seed=4)

    assert told.prompt == f"a red bowl,{TAIL}."
    assert (told.model, told.fallback, told.attempts) == (embedded.NAME, False, 1)
    assert told.prompt_version.startswith("continuation-")
    assert (told.usage.input_tokens, told.usage.output_tokens) == (300, 20)
    assert llama.asked[0]["seed"] == 4


async def test_of_the_embedded_models_samples_one_that_contradicts_loses(llama: Llama) -> None:
    told = await upsample(llama, f" and a green bowl{TAIL}", TAIL)

    assert told.prompt == f"a red bowl,{TAIL}."


async def test_a_contradiction_of_the_only_sample_is_cut(llama: Llama) -> None:
    told = await upsample(llama, f"{TAIL}, beside a green bowl with a thin rim")

    assert told.prompt == f"a red bowl,{TAIL}."


async def test_without_a_usable_sample_the_users_words_stay_and_the_reason_is_told(llama: Llama) -> None:
    told = await upsample(llama, " no", " no")

    assert (told.prompt, told.fallback) == ("a red bowl", True)
    assert told.reason == f"{embedded.NAME} failed: none of 2 continuations is a sentence about a picture"


async def test_a_change_that_the_embedded_model_can_not_make_is_told(llama: Llama) -> None:
    told = await upsample(llama, mode="modify", previous="a red bowl on oak", instruction="make it blue")

    assert (told.prompt, told.fallback) == ("a red bowl on oak", True)
    assert "can't change a caption" in (told.reason or "")


async def test_a_grammar_is_given_the_prompt(llama: Llama) -> None:
    asked: list[str] = []

    await upsample(llama, TAIL, grammar=lambda prompt: asked.append(prompt) or 'root ::= "x"')

    assert asked == ["a red bowl"]
    assert llama.asked[0]["grammar"] == 'root ::= "x"'


async def test_the_embedded_model_completes_shapes_in_the_painters_own_words(llama: Llama) -> None:
    told = await upsample(llama, " large, in the center, on a mint background", prompt="a red circle")

    assert told.prompt == "a red circle, large, in the center, on a mint background."
    assert not told.fallback
    assert llama.asked[0]["grammar"] == shapes.grammar("a red circle")
    assert llama.asked[0]["prompt"].endswith("Prompt: a red circle\nDescription: A red circle,")
    assert shapes.demos()[0]["caption"] in llama.asked[0]["prompt"]


async def test_a_prompt_that_leaves_nothing_open_is_painted_as_it_is(llama: Llama) -> None:
    prompt = "a red circle, large, in the center, on a mint background"

    told = await upsample(llama, prompt=prompt)

    assert (told.prompt, told.fallback, told.reason) == (prompt, True, "the prompt leaves nothing open")


async def test_without_any_model_shapes_are_completed_and_of_the_rest_the_reason_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedded, "find_weights", lambda: None)
    writer = load(UpsamplerSettings())

    shape = await writer.upsample(UpsampleRequest(prompt="a red circle", seed=1))
    frog = await writer.upsample(UpsampleRequest(prompt="a frog"))

    assert "only prompts of coloured shapes are upsampled" in caplog.text
    assert (shape.prompt, shape.model) == (f"{fill('a red circle', 1)}.", "pocket-filling")
    assert (frog.prompt, frog.fallback) == ("a frog", True)
    assert "set OPENAI_API_KEY, or UPSAMPLER_API_BASE" in (frog.reason or "")


def test_an_embedded_model_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "find_weights", lambda: None)

    with pytest.raises(RuntimeError, match="set OPENAI_API_KEY, or UPSAMPLER_API_BASE"):
        load(UpsamplerSettings(model="embedded"))


def test_a_program_that_is_none_keeps_the_service_from_starting(llm: OpenAIServer, tmp_path: Path) -> None:
    settings = UpsamplerSettings(api_base=llm.url, api_key=KEY, program=tmp_path / "none.json")

    with pytest.raises(RuntimeError, match=r"UPSAMPLER_PROGRAM=.*none.json can't be loaded"):
        load(settings)
