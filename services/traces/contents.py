"""Keeping files, such as pictures and the source of ops, each once under its digest."""

import sqlite3

from services.traces import digests, moments
from services.traces.errors import NotFound
from services.traces.wire import Id, OfProject, Wire
from services.traces.wire_data import FileRead

MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
OTHER = "application/octet-stream"


class NewFile(Wire):
    """POST /file/create, which comes as a form."""

    project_id: str
    name: Id
    content: bytes
    expected_digest: str | None = None


def create(file: sqlite3.Connection, request: NewFile) -> dict[str, str]:
    """Keep a file; the same content again is the same file."""
    digest = digests.checked(digests.of_bytes(request.content), request.expected_digest)
    file.execute(
        "INSERT OR IGNORE INTO files (project, digest, name, media, stored, content) VALUES (?, ?, ?, ?, ?, ?)",
        (request.project_id, digest, request.name, media(request.content), moments.now(), request.content),
    )
    return {"digest": digest}


def read(file: sqlite3.Connection, request: FileRead) -> tuple[str, bytes]:
    """Give a file's media type and its content.

    Raises:
        NotFound: there is none.
    """
    found = file.execute(
        "SELECT media, content FROM files WHERE project = ? AND digest = ?", (request.project_id, request.digest)
    ).fetchone()
    if found is None:
        raise NotFound(f"there is no file {request.digest} in {request.project_id}")
    return found["media"], found["content"]


def count(file: sqlite3.Connection, request: OfProject) -> dict[str, int]:
    """Tell how many bytes a project's files have."""
    total = "SELECT coalesce(sum(length(content)), 0) FROM files WHERE project = ?"
    return {"total_size_bytes": file.execute(total, (request.project_id,)).fetchone()[0]}


def media(content: bytes) -> str:
    """Recognise a picture by its first bytes; everything else is only bytes, whatever its sender calls it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media for magic, media in MAGIC if content.startswith(magic)), OTHER)
