"""Rendered manifests, and what one asks of them."""

import functools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
K8S = ROOT / "k8s"
SERVICES = ("upsampler", "generator", "judge", "orchestrator")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C is ten times as fast, and not everywhere."""
OVERLAYS = ("laptop", "gpu", "production")
Doc = dict[str, Any]
Docs = list[Doc]


def kubectl() -> str:
    """Find kubectl: the pinned one that `make install` brings, else any."""
    pinned = Path(sys.executable).with_name("kubectl")
    found = str(pinned) if pinned.exists() else shutil.which("kubectl")
    assert found, "there is no kubectl; run make install"
    return found


def render(folder: Path) -> Docs:
    shown = subprocess.run([kubectl(), "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    return [doc for doc in yaml.load_all(shown.stdout, LOADER) if doc]


@functools.cache
def overlay(name: str) -> Docs:
    """Render an overlay, once; whoever changes it must copy it first."""
    return render(K8S / "overlays" / name)


def combined(components: Iterable[str], base: Path = K8S / "base") -> Docs:
    """Render the base, or an overlay, with further components."""
    with tempfile.TemporaryDirectory() as folder:
        kustomization = {
            "namespace": "promptlift",
            "resources": [relpath(base, Path(folder).resolve())],
            "components": [relpath(K8S / "components" / name, Path(folder).resolve()) for name in components],
        }
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
        return render(Path(folder))


def of(docs: Docs, *kinds: str) -> Iterator[Doc]:
    return (doc for doc in docs if doc["kind"] in kinds)


def named(docs: Docs, kind: str, name: str) -> Doc | None:
    return next((doc for doc in of(docs, kind) if doc["metadata"]["name"] == name), None)


def label(doc: Doc) -> str:
    return f"{doc['kind']}/{doc['metadata']['name']}"


@dataclass(frozen=True)
class Pod:
    """The pods of one Deployment or Job."""

    owner: Doc

    @property
    def name(self) -> str:
        return str(self.owner["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        labels: dict[str, str] = self.owner["spec"]["template"]["metadata"]["labels"]
        return labels

    @property
    def spec(self) -> Doc:
        spec: Doc = self.owner["spec"]["template"]["spec"]
        return spec

    @property
    def container(self) -> Doc:
        [container] = self.spec["containers"]
        return dict(container)

    @property
    def serves(self) -> bool:
        return self.name in SERVICES

    def port(self, wanted: int | str) -> int | None:
        """Resolve a port's name; a number must be one that the container names too."""
        for port in self.container.get("ports", []):
            if wanted in (port["name"], port["containerPort"]):
                return int(port["containerPort"])
        return None

    def environment(self, docs: Docs) -> dict[str, str | None]:
        """Give every variable; one out of a Secret has no value here."""
        values: dict[str, str | None] = {}
        for source in self.container.get("envFrom", []):
            config = named(docs, "ConfigMap", source["configMapRef"]["name"])
            values |= config["data"] if config else {}
        for entry in self.container.get("env", []):
            values[entry["name"]] = entry.get("value")
        return values


def pods(docs: Docs) -> list[Pod]:
    return [Pod(doc) for doc in of(docs, "Deployment", "Job")]


def selects(selector: Doc, labels: dict[str, str]) -> bool:
    """Tell whether a label selector matches; an empty one matches everything."""
    tests = {
        "In": lambda e: labels.get(e["key"]) in e["values"],
        "NotIn": lambda e: labels.get(e["key"]) not in e["values"],
        "Exists": lambda e: e["key"] in labels,
        "DoesNotExist": lambda e: e["key"] not in labels,
    }
    exact = all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    return exact and all(tests[e["operator"]](e) for e in selector.get("matchExpressions") or [])
