"""Reading SDXL checkpoints: the model itself, another VAE, a refiner, LoRAs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline

FAMILY = "StableDiffusionXL"
VAES = {"AutoencoderKL": AutoencoderKL, "AutoencoderTiny": AutoencoderTiny}


@dataclass(frozen=True)
class Lora:
    """Low-rank changes to a model's weights, in a folder or on the hub, and how strongly they are applied."""

    source: str
    scale: float = 1.0


def read_model(source: str, dtype: torch.dtype) -> Any:
    """Read a model as `StableDiffusionXLPipeline`.

    Raises:
        RuntimeError: it can't be read, or is of another family.
    """
    return _read(StableDiffusionXLPipeline, source, dtype)


def read_refiner(source: str, dtype: torch.dtype, model: Any) -> Any:
    """Read a refiner, which shares what it can with the model that it refines.

    Raises:
        RuntimeError: it can't be read, or is no refiner.
    """
    shared = {"vae": model.vae, "text_encoder_2": model.text_encoder_2, "tokenizer_2": model.tokenizer_2}
    refiner = _read(StableDiffusionXLImg2ImgPipeline, source, dtype, **shared)
    if not refiner.config.requires_aesthetics_score:
        raise RuntimeError(f"{source} is no SDXL refiner; name one, or none")
    return refiner


def read_vae(source: str, dtype: torch.dtype) -> Any:
    """Read a VAE, or the small `AutoencoderTiny`.

    Raises:
        RuntimeError: it can't be read, or is of another kind.
    """
    try:
        name = AutoencoderKL.load_config(source)["_class_name"]
        if name not in VAES:
            raise RuntimeError(f"{source} is a {name}; name one of {' or '.join(VAES)}")
        return VAES[name].from_pretrained(source, dtype=dtype)
    except (OSError, ValueError) as error:
        raise RuntimeError(_unreadable(source, error)) from error


def apply_loras(model: Any, loras: tuple[Lora, ...]) -> None:
    """Fuse LoRAs into a model's weights, so that they cost nothing afterwards.

    Raises:
        RuntimeError: one can't be read.
    """
    for number, lora in enumerate(loras):
        try:
            model.load_lora_weights(lora.source, adapter_name=f"lora-{number}")
        except (OSError, ValueError, KeyError) as error:
            raise RuntimeError(_unreadable(lora.source, error)) from error
    if loras:
        names = [f"lora-{number}" for number in range(len(loras))]
        model.set_adapters(names, [lora.scale for lora in loras])
        model.fuse_lora(adapter_names=names)
        model.unload_lora_weights()


def _read(kind: Any, source: str, dtype: torch.dtype, **shared: Any) -> Any:
    options: dict[str, Any] = {"dtype": dtype, "use_safetensors": True}
    try:
        name = kind.load_config(source)["_class_name"]
        if not name.startswith(FAMILY):
            raise RuntimeError(f"{source} is a {name}, not of the SDXL family; name an SDXL model")
        if dtype == torch.float16 and not Path(source).exists():
            options["variant"] = "fp16"  # half of the download
        return kind.from_pretrained(source, **options, **shared)
    except (OSError, ValueError) as error:
        raise RuntimeError(_unreadable(source, error)) from error


def _unreadable(source: str, error: Exception) -> str:
    said = str(error).strip().splitlines() or [type(error).__name__]
    return f"{source} can't be loaded: {said[0]} Check the name, and the way to the hub."
