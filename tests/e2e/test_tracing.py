"""One trace through four processes, recorded by the real Weave SDK on the project's own trace server."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from promptlift import Client
from promptlift.contracts import CreateRequest
from services.local.system import LocalSystem
from services.traces.tree import Node, Trace
from tests.e2e.conftest import Running, log_of
from tests.openai_server import KEY, OpenAIServer
from tests.trace_server import TraceServer, outline
from tests.witness import witness

pytestmark = pytest.mark.e2e
LLM = "openai.chat.completions.create"
PRICES = {f"{service}_{kind}_PRICE": "2" for service in ("UPSAMPLER", "JUDGE") for kind in ("INPUT", "OUTPUT")}
LOOK = ["dspy.Predict", f"  {LLM}"]


@pytest.fixture(scope="module")
def traced(running: Running, tracing: TraceServer) -> Iterator[LocalSystem]:
    """The whole system, recorded; `fast` lets pictures share U-Net calls, of which there are enough to meet in."""
    with running(
        TRACING_TO=tracing.url, TRACING_PROJECT="tests", GENERATOR_CONSISTENCY="fast", GENERATOR_STEPS="8", **PRICES
    ) as system:
        yield system


def creations(traces: list[Trace]) -> list[Trace]:
    return [trace for trace in traces if trace.nodes[0].op == "create"]


def complete(count: int, pictures: int, compare: bool = False) -> Callable[[list[Trace]], bool]:
    """Tell whether so many jobs are there with all that belongs to them; each service sends its own calls."""
    wanted = Counter({"upsample": 1, "generate": pictures, "judge": pictures, "compare": int(compare)})

    def met(traces: list[Trace]) -> bool:
        found = creations(traces)
        return len(found) == count and all(
            trace.nodes[0].status == "ok"
            and Counter(node.op for node in trace.nodes if node.depth == 1) == wanted
            and all(node.pictures for node in (*of(trace, "judge"), *of(trace, "generate")))  # they are sent apart
            for trace in found
        )

    return met


def of(trace: Trace, op: str) -> list[Node]:
    return [node for node in trace.nodes if node.op == op]


def under(trace: Trace, node: Node) -> list[str]:
    """Give a node's subtree as indented names, in the order of their starts."""
    start = trace.nodes.index(node)
    below = []
    for each in trace.nodes[start + 1 :]:
        if each.depth <= node.depth:
            break
        below.append("  " * (each.depth - node.depth - 1) + each.op)
    return below


def test_one_job_gives_one_tree(traced: LocalSystem, trace_server: TraceServer, llm: OpenAIServer) -> None:
    llm.play(brain=witness())
    with Client(traced.url) as client:
        creation = client.create(prompt="a red circle", compare=True, n=2, seed=3)

    [trace] = creations(trace_server.wait(complete(1, pictures=4, compare=True)))

    root = trace.nodes[0]
    assert (creation.trace_id, creation.trace_url) == (trace.trace_id, f"{trace_server.url}/traces/{trace.trace_id}")
    assert {(node.op, node.service) for node in trace.nodes if node.parent_id == root.id} == {
        ("upsample", "upsampler"),
        ("generate", "generator"),
        ("judge", "judge"),
        ("compare", "judge"),
    }
    assert all(node.status == "ok" for node in trace.nodes), outline(trace)
    [upsample], [compare] = of(trace, "upsample"), of(trace, "compare")
    assert under(trace, upsample) == LOOK
    assert under(trace, compare) == LOOK * 2  # in both orders
    assert len(of(trace, "judge")) == len(of(trace, "generate")) == 4
    plans = sum(len(under(trace, node)) - len(LOOK) for node in of(trace, "judge")) // len(LOOK)
    assert plans >= 1
    assert all(under(trace, node)[: len(LOOK)] == LOOK for node in of(trace, "judge"))
    for node in of(trace, "generate"):
        assert node.batch is not None
        batch = trace_server.trace(node.batch.trace_id).nodes[0]
        assert batch.links[node.batch.index].call_id == node.id
        assert {link.call_id for link in batch.links} <= {each.id for each in of(trace, "generate")}
        assert len(batch.links) == node.batch.size == batch.inputs["pictures"]
        assert node.attributes["batch"]["rows"] == batch.inputs["rows"] == 2 * node.batch.size
        assert len(node.pictures) == 1


def test_a_trace_tells_tokens_and_shows_pictures_and_holds_no_secret(
    traced: LocalSystem, trace_server: TraceServer, llm: OpenAIServer
) -> None:
    llm.play(brain=witness())
    with Client(traced.url) as client:
        client.create(prompt="a red circle", compare=True, seed=3)

    [trace] = creations(trace_server.wait(complete(1, pictures=2, compare=True)))

    text = trace.model_dump_json()
    assert "base64" not in text
    assert KEY not in text
    calls = of(trace, LLM)
    assert all(node.tokens.read > 0 and node.tokens.written > 0 for node in calls)
    root = trace.nodes[0]
    assert root.tokens.read == sum(node.tokens.read for node in calls)
    assert root.cost == pytest.approx((root.tokens.read + root.tokens.written) * 2 / 1_000_000)
    for node in of(trace, "judge"):
        assert [picture.role for picture in node.pictures] == ["inputs"]
        with trace_server.http as http:
            shown = http.get(node.pictures[0].url)
        assert shown.headers["content-type"] == "image/jpeg"
    assert "history" not in text


