"""A wrong setting stops the start, in words; a key goes only where it belongs."""

import pytest

from services import settings
from services.generator.settings import GeneratorSettings
from services.judge.settings import JudgeSettings
from services.orchestrator.settings import OrchestratorSettings
from services.upsampler.settings import UpsamplerSettings


@pytest.mark.parametrize(
    ("kind", "name", "value", "said"),
    [
        (GeneratorSettings, "GENERATOR_STEPS", "0", "GENERATOR_STEPS: Input should be greater than or equal to 1"),
        (
            GeneratorSettings,
            "GENERATOR_MODEL",
            "no such model",
            "neither auto, pocket, a folder that exists, nor a hub id",
        ),
        (GeneratorSettings, "GENERATOR_MODEL", "tests", "holds no model_index.json"),
        (GeneratorSettings, "GENERATOR_DEVICE", "tpu", "GENERATOR_DEVICE: Input should be 'auto', 'cpu' or 'cuda'"),
        (UpsamplerSettings, "UPSAMPLER_MODEL", "gpt-4o", "set OPENAI_API_KEY for OpenAI, or UPSAMPLER_API_BASE"),
        (JudgeSettings, "JUDGE_MODEL", "gpt-4o", "set OPENAI_API_KEY for OpenAI, or JUDGE_API_BASE"),
        (OrchestratorSettings, "ORCHESTRATOR_GENERATOR_URL", "localhost", "is not a service's URL"),
    ],
)
def test_a_wrong_setting_stops_the_start_in_words(
    monkeypatch: pytest.MonkeyPatch, kind: type, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match="can't start with these settings") as caught:
        settings.read(kind)

    assert said in str(caught.value)


@pytest.mark.parametrize("kind", [GeneratorSettings, UpsamplerSettings, JudgeSettings, OrchestratorSettings])
def test_every_service_starts_without_any_setting_and_settings_are_frozen(kind: type) -> None:
    read = settings.read(kind)

    assert kind.model_config["frozen"] is True
    with pytest.raises(ValueError, match="frozen"):
        read.concurrency = 1


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSAMPLER_API_BASE", "")

    assert settings.read(UpsamplerSettings).api_base is None


def test_openais_key_is_never_sent_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("UPSAMPLER_API_BASE", "http://localhost:11434/v1")

    assert settings.read(UpsamplerSettings).endpoint == ("http://localhost:11434/v1", "none")
    assert settings.read(JudgeSettings).endpoint == (None, "sk-secret")


def test_a_key_does_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSAMPLER_API_KEY", "sk-secret")

    assert "sk-secret" not in repr(settings.read(UpsamplerSettings))
