"""The trace server as an ASGI app: the SDK's routes, the pages, the probes, and one place that answers errors."""

import asyncio
import contextlib
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.traces import contents, pages, retention, search, spans
from services.traces.database import Database
from services.traces.errors import Malformed, TraceServerError
from services.traces.gate import BodyTooLarge, Gate
from services.traces.retention import Keeping
from services.traces.sdk import ENDPOINTS, Endpoint
from services.traces.settings import TracesSettings
from services.traces.wire import CallsQuery
from services.traces.wire_data import FileRead

log = logging.getLogger("promptlift.traces")
MEGABYTE = 2**20
JSONL = "application/jsonl"
PROTOBUF = "application/x-protobuf"


def build(database: Database, settings: TracesSettings) -> Starlette:
    """Put the app together; it closes the database when it ends."""
    keeping = Keeping(round(settings.keep_days * retention.DAY), settings.max_megabytes * MEGABYTE)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(retention.watch(database, keeping))
        yield
        watching.cancel()
        await asyncio.wait({watching})
        database.close()

    max_body = settings.max_body_megabytes * MEGABYTE
    key = settings.key.get_secret_value() if settings.key else None
    gate = Middleware(Gate, key=key, local=settings.local, max_body=max_body)
    app = Starlette(routes=routes(), middleware=[gate], exception_handlers=HANDLERS, lifespan=lifespan)
    app.state.database = database
    app.state.max_body = max_body
    return app


def routes() -> list[BaseRoute]:
    """List every route."""
    return [
        *(Route(each.path, partial(_answer, each), methods=list(each.methods)) for each in ENDPOINTS),
        Route("/calls/stream_query", _stream, methods=["POST"]),
        Route("/file/create", _keep_file, methods=["POST"]),
        Route("/file/content", _file, methods=["POST"]),
        Route("/otel/v1/traces", _keep_spans, methods=["POST"]),
        Route("/agents/otel/v1/traces", _keep_no_spans, methods=["POST"]),
        *pages.ROUTES,
        Route("/health", _alive),
        Route("/livez", _alive),
        Route("/readyz", _ready),
    ]


async def _answer(endpoint: Endpoint, request: Request) -> Response:
    raw = await request.body()
    given = {**request.query_params, **request.path_params} if not raw else request.path_params

    def work(file: sqlite3.Connection) -> Any:
        return endpoint.answer(file, endpoint.request.model_validate(_document(raw) | given))

    run = _database(request).write if endpoint.writes else _database(request).read
    return JSONResponse(await run(work))


async def _stream(request: Request) -> Response:
    """Give calls one a line, as they are read."""
    wanted = CallsQuery.model_validate(_document(await request.body()))
    lines = _lines(_database(request), wanted)
    first = await run_in_threadpool(next, lines, "")  # what is wrong with the query shows while a status can be sent
    return StreamingResponse(_with(first, lines), media_type=JSONL)


def _lines(database: Database, wanted: CallsQuery) -> Iterator[str]:
    with database.reader() as file:
        for call in search.find(file, wanted):
            yield json.dumps(call) + "\n"


def _with(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


async def _keep_file(request: Request) -> Response:
    async with request.form(max_files=1, max_fields=5) as form:
        upload = form.get("file")
        if upload is None or isinstance(upload, str):
            raise Malformed("the form must have a file")
        said = {name: form.get(name) or None for name in ("project_id", "expected_digest")}
        new = contents.NewFile.model_validate(said | {"name": upload.filename, "content": await upload.read()})
    return JSONResponse(await _database(request).write(lambda file: contents.create(file, new)))


async def _file(request: Request) -> Response:
    wanted = FileRead.model_validate(_document(await request.body()))
    _, content = await _database(request).read(lambda file: contents.read(file, wanted))
    return Response(content, media_type=contents.OTHER)


async def _keep_spans(request: Request) -> Response:
    content = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        content = await run_in_threadpool(spans.unzip, content, request.app.state.max_body)
    project = request.headers.get("project_id")
    await _database(request).write(lambda file: spans.keep(file, content, project))
    return Response(b"", media_type=PROTOBUF)


async def _keep_no_spans(request: Request) -> Response:
    """Let go what the SDK exports for W&B's view of agents, which has no page here."""
    await request.body()
    return Response(b"", media_type=PROTOBUF)


async def _alive(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    """Tell whether the file answers."""
    await _database(request).read(lambda file: file.execute("SELECT count(*) FROM prices").fetchone())
    return JSONResponse({"status": "ok"})


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _document(raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        document = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the body is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise Malformed("the body must be a JSON object")
    return document


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _reason(status: int, reason: str) -> Response:
    return JSONResponse({"reason": reason}, status)


def _invalid(request: Request, error: ValidationError) -> Response:
    faults = "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False, include_context=False)[:5]
    )
    return _reason(422, faults)


def _unusable(request: Request, error: Exception) -> Response:
    log.error("the trace file can't be used: %s", error)
    return _reason(503, f"the trace file can't be used now: {error}")


def _no_route(request: Request, error: HTTPException) -> Response:
    return _reason(error.status_code, f"{request.method} {request.url.path}: {error.detail}")


HANDLERS: dict[Any, Callable[..., Response]] = {
    HTTPException: _no_route,
    TraceServerError: lambda request, error: _reason(error.status, str(error)),
    ValidationError: _invalid,
    BodyTooLarge: lambda request, error: _reason(413, "the body is larger than was said; send less"),
    sqlite3.OperationalError: _unusable,
    OverflowError: lambda request, error: _reason(422, "a number in the body is too large"),
    UnicodeEncodeError: lambda request, error: _reason(422, "half of a surrogate pair is no character; remove it"),
}
