"""BentoML's own OpenTelemetry spans leave a service by the setting that the README gives."""

import re

import pytest

from promptlift import Client
from services.traces.tree import Trace
from tests.e2e.conftest import Running
from tests.readme import README
from tests.trace_server import TraceServer

pytestmark = pytest.mark.e2e


def test_spans_are_exported_as_the_readme_says(running: Running, trace_server: TraceServer) -> None:
    [options] = re.findall(r'`BENTOML_CONFIG_OPTIONS="([^"]+)"`', README)
    collector = "http://collector:4318/v1/traces"
    assert collector in options
    options = options.replace(collector, f"{trace_server.url}/otel/v1/traces")

    def arrived(traces: list[Trace]) -> bool:
        return any("/upsample" in node.op and node.service == "upsampler" for trace in traces for node in trace.nodes)

    with running("upsampler", BENTOML_CONFIG_OPTIONS=options) as system, Client(system.url) as client:
        client.upsample(prompt="a red circle", mode="off")
        trace_server.wait(arrived)
