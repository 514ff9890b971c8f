"""The upsampler as a BentoML service."""

import asyncio
from typing import TYPE_CHECKING

import bentoml

from promptlift import endpoints
from promptlift.contracts import UpsampleBatch, UpsampleRequest, UpsampleResult, Upsampling
from services import lingering, logs, settings, timers, tracing
from services.edge import Edge
from services.errors import answered
from services.loading import Loading
from services.upsampler import metrics
from services.upsampler.settings import UpsamplerSettings

if TYPE_CHECKING:
    from services.upsampler.writer import Writer

logs.configure(settings.read(logs.LogSettings))
timers.disarm()
config = settings.read(UpsamplerSettings)
traces = settings.read(tracing.TracingSettings)


@bentoml.service(name="upsampler", workers=1, traffic={"timeout": 3660}, tracing={"sample_rate": 1.0})
class Upsampler:
    """Turns terse prompts into detailed ones that keep every constraint."""

    def __init__(self) -> None:
        self.loading = Loading("upsampler", _load, supervised=bool(bentoml.server_context.worker_index))
        self.loading.start()
        tracing.start(traces, "upsampler")

    @bentoml.on_startup
    def linger(self) -> None:
        """End after the orchestrator, when started along with one."""
        if bentoml.server_context.service_type == "service":
            lingering.linger()

    @bentoml.on_shutdown
    async def close(self) -> None:
        """Hand over what is recorded."""
        await asyncio.to_thread(tracing.stop, traces)

    def __is_ready__(self) -> bool:
        return bool(self.loading.get())

    @bentoml.api(route=endpoints.UPSAMPLE.path)
    @answered
    async def upsample(self, request: UpsampleRequest, /) -> Upsampling:
        """Give a detailed prompt that keeps what the terse one says; at worst the terse one itself."""
        return metrics.counted(await self.loading.get().upsample(request))

    @bentoml.api(route=endpoints.UPSAMPLE_BATCH.path)
    @answered
    async def upsample_batch(self, requests: UpsampleBatch, /) -> list[UpsampleResult]:
        """Upsample a list of prompts at once; each item of the answer is an upsampling or an error."""
        results = await self.loading.get().upsample_batch(requests)
        for result in results:
            if result.upsampling is not None:
                metrics.counted(result.upsampling)
        return results


def _load() -> "Writer":
    from services.upsampler.load import load  # noqa: PLC0415  DSPy is not in every image

    return load(config)


Upsampler.add_asgi_middleware(
    Edge,
    max_body=2 * 1024 * 1024,
    max_requests=config.concurrency,
    timeout=config.timeout + 5,
    trusted=config.trust_traces,
)
