"""Whether calls are recorded, and where."""

from typing import Self

from pydantic import Field, HttpUrl, SecretStr, TypeAdapter, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HOSTED = "wandb"
PLACES = ("auto", "off", HOSTED)


class TracingSettings(BaseSettings):
    """The settings that all services share."""

    model_config = SettingsConfigDict(
        env_prefix="TRACING_", frozen=True, env_ignore_empty=True, populate_by_name=True, use_attribute_docstrings=True
    )

    to: str = "auto"
    """`off`, `wandb` (hosted, needs WANDB_API_KEY), a trace server's base URL, or `auto`: hosted if there is a key."""
    entity: str | None = None
    """The W&B team or user; absent: the account's own, or `local` on a server of one's own."""
    project: str = Field(default="promptlift", pattern=r"^[\w.-]{1,128}$")
    """The project that traces are recorded in."""
    sample: float = Field(default=1.0, ge=0, le=1)
    """Share of the traces that are recorded, decided where each begins."""
    pages: str | None = None
    """Base URL under which people reach the trace server's pages, where it is another one than `to`."""
    flush: float = Field(default=5.0, ge=0, le=60)
    """Seconds that the end of a service may take for handing over what is recorded."""
    wandb_api_key: SecretStr | None = Field(default=None, validation_alias="WANDB_API_KEY")
    """Key for hosted W&B."""
    traces_key: SecretStr | None = Field(default=None, validation_alias="TRACES_KEY")
    """Key of a trace server of one's own."""

    @model_validator(mode="after")
    def _names_a_place(self) -> Self:
        if self.to == HOSTED and self.wandb_api_key is None:
            raise ValueError("TRACING_TO is wandb, which needs WANDB_API_KEY")
        if self.to not in PLACES:
            try:
                TypeAdapter(HttpUrl).validate_python(self.to)
            except ValidationError as error:
                raise ValueError(f"TRACING_TO is {self.to!r}; name auto, off, wandb or a server's URL") from error
        return self

    @property
    def on(self) -> bool:
        """Whether anything is recorded."""
        return self.hosted or self.server is not None

    @property
    def hosted(self) -> bool:
        """Whether it is recorded at W&B."""
        return self.to == HOSTED or (self.to == "auto" and self.wandb_api_key is not None)

    @property
    def server(self) -> str | None:
        """Base URL of a trace server of one's own."""
        return None if self.to in PLACES else self.to.rstrip("/")
