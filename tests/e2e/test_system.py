"""Four services in four processes, called over sockets."""

import io
import pickle
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest
from PIL import Image as Pillow

from promptlift import Client, Unavailable
from services.local.system import LocalSystem, NotStarted
from tests.e2e.conftest import Running, log_of
from tests.openai_server import OpenAIServer, Step
from tests.witness import witness

pytestmark = pytest.mark.e2e


class Bomb:
    """Runs a command in whoever unpickles it."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self):
        return (Path.touch, (self.target,))


def test_the_whole_job_over_sockets(system: LocalSystem, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(system.url) as client:
        creation = client.create(prompt="a red circle", compare=True, seed=3)

    sizes = [Pillow.open(io.BytesIO(picture.generated.image.data)).size for picture in creation.pictures]
    assert sizes == [(64, 64), (64, 64)]
    assert [picture.judgement.score for picture in creation.pictures if picture.judgement] == [1.0, 1.0]
    assert creation.comparison is not None
    assert {timing.stage for timing in creation.timings} == {"upsample", "generate", "judge", "compare"}


def test_jobs_at_the_same_time_each_get_their_own_pictures(system: LocalSystem, llm: OpenAIServer) -> None:
    llm.play(brain=witness())

    with Client(system.url) as client, ThreadPoolExecutor(8) as pool:
        prompts = [f"picture number {number}" for number in range(16)]
        creations = list(pool.map(lambda prompt: client.create(prompt=prompt, seed=1), prompts))

    assert [creation.prompt for creation in creations] == prompts
    assert all(
        prompt in creation.pictures[0].generated.prompt for prompt, creation in zip(prompts, creations, strict=True)
    )


def test_no_service_unpickles_what_comes_from_the_network(system: LocalSystem, tmp_path: Path) -> None:
    target = tmp_path / "executed"
    body = pickle.dumps(Bomb(target))
    headers = {"content-type": "application/vnd.bentoml+pickle"}
    sockets = {
        connection.laddr
        for process in psutil.Process(system._server.pid).children(recursive=True)
        for connection in process.net_connections("unix")
        if connection.status == psutil.CONN_NONE and str(connection.laddr).endswith(".sock")
    }

    answers = [httpx.post(f"{system.url}/create", content=body, headers=headers).status_code]
    for path in sockets:
        for route in ("/upsample", "/generate", "/judge"):
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://service") as http:
                answers.append(http.post(route, content=body, headers=headers).status_code)

    assert len(sockets) == 3
    assert set(answers) == {415}
    assert not target.exists()


def test_metrics_of_all_services_are_served(system: LocalSystem, llm: OpenAIServer) -> None:
    with Client(system.url) as client:
        client.create(prompt="a red circle", judge=False)

    shown = httpx.get(f"{system.url}/metrics").text
    assert 'promptlift_generator_pictures_total{outcome="painted"}' in shown
    assert "promptlift_generator_queue_rows" in shown
    assert 'endpoint="/create"' in shown


def test_a_request_in_work_is_finished_when_the_system_is_told_to_stop(running: Running, llm: OpenAIServer) -> None:
    with running() as system:
        llm.play(Step(delay=2))
        with ThreadPoolExecutor(1) as pool, Client(system.url) as client:
            job = pool.submit(client.create, prompt="a red circle", judge=False)
            while not llm.chats:
                time.sleep(0.01)
            family = psutil.Process(system._server.pid).children(recursive=True)
            system._server.send_signal(signal.SIGTERM)

            creation = job.result(30)
        system._server.wait(30)

    assert creation.pictures
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def test_stopping_leaves_no_process_behind(running: Running) -> None:
    with running() as system:
        family = psutil.Process(system._server.pid).children(recursive=True)

    assert len(family) >= 4
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def test_a_port_that_is_taken_is_named_with_who_holds_it() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]

        with pytest.raises(NotStarted, match=rf"port {port} is taken by python.*PORT={port + 1}"):
            LocalSystem(port).start()


@pytest.mark.parametrize(
    ("service", "variables", "said"),
    [
        ("generator", {"GENERATOR_MODEL": "no such model"}, "neither auto, pocket, a folder that exists, nor a hub id"),
        ("generator", {"GENERATOR_MODEL": "nobody/nothing"}, "nobody/nothing can't be loaded"),
        ("generator", {"GENERATOR_DEVICE": "cuda"}, "torch sees no CUDA GPU"),
        (
            "upsampler",
            {"UPSAMPLER_API_BASE": "", "UPSAMPLER_API_KEY": "", "UPSAMPLER_MODEL": "gpt-4o"},
            "OPENAI_API_KEY",
        ),
        ("orchestrator", {"JUDGE_API_BASE": "http://127.0.0.1:9/v1"}, "is it running, and is the key right?"),
    ],
    ids=["no model", "unknown model", "no GPU", "no key", "no server"],
)
def test_a_bad_setting_stops_the_start_in_words(
    running: Running, service: str, variables: dict[str, str], said: str
) -> None:
    with pytest.raises(NotStarted) as caught, running(service, **variables):
        pass

    assert said in str(caught.value)


def test_one_service_after_another_alone_and_composed_by_address(running: Running, llm: OpenAIServer) -> None:
    llm.play(brain=witness())
    with running("upsampler") as upsampler, running("generator") as generator, running("judge") as judge:
        addresses = {
            "ORCHESTRATOR_UPSAMPLER_URL": upsampler.url,
            "ORCHESTRATOR_GENERATOR_URL": generator.url,
            "ORCHESTRATOR_JUDGE_URL": judge.url,
        }
        with running(**addresses) as orchestrator, Client(orchestrator.url) as client:
            creation = client.create(prompt="a red circle")
            children = psutil.Process(orchestrator._server.pid).children(recursive=True)
            generator.stop()
            with pytest.raises(Unavailable, match="the generator does not answer"):
                client.ready()
            with pytest.raises(Unavailable, match="the generator is not available") as caught:
                client.create(prompt="a red circle", timeout=20)

    assert creation.pictures[0].judgement is not None
    assert len(children) == 1  # the orchestrator's own worker: it started no other service
    assert caught.value.retry_after


def test_bentomls_own_batching_paints_too(running: Running) -> None:
    with (
        running("generator", GENERATOR_BATCHING="adaptive") as generator,
        Client(generator.url) as client,
        ThreadPoolExecutor(6) as pool,
    ):
        pictures = list(pool.map(lambda seed: client.generate(prompt="a", seed=seed), range(12)))

    assert [picture.seed for picture in pictures] == list(range(12))


def test_alive_while_a_model_loads(running: Running) -> None:
    with running("generator", ready=False) as generator:
        statuses: set[int] = set()
        deadline = time.monotonic() + 60
        while 200 not in statuses and time.monotonic() < deadline:
            try:
                alive = httpx.get(f"{generator.url}/livez", timeout=2).status_code
                ready = httpx.get(f"{generator.url}/readyz", timeout=2)
            except httpx.TransportError:
                continue
            statuses.add(ready.status_code)
            assert alive == 200
            if ready.status_code == 503:
                assert "the generator is still loading" in ready.text

    assert statuses == {503, 200}


def test_the_log_says_what_was_picked_and_why(system: LocalSystem) -> None:
    log = log_of(system)

    assert "the generator paints with" in log
    assert "because it is named" in log
    assert "because it is the first that http://127.0.0.1" in log


def test_a_caller_that_leaves_stops_the_work_behind_it(running: Running) -> None:
    with running("generator") as generator:
        request = {"prompt": "a", "steps": 150, "width": 512, "height": 512}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{generator.url}/generate", json=[request], timeout=0.5)

        def outcome() -> str:
            return httpx.get(f"{generator.url}/metrics").text

        deadline = time.monotonic() + 20
        while 'outcome="cancelled"' not in outcome():
            assert time.monotonic() < deadline
            time.sleep(0.1)
