"""Everything that is named is there."""

from collections.abc import Iterator
from typing import Any

from promptlift import endpoints
from promptlift.address import parse
from tests.k8s.manifests import SERVICES, Doc, Docs, Pod, label, named, of, pods, selects

NAMESPACE = "promptlift"
CLUSTER_WIDE = ("Namespace", "PriorityClass")
SECRET = "promptlift"
SECRET_KEYS = {"openai-api-key", "wandb-api-key", "traces-key"}
"""What k8s/README.md says how to fill; it is in no manifest."""
PUBLIC = {endpoint.path for endpoint in endpoints.ALL if endpoint.service == "orchestrator"}


def findings(docs: Docs) -> Iterator[str]:
    for doc in docs:
        space = doc["metadata"].get("namespace")
        if space != NAMESPACE and doc["kind"] not in CLUSTER_WIDE:
            yield f"{label(doc)}: is in the namespace {space}"
    yield from _calls(docs)


def _calls(docs: Docs) -> Iterator[str]:
    every = pods(docs)
    for pod in every:
        yield from (f"{label(pod.owner)}: {said}" for said in _pod(pod, docs))
    for doc in of(docs, "Service"):
        yield from (f"{label(doc)}: {said}" for said in _service(doc, every))
    for doc, backend, port, paths in _ways_in(docs):
        yield from (f"{label(doc)}: {said}" for said in _way_in(docs, backend, port, paths))
    yield from _targets(docs, every)


def _targets(docs: Docs, every: list[Pod]) -> Iterator[str]:
    for doc in of(docs, "PodDisruptionBudget"):
        if not any(selects(doc["spec"]["selector"], pod.labels) for pod in every):
            yield f"{label(doc)}: selects no pod"
    for doc in of(docs, "ScaledObject", "HorizontalPodAutoscaler"):
        if not named(docs, "Deployment", doc["spec"]["scaleTargetRef"]["name"]):
            yield f"{label(doc)}: its target is not there"
    for doc in of(docs, "PodMonitor"):
        yield from _monitor(doc, every)
    for doc in of(docs, "ExternalSecret"):
        if doc["spec"]["target"]["name"] != SECRET or {d["secretKey"] for d in doc["spec"]["data"]} != SECRET_KEYS:
            yield f"{label(doc)}: does not give the Secret {SECRET} with {sorted(SECRET_KEYS)}"


def _pod(pod: Pod, docs: Docs) -> Iterator[str]:
    for kind, name in _mentioned(pod):
        if not named(docs, kind, name):
            yield f"there is no {kind} {name}"
    for entry in pod.container.get("env", []):
        secret = entry.get("valueFrom", {}).get("secretKeyRef")
        if secret and (secret["name"], secret["key"]) not in {(SECRET, key) for key in SECRET_KEYS}:
            yield f"{entry['name']} comes from {secret['name']}/{secret['key']}, which nobody fills"
    yield from _numbers(pod, docs)


def _numbers(pod: Pod, docs: Docs) -> Iterator[str]:
    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = pod.container.get(kind)
        if probe and pod.port(probe["httpGet"]["port"]) is None:
            yield f"the {kind} asks port {probe['httpGet']['port']}, which the container does not have"
    for name, value in pod.environment(docs).items():
        if name.startswith("ORCHESTRATOR_") and name.endswith("_URL") and value:
            yield from _address(value, docs)


def _mentioned(pod: Pod) -> Iterator[tuple[str, str]]:
    if account := pod.spec.get("serviceAccountName"):
        yield "ServiceAccount", account
    if priority := pod.spec.get("priorityClassName"):
        yield "PriorityClass", priority
    for source in pod.container.get("envFrom", []):
        yield "ConfigMap", source["configMapRef"]["name"]
    for volume in pod.spec["volumes"]:
        if claim := volume.get("persistentVolumeClaim"):
            yield "PersistentVolumeClaim", claim["claimName"]


def _address(url: str, docs: Docs) -> Iterator[str]:
    host, _, port = parse(url).base_url.removeprefix("http://").rstrip("/").partition(":")
    service = named(docs, "Service", host)
    if service is None or int(port) not in {each["port"] for each in service["spec"]["ports"]}:
        yield f"calls {url}, where no Service answers"


def _service(doc: Doc, every: list[Pod]) -> Iterator[str]:
    if doc["metadata"]["name"] == "bentoml":
        yield "its variables would stop every BentoML pod of the namespace"
    backends = [pod for pod in every if selects({"matchLabels": doc["spec"]["selector"]}, pod.labels)]
    if not backends:
        yield "selects no pod"
    for port in doc["spec"]["ports"]:
        if any(pod.port(port["targetPort"]) is None for pod in backends):
            yield f"targetPort {port['targetPort']} is no port of its pods"


def _monitor(doc: Doc, every: list[Pod]) -> Iterator[str]:
    chosen = [pod for pod in every if selects(doc["spec"]["selector"], pod.labels)]
    if {pod.name for pod in chosen} != set(SERVICES):
        yield f"{label(doc)}: scrapes {sorted(pod.name for pod in chosen)}"
    for endpoint in doc["spec"]["podMetricsEndpoints"]:
        if endpoint["path"] != "/metrics" or any(pod.port(endpoint["port"]) is None for pod in chosen):
            yield f"{label(doc)}: {endpoint['port']}{endpoint['path']} is no place with metrics"


def _ways_in(docs: Docs) -> Iterator[tuple[Doc, str, Any, list[str]]]:
    for doc in of(docs, "Ingress"):
        for rule in doc["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                port = service["port"].get("number") or service["port"]["name"]
                yield doc, service["name"], port, [path["path"] if path["pathType"] == "Exact" else "a prefix"]
    for doc in of(docs, "HTTPRoute"):
        for rule in doc["spec"]["rules"]:
            paths = [match["path"] for match in rule["matches"]]
            values = [path["value"] if path["type"] == "Exact" else "a prefix" for path in paths]
            for backend in rule["backendRefs"]:
                yield doc, backend["name"], backend["port"], values


def _way_in(docs: Docs, backend: str, port: Any, paths: list[str]) -> Iterator[str]:
    service = named(docs, "Service", backend)
    if backend != "orchestrator" or service is None:
        yield f"leads to {backend}"
    elif not any(port in (each["name"], each["port"]) for each in service["spec"]["ports"]):
        yield f"leads to port {port}, which {backend} does not have"
    if outside := set(paths) - PUBLIC:
        yield f"opens {sorted(outside)}, which is no endpoint of the orchestrator"
