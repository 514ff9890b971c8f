"""What every test has at hand: the local stand-in for OpenAI's API, a tiny SDXL, and the real services in process."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.openai_server import KEY, OpenAIServer
from tests.trace_server import TraceServer

os.environ |= {"BENTOML_DO_NOT_TRACK": "True", "HF_HUB_OFFLINE": "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
ROOT = Path(__file__).parents[1]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would hand on that it is ignored
SETTINGS = (
    "OPENAI_",
    "UPSAMPLER_",
    "GENERATOR_",
    "JUDGE_",
    "ORCHESTRATOR_",
    "TRACING_",
    "TRACES_",
    "LOG_",
    "WANDB_",
)
for name in list(os.environ):
    if name.startswith(SETTINGS):
        del os.environ[name]  # a developer's own key and models are none of the tests' business


@pytest.fixture(scope="session")
def openai_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def llm(openai_server: OpenAIServer) -> OpenAIServer:
    """The stand-in with an empty memory and no script."""
    openai_server.play()
    return openai_server


@pytest.fixture(scope="session")
def tracing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TraceServer]:
    with TraceServer(tmp_path_factory.mktemp("traces") / "traces.db") as server:
        yield server


@pytest.fixture
def trace_server(tracing: TraceServer) -> TraceServer:
    """The trace server with an empty file and no bad day."""
    tracing.clear()
    return tracing


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests import tiny_sdxl

    return tiny_sdxl.build(tmp_path_factory.mktemp("tiny-sdxl"))


@pytest.fixture(scope="session")
def environment(openai_server: OpenAIServer, tiny_model: Path) -> Iterator[dict[str, str]]:
    """The settings under which the services run in tests."""
    variables = {
        "UPSAMPLER_API_BASE": openai_server.url,
        "UPSAMPLER_API_KEY": KEY,
        "JUDGE_API_BASE": openai_server.url,
        "JUDGE_API_KEY": KEY,
        "JUDGE_STORE": "off",  # else an answer of one test would be that of another
        "GENERATOR_MODEL": str(tiny_model),
        "GENERATOR_STEPS": "2",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield variables


@pytest.fixture(scope="session")
def upsampler(environment: dict[str, str]) -> Iterator[str]:
    """The URL of the real upsampler, in this process."""
    from services.upsampler.service import Upsampler

    with served(Upsampler) as url:
        yield url


@pytest.fixture(scope="session")
def generator(environment: dict[str, str]) -> Iterator[str]:
    """The URL of the real generator, in this process."""
    from services.generator.service import Generator

    with served(Generator) as url:
        yield url


@pytest.fixture(scope="session")
def judge(environment: dict[str, str]) -> Iterator[str]:
    """The URL of the real judge, in this process."""
    from services.judge.service import Judge

    with served(Judge) as url:
        yield url


@pytest.fixture(scope="session")
def orchestrator(upsampler: str, generator: str, judge: str) -> Iterator[str]:
    """The URL of the real orchestrator, in this process, composing the three others over HTTP."""
    with pytest.MonkeyPatch.context() as patch:
        for name, url in (("UPSAMPLER", upsampler), ("GENERATOR", generator), ("JUDGE", judge)):
            patch.setenv(f"ORCHESTRATOR_{name}_URL", url)
        from services.orchestrator.service import Orchestrator  # it reads them now; others must not get them

    with served(Orchestrator) as url:
        yield url


@contextlib.contextmanager
def served(service: Any) -> Iterator[str]:
    """Serve a BentoML service from a thread of this process until the block ends, and give its URL once it is ready."""
    import uvicorn

    from promptlift import Client, PromptliftError

    service.config["metrics"] = {"enabled": False}  # two apps in one process would register the same series
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(service.to_asgi(), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    with Client(url) as client:
        for _ in range(600):
            with contextlib.suppress(PromptliftError):
                client.ready()
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{service.name} was not ready within a minute")
    yield url
    server.should_exit = True
    thread.join(10)
