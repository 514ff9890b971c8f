"""SDXL with seeded random weights: the true architecture, for speed; its pictures show noise.

Shapes are those of the model card of stabilityai/stable-diffusion-xl-base-1.0.
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

UNET: dict[str, Any] = {
    "sample_size": 128,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
    "use_linear_projection": True,
}
VAE: dict[str, Any] = {
    "sample_size": 1024,
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
    "latent_channels": 4,
    "scaling_factor": 0.13025,
}
FIRST_TEXT = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
SECOND_TEXT = {
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_attention_heads": 20,
    "projection_dim": 1280,
    "hidden_act": "gelu",
}
TINY_UNET = {
    "sample_size": 8,
    "block_out_channels": (32, 32, 64),
    "transformer_layers_per_block": (1, 1, 1),
    "attention_head_dim": (2, 2, 4),
    "cross_attention_dim": 64,
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 80,
}
TINY_VAE = {"sample_size": 64, "block_out_channels": (32, 32, 32, 32), "layers_per_block": 1}
TINY_TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "timestep_spacing": "leading",
    "steps_offset": 1,
}


def build(tokenizer: Path, device: str, dtype: torch.dtype, *, tiny: bool = False, seed: int = 0) -> Any:
    """Build the pipeline on a device; `tokenizer` is the folder of any CLIP tokenizer, `tiny` its shape in small."""
    torch.manual_seed(seed)
    words = CLIPTokenizer.from_pretrained(str(tokenizer))
    first, second = (TINY_TEXT, TINY_TEXT | {"projection_dim": 32}) if tiny else (FIRST_TEXT, SECOND_TEXT)
    ends = {"bos_token_id": words.bos_token_id, "eos_token_id": words.eos_token_id}
    with torch.device(device):
        parts = {
            "unet": UNet2DConditionModel(**UNET | (TINY_UNET if tiny else {})),
            "vae": AutoencoderKL(**VAE | (TINY_VAE if tiny else {})),
            "text_encoder": CLIPTextModel(CLIPTextConfig(**first, **ends)),
            "text_encoder_2": CLIPTextModelWithProjection(CLIPTextConfig(**second, **ends)),
        }
    pipeline = StableDiffusionXLPipeline(
        **{name: part.to(dtype).eval() for name, part in parts.items()},
        tokenizer=words,
        tokenizer_2=words,
        scheduler=EulerDiscreteScheduler(**SCHEDULER),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
