"""Choosing and loading the model that paints."""

import ctypes
import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import torch
from huggingface_hub import try_to_load_from_cache

from promptlift.contracts import GenerateRequest
from services.generator import embedded
from services.generator.calls import Strictness
from services.generator.checkpoint import Lora, apply_loras, read_model, read_refiner, read_vae
from services.generator.engine import Engine
from services.generator.metrics import Metrics
from services.generator.order import Defaults, order_of
from services.generator.painter import Painter, no_remarks
from services.generator.settings import GeneratorSettings
from services.generator.studio import Refiner, Studio

log = logging.getLogger("promptlift.generator")
SDXL = "stabilityai/stable-diffusion-xl-base-1.0"
POCKET = str(embedded.WEIGHTS)
USUAL = (30, 5.0)
"""Steps and guidance of requests and settings that name none."""
LARGE_ON_CPU = 100_000_000
"""Parameters from which on a CPU trying call sizes takes longer than it is worth."""
WARM_UP_SECONDS = 600.0


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
    pocket = source == POCKET
    return start(
        _pipeline(source, dtype, settings),
        settings,
        device=device,
        dtype=dtype,
        name="pocket" if pocket else source,
        usual=embedded.USUAL if pocket else USUAL,
        remarks=embedded.remarks if pocket else no_remarks,
    )


def start(
    pipeline: Any,
    settings: GeneratorSettings,
    *,
    device: str,
    dtype: torch.dtype,
    name: str,
    usual: tuple[int, float] = USUAL,
    remarks: Callable[[str], tuple[str, ...]] = no_remarks,
) -> Painter:
    """Start the engine over a pipeline in main memory; `usual` are steps and guidance where nothing names others.

    Raises:
        RuntimeError: it can't paint; the message says why and what to set.
    """
    steps, guidance = usual
    refiner = _refiner(pipeline, dtype, settings)
    for each in [pipeline, refiner.pipeline] if refiner else [pipeline]:
        _place(each, device, settings)
    strict = _strictness(settings, pipeline.unet, device)
    studio = Studio(
        pipeline,
        device=torch.device(device),
        dtype=dtype,
        max_chunks=settings.max_chunks,
        sizes=_call_sizes(settings) if strict or settings.compile != "off" else (),
        strict=strict,
        refiner=refiner,
    )
    engine = Engine(studio, Metrics(), capacity=settings.rows, queue_rows=settings.queue_rows)
    painter = Painter(
        engine=engine,
        defaults=Defaults(
            studio.side, settings.steps or steps, guidance if settings.guidance is None else settings.guidance
        ),
        name=name,
        encoders=ThreadPoolExecutor(settings.encoders, "encode"),
        timeout=settings.timeout,
        remarks=remarks,
    )
    engine.start()
    _warm_up(painter)
    _give_back_memory()
    return painter


def _give_back_memory() -> None:
    """Return what loading and trying took and nobody uses now, a fifth of the process with the embedded model.

    The C library keeps it otherwise; glibc alone has the call.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _strictness(settings: GeneratorSettings, unet: Any, device: str) -> Strictness | None:
    if settings.consistency == "fast" or (settings.consistency == "auto" and device != "cpu"):
        return None
    quick = device != "cpu" or sum(parameter.numel() for parameter in unet.parameters()) < LARGE_ON_CPU
    return Strictness(
        settings.strict_rows, settings.strict_calls == "tried" or (settings.strict_calls == "auto" and quick)
    )


def _call_sizes(settings: GeneratorSettings) -> list[int]:
    """Give all sizes of U-Net calls, or few of them where each is compiled for itself."""
    if settings.compile == "off":
        return list(range(1, settings.rows + 1))
    return [size for size in (1, 2, 4, 8, 12, 16, 24, 32) if size < settings.rows] + [settings.rows]


def _pipeline(source: str, dtype: torch.dtype, settings: GeneratorSettings) -> Any:
    pipeline = read_model(source, dtype)
    if settings.vae:
        pipeline.vae = read_vae(settings.vae, dtype)
    if dtype == torch.float16 and getattr(pipeline.vae.config, "force_upcast", False):
        pipeline.vae.to(
            torch.float32
        )  # in half precision it overflows; it stays so, for recasting at each call is slow
    apply_loras(pipeline, tuple(Lora(source, scale) for source, scale in settings.lora_scales))
    return pipeline


def _refiner(pipeline: Any, dtype: torch.dtype, settings: GeneratorSettings) -> Refiner | None:
    if settings.refiner is None:
        return None
    return Refiner(read_refiner(settings.refiner, dtype, pipeline), settings.refiner_start)


def _place(pipeline: Any, device: str, settings: GeneratorSettings) -> None:
    pipeline.set_progress_bar_config(disable=True)
    pipeline.unet.to(memory_format=torch.channels_last)
    if settings.cpu_offload and device == "cuda":
        pipeline.enable_model_cpu_offload()
    else:
        pipeline.to(device)
    if settings.compile == "blocks":
        pipeline.unet.compile_repeated_blocks(fullgraph=True)
    elif settings.compile == "graphs":
        pipeline.unet.compile(fullgraph=True, mode="reduce-overhead")


def _warm_up(painter: Painter) -> None:
    """Paint once before the first request, so that the engine knows its pace."""
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
        return POCKET, "it is named"
    if model != "auto":
        return model, "it is named"
    if device != "cuda":
        return POCKET, f"there is no GPU; name {SDXL} or another model to paint with it all the same"
    if try_to_load_from_cache(SDXL, "model_index.json") is None:
        return POCKET, f"the weights of {SDXL} are not in the cache; name it to download them"
    return SDXL, "there is a GPU, and its weights are in the cache"
