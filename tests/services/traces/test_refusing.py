"""What the trace server answers to what is wrong, strange or too much."""

import json
import re
import time
from urllib.parse import quote

import pytest

from tests.services.traces.sending import call, send
from tests.trace_server import PROJECT, TraceServer


def test_one_bad_call_keeps_the_batch_out_and_is_named(trace_server: TraceServer) -> None:
    """The SDK then sends the batch again in halves, until the bad one stands alone."""
    answer = trace_server.post(f"/v2/{PROJECT}/calls/complete", {"batch": [call("a"), call("b") | {"started_at": "?"}]})

    assert answer.status_code == 422
    assert answer.json()["reason"].startswith("started_at: ")
    assert trace_server.traces() == []


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"{", 400, "the body is no JSON"),
        (b"[]", 400, "the body must be a JSON object"),
        (b'{"batch": [], "x": NaN}', 400, "NaN is no number"),
        (b'{"batch": ' + b"[" * 100_000, 400, "the body is no JSON"),
        (b'{"batch": 7}', 422, "batch: "),
        (b"{}", 422, "batch: Field required"),
    ],
)
def test_a_body_that_is_none_is_refused_in_words(
    trace_server: TraceServer, body: bytes, status: int, reason: str
) -> None:
    with trace_server.http as http:
        answer = http.post(f"/v2/{PROJECT}/calls/complete", content=body)

    assert answer.status_code == status
    assert reason in answer.json()["reason"]


@pytest.mark.parametrize(
    "expression",
    [
        {"$sum": []},
        {"$eq": [{"$literal": 1}]},
        {"$eq": [{"$getField": 'inputs."x'}, {"$literal": 1}]},
        {"$and": []},
        {"$gt": [{"$getField": "started_at"}, {"$literal": "yesterday"}]},
        {"$eq": [{"$convert": {"input": {"$literal": 1}, "to": "date"}}, {"$literal": 1}]},
        "inputs = 1",
    ],
)
def test_a_query_that_is_none_is_refused(trace_server: TraceServer, expression: object) -> None:
    answer = trace_server.post("/calls/stream_query", {"project_id": PROJECT, "query": {"$expr": expression}})

    assert answer.status_code == 422
    assert answer.json()["reason"]


def test_a_query_without_an_end_is_refused(trace_server: TraceServer) -> None:
    expression: dict[str, object] = {"$eq": [{"$literal": 1}, {"$literal": 1}]}
    for _ in range(60):
        expression = {"$not": [expression]}

    answer = trace_server.post("/calls/query_stats", {"project_id": PROJECT, "query": {"$expr": expression}})

    assert answer.status_code == 422
    assert "levels deep" in answer.json()["reason"]


def test_a_number_that_no_database_holds_is_refused(trace_server: TraceServer) -> None:
    expression = {"$eq": [{"$getField": "inputs.n"}, {"$literal": 2**70}]}

    answer = trace_server.post("/calls/query_stats", {"project_id": PROJECT, "query": {"$expr": expression}})

    assert (answer.status_code, answer.json()) == (422, {"reason": "a number in the body is too large"})


def test_values_in_queries_are_never_sql(trace_server: TraceServer) -> None:
    send(trace_server, call("a", inputs={"x": "1"}))
    hostile = "' OR 1=1; DROP TABLE calls; --"

    expression = {"$eq": [{"$getField": f"inputs.{hostile}"}, {"$literal": hostile}]}
    answer = trace_server.post("/calls/query_stats", {"project_id": PROJECT, "query": {"$expr": expression}})

    assert answer.json() == {"count": 0}
    assert len(trace_server.traces()) == 1


