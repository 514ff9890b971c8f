"""The running pods that the tests of this folder share; they start with the first test that asks for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.k8s.podless.cluster import Cluster
from tests.k8s.podless.laptop import laptop


@pytest.fixture(scope="session")
def cluster(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with laptop(tiny_model, tmp_path_factory.mktemp("pods")) as started:
        yield started
