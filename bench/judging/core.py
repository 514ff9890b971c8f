"""One process that judges pictures without a server around it: with the judge's own core, or as DSPy's manual shows it.

`python -m bench.judging.core ours|plain BASE_URL PICTURES` prints one JSON object.
"""

import asyncio
import gc
import io
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import dspy
import psutil
from pydantic import BaseModel

from bench.judging import loop
from bench.judging.pictures import made
from promptlift.contracts import Image, JudgeRequest
from services.judge.load import load
from services.judge.settings import JudgeSettings

AT_ONCE = 8
WARM_UP = 10


class Sighting(BaseModel):
    """The fields that the instant endpoint answers with."""

    id: int
    evidence: str
    count: int | None
    text: str | None
    answer: str


class Look(dspy.Signature):
    """Answer each question about the picture."""

    picture: dspy.Image = dspy.InputField()
    questions: list[str] = dspy.InputField()
    seen: list[Sighting] = dspy.OutputField()
    writing: str = dspy.OutputField()


def ours(url: str) -> Callable[[bytes], Awaitable[Any]]:
    """Judge as the service does."""
    critic = load(JudgeSettings(api_base=url, store="off"))
    return lambda data: critic.judge(JudgeRequest(prompt="a thing", image=Image.of(data)))


def plain(url: str) -> Callable[[bytes], Awaitable[Any]]:
    """Look as one would with DSPy alone: its own language model, its own image type."""
    from PIL import Image as Pillow  # noqa: PLC0415  the other way does not need it here

    lm = dspy.LM("openai/instant", api_base=url, api_key="none", cache=False)
    look = dspy.Predict(Look)
    questions = [f"{number}. Is there a thing of kind {number}?" for number in range(1, 5)]

    async def judge(data: bytes) -> Any:
        with dspy.context(lm=lm, adapter=dspy.JSONAdapter()):
            return await look.acall(picture=dspy.Image(Pillow.open(io.BytesIO(data))), questions=questions)

    return judge


async def measure(judge: Callable[[bytes], Awaitable[Any]], pictures: int) -> dict[str, float]:
    """Judge so many pictures, eight at a time."""
    datas = made()
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with places:
            await judge(datas[number % len(datas)])

    async def many(count: int) -> None:
        await asyncio.gather(*(one(number) for number in range(count)))

    await many(WARM_UP)
    gc.collect()
    gc.freeze()
    longest = loop.watch()
    before, started, worked = psutil.Process().memory_info().rss, time.perf_counter(), time.process_time()
    await many(pictures)
    return {
        "per_second": pictures / (time.perf_counter() - started),
        "cpu_seconds_each": (time.process_time() - worked) / pictures,
        "longest_seconds": longest.seconds,
        "longest_cpu_seconds": longest.cpu_seconds,
        "memory_growth": psutil.Process().memory_info().rss - before,
    }


if __name__ == "__main__":
    way, url, pictures = sys.argv[1], sys.argv[2], int(sys.argv[3])
    judge = {"ours": ours, "plain": plain}[way](url)
    print(json.dumps(asyncio.run(measure(judge, pictures))))  # noqa: T201  its output is its result
