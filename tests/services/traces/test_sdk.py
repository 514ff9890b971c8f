"""The real Weave SDK against the trace server: what it sends is kept, and what it asks is answered as it expects."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trace_server import TraceServer, outline

PARTS = ("pictures", "evaluation", "logged", "prices", "feedback", "queries", "objects")
SPANS = """
import os
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
named = {"service.name": "upsampler", "wandb.entity": "local", "wandb.project": "spans"}
provider = TracerProvider(resource=Resource(named))
exporter = OTLPSpanExporter(
    os.environ["WANDB_BASE_URL"] + "/otel/v1/traces",
    headers={"wandb-api-key": os.environ["WANDB_API_KEY"]},
    compression=Compression.Gzip,
)
provider.add_span_processor(BatchSpanProcessor(exporter))
tracer = provider.get_tracer("tests")
used = {"gen_ai.request.model": "local-1", "gen_ai.usage.input_tokens": 11, "gen_ai.usage.output_tokens": 7}
with tracer.start_as_current_span("POST /upsample"):
    tracer.start_span("chat", attributes={**used, "tags": ["a", "b"]}).end()
    try:
        with tracer.start_as_current_span("check"):
            raise ValueError("no good")
    except ValueError:
        pass
provider.shutdown()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TraceServer]:
    """A server with a key, so that everything here shows that the SDK sends it."""
    with TraceServer(tmp_path_factory.mktemp("traces") / "traces.db", key="a key") as started:
        yield started


def run(server: TraceServer, *parts: str, **environment: str) -> dict[str, Any]:
    code = f"from tests.services.traces import sdk; sdk.main({list(parts)!r})"
    said = server.python(code, **environment).splitlines()
    return json.loads(said[-1]) if said else {}


@pytest.fixture(scope="module")
def said(server: TraceServer) -> dict[str, Any]:
    """What the SDK read back in each part; one process for all, as importing the SDK takes seconds."""
    return run(server, *PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_the_sdk_finds_no_fault(said: dict[str, Any], part: str) -> None:
    assert "failed" not in said[part], said[part]["failed"]


def test_a_tree_is_kept_with_its_errors(said: dict[str, Any], server: TraceServer) -> None:
    trace = server.trace(said["pictures"]["trace_id"])

    assert outline(trace) == "create\n  paint\n  look\n  look [error]"
    assert (trace.status, trace.errors, trace.prompt, trace.project) == ("ok", 1, "a red circle", "local/pictures")
    assert {node.service for node in trace.nodes} == {"orchestrator"}
    assert "wrong size" in (trace.nodes[-1].exception or "")


def test_the_sdk_reads_back_what_it_sent(said: dict[str, Any]) -> None:
    pictures = said["pictures"]

    assert pictures["prompt"] == "a red circle"
    assert pictures["output"] == 7
    assert pictures["content"]
    assert pictures["picture"] == [16, 16]
    assert pictures["exception"] == "wrong size"
    assert pictures["status"] == ["success", "success", "error"]


def test_pictures_are_served_as_pictures(said: dict[str, Any], server: TraceServer) -> None:
    trace = server.trace(said["pictures"]["trace_id"])

    painted, looked = trace.nodes[1].pictures, trace.nodes[2].pictures
    with server.http as http:
        answers = [http.get(picture.url) for picture in (*painted, *looked)]

    assert [picture.role for picture in (*painted, *looked)] == ["output", "inputs"]
    assert [answer.headers["content-type"] for answer in answers] == ["image/jpeg", "image/png"]
    assert trace.thumbnails == [painted[0].url]


def test_an_evaluation_is_two_trees_and_a_leaderboard(said: dict[str, Any], server: TraceServer) -> None:
    row = "\n  Evaluation.predict_and_score\n    Painter.predict\n    Longer.score"

    trees = [outline(server.trace(trace.trace_id)) for trace in server.traces(project="local/evaluation")]

    assert trees == [f"Evaluation.evaluate{row * 3}\n  Evaluation.summarize\n    Scorer.summarize"] * 2
    means = said["evaluation"]["means"]
    assert means == pytest.approx([(5 + 5 + 9) / 60, (15 + 15 + 19) / 60])
    assert said["evaluation"]["board"] == means
    assert [row["n"] for row in said["evaluation"]["rows"]] == [1, 2, 3]
    assert said["evaluation"]["predictions"] == 6


def test_an_evaluation_can_be_logged_by_hand(said: dict[str, Any], server: TraceServer) -> None:
    (trace,) = server.traces(project="local/logged")

    assert outline(server.trace(trace.trace_id)).count("Evaluation.predict_and_score") == 3
    assert trace.prompt == "prompt 0"
    assert said["logged"]["mean"] == 0.5


def test_tokens_are_counted_once_and_priced_by_the_newest_price(said: dict[str, Any], server: TraceServer) -> None:
    (trace,) = server.traces(project="local/prices")

    assert (trace.tokens.read, trace.tokens.written) == (200, 20)
    assert trace.cost == pytest.approx(200 * 0.001 + 20 * 0.01)
    assert [node.tokens.read for node in server.trace(trace.trace_id).nodes] == [200, 100, 100]
    assert said["prices"] == {"requests": 2, "cost": pytest.approx(0.4), "models": ["local-1", "local-1"]}


def test_feedback_is_kept_found_and_purged(said: dict[str, Any]) -> None:
    left = ["human", "wandb.note.1"]

    assert said["feedback"] == {"before": [{"emoji": "👍"}], "read": left, "with_call": left}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("newest", [5, 4]),
        ("largest", [5, 4]),
        ("page", [3, 4]),
        ("eq", [1, 3, 5]),
        ("gte", [4, 5]),
        ("not", [3, 4, 5]),
        ("contains", [0, 2, 4]),
        ("errors", [3]),
        ("or", [1, 4]),
        ("later", [1, 2, 3, 4, 5]),
        ("thread", 6),
        ("named", ["the first"]),
        ("op", 6),
        ("left", [1, 2, 3, 4, 5]),
    ],
)
def test_calls_are_found_as_the_query_language_says(said: dict[str, Any], asked: str, answer: object) -> None:
    assert said["queries"][asked] == answer


