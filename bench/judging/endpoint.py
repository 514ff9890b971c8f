"""An OpenAI-compatible endpoint that answers the judge at once, so that all the time that passes is the judge's own.

`python -m bench.judging.endpoint PORT` serves it on loopback.
"""

import asyncio
import json
import sys

FACTS = 4


def _draft(number: int) -> dict[str, object]:
    nothing = {"value": None, "relation": None, "object": None, "expected_count": None, "expected_text": None}
    fact = {"id": number, "kind": "entity", "question": f"Is there a thing of kind {number}?", "subject": "thing"}
    return {**fact, "parents": [1] if number > 1 else [], **nothing}


def _sighting(number: int) -> dict[str, object]:
    return {"id": number, "evidence": "It stands in the middle.", "count": None, "text": None, "answer": "yes"}


def _reply(answer: dict[str, object]) -> bytes:
    completion = {
        "id": "chatcmpl-instant",
        "object": "chat.completion",
        "created": 0,
        "model": "instant",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": json.dumps(answer)}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }
    body = json.dumps(completion).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


MODELS = json.dumps(
    {"object": "list", "data": [{"id": "instant", "object": "model", "created": 0, "owned_by": "bench"}]}
)
MODELS_REPLY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
    len(MODELS),
    MODELS.encode(),
)
PLAN = _reply({"facts": [_draft(number) for number in range(1, FACTS + 1)]})
LOOK = _reply({"seen": [_sighting(number) for number in range(1, FACTS + 1)], "writing": ""})


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection; one with a picture is a look, one without it a plan."""
    while head := await _head(reader):
        length = next((line for line in head.lower().splitlines() if line.startswith(b"content-length:")), b":0")
        body = await reader.readexactly(int(length.partition(b":")[2]))
        if head.startswith(b"GET"):
            writer.write(MODELS_REPLY)
        else:
            writer.write(LOOK if b"data:image/" in body else PLAN)
        await writer.drain()
    writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def _serve(port: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", port, limit=4 * 1024 * 1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
