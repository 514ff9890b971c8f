"""An orchestrator without a generator holds its jobs until there is one."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from promptlift import Client, Unavailable
from services.local.system import LocalSystem
from tests.e2e.conftest import Running, free_port

pytestmark = pytest.mark.e2e


def test_a_job_is_held_until_the_generator_is_there(
    running: Running, environment: dict[str, str], tmp_path: Path
) -> None:
    port, nowhere = free_port(), "http://127.0.0.1:9"
    addresses = {
        "ORCHESTRATOR_UPSAMPLER_URL": nowhere,
        "ORCHESTRATOR_JUDGE_URL": nowhere,
        "ORCHESTRATOR_GENERATOR_URL": f"http://127.0.0.1:{port}",
        "ORCHESTRATOR_READY_WITH": "none",
        "ORCHESTRATOR_GENERATOR_WAIT": "120",
    }

    with running(**addresses) as orchestrator, Client(orchestrator.url) as client, ThreadPoolExecutor(1) as pool:
        with pytest.raises(Unavailable, match="the generator is starting") as caught:
            client.create(prompt="a red circle", upsample=False, judge=False, timeout=4)
        job = pool.submit(client.create, prompt="a red circle", upsample=False, judge=False)
        deadline = time.monotonic() + 30
        while "promptlift_orchestrator_waiting_jobs 1.0" not in httpx.get(f"{orchestrator.url}/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        late = LocalSystem(
            port, entry="services.generator.service:Generator", log=tmp_path / "log", environment=environment
        )
        with late:
            creation = job.result(120)

    assert caught.value.retry_after
    assert creation.pictures
    assert "wait" in [timing.stage for timing in creation.timings]
