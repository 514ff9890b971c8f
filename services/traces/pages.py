"""The pages that people open, and the same as JSON for programs."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from services.traces import contents, listing, reading, showing, waterfall
from services.traces.database import Database
from services.traces.errors import NotFound
from services.traces.tree import Node, Trace
from services.traces.wire_data import FileRead

JSON = "application/json"
FOREVER = "private, max-age=31536000, immutable"
"""A file's address holds the digest of its content."""
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
STATIC = {"traces.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"}
HERE = files("services.traces")
LIVELY = timedelta(minutes=15)
"""After its start, a trace that has not ended is looked at again and again."""
PAGE_CHARACTERS = 600_000
"""Of values that one page shows; those of further calls are a link away."""


class Text(NamedTuple):
    """A value as a page shows it."""

    id: str
    text: str


class Values(NamedTuple):
    """What a page shows of a call's values; `cut` tells that something is left out."""

    inputs: Text | None
    output: Text | None
    attributes: Text | None
    cut: bool


async def newest_page(request: Request) -> Response:
    """Show the newest traces."""
    given = {name: value for name, value in request.query_params.items() if value}
    wanted, now = listing.Wanted.model_validate({"batches": False} | given), datetime.now(UTC)
    page, choices = await _database(request).read(lambda file: (listing.page(file, wanted), listing.choices(file)))
    return _html(
        "newest.html",
        page=page,
        wanted=wanted,
        choices=choices,
        first=f"/?{urlencode({name: value for name, value in given.items() if name != 'before'})}",
        following=f"/?{urlencode(given | {'before': page.next})}" if page.next else None,
        is_filtered=bool(given),
        live=not wanted.before and (not page.traces or any(_is_lively(trace, now) for trace in page.traces)),
        url=str(request.base_url).rstrip("/"),
        has_key="authorization" in request.headers,
    )


async def trace_page(request: Request) -> Response:
    """Show a trace."""
    start, now = request.path_params["trace_id"], datetime.now(UTC)

    def work(file: Any) -> Response:
        trace = reading.trace(file, start)
        return _html(
            "trace.html",
            trace=trace,
            bars=waterfall.bars(trace, now),
            ticks=waterfall.ticks(trace, now),
            values=_values(trace.nodes),
            live=_is_lively(trace, now),
        )

    try:
        return await _database(request).read(work)
    except NotFound as error:
        return _html("problem.html", 404, headline="No such trace", reason=str(error))


async def newest(request: Request) -> Response:
    """Answer with the newest traces."""
    wanted = listing.Wanted.model_validate(dict(request.query_params))
    page = await _database(request).read(lambda file: listing.page(file, wanted))
    return Response(page.model_dump_json(), media_type=JSON)


async def trace(request: Request) -> Response:
    """Answer with a trace's tree."""
    start, bare = request.path_params["trace_id"], request.query_params.get("bare") == "true"
    found = await _database(request).read(lambda file: reading.trace(file, start, bare=bare))
    return Response(found.model_dump_json(), media_type=JSON)


async def call(request: Request) -> Response:
    """Answer with a call as it was sent."""
    project, call_id = _project(request), request.path_params["call_id"]
    return JSONResponse(await _database(request).read(lambda file: reading.call(file, project, call_id)))


async def picture(request: Request) -> Response:
    """Answer with a file: a picture to be shown, anything else to be saved."""
    wanted = FileRead(project_id=_project(request), digest=request.path_params["digest"])
    media, content = await _database(request).read(lambda file: contents.read(file, wanted))
    headers = {
        "cache-control": FOREVER,
        "content-disposition": "attachment" if media == contents.OTHER else "inline",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=media, headers=headers)


async def static(request: Request) -> Response:
    """Answer with a part of the pages."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise NotFound(f"there is no {name}")
    content = (HERE / "static" / name).read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"etag": tag, "cache-control": "no-cache", "x-content-type-options": "nosniff"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=STATIC[name], headers=headers)


@cache
def _templates() -> Environment:
    from promptlift import figures  # noqa: PLC0415  it brings the whole client, and only pages need it

    environment = Environment(
        loader=FileSystemLoader(Path(str(HERE)) / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"duration": figures.duration, "count": figures.count, "money": figures.money}
    environment.filters["ago"] = lambda moment: figures.ago(moment, datetime.now(UTC))
    return environment


def _html(template: str, status: int = 200, **shown: Any) -> Response:
    headers = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    return HTMLResponse(_templates().get_template(template).render(shown), status, headers)


def _values(nodes: list[Node]) -> dict[str, Values]:
    """Write out the values of calls, the first ones first, as long as the page has room."""
    shown: dict[str, Values] = {}
    room = PAGE_CHARACTERS
    for node in nodes:
        if room <= 0:
            break
        texts = [
            showing.value(given) if given else ("", False) for given in (node.inputs, node.output, node.attributes)
        ]
        parts = [Text(node.id, text) if text else None for text, _ in texts]
        shown[node.id] = Values(parts[0], parts[1], parts[2], any(cut for _, cut in texts))
        room -= sum(len(text) for text, _ in texts)
    return shown


def _is_lively(trace: Trace, now: datetime) -> bool:
    return trace.status in ("running", "incomplete") and now - trace.started < LIVELY


def _project(request: Request) -> str:
    return f"{request.path_params['entity']}/{request.path_params['project']}"


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


ROUTES = (
    Route("/", newest_page),
    Route("/traces.json", newest),
    Route("/traces/{trace_id}.json", trace),
    Route("/traces/{trace_id}", trace_page),
    Route("/calls/{entity}/{project}/{call_id}.json", call),
    Route("/files/{entity}/{project}/{digest}", picture),
    Route("/static/{name}", static),
)
