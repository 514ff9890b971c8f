"""Where a service's CPU time goes, by sampling: `python -m bench.upsampler.profile PORT FILE` serves until stopped."""

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

PARTS = {
    "dspy": ("/dspy/",),
    "openai SDK": ("/openai/", "/httpx/", "/httpcore/", "/h11/"),
    "BentoML": ("/bentoml/", "/_bentoml_sdk/", "/_bentoml_impl/", "/opentelemetry/", "/simple_di/"),
    "web server": ("/uvicorn/", "/starlette/"),
    "our own": ("/services/", "/clients/promptlift/"),
}
"""Each part with what its files' paths contain; a library that several use counts for the one that called it."""
INTERVAL = 0.002
"""Seconds of CPU time between samples."""


class Sampler:
    """Counts, at every tick of CPU time, which part is running."""

    def __init__(self) -> None:
        self.ticks: Counter[str] = Counter()
        self.lines: Counter[str] = Counter()

    def start(self) -> None:
        """Begin to count; only the main thread is seen."""
        signal.signal(signal.SIGPROF, self._tick)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)

    def _tick(self, number: int, frame: FrameType | None) -> None:
        inner = frame
        while frame is not None:
            path = frame.f_code.co_filename
            for part, marks in PARTS.items():
                if any(mark in path for mark in marks):
                    self.ticks[part] += 1
                    self.lines[f"{part}: {path.rpartition('site-packages/')[2][-60:]} {frame.f_code.co_name}"] += 1
                    return
            frame = frame.f_back
        self.ticks["event loop and rest"] += 1
        self.lines[f"rest: {inner.f_code.co_qualname if inner else '-'}"] += 1


def run(port: int, target: Path) -> None:
    """Serve the upsampler in this process and write the counts when stopped."""
    import uvicorn

    from services.upsampler.service import Upsampler

    sampler = Sampler()
    sampler.start()
    Upsampler.config["metrics"] = {"enabled": False}
    server = uvicorn.Server(uvicorn.Config(Upsampler.to_asgi(), port=port, log_config=None, access_log=False))
    try:
        server.run()
    except KeyboardInterrupt:  # uvicorn raises the signal that stopped it once more
        target.write_text(json.dumps({"parts": sampler.ticks, "lines": sampler.lines.most_common(40)}))


if __name__ == "__main__":
    run(int(sys.argv[1]), Path(sys.argv[2]))
