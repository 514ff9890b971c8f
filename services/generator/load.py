"""Choosing and loading the model that paints."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import torch
from diffusers import StableDiffusionXLPipeline
from huggingface_hub import try_to_load_from_cache

from promptlift.contracts import GenerateRequest
from services.generator.engine import Engine
from services.generator.metrics import Metrics
from services.generator.order import Defaults, order_of
from services.generator.painter import Painter
from services.generator.settings import GeneratorSettings
from services.generator.studio import Strictness, Studio

log = logging.getLogger("promptlift.generator")
SDXL = "stabilityai/stable-diffusion-xl-base-1.0"
POCKET = Path(__file__).parents[2] / "pocket" / "weights" / "painter"
LARGE_ON_CPU = 100_000_000
"""Parameters from which on a CPU trying call sizes takes longer than it is worth."""
WARM_UP_SECONDS = 600.0
FAMILY = "StableDiffusionXL"


def load(settings: GeneratorSettings) -> Painter:
    """Load the model that the settings name, or for `auto` the best that is there.

    Raises:
        RuntimeError: it can't be loaded; the message says why and what to set.
    """
    device = _device(settings)
    source, reason = _choose(settings.model, device)
    dtype = _dtype(settings.dtype, device)
    log.info("the generator paints with %s on %s in %s, because %s", source, device, dtype, reason)
    torch.set_num_threads(settings.threads or max(1, len(psutil.Process().cpu_affinity()) // 2))
    pipeline = _placed(_pipeline(source, dtype), device, settings)
    studio = Studio(
        pipeline,
        device=torch.device(device),
        dtype=dtype,
        max_chunks=settings.max_chunks,
        strict=_strictness(settings, pipeline.unet, device),
    )
    engine = Engine(studio, Metrics(), capacity=settings.rows, queue_rows=settings.queue_rows)
    painter = Painter(
        engine=engine,
        defaults=Defaults(studio.side, settings.steps, settings.guidance),
        name="pocket" if source == str(POCKET) else source,
        encoders=ThreadPoolExecutor(settings.encoders, "encode"),
        timeout=settings.timeout,
    )
    engine.start()
    _warm_up(painter)
    return painter


def _strictness(settings: GeneratorSettings, unet: Any, device: str) -> Strictness | None:
    if settings.consistency == "fast" or (settings.consistency == "auto" and device != "cpu"):
        return None
    quick = device != "cpu" or sum(parameter.numel() for parameter in unet.parameters()) < LARGE_ON_CPU
    tried = settings.strict_calls == "tried" or (settings.strict_calls == "auto" and quick)
    return Strictness(settings.strict_rows, max(settings.rows, settings.strict_rows), tried)


def _placed(pipeline: Any, device: str, settings: GeneratorSettings) -> Any:
    pipeline.set_progress_bar_config(disable=True)
    pipeline.unet.to(memory_format=torch.channels_last)
    if settings.cpu_offload and device == "cuda":
        pipeline.enable_model_cpu_offload()
    else:
        pipeline.to(device)
    return pipeline


def _warm_up(painter: Painter) -> None:
    """Paint once before the first request: what is slow or impossible shows now."""
    order = order_of(GenerateRequest(prompt="warm up", seed=0, steps=2), painter.defaults)
    painter.engine.submit(order, WARM_UP_SECONDS).result()


def _device(settings: GeneratorSettings) -> str:
    there = torch.cuda.is_available()
    if settings.device == "cuda" and not there:
        raise RuntimeError("GENERATOR_DEVICE is cuda, but torch sees no CUDA GPU; set cpu, or see to the driver")
    if settings.device == "auto":
        return "cuda" if there else "cpu"
    return settings.device


def _dtype(name: str, device: str) -> torch.dtype:
    if name == "auto":
        name = "float16" if device == "cuda" else "float32"
    dtype: torch.dtype = getattr(torch, name)
    return dtype


def _choose(model: str, device: str) -> tuple[str, str]:
    """Give the folder or hub id to load, and the reason."""
    if model == "pocket":
        return str(POCKET), "it is named"
    if model != "auto":
        return model, "it is named"
    if device != "cuda":
        return str(POCKET), f"there is no GPU; name {SDXL} or another model to paint with it all the same"
    if try_to_load_from_cache(SDXL, "model_index.json") is None:
        return str(POCKET), f"the weights of {SDXL} are not in the cache; name it to download them"
    return SDXL, "there is a GPU, and its weights are in the cache"


def _pipeline(source: str, dtype: torch.dtype) -> Any:
    options: dict[str, Any] = {"dtype": dtype, "use_safetensors": True}
    try:
        kind = StableDiffusionXLPipeline.load_config(source)["_class_name"]
        if not kind.startswith(FAMILY):
            raise RuntimeError(f"{source} is a {kind}, not of the SDXL family; name an SDXL model")
        if dtype == torch.float16 and not Path(source).exists():
            options["variant"] = "fp16"  # half of the download
        sdxl: Any = StableDiffusionXLPipeline  # its loader is untyped
        return sdxl.from_pretrained(source, **options)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise RuntimeError(f"{source} can't be loaded: {said} Check the name, and the way to the hub.") from error
