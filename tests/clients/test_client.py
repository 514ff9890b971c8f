"""The client's promises, over a network that is a function."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from promptlift import (
    AsyncClient,
    Client,
    CreateRequest,
    Failed,
    GenerateRequest,
    PromptliftError,
    Rejected,
    Retry,
    Unavailable,
    Unreachable,
)
from tests.fakes import upsampling

ANSWER = upsampling(seed=1).model_dump(mode="json")
AT_ONCE = Retry(limit=2, draw=lambda: 0.0)


class Network:
    """Answers each call with the next of its outcomes, and remembers what was asked."""

    def __init__(self, *outcomes: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]) -> None:
        self.outcomes = list(outcomes)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome(request) if callable(outcome) else outcome

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]


def ok(body: Any = ANSWER) -> httpx.Response:
    return httpx.Response(200, json=body)


def refusal(status: int, code: str = "invalid", message: str = "no", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": message}}, headers=headers)


def sync(network: Network, **options: Any) -> Client:
    return Client("http://service", transport=httpx.MockTransport(network), **{"retry": AT_ONCE} | options)


def concurrent(network: Network, **options: Any) -> AsyncClient:
    return AsyncClient("http://service", transport=httpx.MockTransport(network), **{"retry": AT_ONCE} | options)


@pytest.fixture(params=["Client", "AsyncClient"])
def upsample(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Call `upsample` through either client: both must behave alike."""

    def call(network: Network, *, timeout: float | None = None, **options: Any) -> Any:
        if request.param == "Client":
            with sync(network, **options) as client:
                return client.upsample(prompt="a", timeout=timeout)

        async def run() -> Any:
            async with concurrent(network, **options) as client:
                return await client.upsample(prompt="a", timeout=timeout)

        return asyncio.run(run())

    return call


def test_a_call_is_one_json_post_to_the_routes_verb(upsample: Callable[..., Any]) -> None:
    network = Network(ok())

    upsampling = upsample(network)

    [request] = network.requests
    assert (request.method, request.url.path) == ("POST", "/upsample")
    assert request.headers["content-type"] == "application/json"
    assert upsampling.prompt == "a, in soft light"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again(upsample: Callable[..., Any], status: int) -> None:
    network = Network(refusal(status), ok())

    assert upsample(network).seed == 1
    assert len(network.requests) == 2


@pytest.mark.parametrize("status", [400, 404, 409, 413, 415, 422, 500])
def test_what_will_not_pass_is_not_tried_again(upsample: Callable[..., Any], status: int) -> None:
    network = Network(refusal(status), ok())

    with pytest.raises(PromptliftError):
        upsample(network)

    assert len(network.requests) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.RemoteProtocolError("cut"), httpx.ReadError("")]
)
def test_a_broken_connection_is_tried_again(upsample: Callable[..., Any], error: Exception) -> None:
    network = Network(error, ok())

    assert upsample(network).seed == 1


def test_trying_again_has_an_end(upsample: Callable[..., Any]) -> None:
    network = Network(httpx.ConnectError("refused"))

    with pytest.raises(Unreachable, match="refused"):
        upsample(network)

    assert len(network.requests) == 3


def test_a_retry_after_beyond_the_deadline_is_not_waited_for(upsample: Callable[..., Any]) -> None:
    network = Network(refusal(503, "not_ready", "loading", **{"retry-after": "30"}))

    with pytest.raises(Unavailable) as caught:
        upsample(network, timeout=5)

    assert caught.value.retry_after == 30
    assert len(network.requests) == 1


def test_a_retry_after_within_the_deadline_is_waited_for(upsample: Callable[..., Any]) -> None:
    network = Network(refusal(503, "not_ready", "loading", **{"retry-after": "0.05"}), ok())

    assert upsample(network, timeout=5).seed == 1


@pytest.mark.parametrize(
    ("response", "kind", "detail"),
    [
        ((422, '{"error": {"code": "invalid", "message": "steps: too many"}}'), Rejected, "steps: too many"),
        ((429, '{"error": {"code": "overloaded", "message": "full"}}'), Unavailable, "full"),
        ((500, '{"error": {"code": "failed", "message": "broken"}}'), Failed, "broken"),
        ((503, '{"error": "An unexpected error"}'), Unavailable, "An unexpected error"),
        ((409, '[{"error": "slow down"}]'), Rejected, "slow down"),
        ((502, "<html>bad gateway</html>"), Unavailable, "bad gateway"),
        ((500, ""), Failed, "Internal Server Error"),
    ],
    ids=["ours", "overloaded", "failed", "bentoml", "bentoml's list", "a proxy", "nothing"],
)
def test_every_refusal_is_one_of_four_kinds(
    upsample: Callable[..., Any], response: tuple[int, str], kind: type[PromptliftError], detail: str
) -> None:
    status, body = response

    with pytest.raises(kind) as caught:
        upsample(Network(httpx.Response(status, text=body)), retry=Retry(limit=0))

    assert detail in caught.value.detail
    assert caught.value.status == status


