"""BentoML's request timer, taken out."""

import asyncio
import gc

from promptlift import Client
from tests.openai_server import OpenAIServer
from tests.pictures import plain
from tests.witness import witness


def request_timers() -> int:
    """Count the timers that BentoML started for requests and still keeps."""
    timers = [thing for thing in gc.get_objects() if isinstance(thing, asyncio.TimerHandle)]
    return sum("TimeoutMiddleware" in repr(timer) for timer in timers)


def test_no_timer_outlives_its_request(judge: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness())
    before = request_timers()

    with Client(judge) as client:
        for seed in range(5):
            client.judge(prompt="a circle", image=plain(), seed=seed, mode="dalle3")

    assert request_timers() == before
