"""What arrives in any order is one tree, and is found again."""

import pytest

from tests.services.traces.sending import call, send, start
from tests.trace_server import PROJECT, TraceServer, outline


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
