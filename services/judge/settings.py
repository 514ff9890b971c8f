"""What the judge can be told by its environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.settings import LanguageModelSettings


class JudgeSettings(LanguageModelSettings):
    """Variables with the prefix `JUDGE_`."""

    model_config = SettingsConfigDict(
        env_prefix="JUDGE_", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    temperature: float | None = Field(default=0.0, ge=0, le=2)
    """Sampling temperature; never sent to models that accept none."""
    max_tokens: int = Field(default=4000, ge=16)
    """Tokens that an answer may have; a longer one counts as failed. A long prompt has dozens of facts."""
    seed: int = Field(default=0, ge=0, le=2**32 - 1)
    """Seed of a request that names none (best effort), and of every plan."""
    store: str = "auto"
    """File that answers are kept in, so that the same question gets the same answer; `auto`: one in the home folder's
    cache; `off`: none."""
    store_megabytes: int = Field(default=64, ge=1)
    """Size that the store may have; the oldest answers go first."""
    concurrency: int = Field(default=32, ge=1)
    """Requests in work at once; further ones get 429."""
    timeout: float = Field(default=120.0, gt=0)
    """Seconds for a request without a timeout of its own."""
