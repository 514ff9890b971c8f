"""The manifests of the laptop, walled in, as running pods; about four minutes on two cores: make test-k8s."""

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from promptlift import Client, PromptliftError, Unavailable
from promptlift.contracts import Creation
from tests.k8s.manifests import SERVICES
from tests.k8s.podless.cluster import Cluster
from tests.k8s.rules import edges

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]
LONG = {"n": 4, "steps": 150, "width": 128, "height": 128}
"""Pictures that take some seconds."""
CONNECT = """
import json, socket, sys
reached = []
for name, address in json.loads(sys.argv[1]).items():
    try:
        socket.create_connection((address, 3000), 1).close()
        reached.append(name)
    except OSError:
        pass
print(json.dumps(reached))
"""


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Client]:
    cluster.wait()
    with Client(cluster.url("orchestrator"), timeout=120) as client:
        yield client


def test_every_pod_becomes_ready_without_a_restart(cluster: Cluster) -> None:
    assert [replica.pod.name for replica in cluster.replicas] == sorted(SERVICES, key=list(cluster.addresses).index)
    assert {replica.restarts for replica in cluster.replicas} == {0}


def test_a_job_passes_through_all_services_with_what_is_embedded(client: Client) -> None:
    creation = client.create(prompt="a red circle", compare=True, seed=3)

    assert creation.upsampling is not None
    assert creation.upsampling.model.startswith("smollm2")
    assert len(creation.pictures) in (1, 2)
    assert [timing.stage for timing in creation.timings][:2] == ["upsample", "generate"]
    assert all(picture.judgement is not None for picture in creation.pictures)


def test_pods_reach_each_other_along_the_call_graph_alone(cluster: Cluster) -> None:
    addresses = json.dumps({name: cluster.addresses[name] for name in SERVICES})
    found = set()
    for replica in cluster.replicas:
        enter = ["nsenter", f"--net=/run/netns/{replica.space}", sys.executable, "-c", CONNECT, addresses]
        shown = subprocess.run(enter, capture_output=True, text=True, check=True)
        found |= {(replica.pod.name, name) for name in json.loads(shown.stdout)}

    assert found == edges.CALLS


def test_a_process_is_nobody_and_can_write_to_nothing_but_its_volumes(cluster: Cluster) -> None:
    for replica in cluster.replicas:
        tried = replica.runc(
            "exec",
            replica.name,
            "sh",
            "-c",
            "id -u; for f in / /home/bentoml /app /tmp /state; do touch $f/x && echo $f; done",
        )

        assert tried.split() == ["1034", "/tmp", "/state"]


def test_a_killed_container_is_started_again_and_serves(cluster: Cluster, client: Client) -> None:
    [judge] = cluster.of("judge")

    judge.kill()
    while judge.restarts == 0:
        time.sleep(0.1)
    creation = client.create(prompt="a red circle", upsample=False)

    assert creation.pictures  # with or without a score: a picture never fails because of its helpers
    cluster.wait()
    assert judge.restarts == 1


@pytest.mark.parametrize("name", ["orchestrator", "generator"])
def test_a_pod_that_is_told_to_end_finishes_the_picture_in_work(cluster: Cluster, client: Client, name: str) -> None:
    [old] = cluster.of(name)
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(client.create, prompt="a red circle", upsample=False, judge=False, **LONG)
        until_in_work(cluster, job)
        gone = threading.Thread(target=cluster.remove, args=(old,))
        gone.start()
        new = cluster.add(name)
        creation = job.result(120)
        gone.join()
    cluster.wait([new])

    assert len(creation.pictures) == 4
    assert old._process.returncode in (0, 143)  # it ended by itself, and was not killed


def test_everything_can_be_rolled_over_under_load_without_a_failed_request(cluster: Cluster, client: Client) -> None:
    over = threading.Event()

    def ask(first: int) -> list[Creation | PromptliftError]:
        answers: list[Creation | PromptliftError] = []
        with Client(cluster.url("orchestrator"), timeout=200) as own:
            for seed in itertools.count(first, 10):
                if over.is_set():
                    return answers
                try:
                    answers.append(own.create(prompt="a red circle", upsample=False, judge=seed % 2 == 0, seed=seed))
                except PromptliftError as error:
                    answers.append(error)
                time.sleep(0.2)
        return answers

    with ThreadPoolExecutor(8) as pool:
        load = [pool.submit(ask, first) for first in range(4)]
        list(pool.map(cluster.roll, SERVICES))
        time.sleep(2)
        over.set()
        answers = [answer for asked in load for answer in asked.result(240)]

    assert len(answers) > 20
    assert [answer for answer in answers if not isinstance(answer, Creation)] == []


def test_without_a_generator_a_job_waits_for_the_first_replica(cluster: Cluster, client: Client) -> None:
    cluster.scale("generator", 0)

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(Unavailable, match="the generator is starting") as caught:
            client.create(prompt="a red circle", upsample=False, judge=False, timeout=5)
        job = pool.submit(client.create, prompt="a red circle", upsample=False, judge=False)
        metrics = f"http://{cluster.of('orchestrator')[0].ip}:3000/metrics"
        while "promptlift_orchestrator_waiting_jobs 1.0" not in httpx.get(metrics).text:
            time.sleep(0.1)
        cluster.scale("generator", 1)
        creation = job.result(180)

    assert caught.value.retry_after
    assert "wait" in [timing.stage for timing in creation.timings]


def test_more_replicas_share_the_pictures(cluster: Cluster, client: Client) -> None:
    cluster.scale("generator", 3)
    cluster.wait()

    with ThreadPoolExecutor(12) as pool:
        jobs = [
            pool.submit(client.create, prompt="a", upsample=False, judge=False, seed=seed, steps=20)
            for seed in range(24)
        ]
        creations = [job.result(120) for job in jobs]

    series = 'promptlift_generator_pictures_total{outcome="painted"}'
    with httpx.Client() as http:
        painted = [metric(http, replica.ip, series) for replica in cluster.of("generator")]
    assert len(creations) == 24
    assert min(painted) > 1  # each painted one before it was ready
    cluster.scale("generator", 1)


def metric(http: httpx.Client, ip: str, series: str) -> float:
    lines = http.get(f"http://{ip}:3000/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))


def until_in_work(cluster: Cluster, job: Future[Creation]) -> None:
    """Wait until a generator is asked for pictures."""
    series = 'bentoml_service_request_in_progress{endpoint="/generate"'
    with httpx.Client() as http:
        while not sum(metric(http, replica.ip, series) for replica in cluster.of("generator")):
            assert not job.done(), job.exception() or "it was done before it could be seen"