def test_a_streamed_job_gives_the_same_tree(traced: LocalSystem, trace_server: TraceServer, llm: OpenAIServer) -> None:
    llm.play(brain=witness())
    with Client(traced.url) as client:
        *_, last = client.stream(CreateRequest(prompt="a red circle", seed=3))

    [trace] = creations(trace_server.wait(complete(1, pictures=1)))

    assert last.result is not None
    assert last.result.trace_id == trace.trace_id
    assert [node.op for node in trace.nodes if node.depth == 1] == ["upsample", "generate", "judge"]


def test_jobs_whose_pictures_share_batches_give_separate_right_trees(
    traced: LocalSystem, trace_server: TraceServer, llm: OpenAIServer
) -> None:
    llm.play(brain=witness())
    with Client(traced.url, timeout=120) as client, ThreadPoolExecutor(20) as pool:
        prompts = [f"picture number {number}" for number in range(20)]
        made = list(pool.map(lambda prompt: client.create(prompt=prompt, n=2, seed=1), prompts))

    traces = {trace.trace_id: trace for trace in creations(trace_server.wait(complete(20, pictures=2), timeout=60))}

    assert len({creation.trace_id for creation in made}) == 20
    sizes = []
    for creation in made:
        trace = traces[creation.trace_id]
        assert trace.nodes[0].inputs["prompt"] == creation.prompt
        assert sorted(node.op for node in trace.nodes if node.depth == 1) == [
            "generate",
            "generate",
            "judge",
            "judge",
            "upsample",
        ]
        painted = {node.output["prompt"] for node in of(trace, "generate")}
        assert painted == {picture.generated.prompt for picture in creation.pictures}
        for node in of(trace, "generate"):
            batch = trace_server.trace(node.batch.trace_id).nodes[0]
            assert (trace.trace_id, node.id) in {(link.trace_id, link.call_id) for link in batch.links}
            sizes.append(node.batch.size)
    assert max(sizes) > 2, "pictures of different jobs shared batches"


def test_a_caller_of_weave_finds_the_job_in_its_own_trace(
    running: Running, trace_server: TraceServer, llm: OpenAIServer
) -> None:
    llm.play(brain=witness())
    code = """
import sys, weave
from promptlift import Client
weave.init("local/tests")

@weave.op
def album(prompt):
    with Client(sys.argv[1]) as client:
        return client.create(prompt=prompt, seed=3).prompt

album("a red circle")
weave.finish()
"""
    with running(TRACING_TO=trace_server.url, TRACING_PROJECT="tests", ORCHESTRATOR_TRUST_TRACES="true") as system:
        trace_server.python(code.replace("sys.argv[1]", repr(system.url)))
        found = trace_server.wait(lambda traces: any(of(trace, "album") and of(trace, "judge") for trace in traces))

    [album] = [trace for trace in found if of(trace, "album")]
    assert [node.op for node in album.nodes if node.depth == 1] == ["create"]
    assert [node.op for node in album.nodes if node.depth == 2] == ["upsample", "generate", "judge"]


def test_strangers_headers_are_dropped_at_the_edge(
    traced: LocalSystem, trace_server: TraceServer, llm: OpenAIServer
) -> None:
    llm.play(brain=witness())
    stranger = {"x-weave-trace-id": "stranger", "x-weave-parent-id": "stranger", "x-weave-sampled": "1"}
    with Client(traced.url, headers=lambda: stranger) as client:
        creation = client.create(prompt="a red circle", seed=3)

    assert creation.trace_id != "stranger"
    [trace] = creations(trace_server.wait(complete(1, pictures=1)))
    assert trace.trace_id == creation.trace_id


def test_a_job_that_is_left_out_leaves_nothing_anywhere(
    running: Running, trace_server: TraceServer, llm: OpenAIServer
) -> None:
    llm.play(brain=witness())
    settings = {"TRACING_TO": trace_server.url, "TRACING_PROJECT": "tests", "TRACING_SAMPLE": "0"}
    with running(**settings) as system, Client(system.url) as client:
        creation = client.create(prompt="a red circle", seed=3)
    assert creation.trace_id is None

    assert trace_server.traces() == []


def test_a_trace_server_that_dies_fails_and_slows_no_job(
    traced: LocalSystem, trace_server: TraceServer, llm: OpenAIServer
) -> None:
    llm.play(brain=witness())

    def job(client: Client) -> float:
        started = time.monotonic()
        client.create(prompt="a red circle", seed=3)
        return time.monotonic() - started

    with Client(traced.url) as client:
        alive = [job(client) for _ in range(10)]
        trace_server.stop()
        try:
            dead = [job(client) for _ in range(10)]
        finally:
            trace_server.start()

    assert statistics.median(dead) < 2 * statistics.median(alive) + 0.5
    assert "Traceback" not in log_of(traced)
