"""The judge as a BentoML service."""

import asyncio
from typing import TYPE_CHECKING

import bentoml

from promptlift import endpoints
from promptlift.contracts import CompareRequest, Comparison, Judgement, JudgeRequest
from services import lingering, logs, settings, timers, tracing
from services.edge import Edge
from services.errors import answered
from services.judge import metrics
from services.judge.settings import JudgeSettings
from services.loading import Loading

if TYPE_CHECKING:
    from services.judge.critic import Critic

logs.configure(settings.read(logs.LogSettings))
timers.disarm()
config = settings.read(JudgeSettings)
traces = settings.read(tracing.TracingSettings)


@bentoml.service(name="judge", workers=1, traffic={"timeout": 3660}, tracing={"sample_rate": 1.0})
class Judge:
    """Looks at pictures and says whether they show what the user asked for."""

    def __init__(self) -> None:
        self.loading = Loading("judge", _load, supervised=bool(bentoml.server_context.worker_index))
        self.loading.start()
        tracing.start(traces, "judge")

    @bentoml.on_startup
    def linger(self) -> None:
        """End after the orchestrator, when started along with one."""
        if bentoml.server_context.service_type == "service":
            lingering.linger()

    @bentoml.on_shutdown
    async def close(self) -> None:
        """Close the store, and hand over what is recorded."""
        await asyncio.to_thread(self.loading.close)
        await asyncio.to_thread(tracing.stop, traces)

    def __is_ready__(self) -> bool:
        return bool(self.loading.get())

    @bentoml.api(route=endpoints.JUDGE.path)
    @answered
    @tracing.traced("judge")
    async def judge(self, request: JudgeRequest, /) -> Judgement:
        """Say whether a picture shows what a prompt asks for."""
        return metrics.counted(await self.loading.get().judge(request))

    @bentoml.api(route=endpoints.COMPARE.path)
    @answered
    @tracing.traced("compare")
    async def compare(self, request: CompareRequest, /) -> Comparison:
        """Say which of two pictures shows more of what a prompt asks for."""
        return metrics.counted(await self.loading.get().compare(request))


def _load() -> "Critic":
    from services.judge.load import load  # noqa: PLC0415  DSPy is not in every image

    return load(config)


Judge.add_asgi_middleware(
    Edge,
    max_body=48 * 1024 * 1024,
    max_requests=config.concurrency,
    timeout=config.timeout + 5,
    trusted=config.trust_traces,
)
