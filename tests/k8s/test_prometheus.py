"""A real Prometheus scrapes the pods: rules load, and queries and panels give data; with make test-k8s."""

import contextlib
import math
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from promptlift import Client, PromptliftError
from tests.k8s import manifests
from tests.k8s.manifests import K8S, SERVICES, Docs, of
from tests.k8s.podless.cluster import Cluster
from tests.k8s.rules import queries

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]
URL = "http://127.0.0.1:9090"
ZERO = K8S / "overlays" / "production"


def production() -> Docs:
    return manifests.overlay("production")


@pytest.fixture(scope="module")
def prometheus(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Start it with the alerts, and give it some jobs to see."""
    if not shutil.which("prometheus"):
        pytest.skip("there is no prometheus: apt-get install --no-install-recommends prometheus")
    cluster.wait()
    folder = tmp_path_factory.mktemp("prometheus")
    [rules] = of(production(), "PrometheusRule")
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules["spec"]))
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration(cluster)))
    options = (f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(["prometheus", *options, "--web.listen-address=127.0.0.1:9090"], stderr=log)
    try:
        with httpx.Client(base_url=URL) as http:
            for _ in range(100):
                with contextlib.suppress(httpx.TransportError):
                    if http.get("/-/ready").is_success:
                        break
                time.sleep(0.2)
            keep_busy(cluster)
            yield http
    finally:
        process.terminate()
        process.wait(30)


def configuration(cluster: Cluster) -> dict[str, Any]:
    """Do what the operator makes of the PodMonitor."""
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yaml"],
        "scrape_configs": [
            {
                "job_name": name,
                "static_configs": [
                    {"targets": [f"{replica.ip}:3000"], "labels": {"namespace": "promptlift", "pod": replica.name}}
                    for replica in cluster.of(name)
                ],
            }
            for name in SERVICES
        ],
    }


def keep_busy(cluster: Cluster) -> None:
    """Send jobs for some seconds, one of them a bad one."""
    end = time.monotonic() + 10
    with Client(cluster.url("orchestrator"), timeout=120) as client:
        with contextlib.suppress(PromptliftError):
            client.create(prompt="a red circle", upsample=False, width=2048, height=2048, steps=150, timeout=2)
        client.create(prompt="a red circle", compare=True)
        while time.monotonic() < end:
            client.create(prompt="a red circle", compare=True, upsample=False)
    time.sleep(3)


def ask(prometheus: httpx.Client, query: str) -> list[dict[str, Any]]:
    answer = prometheus.get("/api/v1/query", params={"query": query.replace("$__rate_interval", "1m")})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"]["result"])


def test_every_panel_of_the_dashboard_shows_data(prometheus: httpx.Client) -> None:
    dashboard = (K8S / "components" / "monitoring" / "dashboard.json").read_text()

    for where, query in queries.panels(dashboard):
        found = [float(series["value"][1]) for series in ask(prometheus, query)]
        assert [value for value in found if math.isfinite(value)], f"{where}: {query}"


def test_every_signal_that_scales_the_generator_is_one_number(prometheus: httpx.Client) -> None:
    zero = manifests.combined(("scale-to-zero",), base=ZERO)

    for docs in (production(), zero):
        [scaled] = of(docs, "ScaledObject")
        for trigger in scaled["spec"]["triggers"]:
            [answer] = ask(prometheus, trigger["metadata"]["query"])
            assert float(answer["value"][1]) >= 0
    for metric in ("promptlift_generator_rows",):  # of the autoscaler without KEDA: one series for each pod
        assert {series["metric"]["pod"] for series in ask(prometheus, metric)}


def test_alerts_are_quiet_while_all_is_well_and_wake_when_a_helper_is_gone(
    prometheus: httpx.Client, cluster: Cluster
) -> None:
    def states() -> dict[str, tuple[str, str]]:
        groups = prometheus.get("/api/v1/rules").json()["data"]["groups"]
        return {rule["name"]: (rule["health"], rule["state"]) for group in groups for rule in group["rules"]}

    [rules] = of(production(), "PrometheusRule")
    before = states()
    assert set(before) == {rule["alert"] for group in rules["spec"]["groups"] for rule in group["rules"]}
    assert {health for health, _ in before.values()} == {"ok"}
    assert before["OrchestratorDown"][1] == before["HelperDown"][1] == before["GeneratorMissing"][1] == "inactive"

    cluster.scale("judge", 0)
    deadline = time.monotonic() + 60
    while states()["HelperDown"][1] == "inactive":
        assert time.monotonic() < deadline
        time.sleep(0.5)

    assert states()["OrchestratorDown"][1] == "inactive"
    cluster.scale("judge", 1)
