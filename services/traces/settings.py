"""What the trace server can be told by its environment; its command line may say otherwise."""

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class TracesSettings(BaseSettings):
    """Variables with the prefix `TRACES_`."""

    model_config = SettingsConfigDict(env_prefix="TRACES_", frozen=True, env_ignore_empty=True)

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=3010, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""
    file: Path = Path("traces.db")
    """SQLite file that everything is kept in."""
    key: SecretStr | None = None
    """Password that senders and readers must give, as the SDK's `WANDB_API_KEY`; any user name will do."""
    insecure: bool = False
    """Whether an address that others can reach may be listened on without a key."""
    keep_days: float = Field(default=30, gt=0)
    """Days after which a trace is deleted."""
    max_megabytes: int = Field(default=1024, ge=8)
    """Size that the file may have; the oldest traces go first."""
    max_body_megabytes: int = Field(default=32, ge=1)
    """Size of one request; the SDK sends no more than 31 at once, and splits what is refused as too large."""

    @model_validator(mode="after")
    def _is_not_open_to_all(self) -> Self:
        if not self.local and self.key is None and not self.insecure:
            raise ValueError(
                f"{self.host} can be reached by others, and there is no key: set TRACES_KEY, listen on 127.0.0.1, or "
                "say --insecure (TRACES_INSECURE=true) where something else keeps strangers away"
            )
        return self

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the address."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
