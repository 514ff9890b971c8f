"""The judge as a BentoML service."""

from typing import TYPE_CHECKING

import bentoml

from promptlift import endpoints
from promptlift.contracts import CompareRequest, Comparison, Judgement, JudgeRequest
from services import lingering, logs, settings, timers
from services.edge import Edge
from services.errors import answered
from services.judge import metrics
from services.judge.settings import JudgeSettings
from services.loading import Loading

if TYPE_CHECKING:
    from services.judge.critic import Critic
    from services.judge.silent import Silent

logs.configure()
timers.disarm()
config = settings.read(JudgeSettings)


@bentoml.service(name="judge", workers=1, traffic={"timeout": 3660}, tracing={"sample_rate": 1.0})
class Judge:
    """Looks at pictures and says whether they show what the user asked for."""

    def __init__(self) -> None:
        self.loading = Loading("judge", _load, supervised=bool(bentoml.server_context.worker_index))
        self.loading.start()

    @bentoml.on_startup
    def linger(self) -> None:
        """End after the orchestrator, when started along with one."""
        if bentoml.server_context.service_type == "service":
            lingering.linger()

    def __is_ready__(self) -> bool:
        return bool(self.loading.get())

    @bentoml.api(route=endpoints.JUDGE.path)
    @answered
    async def judge(self, request: JudgeRequest, /) -> Judgement:
        """Say whether a picture shows what a prompt asks for."""
        return metrics.counted(await self.loading.get().judge(request))

    @bentoml.api(route=endpoints.COMPARE.path)
    @answered
    async def compare(self, request: CompareRequest, /) -> Comparison:
        """Say which of two pictures shows more of what a prompt asks for."""
        return metrics.counted(await self.loading.get().compare(request))


def _load() -> "Critic | Silent":
    from services.judge.load import load  # noqa: PLC0415  DSPy is not in every image

    return load(config)


Judge.add_asgi_middleware(Edge, max_body=48 * 1024 * 1024, max_requests=config.concurrency, timeout=config.timeout + 5)
