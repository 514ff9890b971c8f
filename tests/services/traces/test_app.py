"""What the trace server answers to what it is sent, right or wrong."""

import gzip
import re
import threading
import time
from urllib.parse import quote

import pytest

from services.traces.gate import BODIES_AT_ONCE
from tests.services.traces.sending import call, picture, send, start
from tests.trace_server import PROJECT, TraceServer, basic, outline


def test_children_that_come_first_wait_under_a_placeholder(trace_server: TraceServer) -> None:
    send(trace_server, call("child", "root"), call("grandchild", "child"))

    before = trace_server.trace("t1")
    send(trace_server, call("root"))
    after = trace_server.trace("t1")

    assert outline(before) == "? [missing]\n  child\n    grandchild"
    assert before.status == "incomplete"
    assert outline(after) == "root\n  child\n    grandchild"
    assert after.status == "ok"


def test_an_end_that_comes_before_its_start_is_kept(trace_server: TraceServer) -> None:
    whole = call("root", took=3)
    end = {name: whole[name] for name in ("project_id", "id", "ended_at")} | {"summary": {"status": 1}}

    trace_server.post("/call/end", {"end": end}).raise_for_status()
    nothing = trace_server.traces()
    start(trace_server, whole)

    assert nothing == []
    assert trace_server.trace("t1").duration_ms == 3000


def test_calls_of_several_projects_are_one_tree(trace_server: TraceServer) -> None:
    send(trace_server, call("root"), call("child", "root", at=0.2) | {"project_id": "local/other"})

    trace = trace_server.trace("t1")

    assert [node.project for node in trace.nodes] == [PROJECT, "local/other"]
    assert trace.project == PROJECT


def test_a_trace_is_found_by_the_beginning_of_its_id(trace_server: TraceServer) -> None:
    send(trace_server, call("a", trace="abc-1"), call("b", trace="abc-2"), call("c", trace="abd"))

    with trace_server.http as http:
        ambiguous, unknown = http.get("/traces/abc.json"), http.get("/traces/x.json")

    assert trace_server.trace("abd").nodes[0].op == "c"
    assert trace_server.trace("abc-2").nodes[0].op == "b"
    assert ambiguous.status_code == 404
    assert "abc-1, abc-2" in ambiguous.json()["reason"]
    assert unknown.json() == {"reason": "there is no trace 'x'; its calls may still be on their way"}


def test_newest_traces_come_first_and_page_after_page(trace_server: TraceServer) -> None:
    send(trace_server, *(call(f"c{n}", trace=f"t{n}", at=n) for n in range(5)))

    with trace_server.http as http:
        first = http.get("/traces.json", params={"limit": 3}).json()
        second = http.get("/traces.json", params={"limit": 3, "before": first["next"]}).json()

    assert [trace["trace_id"] for trace in first["traces"]] == ["t4", "t3", "t2"]
    assert [trace["trace_id"] for trace in second["traces"]] == ["t1", "t0"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"op": "judge"}, ["t2", "t1"]),
        ({"status": "ok"}, ["t2", "t1"]),
        ({"status": "error"}, ["t3", "t2"]),
        ({"status": "incomplete"}, ["t4"]),
        ({"text": "RED CIR"}, ["t1"]),
        ({"text": "100%"}, ["t3"]),
        ({"text": "0_"}, []),
        ({"text": "refused"}, ["t2"]),
        ({"text": "t4"}, ["t4"]),
        ({"project": "local/none"}, []),
        ({"op": "judge", "text": "red"}, ["t1"]),
        ({"batches": "false"}, ["t4", "t3", "t2"]),
    ],
)
def test_traces_are_found_by_op_status_text_and_project(
    trace_server: TraceServer, wanted: dict[str, str], found: list[str]
) -> None:
    link = {"index": 0, "trace_id": "t2", "call_id": "c2"}
    send(
        trace_server,
        call("c1", at=1, inputs={"request": {"prompt": "a red circle"}}, attributes={"links": [link]}),
        call("j1", "c1", at=1, op="judge"),
        call("c2", at=2, trace="t2"),
        call("j2", "c2", at=2, trace="t2", op="judge", exception='{"type": "Refused", "message": "it refused"}'),
        call("c3", at=3, trace="t3", inputs={"prompt": "100% wool"}, exception="broken"),
        call("c4", "gone", at=4, trace="t4"),
    )

    assert [trace.trace_id for trace in trace_server.traces(**wanted)] == found


