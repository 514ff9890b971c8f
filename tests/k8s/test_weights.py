"""The Job that fetches SDXL's weights: its command is one that the hub's tool takes, for what the generator loads."""

from fnmatch import fnmatch

import pytest
from huggingface_hub.cli.hf import app

from tests.k8s import manifests
from tests.k8s.manifests import Pod, pods

LOADED = (
    "model_index.json",
    "scheduler/scheduler_config.json",
    "text_encoder/config.json",
    "text_encoder/model.fp16.safetensors",
    "text_encoder_2/config.json",
    "text_encoder_2/model.fp16.safetensors",
    "tokenizer/merges.txt",
    "tokenizer/vocab.json",
    "tokenizer_2/tokenizer_config.json",
    "unet/config.json",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "vae/config.json",
    "vae/diffusion_pytorch_model.fp16.safetensors",
)
"""Files of stabilityai/stable-diffusion-xl-base-1.0 that a generator in half precision reads."""
LARGE = (
    "sd_xl_base_1.0.safetensors",
    "unet/diffusion_pytorch_model.safetensors",
    "unet/model.onnx_data",
    "vae_1_0/diffusion_pytorch_model.fp16.safetensors",
)
"""Files beside them that nobody reads."""


@pytest.fixture(scope="module")
def both() -> dict[str, Pod]:
    return {pod.name: pod for pod in pods(manifests.overlay("production")) if pod.name in ("weights", "generator")}


@pytest.fixture(scope="module")
def asked(both: dict[str, Pod]) -> dict[str, list[str]]:
    """Read the Job's arguments as the tool does, without running it."""
    tool, verb, *arguments = both["weights"].container["args"]
    assert (tool, verb) == ("hf", "download")
    return app.commands[verb].materialize().make_context(verb, list(arguments)).params


def test_the_job_fetches_the_model_that_the_generator_is_told_to_load(
    both: dict[str, Pod], asked: dict[str, list[str]]
) -> None:
    told = both["generator"].environment(manifests.overlay("production"))

    assert asked["repo_id"] == told["GENERATOR_MODEL"]
    assert not asked["filenames"]


def test_the_job_fetches_what_is_loaded_and_none_of_the_large_rest(asked: dict[str, list[str]]) -> None:
    def fetched(name: str) -> bool:
        included = any(fnmatch(name, pattern) for pattern in asked["include"])
        return included and not any(fnmatch(name, pattern) for pattern in asked["exclude"])

    assert all(fetched(name) for name in LOADED)
    assert not any(fetched(name) for name in LARGE)


def test_the_job_and_the_generator_share_one_folder(both: dict[str, Pod]) -> None:
    folders = set()
    for pod in both.values():
        [mount] = [mount for mount in pod.container["volumeMounts"] if mount["name"] == "weights"]
        folders |= {mount["mountPath"], pod.environment(manifests.overlay("production"))["HF_HOME"]}

    assert folders == {"/weights"}
