"""The real Weave SDK: what reaches the trace server, and that a process ends in time when the server is not well."""

import json
import threading
import time
from typing import Any

import pytest

from tests.trace_server import TraceServer

FLUSH = 1.0
RECORD = """
import json, socket, sys, time
from urllib.parse import urlsplit
from services import tracing
from services.tracing import recorder

settings = tracing.TracingSettings()
tracing.start(settings, "judge")
deadline = time.monotonic() + 60
while recorder.running().url("call", "trace") is None and time.monotonic() < deadline:
    time.sleep(0.01)
if "wait" in sys.argv:
    address = urlsplit(settings.to)
    while time.monotonic() < deadline and not socket.socket().connect_ex((address.hostname, address.port)):
        time.sleep(0.01)
for number in range(20):
    with tracing.call("judge", {"number": number}) as noted:
        noted.spent("eyes", (1.0, 3.0), prompt_tokens=1_000_000, completion_tokens=2_000_000)
        noted.result(number)
started = time.monotonic()
tracing.stop(settings)
print(json.dumps({"stopping": time.monotonic() - started}))
"""


def record(server: TraceServer, *arguments: str, flush: float = FLUSH) -> tuple[dict[str, Any], float]:
    """Record twenty calls in a process of its own; give what it printed and how long it took after that."""
    code = f"import sys; sys.argv += {list(arguments)!r}\n{RECORD}\nprint(json.dumps(time.time()))"
    printed = server.python(code, TRACING_TO=server.url, TRACING_PROJECT="tests", TRACING_FLUSH=str(flush))
    told, left = printed.strip().splitlines()
    return json.loads(told), time.time() - json.loads(left)


def test_calls_arrive_with_their_tokens_and_what_they_cost(trace_server: TraceServer) -> None:
    record(trace_server, flush=30)

    traces = trace_server.wait(lambda traces: len(traces) == 20)
    assert sorted(trace.nodes[0].output for trace in traces) == list(range(20))
    assert {trace.nodes[0].tokens.written for trace in traces} == {2_000_000}
    assert [trace.nodes[0].cost for trace in traces] == [pytest.approx(1 * 1.0 + 2 * 3.0)] * 20
    assert trace_server.faults.asked.count("POST /cost/create") == 1


@pytest.mark.parametrize(("status", "delay"), [(500, 0.0), (401, 0.0), (None, 20.0)])
def test_a_server_that_refuses_or_dawdles_keeps_no_process(
    trace_server: TraceServer, status: int | None, delay: float
) -> None:
    trace_server.faults.status, trace_server.faults.delay = status, delay

    told, leaving = record(trace_server)

    assert told["stopping"] < FLUSH + 5
    assert leaving < 8  # one request that nobody answers takes 3 s here; its two repetitions are not waited for
    assert any(asked.startswith("POST") for asked in trace_server.faults.asked)


def test_a_server_that_dies_keeps_no_process(trace_server: TraceServer) -> None:
    def die() -> None:
        while "GET /server_info" not in trace_server.faults.asked:
            time.sleep(0.01)
        trace_server.stop()

    killer = threading.Thread(target=die)
    killer.start()
    try:
        told, leaving = record(trace_server, "wait")
    finally:
        killer.join(20)
        trace_server.start()

    assert told["stopping"] < FLUSH + 5
    assert leaving < 8  # one request that nobody answers takes 3 s here; its two repetitions are not waited for
