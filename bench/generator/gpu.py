"""The engine on a GPU, over SDXL's true architecture with random weights: step times, latency, pictures per second."""

import platform
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bench.generator import sdxl
from promptlift.contracts import GenerateRequest
from services.generator import embedded
from services.generator.load import start
from services.generator.order import Order, order_of
from services.generator.painter import Painter
from services.generator.settings import GeneratorSettings

TOKENIZER = Path(embedded.WEIGHTS) / "tokenizer"
STEPS = 20
RATE = 2.02
"""Arrivals per second of the Poisson trace: MLPerf's server scenario on a GH200."""
PATIENCE = 3600.0


def measure(
    device: str, dtype: torch.dtype, compile: str, rows: list[int], sides: list[int], arrivals: int, tiny: bool
) -> dict[str, Any]:
    """Measure one way of computing; sides in pixels."""
    found: dict[str, Any] = {
        "device": torch.cuda.get_device_name() if device == "cuda" else platform.machine(),
        "torch": torch.__version__,
        "dtype": str(dtype).removeprefix("torch."),
        "compile": compile,
        "images per second by rows": {},
    }
    with _painter(device, dtype, compile, max(rows), tiny) as painter:
        found["step seconds"] = {side: _steps(painter, rows, side) for side in sides}
        found["idle latency seconds"] = _idle(painter)
    for size in rows:
        with _painter(device, dtype, compile, size, tiny) as painter:
            found["images per second by rows"][size] = _closed(painter, 4 * size)
    best = max(found["images per second by rows"], key=found["images per second by rows"].get)
    found["best rows"] = best
    with _painter(device, dtype, compile, best, tiny) as painter:
        found[f"Poisson at {RATE}/s"] = _poisson(painter, arrivals)
    return found


@contextmanager
def _painter(device: str, dtype: torch.dtype, compile: str, rows: int, tiny: bool) -> Iterator[Painter]:
    settings = GeneratorSettings(rows=rows, compile=compile, consistency="fast", queue_rows=100_000)
    pipeline = sdxl.build(TOKENIZER, device, dtype, tiny=tiny)
    painter = start(pipeline, settings, device=device, dtype=dtype, name="sdxl, random weights")
    try:
        yield painter
    finally:
        painter.close()
        if device == "cuda":
            torch.cuda.empty_cache()


def _order(painter: Painter, seed: int, side: int | None = None, steps: int = STEPS) -> Order:
    request = GenerateRequest(prompt="a red circle", steps=steps, guidance=5.0, seed=seed, width=side, height=side)
    return order_of(request, painter.defaults)


def _steps(painter: Painter, rows: list[int], side: int) -> dict[int, float]:
    """Give the seconds of a U-Net call by its rows: a picture takes two."""
    seconds = {}
    for size in rows:
        count = max(1, size // 2)
        orders = [_order(painter, seed, side, steps=8) for seed in range(count)]
        futures = [painter.engine.submit(order, PATIENCE) for order in orders]
        batches = {batch for future in futures for batch in future.result().batches if len(batch.members) == count}
        calls = sum(batch.steps for batch in batches)
        seconds[size] = sum(batch.seconds for batch in batches) / calls if calls else float("nan")
    return seconds


def _idle(painter: Painter, rounds: int = 7) -> float:
    seconds = []
    for seed in range(rounds):
        started = time.perf_counter()
        painter.engine.submit(_order(painter, seed), PATIENCE).result()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


def _closed(painter: Painter, count: int) -> float:
    """Give pictures per second when there is always enough to do."""
    started = time.perf_counter()
    for future in [painter.engine.submit(_order(painter, seed), PATIENCE) for seed in range(count)]:
        future.result()
    return count / (time.perf_counter() - started)


def _poisson(painter: Painter, count: int, seed: int = 1) -> dict[str, float]:
    """Give the percentiles of the time from arrival to pixels."""
    chance = random.Random(seed)
    taken, started = [], time.perf_counter()
    at = 0.0
    ends: list[float] = []
    for number in range(count):
        at += chance.expovariate(RATE)
        time.sleep(max(0.0, started + at - time.perf_counter()))
        future = painter.engine.submit(_order(painter, number), PATIENCE)
        future.add_done_callback(lambda done, at=at: ends.append(time.perf_counter() - started - at))
        taken.append(future)
    for future in taken:
        future.result()
    p50, p90, p99 = np.percentile(ends, [50, 90, 99])
    return {"arrivals": count, "p50": float(p50), "p90": float(p90), "p99": float(p99)}
