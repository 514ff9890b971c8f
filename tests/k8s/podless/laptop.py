"""The laptop's overlay, walled in, as running pods; its generator paints with a model of test size."""

import contextlib
import copy
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.k8s import manifests
from tests.k8s.manifests import K8S, of
from tests.k8s.podless.cluster import Cluster, require


@contextlib.contextmanager
def laptop(model: Path, state: Path, images: Mapping[str, Path] | None = None) -> Iterator[Cluster]:
    """Start every pod and wait until it is ready."""
    require()
    models = state / "models"
    shutil.copytree(model, models / "tiny", copy_function=shutil.copyfile)  # some are closed to others
    (models / "tiny").chmod(0o755)
    docs = copy.deepcopy(manifests.combined(("network-policy",), base=K8S / "overlays" / "laptop"))
    for doc in of(docs, "ConfigMap"):
        if doc["metadata"]["name"].startswith("generator"):
            doc["data"] |= {"GENERATOR_MODEL": "/models/tiny", "GENERATOR_STEPS": "2"}
    with Cluster(docs, state, models, images) as cluster:
        cluster.wait()
        yield cluster
