"""A program that was compiled is what the service then asks the model with."""

from pathlib import Path

import pytest

from promptlift import Client
from tests.e2e.conftest import Running
from tests.openai_server import OpenAIServer
from tests.services.upsampler.test_optimize import BETTER, better_when_told, run

pytestmark = pytest.mark.e2e


def test_the_service_asks_with_the_program_that_its_setting_names(
    running: Running, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=better_when_told)
    run(llm, tmp_path, "--optimizer", "gepa", "--calls", "60")

    with running("upsampler", UPSAMPLER_PROGRAM=str(tmp_path / "out" / "program.json")) as system:
        llm.play(brain=better_when_told)
        with Client(system.url) as client:
            upsampling = client.upsample(prompt="a grey boat")

    assert not upsampling.fallback
    assert BETTER in llm.chats[0].messages[0].text
