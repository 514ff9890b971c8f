"""The generator as a BentoML service."""

import asyncio
from typing import TYPE_CHECKING

import bentoml

from promptlift import endpoints
from promptlift.contracts import GenerateResult
from services import lingering, logs, settings, timers, tracing
from services.edge import Edge
from services.errors import answered
from services.generator.settings import GeneratorSettings
from services.generator.spans import AskedBatch
from services.loading import Loading

if TYPE_CHECKING:
    from services.generator.painter import Painter

logs.configure(settings.read(logs.LogSettings))
timers.disarm()
config = settings.read(GeneratorSettings)
traces = settings.read(tracing.TracingSettings)
adaptive = {"batchable": True, "max_batch_size": config.rows, "max_latency_ms": config.max_latency_ms}


@bentoml.service(name="generator", workers=1, traffic={"timeout": 3660}, tracing={"sample_rate": 1.0})
class Generator:
    """Paints prompts with SDXL; pictures of any steps, guidance and size are advanced together, step by step."""

    def __init__(self) -> None:
        self.loading = Loading("generator", _load, supervised=bool(bentoml.server_context.worker_index))
        self.loading.start()
        tracing.start(traces, "generator")

    @bentoml.on_startup
    def linger(self) -> None:
        """End after the orchestrator, when started along with one."""
        if bentoml.server_context.service_type == "service":
            lingering.linger()

    def __is_ready__(self) -> bool:
        return bool(self.loading.get())

    @bentoml.api(route=endpoints.GENERATE.path, **adaptive if config.batching == "adaptive" else {})
    @answered
    async def generate(self, requests: AskedBatch, /) -> list[GenerateResult]:
        """Paint a list of prompts; each item of the answer is a picture or an error."""
        return await self.loading.get().paint(requests)

    @bentoml.on_shutdown
    async def close(self) -> None:
        """Stop the engine, and hand over what is recorded."""
        await asyncio.to_thread(self.loading.close)
        await asyncio.to_thread(tracing.stop, traces)


def _load() -> "Painter":
    from services.generator.load import load  # noqa: PLC0415  torch is not in every image

    return load(config)


Generator.add_asgi_middleware(
    Edge, max_body=1024 * 1024, max_requests=config.concurrency, timeout=config.timeout + 5, trusted=config.trust_traces
)
