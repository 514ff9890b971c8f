"""The network policies let through exactly the call graph."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.k8s.manifests import SERVICES, Doc, Docs, Pod, label, of, pods, selects

CALLS = {("orchestrator", "upsampler"), ("orchestrator", "generator"), ("orchestrator", "judge")}
NAMESPACES = {"callers": {"promptlift.dev/caller": "true"}, "monitoring": {"kubernetes.io/metadata.name": "monitoring"}}
PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}


@dataclass(frozen=True)
class Peer:
    """A pod, or any pod of another namespace."""

    name: str
    labels: dict[str, str]
    outside: bool = False


def findings(docs: Docs) -> Iterator[str]:
    policies = list(of(docs, "NetworkPolicy"))
    if not policies:
        return
    every = pods(docs)
    nothing = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    if not any(policy["spec"] == nothing for policy in policies):
        yield "a pod that no policy names, such as one that is added, is open to everybody"
    for policy in policies:
        yield from _ports(policy, every)
    found, wanted = edges(docs), declared(docs)
    for source, target in sorted(found - wanted):
        yield f"the policies let {source} call {target}"
    for source, target in sorted(wanted - found):
        yield f"the policies keep {source} from calling {target}"
    yield from _internet(policies, every, docs)


def declared(docs: Docs) -> set[tuple[str, str]]:
    """Give who calls whom: the services each other, callers the orchestrator, Prometheus all, and the trace server."""
    calls = CALLS | {("callers", "orchestrator")} | {("monitoring", name) for name in SERVICES}
    if any(pod.name == "traces" for pod in pods(docs)):
        # Prometheus may reach what stands for the whole namespace; the server has nothing else to show
        calls |= {(name, "traces") for name in SERVICES} | {("callers", "traces"), ("monitoring", "traces")}
    return calls


def edges(docs: Docs) -> set[tuple[str, str]]:
    """Read the policies as a network would: whoever is selected may do only what some policy allows."""
    policies = list(of(docs, "NetworkPolicy"))
    inside = [Peer(pod.name, pod.labels) for pod in pods(docs)]
    outside = [Peer(name, labels, outside=True) for name, labels in NAMESPACES.items()]
    return {
        (source.name, target.name)
        for source in [*inside, *outside]
        for target in inside
        if source != target
        and (source.outside or _allowed(policies, "Egress", source, target))
        and _allowed(policies, "Ingress", target, source)
        and target.name != "weights"
    }


def _allowed(policies: list[Doc], direction: str, whose: Peer, other: Peer) -> bool:
    side, key = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    mine = [
        policy["spec"]
        for policy in policies
        if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], whose.labels)
    ]
    rules = [rule for spec in mine for rule in spec.get(side) or []]
    return not mine or any(_admits(rule.get(key), other) for rule in rules)


def _admits(peers: list[Doc] | None, other: Peer) -> bool:
    if not peers:
        return True
    chosen = "namespaceSelector" if other.outside else "podSelector"
    return any(chosen in peer and selects(peer[chosen], other.labels) for peer in peers)


def _ports(policy: Doc, every: list[Pod]) -> Iterator[str]:
    """A policy for a port that nobody listens on lets nothing through."""
    for rule in policy["spec"].get("ingress") or []:
        chosen = [pod for pod in every if selects(policy["spec"]["podSelector"], pod.labels)]
        for port in rule.get("ports", []):
            if chosen and all(pod.port(port["port"]) is None for pod in chosen):
                yield f"{label(policy)}: port {port['port']} is none of its pods'"
        if not rule.get("ports"):
            yield f"{label(policy)}: opens every port"


def _internet(policies: list[Doc], every: list[Pod], docs: Docs) -> Iterator[str]:
    """Only who asks a language model, W&B or the hub leaves the cluster, by HTTPS, and never for a private address."""
    hosted = any(
        "TRACING_TO" in pod.environment(docs) and pod.environment(docs)["TRACING_TO"] == "wandb" for pod in every
    )
    wanted = set(SERVICES) if hosted else {"upsampler", "judge"}
    found = set()
    for policy in policies:
        for rule in policy["spec"].get("egress") or []:
            blocks = [peer["ipBlock"] for peer in rule.get("to", []) if "ipBlock" in peer]
            if blocks or not rule.get("to"):
                found |= {pod.name for pod in every if selects(policy["spec"]["podSelector"], pod.labels)}
            if any(PRIVATE - set(block.get("except", [])) for block in blocks):
                yield f"{label(policy)}: leads to private addresses too"
            if blocks and [port["port"] for port in rule.get("ports", [])] != [443]:
                yield f"{label(policy)}: leads out by more than HTTPS"
    if found - {"weights"} != wanted:
        yield f"{sorted(found - {'weights'})} can reach the internet; {sorted(wanted)} need to"