def test_versions_have_digests_numbers_tags_and_aliases(said: dict[str, Any]) -> None:
    objects = said["objects"]

    assert objects["same"]
    assert objects["styles"] == ["creative", "faithful", "faithful"]
    assert objects["tags"] == ["reviewed"]
    assert objects["labels"] == [["reviewed"], ["production"]]


def test_a_long_table_is_read_in_pages_and_added_to(said: dict[str, Any]) -> None:
    assert said["objects"]["rows"] == [2500, 2501, sum(range(2501))]
    assert said["objects"]["row"] == 7


def test_a_process_that_dies_leaves_a_running_call(server: TraceServer) -> None:
    run(server, "dying")

    (trace,) = server.traces(project="local/dying")

    assert outline(server.trace(trace.trace_id)) == "eager [running]\n  child"


@pytest.mark.parametrize(
    ("variable", "value", "route"),
    [
        ("WEAVE_USE_CALLS_COMPLETE", "false", "/call/upsert_batch"),
        ("WEAVE_ENABLE_CLIENT_SIDE_DIGESTS", "true", "/service/projects_info"),
    ],
)
def test_other_ways_to_send_give_the_same_tree(server: TraceServer, variable: str, value: str, route: str) -> None:
    server.faults.clear()

    said = run(server, "nested", **{variable: value})

    newest = server.trace(server.traces(project="local/nested")[0].trace_id)
    assert f"POST {route}" in server.faults.asked
    assert said["nested"] == {"output": 1}
    assert outline(newest) == "outer\n  inner"


def test_spans_of_opentelemetry_become_calls(server: TraceServer) -> None:
    server.python(SPANS)

    (trace,) = server.traces(project="local/spans")
    trace = server.trace(trace.trace_id)

    assert outline(trace) == "POST /upsample\n  chat\n  check [error]"
    assert (trace.tokens.read, trace.tokens.written) == (11, 7)
    assert trace.nodes[1].attributes["tags"] == ["a", "b"]
    assert {node.service for node in trace.nodes} == {"upsampler"}


def test_digests_are_those_of_the_sdk() -> None:
    code = """
import json, sys
from services.traces import digests
from weave.trace.serialization import digest as theirs
values = [{"b": 1, "a": [1.5, None, True, "ä👍"]}, {}, {"z": {"y": 1e300, "x": -0.0}}, {"_type": "A", "n": 2**60}]
for value in json.loads(json.dumps(values)):
    assert digests.of_value(value) == theirs.compute_object_digest(value) == theirs.compute_row_digest(value), value
assert digests.of_bytes(b"x" * 1000) == theirs.compute_file_digest(b"x" * 1000)
assert digests.of_table(["a", "b"]) == theirs.compute_table_digest(["a", "b"])
"""
    root = Path(__file__).parents[3]

    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
