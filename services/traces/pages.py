"""What people and programs look at: traces as JSON, and the pictures in them."""

from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.traces import contents, listing, reading
from services.traces.database import Database
from services.traces.wire_data import FileRead

JSON = "application/json"
FOREVER = "private, max-age=31536000, immutable"
"""A file's address holds the digest of its content."""


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


async def picture(request: Request) -> Response:
    """Answer with a file: a picture to be shown, anything else to be saved."""
    entity, project, digest = (request.path_params[name] for name in ("entity", "project", "digest"))
    wanted = FileRead(project_id=f"{entity}/{project}", digest=digest)
    media, content = await _database(request).read(lambda file: contents.read(file, wanted))
    shown = "inline" if media != contents.OTHER else f'attachment; filename="{PurePosixPath(digest).name}"'
    headers = {"cache-control": FOREVER, "content-disposition": shown, "x-content-type-options": "nosniff"}
    return Response(content, media_type=media, headers=headers)


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


ROUTES = (
    Route("/traces.json", newest),
    Route("/traces/{trace_id}.json", trace),
    Route("/files/{entity}/{project}/{digest}", picture),
)
