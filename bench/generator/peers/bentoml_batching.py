"""BentoML's adaptive batching around the pipeline, as its documentation shows, with requests regrouped."""

from typing import Annotated, Any

import bentoml
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from bench.generator.peers import pipeline


class Settings(BaseSettings):
    """Where the model is, and how many threads it may use."""

    model_config = SettingsConfigDict(env_prefix="PEER_")

    model: str = ""
    threads: Annotated[int, Field(ge=1)] = 1


@bentoml.service(traffic={"timeout": 3600})
class Peer:
    """Paints batches of at most 4 pictures."""

    def __init__(self) -> None:
        settings = Settings()
        self.pipeline = pipeline.load(settings.model, settings.threads)

    @bentoml.api(batchable=True, max_batch_size=4, max_latency_ms=3_600_000, route="/generate")
    def generate(self, requests: list[dict[str, Any]], /) -> list[str]:
        """Paint a batch."""
        return pipeline.paint(self.pipeline, requests)
