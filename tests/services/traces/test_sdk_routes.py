"""Every route of the SDK against requests of any kind."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.traces.sdk import ENDPOINTS, Endpoint
from services.traces.wire import Wire
from tests.trace_server import TraceServer

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
LIKELY = st.sampled_from(
    [
        "local/p",
        "2026-01-31T12:00:00Z",
        "weave:///local/p/object/x:latest/key/a",
        {"$expr": {"$eq": [{"$getField": "a.b"}, {"$literal": 1}]}},
        {"project_id": "local/p", "id": "x", "trace_id": "t", "op_name": "o", "started_at": "2026-01-31T12:00:00Z"},
        [{"append": {"row": {}}}],
        ["latest", "\ud800", "\x00"],
    ]
)


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with TraceServer(tmp_path_factory.mktemp("routes") / "traces.db") as server, server.http as client:
        yield client


def request_of(kind: type[Wire]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a request that has some of the fields, some of them right."""
    names = [field.alias or name for name, field in kind.model_fields.items()]
    return st.fixed_dictionaries({}, optional={name: LIKELY | VALUES for name in names})


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.path)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_request_of_any_kind_breaks_the_server(http: httpx.Client, endpoint: Endpoint, data: st.DataObject) -> None:
    body = data.draw(request_of(endpoint.request))
    path = endpoint.path.format(entity="local", project="p", object_id="x", digest="latest")

    answer = http.request(endpoint.methods[0], path, content=json.dumps(body))

    assert answer.status_code < 500, (body, answer.text)
    assert answer.status_code == 200 or answer.json()["reason"]


def test_a_file_that_breaks_in_use_is_told_of(tmp_path: Path) -> None:
    with TraceServer(tmp_path / "traces.db") as server:
        with contextlib.closing(sqlite3.connect(server.file)) as file:
            file.execute("DROP TABLE feedback")
        answer = server.post("/feedback/query", {"project_id": "local/p"})

    assert answer.status_code == 503
    assert "no such table" in answer.json()["reason"]
