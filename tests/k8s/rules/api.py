"""What an API server refuses and no schema sees."""

import re
from collections.abc import Iterator

from tests.k8s.manifests import Doc, Docs, Pod, label, of, pods, selects

NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
PULL = ("Always", "IfNotPresent", "Never")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute", None)
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
METRICS = ("Resource", "ContainerResource", "Pods", "Object", "External")


def findings(docs: Docs) -> Iterator[str]:
    for doc in docs:
        if not NAME.fullmatch(doc["metadata"]["name"]):
            yield f"{label(doc)}: is no name of an object"
    for pod in pods(docs):
        yield from (f"{label(pod.owner)}: {said}" for said in _pod(pod))
    yield from _bounds(docs)
    yield from _ports(docs)


def _bounds(docs: Docs) -> Iterator[str]:
    for doc in of(docs, "Deployment"):
        rolling = doc["spec"].get("strategy", {}).get("rollingUpdate", {})
        if rolling.get("maxSurge", 1) == 0 and rolling.get("maxUnavailable", 1) == 0:
            yield f"{label(doc)}: neither surge nor unavailable pods are allowed, so that no rollout ever moves"
    for doc in of(docs, "PodDisruptionBudget"):
        if "minAvailable" in doc["spec"] and "maxUnavailable" in doc["spec"]:
            yield f"{label(doc)}: names both bounds"
    for doc in of(docs, "HorizontalPodAutoscaler"):
        if any(metric["type"] not in METRICS for metric in doc["spec"]["metrics"]):
            yield f"{label(doc)}: a metric's type is unknown"


def _pod(pod: Pod) -> Iterator[str]:
    container = pod.container
    if pod.owner["kind"] == "Deployment" and not selects(pod.owner["spec"]["selector"], pod.labels):
        yield "the selector does not match the template"
    if container.get("imagePullPolicy") not in PULL:
        yield f"imagePullPolicy is {container.get('imagePullPolicy')}"
    if any(toleration.get("effect") not in EFFECTS for toleration in pod.spec.get("tolerations", [])):
        yield "a toleration's effect is unknown"
    for kind in PROBES:
        if kind != "readinessProbe" and container.get(kind, {}).get("successThreshold", 1) != 1:
            yield f"successThreshold of the {kind} must be 1"
    mounted, volumes = ({item["name"] for item in container["volumeMounts"]}, pod.spec["volumes"])
    if mounted != {volume["name"] for volume in volumes}:
        yield f"mounts {sorted(mounted)}, but has the volumes {sorted(volume['name'] for volume in volumes)}"
    yield from _resources(container["resources"])


def _resources(resources: Doc) -> Iterator[str]:
    for kind, amounts in resources.items():
        for name, amount in amounts.items():
            if not QUANTITY.fullmatch(str(amount)):
                yield f"{kind} of {name} is {amount!r}"
    gpus = [resources.get(kind, {}).get("nvidia.com/gpu") for kind in ("requests", "limits")]
    if gpus[0] != gpus[1]:
        yield f"requests {gpus[0]} GPUs, but its limit is {gpus[1]}"


def _ports(docs: Docs) -> Iterator[str]:
    for doc in of(docs, "Service"):
        if any(not 1 <= port["port"] <= 65535 for port in doc["spec"]["ports"]):
            yield f"{label(doc)}: a port is out of range"
    for doc in of(docs, "NetworkPolicy"):
        for rule in [*doc["spec"].get("ingress", []), *doc["spec"].get("egress", [])]:
            if any(port.get("protocol", "TCP") not in ("TCP", "UDP", "SCTP") for port in rule.get("ports", [])):
                yield f"{label(doc)}: a protocol is unknown"
