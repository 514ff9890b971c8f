"""A cancel storm: half of the requests leave at random times; their rows are freed, the others' pictures are right."""

import random
import time
from collections import Counter
from concurrent.futures import CancelledError, Future
from typing import Any

import numpy as np

from bench.generator.alone import painter
from promptlift.contracts import GenerateRequest
from services.generator.order import Order, order_of
from services.generator.painter import Painter
from services.generator.ticket import Painted

SECONDS = 3600.0
SEEDS = 5
"""Different pictures; each is painted alone first, to be compared with."""


def cancel(model: str, threads: int, count: int, seed: int = 0) -> dict[str, Any]:
    """Submit `count` requests, cancel every second one at a random time, and compare the rest with pictures alone."""
    ours = painter(model, threads, queue_rows=4 * count)
    chance = random.Random(seed)
    orders = [_order(ours, number % SEEDS) for number in range(count)]
    started = time.perf_counter()
    alone = [ours.engine.submit(orders[number], SECONDS).result().pixels for number in range(SEEDS)]
    all_of_them = (time.perf_counter() - started) / SEEDS * count
    late: Counter[int] = Counter()
    gone: set[int] = set()

    def report(number: int) -> Any:
        def step(done: int, steps: int) -> None:
            late[number] += number in gone

        return step

    futures = [ours.engine.submit(order, SECONDS, report(number)) for number, order in enumerate(orders)]
    leaving = chance.sample(range(count), count // 2)
    for number in leaving:
        time.sleep(chance.uniform(0, all_of_them / count / 2))  # the last one leaves when about a quarter is painted
        if futures[number].cancel():
            gone.add(number)
    kept = [number for number in range(count) if number not in gone]
    right = sum(_same(futures[number], alone[number % SEEDS]) for number in kept)
    left = len(ours.engine._desk.live) + len(ours.engine._desk.finished)
    ours.close()
    return {
        "requests": count,
        "cancelled": len(gone),
        "pictures of the others": len(kept),
        "of these the same bits as alone": right,
        "most steps for one that had left": max(late.values()),
        "tickets left behind": left,
    }


def _order(ours: Painter, seed: int) -> Order:
    return order_of(GenerateRequest(prompt="a red circle", steps=8, guidance=5.0, seed=seed), ours.defaults)


def _same(future: Future[Painted], alone: Any) -> bool:
    try:
        return bool(np.array_equal(np.asarray(future.result().pixels), np.asarray(alone)))
    except CancelledError:
        return False
