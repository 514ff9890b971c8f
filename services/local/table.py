"""The README's table of settings, written from the classes that read them."""

from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from services.generator.settings import GeneratorSettings
from services.judge.settings import JudgeSettings
from services.logs import LogSettings
from services.orchestrator.settings import OrchestratorSettings
from services.traces.settings import TracesSettings
from services.tracing import TracingSettings
from services.upsampler.settings import UpsamplerSettings

KINDS: dict[str, type[BaseSettings]] = {
    "Orchestrator": OrchestratorSettings,
    "Upsampler": UpsamplerSettings,
    "Generator": GeneratorSettings,
    "Judge": JudgeSettings,
    "Traces (every service)": TracingSettings,
    "Logs (every service)": LogSettings,
    "The trace server": TracesSettings,
}
HEAD = "| variable | default | meaning |\n| --- | --- | --- |"


def variables(kind: type[BaseSettings]) -> dict[str, FieldInfo]:
    """Give the fields of a class by the environment variables that set them."""
    prefix = kind.model_config.get("env_prefix", "")
    return {_variable(prefix, name, field): field for name, field in kind.model_fields.items()}


def table() -> str:
    """Write every setting as Markdown."""
    return "\n\n".join(f"**{title}**\n\n{_rows(kind)}" for title, kind in KINDS.items())


def _rows(kind: type[BaseSettings]) -> str:
    rows = [
        f"| `{name}` | {_shown(field.default)} | {' '.join((field.description or '').split())} |"
        for name, field in variables(kind).items()
    ]
    return "\n".join([HEAD, *rows])


def _variable(prefix: str, name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return str(alias) if alias else f"{prefix}{name}".upper()


def _shown(default: Any) -> str:
    if default is None or default == "":
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
