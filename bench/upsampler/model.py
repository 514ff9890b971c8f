"""A language model that answers at once, or after a given time: `python -m bench.upsampler.model PORT SECONDS`."""

import asyncio
import json
import sys

from bench.upsampler.http import serve
from bench.upsampler.scenes import caption

BEFORE, AFTER = "[[ ## prompt ## ]]\n", "\n\n"


def completion(body: bytes) -> bytes:
    """Answer a chat completion request with a caption of the prompt in it."""
    asked = json.loads(body)["messages"][-1]["content"].partition(BEFORE)[2].partition(AFTER)[0]
    content = json.dumps({"corrected_prompt": asked, "caption": caption(asked)})
    message = {"role": "assistant", "content": content, "refusal": None}
    return json.dumps(
        {
            "id": "chatcmpl-bench",
            "object": "chat.completion",
            "created": 0,
            "model": "bench",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": {"prompt_tokens": 2000, "completion_tokens": 60, "total_tokens": 2060},
        }
    ).encode()


async def run(port: int, seconds: float) -> None:
    """Serve until stopped; each answer takes the given time."""

    async def answer(body: bytes) -> bytes:
        await asyncio.sleep(seconds)
        return completion(body)

    async with await serve(port, answer) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), float(sys.argv[2])))
