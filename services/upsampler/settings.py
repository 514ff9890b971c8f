"""What the upsampler can be told by its environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.settings import LanguageModelSettings


class UpsamplerSettings(LanguageModelSettings):
    """Variables with the prefix `UPSAMPLER_`."""

    model_config = SettingsConfigDict(
        env_prefix="UPSAMPLER_", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    temperature: float | None = Field(default=0.7, ge=0, le=2)
    """Sampling temperature; never sent to models that accept none."""
    program: Path | None = None
    """A compiled program (JSON, written by `python -m services.upsampler.optimize`) in place of our own."""
    budget: int = Field(default=75, ge=20, le=300)
    """CLIP tokens of a prompt whose request names no budget; 75 fill one pass of SDXL's text encoders, 150 two."""
    attempts: int = Field(default=3, ge=1, le=3)
    """How often the model is asked, at most, until a caption has no serious fault."""
    samples: int = Field(default=4, ge=1, le=16)
    """Continuations that the embedded model offers to choose from."""
    threads: int = Field(default=1, ge=1, le=64)
    """Threads of the embedded model; on busy cores a second one makes it slower."""
    concurrency: int = Field(default=64, ge=1)
    """Requests in work at once; further ones get 429. Prompts of batches beyond it wait."""
    timeout: float = Field(default=60.0, gt=0)
    """Seconds after which a request without a timeout of its own falls back to its base prompt."""
