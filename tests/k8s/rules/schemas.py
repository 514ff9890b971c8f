"""The strict schemas of Kubernetes and of the custom resources."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import kubernetes_validate

from tests.k8s.manifests import Doc, Docs, label

OLDEST, NEWEST = "1.30", "1.37"
"""preStop.sleep is on by default from 1.30."""
CUSTOM = {
    "keda.sh/v1alpha1/ScaledObject": "scaledobject_v1alpha1",
    "monitoring.coreos.com/v1/PodMonitor": "podmonitor_v1",
    "monitoring.coreos.com/v1/PrometheusRule": "prometheusrule_v1",
    "gateway.networking.k8s.io/v1/HTTPRoute": "httproute_v1",
}
UNCHECKED = {"external-secrets.io/v1/ExternalSecret"}
"""Kinds whose schema is not at hand; `references` reads what they give."""
KEYS = {"apiVersion", "kind", "metadata", "spec"}


def findings(docs: Docs, version: str = NEWEST) -> Iterator[str]:
    for doc in docs:
        if said := _fault(json.dumps(doc, sort_keys=True), version):
            yield f"{label(doc)}: {said}"


@functools.cache
def _fault(text: str, version: str) -> str:
    doc: Doc = json.loads(text)
    kind = f"{doc['apiVersion']}/{doc['kind']}"
    if kind in UNCHECKED:
        return ""
    if kind in CUSTOM:
        return _custom_fault(doc, CUSTOM[kind])
    try:
        kubernetes_validate.validate(doc, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return str(error.message)
    except kubernetes_validate.SchemaNotFoundError:
        return f"{kind} is not served by Kubernetes {version}"
    return ""


def _custom_fault(doc: Doc, schema: str) -> str:
    if unknown := set(doc) - KEYS:
        return f"{', '.join(unknown)} beside spec"
    error = jsonschema.exceptions.best_match(_validator(schema).iter_errors(doc))
    return str(error.message) if error else ""


@functools.cache
def _validator(schema: str) -> jsonschema.Draft7Validator:
    path = Path(__file__).parents[1] / "schemas" / f"{schema}.json"
    return jsonschema.Draft7Validator(json.loads(path.read_text()))
