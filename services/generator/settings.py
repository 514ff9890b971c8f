"""What the generator can be told by its environment."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


class GeneratorSettings(BaseSettings):
    """Variables with the prefix `GENERATOR_`."""

    model_config = SettingsConfigDict(
        env_prefix="GENERATOR_", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    model: str = "auto"
    """`auto` (SDXL base when a CUDA GPU and its weights are there, else pocket), `pocket`, a folder or a hub id."""
    vae: str | None = None
    """Another VAE than the model's own: a folder or a hub id of an `AutoencoderKL` or an `AutoencoderTiny`."""
    refiner: str | None = None
    """A refiner that does the last steps: a folder or a hub id."""
    refiner_start: float = Field(default=0.8, gt=0, lt=1)
    """Share of the noise schedule after which the refiner takes over."""
    loras: str = ""
    """LoRAs to apply: folders or hub ids, parted by commas, each with `=` and its strength if that is not 1."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """`auto` is the GPU, if there is one."""
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    """`auto` is float16 on a GPU and float32 on a CPU."""
    cpu_offload: bool = False
    """Whether each part of the model waits in main memory until it is used: slower, for small GPUs."""
    threads: int | None = Field(default=None, ge=1, le=256)
    """Compute threads on a CPU. Absent: half of the cores; a thread that waits for a busy core stalls the rest."""
    steps: int | None = Field(default=None, ge=1, le=150)
    """Denoising steps of a request that names none. Absent: 30, for pocket 20."""
    guidance: float | None = Field(default=None, ge=0, le=30)
    """Guidance scale of a request that names none. Absent: 5, for pocket 2."""
    batching: Literal["continuous", "adaptive"] = "continuous"
    """How U-Net calls are filled: pictures join and leave between steps, or BentoML hands over lists."""
    consistency: Literal["auto", "strict", "fast"] = "auto"
    """`strict`: a picture's bits do not depend on what is painted with it; `fast`: they may, by less than can be seen;
    `auto` is strict on a CPU and fast on a GPU."""
    rows: int = Field(default=8, ge=2, le=32)
    """Rows of one U-Net call at most; a picture with guidance takes two."""
    strict_rows: int = Field(default=2, ge=2, le=32)
    """When strict: rows of the smallest U-Net call."""
    strict_calls: Literal["auto", "tried", "fixed"] = "auto"
    """When strict: `tried` uses larger calls too where they give the same bits, tried for each new size of picture;
    `fixed` gives every call `strict_rows` rows; `auto` tries small models and fixes large ones on a CPU."""
    compile: Literal["off", "blocks", "graphs"] = "off"
    """Whether torch compiles the U-Net before the service is ready: its repeated blocks, or all of it with CUDA graphs;
    calls then have 1, 2, 4, 8 … rows. Set torch's own TORCHINDUCTOR_CACHE_DIR to a lasting folder to compile once."""
    queue_rows: int = Field(default=128, ge=2)
    """Rows of all pictures in work or waiting; beyond, requests get 429."""
    max_chunks: int = Field(default=2, ge=1, le=8)
    """Windows of the text encoders that a long prompt may take."""
    max_latency_ms: int = Field(default=60_000, ge=1)
    """With adaptive batching: BentoML sheds requests that it expects to wait longer."""
    encoders: int = Field(default=2, ge=1, le=64)
    """Threads that encode pictures."""
    concurrency: int = Field(default=64, ge=1)
    """Requests in work at once; further ones get 429."""
    timeout: float = Field(default=300.0, gt=0)
    """Seconds after which a request without a timeout of its own gets 504."""
    trust_traces: bool = True
    """Whether a caller's x-weave headers are believed: its trace is gone on with, and its sampling holds."""

    @field_validator("model")
    @classmethod
    def _names_a_model(cls, model: str) -> str:
        if model in ("auto", "pocket") or (Path(model) / "model_index.json").is_file():
            return model
        if Path(model).exists():
            raise ValueError(f"{model!r} is there, but holds no model_index.json; name the folder of a diffusers model")
        if not HUB_ID.fullmatch(model):
            raise ValueError(f"{model!r} is neither auto, pocket, a folder that exists, nor a hub id like owner/name")
        return model

    @field_validator("loras")
    @classmethod
    def _names_loras(cls, loras: str) -> str:
        for lora in filter(None, loras.split(",")):
            source, _, scale = lora.partition("=")
            try:
                float(scale or 1)
            except ValueError as error:
                raise ValueError(f"the strength of {source!r} is {scale!r}; give a number") from error
        return loras

    @property
    def lora_scales(self) -> tuple[tuple[str, float], ...]:
        """Each LoRA's source and strength."""
        parts = (lora.partition("=") for lora in self.loras.split(",") if lora)
        return tuple((source.strip(), float(scale or 1)) for source, _, scale in parts)
