"""Every variable is one that the code reads, with a value that it takes."""

import functools
from collections.abc import Iterator

from pydantic import AliasChoices, ValidationError
from pydantic_settings import BaseSettings

from services.generator.settings import GeneratorSettings
from services.judge.settings import JudgeSettings
from services.orchestrator.settings import OrchestratorSettings
from services.traces.settings import TracesSettings
from services.tracing.settings import TracingSettings
from services.upsampler.settings import UpsamplerSettings
from tests.k8s.manifests import Docs, Pod, label, pods

SETTINGS: dict[str, type[BaseSettings]] = {
    "upsampler": UpsamplerSettings,
    "generator": GeneratorSettings,
    "judge": JudgeSettings,
    "orchestrator": OrchestratorSettings,
    "traces": TracesSettings,
}
FOREIGN = {
    "HOME": "the home folder, where libraries keep their caches",
    "BENTOML_HOME": "BentoML's own folder; its default is on the read-only root",
    "BENTOML_DO_NOT_TRACK": "BentoML calls home without it",
    "HF_HOME": "huggingface_hub's folder of weights",
    "HF_HUB_OFFLINE": "huggingface_hub never downloads with it",
}
"""Variables that are not the settings of a service, and who reads them."""


@functools.cache
def known(service: str) -> dict[str, str]:
    """Give the variables of a service, each with the name of its field."""
    return variables(SETTINGS[service])


def variables(settings: type[BaseSettings]) -> dict[str, str]:
    """Give the variables that a class of settings reads, each with the name of its field."""
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
        read = [SETTINGS[pod.name]] if pod.name in SETTINGS else []
        read += [TracingSettings] if pod.serves else []
        given = pod.environment(docs)
        for name in given:
            if name not in FOREIGN and not any(name in variables(settings) for settings in read):
                yield f"{label(pod.owner)}: nobody reads {name}"
        for settings in read:
            yield from (f"{label(pod.owner)}: does not start: {said}" for said in _refused(settings, given))


def _refused(settings: type[BaseSettings], given: dict[str, str | None]) -> Iterator[str]:
    """Make the settings of what a pod gives; what comes out of a Secret is there, whatever it is."""
    fields = variables(settings)
    aliases = {str(info.validation_alias) for info in settings.model_fields.values() if info.validation_alias}
    values = {
        name if name in aliases else fields[name]: "secret" if value is None else value
        for name, value in given.items()
        if name in fields
    }
    try:
        settings(**values)
    except ValidationError as error:
        yield f"{error.errors()[0]['loc']}: {error.errors()[0]['msg']}"
