"""The bentos' own Dockerfiles, built and run as the manifests say; ten minutes and a builder: make test-images."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from promptlift import Client
from tests.k8s.images import SMALL, missing, run, tag
from tests.k8s.podless.cluster import Cluster
from tests.k8s.podless.laptop import laptop

pytestmark = [pytest.mark.images, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def roots() -> Iterator[dict[str, Path]]:
    """Mount each image."""
    if reason := missing():
        pytest.skip(reason)
    containers = {name: run("buildah", "from", "--pull-never", tag(name)) for name in SMALL}
    yield {name: Path(run("buildah", "mount", container)) for name, container in containers.items()}
    for container in containers.values():
        run("buildah", "rm", container)


@pytest.fixture(scope="module")
def cluster(roots: dict[str, Path], tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with laptop(tiny_model, tmp_path_factory.mktemp("pods"), roots) as started:
        yield started


def test_images_serve_a_job_as_a_numeric_user_on_a_read_only_root(cluster: Cluster) -> None:
    with Client(cluster.url("orchestrator"), timeout=120) as client:
        creation = client.create(prompt="a red circle")

    assert creation.upsampling is not None
    assert creation.upsampling.model.startswith("smollm2")  # the weights are in the image
    assert creation.pictures
    for name in SMALL:
        [replica] = cluster.of(name)
        assert replica.runc("exec", replica.name, "sh", "-c", "id -u; touch /x || echo closed").split() == [
            "1034",
            "closed",
        ]


def test_an_image_ends_by_itself_when_it_is_told_to(cluster: Cluster) -> None:
    [judge] = cluster.of("judge")

    took = cluster.remove(judge)

    assert took < judge.pod.spec["terminationGracePeriodSeconds"]
    assert judge._process.returncode in (0, 143)
