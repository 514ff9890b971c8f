"""What must hold for rendered manifests; each rule gives a sentence for each place where it does not."""

from tests.k8s.manifests import Docs
from tests.k8s.rules import api, edges, pods, references, scaling, schemas, settings, timing

FITTING = (
    references.findings,
    pods.findings,
    settings.findings,
    timing.findings,
    edges.findings,
    scaling.findings,
)


def findings(docs: Docs) -> list[str]:
    """Apply every rule; what Kubernetes itself would refuse is not read any further."""
    return [*schemas.findings(docs)] or [*api.findings(docs)] or [finding for rule in FITTING for finding in rule(docs)]
