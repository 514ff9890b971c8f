"""The trace server beside the services of one machine."""

import socket
from pathlib import Path

import httpx
import pytest

from services.local.traces import LocalTraces
from services.tracing import TracingSettings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.e2e
def test_services_record_to_it_while_it_runs(tmp_path: Path) -> None:
    with LocalTraces(free_port(), TracingSettings(), tmp_path / "traces.db") as kept:
        url = kept.url
        assert url is not None
        assert kept.environment == {"TRACING_TO": url, "ORCHESTRATOR_TRUST_TRACES": "true"}
        assert httpx.get(f"{url}/readyz").is_success

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/readyz")
    assert (tmp_path / "traces.db").exists()


@pytest.mark.parametrize(
    "settings",
    [
        TracingSettings(to="off"),
        TracingSettings(to="http://traces:3010"),
        TracingSettings(wandb_api_key="k"),
    ],
)
def test_it_is_left_out_where_traces_go_elsewhere_or_nowhere(settings: TracingSettings, tmp_path: Path) -> None:
    with LocalTraces(free_port(), settings, tmp_path / "traces.db") as kept:
        assert (kept.url, kept.trouble, dict(kept.environment)) == (None, None, {})

    assert not (tmp_path / "traces.db").exists()


def test_without_its_port_the_services_run_without_traces(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with LocalTraces(port, TracingSettings(), tmp_path / "traces.db") as kept:
            assert dict(kept.environment) == {}
            assert f"port {port} is taken" in str(kept.trouble)
