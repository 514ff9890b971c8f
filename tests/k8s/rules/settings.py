"""Every variable is one that the code reads, with a value that it takes."""

import functools
from collections.abc import Iterator

from pydantic import AliasChoices, ValidationError
from pydantic_settings import BaseSettings

from services.generator.settings import GeneratorSettings
from services.judge.settings import JudgeSettings
from services.orchestrator.settings import OrchestratorSettings
from services.upsampler.settings import UpsamplerSettings
from tests.k8s.manifests import Docs, Pod, label, pods

SETTINGS: dict[str, type[BaseSettings]] = {
    "upsampler": UpsamplerSettings,
    "generator": GeneratorSettings,
    "judge": JudgeSettings,
    "orchestrator": OrchestratorSettings,
}
FOREIGN = {
    "HOME": "the home folder, where libraries keep their caches",
    "BENTOML_HOME": "BentoML's own folder; its default is on the read-only root",
    "BENTOML_DO_NOT_TRACK": "BentoML calls home without it",
    "HF_HOME": "huggingface_hub's folder of weights",
    "HF_HUB_OFFLINE": "huggingface_hub never downloads with it",
    "WANDB_API_KEY": "read by the Weave SDK",
    "TRACING_TO": "read by the module of tracing",
    "TRACING_PROJECT": "read by the module of tracing",
    "TRACING_SAMPLE": "read by the module of tracing",
    "TRACES_KEY": "read by the trace server",
}
"""Variables that are not the settings of a service, and who reads them."""


@functools.cache
def known(service: str) -> dict[str, str]:
    """Give the variables of a service, each with the name of its field."""
    settings = SETTINGS[service]
    prefix = settings.model_config.get("env_prefix", "")
    names = {}
    for field, info in settings.model_fields.items():
        alias = info.validation_alias
        assert not isinstance(alias, AliasChoices)
        names[str(alias) if alias else f"{prefix}{field.upper()}"] = field
    return names


def value(pod: Pod, docs: Docs, name: str) -> float:
    """Give a number out of a pod's variables, or the setting's default."""
    given = pod.environment(docs).get(name)
    default = SETTINGS[pod.name].model_fields[known(pod.name)[name]].default
    return float(given) if given is not None else float(default)


def findings(docs: Docs) -> Iterator[str]:
    for pod in pods(docs):
        names = known(pod.name) if pod.serves else {}
        given = pod.environment(docs)
        for name in given:
            if name not in names and name not in FOREIGN:
                yield f"{label(pod.owner)}: nobody reads {name}"
        if pod.serves:
            yield from _refused(pod, {name: given[name] for name in given if name in names})


def _refused(pod: Pod, given: dict[str, str | None]) -> Iterator[str]:
    values = {
        name if name.startswith("OPENAI_") else known(pod.name)[name]: value
        for name, value in given.items()
        if value is not None
    }
    try:
        SETTINGS[pod.name](**values)
    except ValidationError as error:
        yield f"{label(pod.owner)}: does not start: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}"