def test_an_error_carries_the_request_id(upsample: Callable[..., Any]) -> None:
    response = httpx.Response(500, json={"error": {"code": "failed", "message": "no", "request_id": "r-1"}})

    with pytest.raises(Failed, match="request r-1") as caught:
        upsample(Network(response))

    assert caught.value.request_id == "r-1"


def test_an_answer_that_breaks_the_contract_is_a_failure(upsample: Callable[..., Any]) -> None:
    with pytest.raises(Failed, match="compare the versions"):
        upsample(Network(ok({"prompt": "a"})))


def test_the_service_is_told_a_little_less_time_than_there_is(upsample: Callable[..., Any]) -> None:
    network = Network(ok())

    upsample(network, timeout=10)

    assert 9.0 < network.bodies[0]["timeout"] <= 9.75


def test_each_attempt_has_only_the_time_that_is_left(upsample: Callable[..., Any]) -> None:
    network = Network(refusal(503, **{"retry-after": "0.2"}), ok())

    upsample(network, timeout=10)

    assert network.bodies[1]["timeout"] <= network.bodies[0]["timeout"] - 0.2


async def test_a_slow_answer_ends_at_the_deadline() -> None:
    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(30)
            raise AssertionError("never reached")

    async with AsyncClient("http://service", transport=Slow()) as client:
        with pytest.raises(Unreachable, match="in time"):
            await client.upsample(prompt="a", timeout=0.2)


def test_an_argument_out_of_bounds_is_rejected_without_a_call(upsample: Callable[..., Any]) -> None:
    network = Network(ok())

    with sync(network) as client, pytest.raises(Rejected, match="prompt: must have at least 1 character, got ''"):
        client.upsample(prompt="")

    assert network.requests == []


def test_every_call_has_an_id_of_its_own_unless_one_is_given() -> None:
    network = Network(ok())

    with sync(network) as client:
        client.upsample(prompt="a")
        client.upsample(prompt="a")
    with sync(network, headers=lambda: {"x-request-id": "mine"}) as client:
        client.upsample(prompt="a")

    first, second, third = (request.headers["x-request-id"] for request in network.requests)
    assert first != second
    assert third == "mine"


def test_a_batch_of_pictures_keeps_its_order_and_its_own_deadlines() -> None:
    network = Network(lambda request: httpx.Response(200, json=[{"error": {"code": "x", "message": "y"}}] * 2))

    with sync(network) as client:
        results = client.generate_batch(
            [GenerateRequest(prompt="a", timeout=1), GenerateRequest(prompt="b")], timeout=10
        )

    assert [item["timeout"] for item in network.bodies[0]] == [1, pytest.approx(9.75, abs=0.3)]
    assert [result.error.message for result in results if result.error] == ["y", "y"]


@pytest.mark.parametrize(
    ("code", "kind"), [("invalid", Rejected), ("overloaded", Unavailable), ("not_ready", Unavailable), ("odd", Failed)]
)
def test_a_picture_that_failed_raises_its_own_error(code: str, kind: type[PromptliftError]) -> None:
    network = Network(ok([{"error": {"code": code, "message": "no"}}]))

    with sync(network) as client, pytest.raises(kind, match="no"):
        client.generate(prompt="a")


def events(*datas: str) -> httpx.Response:
    return httpx.Response(200, content="".join(f"event: x\ndata: {data}\n\n" for data in datas))


def test_a_stream_gives_events_as_they_come() -> None:
    network = Network(events('{"event": "started", "stage": "upsample"}', '{"event": "finished", "stage": "upsample"}'))

    with sync(network) as client:
        told = [event.event for event in client.stream(CreateRequest(prompt="a"))]

    assert told == ["started", "finished"]


def test_a_stream_that_cannot_be_read_is_a_failure() -> None:
    with sync(Network(events('{"event": "surprise"}'))) as client, pytest.raises(Failed, match="event"):
        list(client.stream(CreateRequest(prompt="a")))


async def test_a_stream_that_is_refused_raises_before_its_first_event() -> None:
    async with concurrent(Network(refusal(422, "invalid", "n: too many"))) as client:
        with pytest.raises(Rejected, match="n: too many"):
            async for _ in client.stream(CreateRequest(prompt="a")):
                pass


def test_readiness_says_what_is_waited_for() -> None:
    loading = Network(refusal(503, "not_ready", "the generator is still loading"))

    with sync(loading) as client, pytest.raises(Unavailable, match="still loading"):
        client.ready()


def test_a_method_tells_what_it_does_and_which_fields_it_takes() -> None:
    assert "judged" in (Client.create.__doc__ or "")
