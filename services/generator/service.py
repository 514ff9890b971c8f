"""The generator as a BentoML service."""

from typing import TYPE_CHECKING

import bentoml

from promptlift import endpoints
from promptlift.contracts import GenerateBatch, GenerateResult
from services import logs, settings
from services.edge import Edge
from services.generator.settings import GeneratorSettings
from services.loading import Loading

if TYPE_CHECKING:
    from services.generator.painter import Painter

logs.configure()
config = settings.read(GeneratorSettings)


@bentoml.service(name="generator", workers=1, threads=1, traffic={"timeout": 3660}, tracing={"sample_rate": 1.0})
class Generator:
    """Paints prompts with SDXL; requests that arrive together are painted together."""

    def __init__(self) -> None:
        self.loading = Loading("generator", _load, supervised=bool(bentoml.server_context.worker_index))
        self.loading.start()

    def __is_ready__(self) -> bool:
        return bool(self.loading.get())

    @bentoml.api(
        route=endpoints.GENERATE.path,
        batchable=True,
        max_batch_size=config.max_batch_size,
        max_latency_ms=int(config.timeout * 1000),
    )
    def generate(self, requests: GenerateBatch, /) -> list[GenerateResult]:
        """Paint a list of prompts; each item of the answer is a picture or an error."""
        return self.loading.get().paint(requests)


def _load() -> "Painter":
    from services.generator.load import load  # noqa: PLC0415  torch is not in every image

    return load(config)


Generator.add_asgi_middleware(Edge, max_body=1024 * 1024, max_requests=config.concurrency, timeout=config.timeout + 5)
