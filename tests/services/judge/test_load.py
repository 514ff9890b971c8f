"""What judges, and what is kept where."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from promptlift.contracts import JudgeRequest
from services.judge import embedded
from services.judge.critic import Critic
from services.judge.load import load, open_store
from services.judge.settings import JudgeSettings
from services.judge.store import Forgetful, SqliteStore
from tests.openai_server import OpenAIServer
from tests.pictures import plain
from tests.witness import draft, witness


@contextlib.asynccontextmanager
async def loaded(settings: JudgeSettings) -> AsyncIterator[Critic]:
    """Load a judge, and close its connections before the event loop does."""
    judge = load(settings)
    yield judge
    await judge.comparer.model.lm._async_engine_spec.aclose()  # DSPy closes none that it was given


@pytest.mark.parametrize(
    ("model", "reason"), [("auto", "there is no multimodal model"), ("embedded", "they are named")]
)
async def test_without_a_multimodal_model_the_embedded_eyes_judge(
    model: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "promptlift.judge"):
        judge = load(JudgeSettings(model=model, store="off"))

    judgement = await judge.judge(JudgeRequest(prompt="a red circle", image=plain("white")))

    assert f"the judge looks with pocket-eyes, because {reason}" in caplog.text
    assert (judgement.status, judgement.verdict, judgement.model) == ("ok", "incorrect", "pocket-eyes")
    assert judgement.rubric_version.startswith("pocket-")


async def test_other_weights_of_the_eyes_do_not_repeat_old_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = JudgeRequest(prompt="a red circle", image=plain("white"))
    settings = JudgeSettings(store=str(tmp_path / "store"))

    stored = []
    for version in ("pocket-1", "pocket-1", "pocket-2"):
        monkeypatch.setattr(embedded, "version", lambda version=version: version)
        judge = load(settings)
        stored.append((await judge.judge(request)).stored)
        judge.close()

    assert stored == [False, True, False]


def test_embedded_eyes_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "WEIGHTS", tmp_path)

    with pytest.raises(RuntimeError, match=r"the embedded eyes are not in .*; put them there, or set OPENAI_API_KEY"):
        load(JudgeSettings())


async def test_a_second_process_repeats_an_evaluation_without_asking(llm: OpenAIServer, tmp_path: Path) -> None:
    settings = JudgeSettings(api_base=llm.url, store=str(tmp_path / "store"))
    llm.play(brain=witness([draft(1)]))
    request = JudgeRequest(prompt="a circle", image=plain())

    async with loaded(settings) as judge:
        first = await judge.judge(request)
    asked = len(llm.chats)
    async with loaded(settings) as judge:
        again = await judge.judge(request)

    assert again.model_copy(update={"stored": False}) == first
    assert len(llm.chats) == asked == 2


async def test_another_temperature_is_another_question(llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=witness([draft(1)]))
    request = JudgeRequest(prompt="a circle", image=plain())

    for temperature in (0.0, 0.5):
        settings = JudgeSettings(api_base=llm.url, store=str(tmp_path / "store"), temperature=temperature)
        async with loaded(settings) as judge:
            assert not (await judge.judge(request)).stored

    assert {chat.temperature for chat in llm.chats} == {0.0, 0.5}


@pytest.mark.parametrize(("model", "temperature"), [("o3", None), ("gpt-5-mini", None), ("gpt-4o-2024-08-06", 0.0)])
async def test_a_reasoning_model_is_sent_no_temperature(
    llm: OpenAIServer, model: str, temperature: float | None
) -> None:
    llm.play(brain=witness([draft(1)]))

    async with loaded(JudgeSettings(api_base=llm.url, model=model, store="off", seed=9)) as judge:
        await judge.judge(JudgeRequest(prompt="a circle", image=plain()))

    assert {(chat.model, chat.temperature, chat.seed) for chat in llm.chats} == {(model, temperature, 9)}


@pytest.mark.parametrize(
    ("prices", "cost"), [({"input_price": 2.0, "output_price": 8.0}, True), ({"input_price": 2.0}, False), ({}, False)]
)
async def test_a_judgement_tells_its_cost_where_prices_are_known(
    llm: OpenAIServer, prices: dict[str, float], cost: bool
) -> None:
    llm.play(brain=witness([draft(1)]))

    async with loaded(JudgeSettings(api_base=llm.url, store="off", **prices)) as judge:
        judgement = await judge.judge(JudgeRequest(prompt="a circle", image=plain()))

    spent = (judgement.usage.input_tokens * 2 + judgement.usage.output_tokens * 8) / 1_000_000
    assert spent > 0
    assert judgement.cost == (pytest.approx(spent) if cost else None)


async def test_the_model_is_told_the_evidence_before_the_answer(llm: OpenAIServer) -> None:
    llm.play(brain=witness([draft(1)]))

    async with loaded(JudgeSettings(api_base=llm.url, store="off")) as judge:
        await judge.judge(JudgeRequest(prompt="a circle", image=plain()))

    sighting = llm.chats[-1].response_format.json_schema.schema_["$defs"]["Sighting"]["properties"]
    assert list(sighting) == ["id", "evidence", "count", "text", "answer"]


def test_a_store_is_off_by_one_setting() -> None:
    assert isinstance(open_store(JudgeSettings(store="off")), Forgetful)


def test_by_default_answers_are_kept_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    store = open_store(JudgeSettings())

    assert isinstance(store, SqliteStore)
    assert store.path == tmp_path / ".cache" / "promptlift" / "judge.sqlite3"
    store.close()


def test_without_a_home_folder_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))

    assert isinstance(open_store(JudgeSettings()), Forgetful)
    assert "no verdict is kept" in caplog.text


def test_a_store_that_is_named_must_open(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(RuntimeError, match=r"JUDGE_STORE names .*file/store, which can't be opened"):
        open_store(JudgeSettings(store=str(tmp_path / "file" / "store")))
