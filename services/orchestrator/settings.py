"""What the orchestrator can be told by its environment."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from promptlift.address import parse


class OrchestratorSettings(BaseSettings):
    """Variables with the prefix `ORCHESTRATOR_`."""

    model_config = SettingsConfigDict(
        env_prefix="ORCHESTRATOR_", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    upsampler_url: str | None = None
    """Where the upsampler runs; without it, it is started along."""
    generator_url: str | None = None
    """Where the generator runs; without it, it is started along."""
    judge_url: str | None = None
    """Where the judge runs; without it, it is started along."""
    concurrency: int = Field(default=64, ge=1)
    """Requests in work at once; further ones get 429."""
    timeout: float = Field(default=300.0, gt=0)
    """Seconds for a request without a timeout of its own."""
    upsample_timeout: float = Field(default=30.0, gt=0)
    """Seconds after which the base prompt is painted instead of an upsampled one."""
    generator_wait: float = Field(default=0.0, ge=0)
    """Seconds that a job waits for a generator that is not there: scaled to zero, rolled over or still loading."""
    ready_with: Literal["all", "generator", "none"] = "all"
    """Which services must be ready for this one to be ready. `none` suits a cluster: without a helper a picture is made
    all the same, and a job can wait for a generator only here."""
    trust_traces: bool = False
    """Whether a caller's x-weave headers are believed: its trace is gone on with, and its sampling holds. Here is the
    public edge, where anybody could write into anybody's trace."""

    @field_validator("upsampler_url", "generator_url", "judge_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None:
            parse(url)
        return url
