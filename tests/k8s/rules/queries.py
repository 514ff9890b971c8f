"""The PromQL of rules, autoscalers and dashboards, and the metrics that it names."""

import functools
import importlib
import json
from collections.abc import Iterator

import promql_parser
from prometheus_client import REGISTRY

from tests.k8s.manifests import SERVICES, Docs, label, of

BENTOML = {
    "bentoml_service_request_in_progress": {"endpoint", "runner_name", "service_name", "service_version"},
    "bentoml_service_request_total": {
        "endpoint",
        "http_response_code",
        "runner_name",
        "service_name",
        "service_version",
    },
}
PROMETHEUS = {"up": {"job"}}
ADDED = {"job", "namespace", "pod", "le"}
"""Labels that Prometheus adds while it scrapes, and the one of buckets."""


@functools.cache
def exported() -> dict[str, frozenset[str]]:
    """Give every series that the services export, by the code that declares it, each with its labels."""
    for name in SERVICES:
        importlib.import_module(f"services.{name}.metrics")
    found = {name: frozenset(labels) for name, labels in (BENTOML | PROMETHEUS).items()}
    for collector, names in REGISTRY._collector_to_names.items():
        labels = frozenset(getattr(collector, "_labelnames", ()))
        found |= {name: labels for name in names if name.startswith("promptlift_") and not name.endswith("_created")}
    return found


def queries(docs: Docs) -> Iterator[tuple[str, str]]:
    """Give each query with a name of where it stands."""
    yield from _rules(docs)
    yield from _signals(docs)
    for doc in of(docs, "ConfigMap"):
        if doc["metadata"].get("labels", {}).get("grafana_dashboard"):
            yield from panels(doc["data"]["promptlift.json"])


def _rules(docs: Docs) -> Iterator[tuple[str, str]]:
    for doc in of(docs, "PrometheusRule"):
        for group in doc["spec"]["groups"]:
            for rule in group["rules"]:
                yield f"{label(doc)} {rule.get('alert') or rule['record']}", rule["expr"]


def _signals(docs: Docs) -> Iterator[tuple[str, str]]:
    for doc in of(docs, "ScaledObject"):
        for trigger in doc["spec"]["triggers"]:
            yield f"{label(doc)} {trigger.get('name')}", trigger["metadata"].get("query", "")
    for doc in of(docs, "HorizontalPodAutoscaler"):
        for metric in doc["spec"]["metrics"]:
            yield label(doc), metric.get("pods", {}).get("metric", {}).get("name", "")


def panels(dashboard: str) -> Iterator[tuple[str, str]]:
    for panel in json.loads(dashboard)["panels"]:
        for target in panel["targets"]:
            yield f"dashboard {panel['title']}", target["expr"].replace("$__rate_interval", "5m")


def selectors(query: str) -> list[promql_parser.VectorSelector]:
    """Give the series that a query reads.

    Raises:
        ValueError: it is no PromQL.
    """
    found: list[promql_parser.VectorSelector] = []

    def visit(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)
        elif isinstance(node, promql_parser.MatrixSelector):
            found.append(node.vector_selector)
        return True

    promql_parser.walk(promql_parser.parse(query), visit)
    return found


def findings(docs: Docs) -> Iterator[str]:
    for where, query in queries(docs):
        try:
            read = selectors(query)
        except ValueError as error:
            yield f"{where}: {query!r} is no PromQL: {error}"
            continue
        if not read:
            yield f"{where}: {query!r} reads nothing"
        for selector in read:
            yield from (f"{where}: {said}" for said in _series(selector))


def _series(selector: promql_parser.VectorSelector) -> Iterator[str]:
    series = exported()
    if selector.name not in series:
        yield f"nobody exports {selector.name}"
        return
    known = series[selector.name] | ADDED
    for matcher in selector.matchers.matchers:
        if matcher.name not in known and matcher.name != "__name__":
            yield f"{selector.name} has no label {matcher.name}"
