"""The orchestrator as a BentoML service; without addresses it starts the three others along."""

import asyncio
from collections.abc import AsyncIterator, Callable

import bentoml

from promptlift import AsyncClient, endpoints
from promptlift.contracts import CreateRequest, Creation, Progress
from services import logs, settings, timers, tracing
from services.edge import Edge, request_id
from services.errors import ServiceError, answered
from services.generator.service import Generator
from services.judge.service import Judge
from services.orchestrator import metrics, streaming, workflow
from services.orchestrator.job import Job
from services.orchestrator.patience import Patient
from services.orchestrator.remote import Remote, headers
from services.orchestrator.settings import OrchestratorSettings
from services.orchestrator.sockets import Sockets
from services.upsampler.service import Upsampler

logs.configure(settings.read(logs.LogSettings))
timers.disarm()
config = settings.read(OrchestratorSettings)
traces = settings.read(tracing.TracingSettings)
needed = {"all": ("upsampler", "generator", "judge"), "generator": ("generator",), "none": ()}[config.ready_with]


@bentoml.service(
    name="orchestrator",
    workers=1,
    traffic={"timeout": 3660},
    tracing={"sample_rate": 1.0},
    runner_probe={"enabled": False},
)
class Orchestrator:
    """Turns a terse prompt into judged pictures: upsampler, generator and judge, composed."""

    upsampler = bentoml.depends(Upsampler, url=config.upsampler_url)
    generator = bentoml.depends(Generator, url=config.generator_url)
    judge = bentoml.depends(Judge, url=config.judge_url)

    @bentoml.on_startup
    def connect(self) -> None:
        """Prepare to call the three services, wherever they run."""
        tracing.start(traces, "orchestrator")
        self.sockets = Sockets()
        self.services = Remote(
            upsampler=AsyncClient(self.sockets.lasting(config.upsampler_url or Upsampler.url), headers=headers),
            generator=AsyncClient(self.sockets.lasting(config.generator_url or Generator.url), headers=headers),
            judge=AsyncClient(self.sockets.lasting(config.judge_url or Judge.url), headers=headers),
        )

    @bentoml.on_shutdown
    async def disconnect(self) -> None:
        """Close the connections, and hand over what is recorded."""
        await self.services.aclose()
        self.sockets.close()
        await asyncio.to_thread(tracing.stop, traces)

    async def __is_ready__(self) -> bool:
        await self.services.ready(*needed)
        return True

    @bentoml.api(route=endpoints.CREATE.path)
    @answered
    async def create(self, request: CreateRequest, /) -> Creation:
        """Make pictures of a prompt, each judged against it."""
        return await self._run(request, lambda progress: None)

    @bentoml.api(route=endpoints.STREAM.path)
    async def stream(self, request: CreateRequest, /) -> AsyncIterator[str]:
        """Do the same, and tell each stage as it begins and ends."""
        async for event in streaming.events(lambda report: self._run(request, report)):
            yield event

    async def _run(self, request: CreateRequest, report: Callable[[Progress], None]) -> Creation:
        job = Job(min(request.timeout or config.timeout, config.timeout), report)
        services = Patient(self.services, job, config.generator_wait)
        with tracing.call("create", {"request": request}) as noted:
            try:
                creation = await workflow.create(request, services, job, config.upsample_timeout)
            except ServiceError as error:
                metrics.failed(error.code)
                raise
            metrics.created(creation)
            noted.result(creation)
            told = {"request_id": request_id.get(), "trace_id": tracing.trace_id(), "trace_url": tracing.trace_url()}
        return creation.model_copy(update=told)


Orchestrator.add_asgi_middleware(
    Edge, max_body=64 * 1024, max_requests=config.concurrency, timeout=config.timeout + 5, trusted=config.trust_traces
)
