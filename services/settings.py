"""Reading settings from the environment, and those that the upsampler and the judge share."""

from typing import Any, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Settings = TypeVar("Settings", bound=BaseSettings)
BAD_SETTINGS = "promptlift can't start with these settings:"


def read(kind: type[Settings], **given: Any) -> Settings:
    """Read a service's settings, what is given before the environment, or stop with one line for each that is wrong."""
    try:
        return kind(**given)
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        lines = [_fault(prefix, fault["loc"], fault["msg"]) for fault in error.errors(include_url=False)]
        raise SystemExit("\n".join([BAD_SETTINGS, *lines])) from error


def _fault(prefix: str, location: tuple[int | str, ...], message: str) -> str:
    name = f"{prefix}{'_'.join(str(part) for part in location).upper()}: " if location else ""
    return f"  {name}{message.removeprefix('Value error, ')}"


class LanguageModelSettings(BaseSettings):
    """Which model a service asks, where, and with which key; each service gives its own prefix."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    model: str = "auto"
    """`auto` (a key or a base URL is used, else what is embedded), `embedded`, or a model's name."""
    api_base: str | None = None
    """Base URL of an OpenAI-compatible server, such as `http://localhost:11434/v1` for Ollama."""
    api_key: SecretStr | None = None
    """Key for `api_base`; without an `api_base`, for OpenAI."""
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    """Key for OpenAI; never sent to an `api_base`."""
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    """Another address of OpenAI's API, as the openai SDK has it."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """Sampling temperature; never sent to models that accept none."""
    max_tokens: int = Field(default=2000, ge=16)
    """Tokens that an answer may have; a longer one counts as failed."""
    request_timeout: float = Field(default=60.0, gt=0)
    """Seconds for one HTTP request to the model."""
    max_retries: int = Field(default=2, ge=0)
    """Further requests after a lost connection, a 429 or a 5xx."""
    input_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """US dollars per million tokens that the model reads; with `output_price`, answers tell their cost."""
    output_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """US dollars per million tokens that the model writes."""
    trust_traces: bool = True
    """Whether a caller's x-weave headers are believed: its trace is gone on with, and its sampling holds."""

    @model_validator(mode="after")
    def _has_what_it_names(self) -> Self:
        if self.model not in ("auto", "embedded") and not self.remote:
            prefix = self.model_config.get("env_prefix", "")
            raise ValueError(
                f"{prefix}MODEL names {self.model!r}, but there is no way to it: set OPENAI_API_KEY for OpenAI, or "
                f"{prefix}API_BASE for another OpenAI-compatible server"
            )
        return self

    @property
    def prices(self) -> tuple[float, float] | None:
        """US dollars per million tokens that the model reads, and that it writes, if both are given."""
        if self.input_price is None or self.output_price is None:
            return None
        return self.input_price, self.output_price

    @property
    def remote(self) -> bool:
        """Whether there is an endpoint to ask."""
        return bool(self.api_base or self.api_key or self.openai_api_key)

    @property
    def endpoint(self) -> tuple[str | None, str]:
        """The base URL (None: OpenAI's own) and the key. OpenAI's key is never sent to another server."""
        if self.api_base:
            return self.api_base, self.api_key.get_secret_value() if self.api_key else "none"
        key = self.api_key or self.openai_api_key
        return self.openai_base_url, key.get_secret_value() if key else "none"