def test_what_is_not_here_is_404(trace_server: TraceServer) -> None:
    digest = {"project_id": PROJECT, "digest": "none"}
    asked = [
        ("/obj/read", digest | {"object_id": "x"}),
        ("/file/content", digest),
        ("/table/query", digest),
        ("/refs/read_batch", {"refs": [f"weave:///{PROJECT}/object/x:none"]}),
        ("/table/create_from_digests", {"project_id": PROJECT, "row_digests": ["none"]}),
    ]

    answers = [trace_server.post(path, body) for path, body in asked]

    assert [answer.status_code for answer in answers] == [404] * len(asked)


def test_a_digest_that_is_another_one_is_a_conflict(trace_server: TraceServer) -> None:
    table = {"project_id": PROJECT, "rows": [{"n": 1}], "expected_digest": "x"}
    new = {"project_id": PROJECT, "object_id": "o", "val": {"n": 1}, "expected_digest": "x"}

    answers = [trace_server.post("/table/create", {"table": table}), trace_server.post("/obj/create", {"obj": new})]
    with trace_server.http as http:
        form = {"project_id": PROJECT, "expected_digest": "x"}
        answers.append(http.post("/file/create", data=form, files={"file": ("a", b"a")}))

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert trace_server.post("/objs/query", {"project_id": PROJECT}).json() == {"objs": []}
    assert trace_server.post("/table/query", {"project_id": PROJECT, "digest": "x"}).status_code == 404


def test_a_route_that_is_not_here_says_which(trace_server: TraceServer) -> None:
    answer = trace_server.post("/threads/stream_query", {})

    assert (answer.status_code, answer.json()) == (404, {"reason": "POST /threads/stream_query: Not Found"})


def test_an_id_may_hold_anything(trace_server: TraceServer) -> None:
    name = 'é?#"\U0010ffff'
    send(trace_server, call("root", trace=name))

    with trace_server.http as http:
        page = http.get("/")
        (path,) = re.findall(r'<a href="(/traces/[^"]+)"><span', page.text)

        assert http.get(path).status_code == 200
        assert http.get(f"/traces/{quote(name[:4])}.json").json()["trace_id"] == name


def test_half_of_a_surrogate_pair_is_replaced_and_a_whole_one_kept(trace_server: TraceServer) -> None:
    broken = json.dumps({"batch": [call("root", inputs={"prompt": "a \ud800 cat \ud83d\ude00", "\udfff": 1})]})

    with trace_server.http as http:
        http.post(f"/v2/{PROJECT}/calls/complete", content=broken).raise_for_status()
        page = http.get("/traces/t1")

    assert trace_server.trace("t1").nodes[0].inputs == {"prompt": "a ? cat \U0001f600", "?": 1}
    assert "a ? cat \U0001f600" in page.text


def test_many_calls_come_in_pieces_and_all_of_them(trace_server: TraceServer) -> None:
    send(trace_server, *(call(f"c{n}", at=n, inputs={"text": "x" * 3000}) for n in range(100)))

    answer = trace_server.post("/calls/stream_query", {"project_id": PROJECT})

    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == [f"c{n}" for n in range(100)]


def test_a_bad_day_can_be_played(trace_server: TraceServer) -> None:
    trace_server.faults.status = 500
    refused = trace_server.post("/call/end", {"end": {}}).status_code
    trace_server.faults.clear()
    trace_server.faults.delay = 0.3
    began = time.monotonic()
    send(trace_server, call("root"))

    assert refused == 500
    assert time.monotonic() - began >= 0.3
    assert trace_server.faults.asked == [f"POST /v2/{PROJECT}/calls/complete"]


def test_references_in_circles_end(trace_server: TraceServer) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        value = {"next": f"weave:///{PROJECT}/object/{other}:latest/key/next/key/next"}
        trace_server.post("/obj/create", {"obj": {"project_id": PROJECT, "object_id": name, "val": value}})

    path = "/key/next" * 2
    answer = trace_server.post("/refs/read_batch", {"refs": [f"weave:///{PROJECT}/object/a:latest{path}"]})

    assert answer.status_code == 422
    assert "references" in answer.json()["reason"]
