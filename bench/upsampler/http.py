"""HTTP/1.1 by hand on asyncio's streams: on two cores a full client or server would take more time than what it measures."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

LENGTH = b"content-length:"
Answer = Callable[[bytes], Awaitable[bytes]]


async def read_message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read the first line and the body of a message that tells its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = next((int(line[len(LENGTH) :]) for line in lines if line[: len(LENGTH)].lower() == LENGTH), 0)
    return lines[0], await reader.readexactly(length)


async def serve(port: int, answer: Answer) -> asyncio.Server:
    """Answer every POST on a port with JSON."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                _, body = await read_message(reader)
                content = await answer(body)
                head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
                writer.write(head.encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    return await asyncio.start_server(converse, "127.0.0.1", port)


class Connection:
    """One connection that is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to a port of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, value: Any) -> Any:
        """Send JSON and read JSON.

        Raises:
            RuntimeError: the status is not 200.
        """
        content = json.dumps(value).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        self._writer.write(f"{head}content-length: {len(content)}\r\n\r\n".encode() + content)
        status, body = await read_message(self._reader)
        if b" 200 " not in status:
            raise RuntimeError(f"{status.decode()}: {body.decode(errors='replace')[:300]}")
        return json.loads(body)

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()
