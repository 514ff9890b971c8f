"""What kube-proxy and a network plug-in do to one pod's namespace, as nftables text."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tests.k8s.manifests import Doc, Pod, selects

NODE, SERVICES = "10.231.0.1", "10.97"
"""The node's address, from which the kubelet asks probes, and the network of the Services' addresses."""


class Running(Protocol):
    """What the rules need to know of a pod that runs."""

    pod: Pod
    ip: str
    ready: bool
    leaving: bool


def service_rules(services: Mapping[str, Doc], running: Sequence[Running]) -> str:
    """Send each Service's address to a random ready pod; with none the connection is refused."""
    lines = ["table ip kp", "delete table ip kp", "table ip kp {", " chain nat { type nat hook output priority -100;"]
    for address, doc in services.items():
        chosen = {"matchLabels": doc["spec"]["selector"]}
        backends = [each for each in running if each.ready and not each.leaving and selects(chosen, each.pod.labels)]
        table = ", ".join(f"{number} : {each.ip}" for number, each in enumerate(backends))
        for port in doc["spec"]["ports"] if backends else []:
            target = backends[0].pod.port(port["targetPort"])
            pick = f"numgen random mod {len(backends)} map {{ {table} }}"
            lines.append(f"  ip daddr {address} tcp dport {port['port']} dnat to {pick} : {target}")
    # filtered after nat, so that what still carries a Service's address found no pod
    refused = f"  ip daddr {SERVICES}.0.0/16 meta l4proto tcp reject with tcp reset"
    return "\n".join([*lines, " }", " chain refuse { type filter hook output priority 0;", refused, " }", "}", ""])


def policy_rules(policies: Sequence[Doc], mine: Running, running: Sequence[Running]) -> str:
    """Allow what some policy allows, in each direction in which some policy selects the pod."""
    body = []
    for direction, hook, usual in (
        ("Ingress", "input", ["iif lo accept", f"ip saddr {NODE} accept"]),
        ("Egress", "output", ["oif lo accept", f"ip daddr {NODE} accept"]),
    ):
        chosen = [
            doc["spec"]
            for doc in policies
            if direction in doc["spec"]["policyTypes"] and selects(doc["spec"]["podSelector"], mine.pod.labels)
        ]
        if chosen:
            # a Service's address that found no pod goes on to be refused, at once
            usual = [*usual, "ct state established,related accept", f"ip daddr {SERVICES}.0.0/16 accept"]
            allowed = [line for spec in chosen for line in _allowed(spec, direction, mine, running)]
            body += [f" chain {hook} {{ type filter hook {hook} priority -1; policy drop;", *usual, *allowed, " }"]
    return "\n".join(["table inet np", "delete table inet np", "table inet np {", *body, "}", ""])


def _allowed(spec: Doc, direction: str, mine: Running, running: Sequence[Running]) -> list[str]:
    side, peers_of, which = ("ingress", "from", "saddr") if direction == "Ingress" else ("egress", "to", "daddr")
    lines = []
    for rule in spec.get(side) or []:
        # peers of other namespaces and of the internet are not here, so that none of them matches a pod
        selectors = [peer["podSelector"] for peer in rule.get(peers_of) or [] if "podSelector" in peer]
        for other in running:
            if any(selects(selector, other.pod.labels) for selector in selectors):
                listening = mine.pod if direction == "Ingress" else other.pod
                ports = [listening.port(port["port"]) for port in rule["ports"]]
                lines += [f"ip {which} {other.ip} tcp dport {port} accept" for port in ports if port]
    return lines