def test_a_batch_and_its_items_know_each_other(trace_server: TraceServer) -> None:
    batch = {"trace_id": "tb", "call_id": "whole", "index": 1, "size": 2}
    links = [{"index": 1, "trace_id": "t1", "call_id": "item"}, "nonsense", {"trace_id": 7}]
    send(
        trace_server, call("item", attributes={"batch": batch}), call("whole", trace="tb", attributes={"links": links})
    )

    item, whole = trace_server.trace("t1").nodes[0], trace_server.trace("tb").nodes[0]

    assert item.batch is not None
    assert item.batch.model_dump() == batch
    assert [(link.trace_id, link.call_id, link.index) for link in whole.links] == [("t1", "item", 1)]


def test_deleting_a_call_deletes_what_it_called(trace_server: TraceServer) -> None:
    send(trace_server, call("root"), call("child", "root"), call("grandchild", "child"), call("other", "root", at=2))

    answer = trace_server.post("/calls/delete", {"project_id": PROJECT, "call_ids": ["child"]})

    assert answer.json() == {"num_deleted": 2}
    assert outline(trace_server.trace("t1")) == "root\n  other"


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


def test_a_key_opens_what_is_closed_to_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    with TraceServer(tmp_path_factory.mktemp("key") / "traces.db", key="sesam") as server, server.http as http:
        http.auth = None
        without = [http.get(path).status_code for path in ("/", "/traces.json", "/server_info", "/readyz", "/livez")]
        wrong = http.get("/", headers=basic("open")).status_code
        right = http.get("/", headers=basic("sesam")).status_code
        exporter = http.get("/server_info", headers={"wandb-api-key": "sesam"}).status_code
        challenge = http.get("/").headers["www-authenticate"]

    assert without == [401, 401, 401, 200, 200]
    assert (wrong, right, exporter) == (401, 200, 200)
    assert challenge.startswith("Basic ")


def test_other_sites_pages_and_names_are_refused(trace_server: TraceServer) -> None:
    with trace_server.http as http:
        origin = http.post("/call/end", json={}, headers={"origin": "https://elsewhere.example"})
        host = http.get("/", headers={"host": "elsewhere.example"})
        own = http.get("/", headers={"origin": trace_server.url})

    assert (origin.status_code, host.status_code, own.status_code) == (403, 421, 200)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("small") / "traces.db"
    with TraceServer(file, max_body_megabytes=1) as server, server.http as http:
        told = http.post("/call/end", content=b"x" * (2**20 + 1))
        untold = http.post("/call/end", content=iter([b"x" * 2**19] * 3))
        packed = http.post(
            "/otel/v1/traces", content=gzip.compress(b"\0" * 2**21), headers={"content-encoding": "gzip"}
        )

    assert (told.status_code, untold.status_code, packed.status_code) == (413, 413, 400)
    assert "send less" in packed.json()["reason"]


def test_bodies_together_have_a_bound(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("busy") / "traces.db"
    hold, come = threading.Event(), threading.Barrier(BODIES_AT_ONCE + 1)

    def slow():
        yield b"x"
        come.wait(10)
        hold.wait(10)

    with TraceServer(file, max_body_megabytes=1) as server:

        def send_slowly() -> None:
            with server.http as http:
                http.post("/call/end", content=slow())

        senders = [threading.Thread(target=send_slowly) for _ in range(BODIES_AT_ONCE)]
        for sender in senders:
            sender.start()
        come.wait(10)
        statuses = set()
        for _ in range(50):
            with server.http as http:
                statuses.add(http.post("/call/end", content=iter([b"{}"])).status_code)
            if 503 in statuses:
                break
        hold.set()
        for sender in senders:
            sender.join(10)
        with server.http as http:
            after = http.post("/call/end", content=iter([b"{}"])).status_code

    assert 503 in statuses
    assert after == 422


def test_a_file_that_is_no_picture_is_never_shown_by_a_browser(trace_server: TraceServer) -> None:
    page = picture(trace_server, b"<script>alert(1)</script>")["files"]["image.png"]
    drawn = picture(trace_server)["files"]["image.png"]

    with trace_server.http as http:
        text, image = http.get(f"/files/{PROJECT}/{page}"), http.get(f"/files/{PROJECT}/{drawn}")

    assert text.headers["content-type"] == "application/octet-stream"
    assert text.headers["content-disposition"] == "attachment"
    assert text.headers["x-content-type-options"] == "nosniff"
    assert image.headers["content-type"] == "image/png"
    assert image.headers["content-disposition"] == "inline"


def test_everything_is_still_there_after_the_server_died(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = TraceServer(tmp_path_factory.mktemp("again") / "traces.db")

    with server:
        send(server, call("root"))
        url = server.url
        server.stop()
        server.start()

        assert server.url == url
        assert outline(server.trace("t1")) == "root"
