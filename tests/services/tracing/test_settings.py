"""Where traces go."""

import pytest

from services import settings
from services.tracing import TracingSettings


@pytest.mark.parametrize(
    ("variables", "on", "hosted", "server"),
    [
        ({}, False, False, None),
        ({"WANDB_API_KEY": "k"}, True, True, None),
        ({"WANDB_API_KEY": "k", "TRACING_TO": "off"}, False, False, None),
        ({"WANDB_API_KEY": "k", "TRACING_TO": "wandb"}, True, True, None),
        ({"WANDB_API_KEY": "k", "TRACING_TO": "http://traces:3010/"}, True, False, "http://traces:3010"),
        ({"TRACING_TO": "http://traces:3010"}, True, False, "http://traces:3010"),
    ],
)
def test_the_environment_says_where(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], on: bool, hosted: bool, server: str | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    read = settings.read(TracingSettings)

    assert (read.on, read.hosted, read.server) == (on, hosted, server)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRACING_TO", "wandb", "TRACING_TO is wandb, which needs WANDB_API_KEY"),
        ("TRACING_TO", "traces", "TRACING_TO is 'traces'; name auto, off, wandb or a server's URL"),
        ("TRACING_SAMPLE", "2", "TRACING_SAMPLE: Input should be less than or equal to 1"),
        ("TRACING_PROJECT", "a/b", "TRACING_PROJECT: String should match pattern"),
    ],
)
def test_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as caught:
        settings.read(TracingSettings)

    assert said in str(caught.value)


def test_keys_are_never_shown() -> None:
    read = TracingSettings(wandb_api_key="secret-1", traces_key="secret-2")

    assert "secret" not in f"{read!r} {read}"
