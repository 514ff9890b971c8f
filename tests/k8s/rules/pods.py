"""Pods as this project wants them: walled in, probed with patience, fit for scarce GPUs."""

import re
from collections.abc import Iterator

from tests.k8s.manifests import Docs, Pod, label, of, pods

PINNED = re.compile(r".+(@sha256:[0-9a-f]{64}|:(?!latest)[\w.-]+)")
GENERATOR_LOADS = 900
"""Seconds to give SDXL for loading; what others ship is 300 (Triton) to 1800 (NIM)."""


def findings(docs: Docs) -> Iterator[str]:
    for pod in pods(docs):
        said = (*_restricted(pod), *_walled(pod), *_resources(pod), *_writable(pod))
        yield from (f"{label(pod.owner)}: {words}" for words in said)
        if pod.owner["kind"] == "Deployment":
            yield from (f"{label(pod.owner)}: {said}" for said in (*_probes(pod), *_rollout(pod)))
    yield from _kept(docs)


def _kept(docs: Docs) -> Iterator[str]:
    budgets = {doc["metadata"]["name"] for doc in of(docs, "PodDisruptionBudget")}
    for pod in pods(docs):
        if pod.serves and pod.name not in budgets:
            yield f"{label(pod.owner)}: has no PodDisruptionBudget"
    for doc in of(docs, "PodDisruptionBudget"):
        if doc["spec"].get("maxUnavailable") != 1:
            yield f"{label(doc)}: must let one pod go at a time, or a node can never be drained"
    for doc in of(docs, "Namespace"):
        if doc["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{label(doc)}: does not enforce the restricted Pod Security Standard"


def _restricted(pod: Pod) -> Iterator[str]:
    security = pod.spec.get("securityContext", {})
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        yield "must run as a numeric user that is not root"
    if security.get("runAsUser") != security.get("fsGroup"):
        yield "could not write to its volumes: fsGroup is another than its user"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "has no seccomp profile"
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield "holds a token of the API server"
    if pod.spec.get("enableServiceLinks") is not False:
        yield "gets a variable for each Service, which one named bentoml would turn against it"


def _walled(pod: Pod) -> Iterator[str]:
    container = pod.container.get("securityContext", {})
    if container.get("allowPrivilegeEscalation") is not False or container.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps privileges"
    if container.get("readOnlyRootFilesystem") is not True:
        yield "can write to its root"
    if not PINNED.fullmatch(pod.container["image"]):
        yield f"the image {pod.container['image']} can change under it"


def _resources(pod: Pod) -> Iterator[str]:
    resources = pod.container["resources"]
    if not {"cpu", "memory"} <= set(resources.get("requests", {})) or "memory" not in resources.get("limits", {}):
        yield "must request CPU and memory, and limit memory"
    if "cpu" in resources.get("limits", {}):
        yield "is throttled by a CPU limit"


def _writable(pod: Pod) -> Iterator[str]:
    mounts = [mount["mountPath"] for mount in pod.container["volumeMounts"] if not mount.get("readOnly")]
    variables = {entry["name"]: entry.get("value", "") for entry in pod.container.get("env", [])}
    needed = {"HOME", "BENTOML_HOME"} if pod.serves else {"HOME"}
    for name in sorted(needed):
        if not any(variables.get(name, "").startswith(mount) for mount in mounts):
            yield f"{name} is no folder that it can write to"
    if "/tmp" not in mounts:
        yield "can't write to /tmp"


def _probes(pod: Pod) -> Iterator[str]:
    probes = {kind: pod.container.get(f"{kind}Probe") for kind in ("startup", "readiness", "liveness")}
    if not all(probes.values()):
        yield "has no probe for " + ", ".join(kind for kind, probe in probes.items() if not probe)
        return
    for kind, probe in probes.items():
        if probe and probe.get("timeoutSeconds", 1) < 5:
            yield f"the {kind} probe gives up after {probe.get('timeoutSeconds', 1)} s, when it may only be busy"
    paths = {kind: probe["httpGet"]["path"] for kind, probe in probes.items() if probe}
    if paths["readiness"] != "/readyz" or paths["liveness"] != "/livez":
        yield "asks the wrong things of readiness and liveness"
    if pod.name == "orchestrator" and paths["startup"] != "/livez":
        yield "would be restarted while it waits for others"
    if pod.name == "generator" and startup_seconds(pod) < GENERATOR_LOADS:
        yield f"has only {startup_seconds(pod)} s to load its weights"


def startup_seconds(pod: Pod) -> int:
    probe = pod.container.get("startupProbe", {})
    return int(probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3))


def _rollout(pod: Pod) -> Iterator[str]:
    spec = pod.owner["spec"]
    if spec.get("progressDeadlineSeconds", 600) <= startup_seconds(pod):
        yield "a rollout counts as failed while it still loads"
    rolling = spec.get("strategy", {}).get("rollingUpdate", {})
    if pod.name == "generator" and (rolling.get("maxSurge"), rolling.get("maxUnavailable")) != (0, 1):
        yield "a rollout would wait for a GPU that the old pod holds"
    if pod.serves and pod.name != "generator" and rolling.get("maxUnavailable") != 0:
        yield "a rollout would take pods away before there are others"
    if pod.serves and not pod.spec.get("topologySpreadConstraints"):
        yield "may have all its replicas on one node"
