"""Measures loading, painting and memory in a process of its own: `python -m pocket.evaluation.speed` prints JSON."""

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Speed:
    """Seconds to import and load, seconds for one 20-step picture (median of five), peak memory in MB, threads."""

    import_seconds: float
    load_seconds: float
    picture_seconds: float
    memory_mb: float
    threads: int


def measure() -> Speed:
    """Measure in a fresh process."""
    ran = subprocess.run([sys.executable, "-m", "pocket.evaluation.speed"], check=True, capture_output=True, text=True)
    return Speed(**json.loads(ran.stdout.splitlines()[-1]))


def _here() -> Speed:
    start = time.perf_counter()
    import torch  # noqa: PLC0415 - timed

    from pocket.painter import brush, load_painter  # noqa: PLC0415 - timed

    torch.set_num_threads(2)
    imported = time.perf_counter()
    paint = brush(load_painter())
    loaded = time.perf_counter()
    paint(["a red circle"], [0])
    laps = []
    for seed in range(5):
        lap = time.perf_counter()
        paint(["a large red circle in the center on a white background"], [seed])
        laps.append(time.perf_counter() - lap)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Speed(imported - start, loaded - imported, sorted(laps)[2], memory, torch.get_num_threads())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_here())) + "\n")
