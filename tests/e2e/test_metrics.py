"""Everything that the rules, autoscalers and panels in k8s/ read is served by the running services."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from promptlift import Client
from services.local.system import LocalSystem
from tests.k8s import manifests
from tests.k8s.rules import queries
from tests.openai_server import OpenAIServer
from tests.witness import witness

pytestmark = pytest.mark.e2e


def test_every_series_that_is_queried_is_served_with_its_labels(system: LocalSystem, llm: OpenAIServer) -> None:
    llm.play(brain=witness())
    with Client(system.url) as client:
        client.create(prompt="a red circle", compare=True)

    served: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(httpx.get(f"{system.url}/metrics").text):
        for sample in family.samples:
            served.setdefault(sample.name, set()).update(sample.labels)

    asked = [
        (where, selector)
        for where, query in queries.queries(manifests.overlay("production"))
        for selector in queries.selectors(query)
        if selector.name != "up"
    ]
    assert len({selector.name for _, selector in asked}) > 15
    for where, selector in asked:
        labels = {matcher.name for matcher in selector.matchers.matchers} - {"namespace", "job", "pod", "__name__"}
        assert selector.name in served, where
        assert labels <= served[selector.name], where
