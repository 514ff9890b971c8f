"""Every overlay, and every component beside each of its alternatives, is free of findings."""

import re
from pathlib import Path

import pytest

from tests.k8s import manifests
from tests.k8s.manifests import K8S, OVERLAYS, of, pods
from tests.k8s.rules import edges, findings, schemas

COMMON = ("gpu-nvidia", "weights-pvc", "monitoring", "network-policy")
ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "CPU behind an ingress": ("ingress",),
    "walls on CPU": ("network-policy",),
    "GPU, weights": ("gpu-nvidia", "weights-pvc"),
    "from zero": (*COMMON, "autoscaling-keda", "scale-to-zero", "gateway-httproute"),
    "hpa, ingress, in-cluster traces, spot": (*COMMON, "autoscaling-hpa", "ingress", "tracing/in-cluster", "spot"),
    "keda, hosted traces, priority": (*COMMON, "autoscaling-keda", "tracing/hosted", "priority", "external-secrets"),
}
COMPONENTS = {str(path.parent.relative_to(K8S / "components")) for path in K8S.glob("components/**/kustomization.yaml")}


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_has_no_findings(name: str) -> None:
    assert not findings(manifests.overlay(name))


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_a_combination_of_components_has_no_findings(name: str) -> None:
    assert not findings(manifests.combined(ALTERNATIVES[name]))


@pytest.mark.parametrize("version", [schemas.OLDEST, "1.33", schemas.NEWEST])
@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_satisfies_the_strict_schemas_of_kubernetes(name: str, version: str) -> None:
    assert not list(schemas.findings(manifests.overlay(name), version))


def test_production_can_scale_to_zero() -> None:
    docs = manifests.combined(("scale-to-zero",), base=K8S / "overlays" / "production")

    assert not findings(docs)
    assert [doc["spec"]["minReplicaCount"] for doc in of(docs, "ScaledObject")] == [0]


def test_every_component_is_rendered_by_some_test() -> None:
    assert set().union(*ALTERNATIVES.values()) == COMPONENTS
    assert {path.name for path in (K8S / "overlays").iterdir()} == set(OVERLAYS)


def test_every_file_is_part_of_some_kustomization() -> None:
    by_hand = {"adapter-rules.yaml"}  # values for another project's chart

    for path in K8S.rglob("*.*"):
        if path.name in {"kustomization.yaml", "README.md", *by_hand}:
            continue
        assert path.name in (path.parent / "kustomization.yaml").read_text(), path


def test_the_network_policies_let_through_the_call_graph_and_nothing_else() -> None:
    docs = manifests.combined(("network-policy",))

    inside = {(a, b) for a, b in edges.edges(docs) if a not in edges.NAMESPACES}
    assert inside == {("orchestrator", "upsampler"), ("orchestrator", "generator"), ("orchestrator", "judge")}


def test_production_pins_its_images_by_digest() -> None:
    images = {pod.container["image"] for pod in pods(manifests.overlay("production"))}

    assert len(images) == 4
    assert all(re.fullmatch(r".+@sha256:[0-9a-f]{64}", image) for image in images)


def test_the_laptop_needs_no_key_and_no_gpu() -> None:
    for pod in pods(manifests.overlay("laptop")):
        assert "nvidia.com/gpu" not in pod.container["resources"]["limits"]
        for entry in pod.container.get("env", []):
            assert entry.get("valueFrom", {}).get("secretKeyRef", {"optional": True})["optional"]


def test_production_does_not_start_without_its_keys() -> None:
    for pod in pods(manifests.overlay("production")):
        for entry in pod.container.get("env", []):
            assert not entry.get("valueFrom", {}).get("secretKeyRef", {}).get("optional", False)


def test_what_is_kept_for_the_adapter_is_the_metric_that_the_autoscaler_asks() -> None:
    [autoscaler] = of(
        manifests.combined(ALTERNATIVES["hpa, ingress, in-cluster traces, spot"]), "HorizontalPodAutoscaler"
    )
    asked = autoscaler["spec"]["metrics"][0]["pods"]["metric"]["name"]

    rules = Path(K8S / "components" / "autoscaling-hpa" / "adapter-rules.yaml").read_text()
    assert f"seriesQuery: {asked}{{" in rules
