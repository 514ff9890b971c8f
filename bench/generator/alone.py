"""The bare engine beside the bare pipeline, in one process: one request, and the loop without a server."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from bench.generator.peers import pipeline as peer
from promptlift.contracts import GenerateRequest
from services.generator.load import load
from services.generator.order import Order, order_of
from services.generator.painter import Painter
from services.generator.settings import GeneratorSettings


def painter(model: str, threads: int, **fields: Any) -> Painter:
    """Load our generator without a server."""
    return load(GeneratorSettings(model=model, threads=threads, **fields))


def one_request(model: str, threads: int, rounds: int) -> tuple[float, float]:
    """Give the median seconds of one 20-step picture: the pipeline's and ours, measured in turn."""
    theirs = peer.load(model, threads)
    ours = painter(model, threads)
    order = _order(ours, steps=20)

    def call_theirs() -> None:
        theirs(order.prompt, num_inference_steps=20, guidance_scale=5.0, generator=torch.Generator().manual_seed(0))

    def call_ours() -> None:
        ours.engine.submit(order, 600.0).result()

    try:
        return _in_turn(call_theirs, call_ours, rounds)
    finally:
        ours.close()


def images_per_second(model: str, threads: int, count: int) -> float:
    """Give what the bare engine paints when there are always enough 20-step pictures to do."""
    ours = painter(model, threads, queue_rows=10 * count)
    orders = [_order(ours, steps=20, seed=seed) for seed in range(count)]
    started = time.perf_counter()
    for future in [ours.engine.submit(order, 3600.0) for order in orders]:
        future.result()
    rate = count / (time.perf_counter() - started)
    ours.close()
    return rate


def _order(ours: Painter, steps: int, seed: int = 0) -> Order:
    return order_of(GenerateRequest(prompt="a red circle", steps=steps, guidance=5.0, seed=seed), ours.defaults)


def _in_turn(first: Callable[[], None], second: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Measure two calls one after the other, again and again, so that what disturbs disturbs both."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, taken in zip((first, second), seconds, strict=True):
            started = time.perf_counter()
            call()
            taken.append(time.perf_counter() - started)
    return statistics.median(seconds[0][1:]), statistics.median(seconds[1][1:])
