"""The generator is scaled by its queue, by one autoscaler, without cutting a picture."""

from collections.abc import Iterator

from tests.k8s.manifests import Doc, Docs, label, of, pods
from tests.k8s.rules import queries
from tests.k8s.rules.pods import startup_seconds
from tests.k8s.rules.settings import value
from tests.k8s.rules.timing import seconds


def findings(docs: Docs) -> Iterator[str]:
    yield from queries.findings(docs)
    yield from _owner(docs)
    for doc in of(docs, "ScaledObject"):
        yield from (f"{label(doc)}: {said}" for said in _scaled_object(doc, docs))
    for doc in of(docs, "HorizontalPodAutoscaler"):
        yield from (f"{label(doc)}: {said}" for said in _behaviour(doc["spec"].get("behavior", {})))
        yield from (f"{label(doc)}: {said}" for said in _autoscaler(doc, docs))
    for doc in of(docs, "PodMonitor"):
        for endpoint in doc["spec"]["podMetricsEndpoints"]:
            if seconds(endpoint.get("scrapeTimeout", "10s")) > seconds(endpoint.get("interval", "30s")):
                yield f"{label(doc)}: a scrape may take longer than there is time between two"


def _owner(docs: Docs) -> Iterator[str]:
    scalers = list(of(docs, "ScaledObject", "HorizontalPodAutoscaler"))
    if len(scalers) > 1:
        yield "two autoscalers pull at the generator"
    generator = next(pod for pod in pods(docs) if pod.name == "generator")
    if scalers and "replicas" in generator.owner["spec"]:
        yield f"{label(generator.owner)}: names a number of replicas, which each apply would set back"


def _autoscaler(doc: Doc, docs: Docs) -> Iterator[str]:
    for metric in doc["spec"]["metrics"]:
        if float(metric.get("pods", {}).get("target", {}).get("averageValue", 0)) != _rows(docs):
            yield "its target is another number of rows than one replica works on"


def _rows(docs: Docs) -> float:
    generator = next(pod for pod in pods(docs) if pod.name == "generator")
    return value(generator, docs, "GENERATOR_ROWS")


def _behaviour(behaviour: Doc) -> Iterator[str]:
    if behaviour.get("scaleDown", {}).get("stabilizationWindowSeconds", 0) < 300:
        yield "takes replicas away at the first lull"


def _scaled_object(doc: Doc, docs: Docs) -> Iterator[str]:
    spec = doc["spec"]
    generator = next(pod for pod in pods(docs) if pod.name == "generator")
    if spec.get("cooldownPeriod", 300) <= startup_seconds(generator):
        yield "takes the first replica away before it may have loaded"
    yield from _behaviour(spec.get("advanced", {}).get("horizontalPodAutoscalerConfig", {}).get("behavior", {}))
    triggers = {trigger.get("name"): trigger for trigger in spec["triggers"]}
    if set(triggers) != {"rows", "waiting"}:
        yield f"has the triggers {sorted(map(str, triggers))}"
        return
    for name, trigger in triggers.items():
        yield from (f"trigger {name}: {said}" for said in _trigger(trigger, generator.owner["metadata"]["namespace"]))
    if float(triggers["rows"]["metadata"]["threshold"]) != _rows(docs):
        yield "the threshold is another number of rows than one replica works on"
    without_series = "vector(0)" in triggers["rows"]["metadata"].get("query", "")
    if without_series != (spec.get("minReplicaCount", 0) == 0):
        yield "with no replica there is no series of rows, and with one a missing series is a fault"


def _trigger(trigger: Doc, namespace: str) -> Iterator[str]:
    metadata = trigger["metadata"]
    unknown = set(metadata) - {"serverAddress", "query", "threshold", "ignoreNullValues", "activationThreshold"}
    if unknown or trigger["type"] != "prometheus":
        yield f"KEDA's prometheus scaler knows no {sorted(unknown) or trigger['type']}"
    if metadata.get("ignoreNullValues") != "false":
        yield "an empty answer would pass for an idle generator"
    if f'namespace="{namespace}"' not in metadata.get("query", ""):
        yield "counts the pictures of other namespaces too"
    if trigger.get("metricType") != "AverageValue":
        yield "KEDA's fallback needs AverageValue"
