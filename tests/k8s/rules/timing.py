"""Times that lie within each other, so that nothing is cut off from outside."""

from collections.abc import Iterator

from tests.k8s.manifests import Docs, Pod, label, of, pods
from tests.k8s.rules.settings import value

EDGE_SECONDS = 5
"""Beyond its own timeout a service's edge waits so long before it answers 504 (see `Edge` in each service.py)."""
ENDING_SECONDS = 10
"""For what comes after the last answer: hooks, and the end of the processes."""


def findings(docs: Docs) -> Iterator[str]:
    for pod in pods(docs):
        if pod.serves:
            yield from (f"{label(pod.owner)}: {said}" for said in _grace(pod, docs))
    yield from _ways_in(docs)
    yield from _nested(docs)


def _ways_in(docs: Docs) -> Iterator[str]:
    longest = next(_longest(pod, docs) for pod in pods(docs) if pod.name == "orchestrator")
    for doc in of(docs, "HTTPRoute"):
        for rule in doc["spec"]["rules"]:
            times = rule.get("timeouts", {})
            limits = [seconds(times.get(name, "15s")) for name in ("request", "backendRequest")]
            if min(limits) < longest:
                yield f"{label(doc)}: gives up before the orchestrator does, which may take {longest:g} s"
            if limits[1] > limits[0]:
                yield f"{label(doc)}: a try may not take longer than the request"
    for doc in of(docs, "Ingress"):
        notes = doc["metadata"].get("annotations", {})
        if float(notes.get("nginx.ingress.kubernetes.io/proxy-read-timeout", 60)) < longest:
            yield f"{label(doc)}: gives up before the orchestrator does, which may take {longest:g} s"


def seconds(duration: str) -> float:
    """Read a duration such as 90s or 5m."""
    return float(duration[:-1]) * {"s": 1, "m": 60, "h": 3600}[duration[-1]]


def pause(pod: Pod) -> float:
    """Give the seconds of a pod's preStop hook."""
    return float(pod.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0))


def _longest(pod: Pod, docs: Docs) -> float:
    return value(pod, docs, f"{pod.name.upper()}_TIMEOUT") + EDGE_SECONDS


def _grace(pod: Pod, docs: Docs) -> Iterator[str]:
    if pause(pod) < 5:
        yield "stops listening before every node has forgotten its address"
    needed = pause(pod) + _longest(pod, docs) + ENDING_SECONDS
    grace = pod.spec.get("terminationGracePeriodSeconds", 30)
    if grace < needed:
        yield f"is killed after {grace} s, when its longest request may need {needed:g} s"
    if grace > needed + 60:
        yield f"holds up a rollout for {grace} s, when {needed:g} s are enough"


def _nested(docs: Docs) -> Iterator[str]:
    by_name = {pod.name: pod for pod in pods(docs)}
    orchestrator = by_name["orchestrator"]
    whole = value(orchestrator, docs, "ORCHESTRATOR_TIMEOUT")
    for name in ("upsampler", "generator", "judge"):
        if value(by_name[name], docs, f"{name.upper()}_TIMEOUT") > whole:
            yield f"Deployment/{name}: works longer than the orchestrator waits"
    if not 0 < value(orchestrator, docs, "ORCHESTRATOR_GENERATOR_WAIT") < whole - 30:
        yield "Deployment/orchestrator: leaves no time to paint after it waited for a generator"
    if orchestrator.environment(docs).get("ORCHESTRATOR_READY_WITH") != "none":
        yield "Deployment/orchestrator: could not hold requests for a generator, because it would not be ready itself"
