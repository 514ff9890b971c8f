"""The outer wall, around a small ASGI app."""

import asyncio
import json
import pickle
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from services.edge import Edge, request_id
from services.errors import NotReady

events: list[str] = []


async def echo(request: Request) -> Response:
    return JSONResponse({"body": (await request.body()).decode(), "request_id": request_id.get()})


async def slow(request: Request) -> Response:
    events.append("started")
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        events.append("stopped")
        raise
    return PlainTextResponse("done")


async def broken(request: Request) -> Response:
    raise LookupError("secret detail")


async def loading(request: Request) -> Response:
    raise NotReady("the generator is still loading", retry_after=2.2)


async def foreign(request: Request) -> Response:
    return JSONResponse([{"error": "slow down"}], 409)


async def stream(request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one ", b"two"):
            yield part

    return StreamingResponse(parts())


ROUTES = [
    Route(path, endpoint, methods=["GET", "POST"])
    for path, endpoint in [
        ("/echo", echo),
        ("/slow", slow),
        ("/broken", broken),
        ("/readyz", loading),
        ("/foreign", foreign),
        ("/stream", stream),
    ]
]


def app(**limits: Any) -> Starlette:
    """Wrap the routes as BentoML does: below Starlette's own handling of errors."""
    events.clear()
    options = {"max_body": 1000, "max_requests": 4, "timeout": 5.0} | limits
    return Starlette(routes=ROUTES, middleware=[Middleware(Edge, **options)])


def calling(edge: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=edge, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://edge")


JSON = {"content-type": "application/json"}


async def test_a_json_body_passes_whole() -> None:
    async with calling(app()) as http:
        answer = await http.post("/echo", content='{"a": 1}', headers=JSON)

    assert answer.json()["body"] == '{"a": 1}'


@pytest.mark.parametrize(
    "content_type",
    ["application/vnd.bentoml+pickle", "application/vnd.bentoml+pickle; x=y", "text/plain", "multipart/form-data", ""],
)
async def test_only_json_is_read(content_type: str) -> None:
    async with calling(app()) as http:
        answer = await http.post("/echo", content=pickle.dumps({"a": 1}), headers={"content-type": content_type})

    assert answer.status_code == 415
    assert "send application/json" in answer.json()["error"]["message"]


async def test_a_body_that_is_too_large_is_refused_by_its_length() -> None:
    async with calling(app()) as http:
        answer = await http.post("/echo", content=b"x" * 1001, headers=JSON)

    assert answer.status_code == 413
    assert "larger than 1000 bytes" in answer.json()["error"]["message"]


async def test_a_route_that_takes_more_takes_it_alone() -> None:
    async with calling(app(larger={"/echo": 2000})) as http:
        answers = [await http.post(path, content=b"x" * 1500, headers=JSON) for path in ("/echo", "/foreign")]

    assert [answer.status_code for answer in answers] == [200, 413]


async def test_a_body_without_a_length_is_refused_when_it_grows_too_large() -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"x" * 100

    async with calling(app()) as http:
        answer = await http.post("/echo", content=chunks(), headers=JSON)

    assert answer.status_code == 413


async def test_a_length_that_is_no_number_is_refused() -> None:
    async with calling(app()) as http:
        answer = await http.post("/echo", content=b"{}", headers=JSON | {"content-length": "-1"})

    assert answer.status_code == 422


@pytest.mark.parametrize(("given", "kept"), [("job-17", True), ("a b\n", False), ("x" * 200, False), ("", False)])
async def test_a_sane_request_id_is_kept_and_any_other_replaced(given: str, kept: bool) -> None:
    async with calling(app()) as http:
        answer = await http.post("/echo", content="{}", headers=JSON | {"x-request-id": given.strip("\n")})

    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert (answer.headers["x-request-id"] == given) is kept


async def test_beyond_the_requests_that_may_be_in_work_there_is_no_place() -> None:
    async with calling(app(max_requests=1, timeout=0.3)) as http:
        first = asyncio.create_task(http.post("/slow", content="{}", headers=JSON))
        await asyncio.sleep(0.05)
        second = await http.post("/slow", content="{}", headers=JSON)
        probe = await http.get("/stream")
        await first

    assert second.status_code == 429
    assert second.headers["retry-after"] == "1"
    assert probe.status_code == 200


async def test_a_place_is_free_again_after_the_answer() -> None:
    async with calling(app(max_requests=1)) as http:
        answers = [await http.post("/echo", content="{}", headers=JSON) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_work_beyond_the_timeout_is_stopped_with_an_answer() -> None:
    async with calling(app(timeout=0.1)) as http:
        answer = await http.post("/slow", content="{}", headers=JSON)

    assert answer.status_code == 504
    assert events == ["started", "stopped"]


async def test_the_work_for_a_caller_that_left_is_stopped() -> None:
    edge, sent = app(), []
    left = asyncio.Event()
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": b"{}", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/slow", "headers": [(b"content-type", b"application/json")]}
    work = asyncio.create_task(edge(scope | {"query_string": b""}, receive, send))
    await asyncio.sleep(0.05)
    left.set()
    await asyncio.wait_for(work, 2)

    assert events == ["started", "stopped"]
    assert sent[0]["status"] == 499


async def test_an_error_inside_is_told_without_its_detail() -> None:
    async with calling(app()) as http:
        answer = await http.get("/broken")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]


async def test_a_hook_that_is_not_ready_says_why_and_when_to_come_again() -> None:
    async with calling(app()) as http:
        answer = await http.get("/readyz")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert answer.json()["error"]["message"] == "the generator is still loading"


async def test_errors_in_other_shapes_get_ours() -> None:
    async with calling(app()) as http:
        answer = await http.get("/foreign")

    assert (answer.status_code, answer.json()["error"]["message"]) == (409, "slow down")


async def test_an_unknown_path_is_told_which_there_are() -> None:
    async with calling(app()) as http:
        answer = await http.get("/nowhere")

    assert answer.status_code == 404
    assert "/create" in answer.json()["error"]["message"]


async def test_a_stream_passes_part_by_part() -> None:
    async with calling(app()) as http:
        answer = await http.get("/stream")

    assert answer.text == "one two"


async def test_the_error_body_is_what_the_contract_says() -> None:
    async with calling(app()) as http:
        answer = await http.get("/readyz")

    assert set(json.loads(answer.content)["error"]) == {"code", "message", "request_id", "retry_after"}
