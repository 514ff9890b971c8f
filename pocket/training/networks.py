"""The painter's networks: SDXL's architecture at a size that two CPU cores can train."""

from pathlib import Path

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from pocket.grammar import SIDE, load_grammar
from pocket.training.words import LENGTH, new_tokenizer

LATENTS = SIDE // 8
"""Latents along one side of a picture."""
WIDTHS = (64, 128)
"""Channels at 16 x 16 and at 8 x 8 latents; attention, to words and between places, is at the latter, as in SDXL."""
TEXT_WIDTHS = (64, 128)
"""Hidden widths of the two text encoders."""
TIME_WIDTH = 8
"""Channels for each of the six numbers of SDXL's size and crop conditioning."""


class Painter(nn.Module):
    """Text encoders and U-Net, trained together."""

    def __init__(self) -> None:
        """Build untrained networks and their tokenizer."""
        super().__init__()
        self.tokenizer = new_tokenizer(load_grammar())
        first, second = (_text_config(self.tokenizer, width) for width in TEXT_WIDTHS)
        self.text_encoder = CLIPTextModel(first)
        self.text_encoder_2 = CLIPTextModelWithProjection(second)
        self.unet = new_unet().to(memory_format=torch.channels_last)

    def load(self, folder: Path) -> None:
        """Take the weights of an exported painter."""
        pipeline = StableDiffusionXLPipeline.from_pretrained(folder)
        self.text_encoder.load_state_dict(pipeline.text_encoder.state_dict())
        self.text_encoder_2.load_state_dict(pipeline.text_encoder_2.state_dict())
        self.unet.load_state_dict(pipeline.unet.state_dict())

    def tokens(self, captions: list[str]) -> Tensor:
        """Tokenize captions as the pipeline does: (batch, 77)."""
        encoded = self.tokenizer(
            captions, padding="max_length", max_length=LENGTH, truncation=True, return_tensors="pt"
        )
        numbers: Tensor = encoded.input_ids.to(next(self.parameters()).device)
        return numbers

    def read(self, captions: list[str]) -> tuple[Tensor, Tensor]:
        """Encode captions as the pipeline does: words (batch, 77, 192) and the pooled sentence (batch, 128)."""
        tokens = self.tokens(captions)
        first = self.text_encoder(tokens, output_hidden_states=True)
        second = self.text_encoder_2(tokens, output_hidden_states=True)
        return torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1), second.text_embeds

    def forward(self, noisy: Tensor, times: Tensor, words: Tensor, sentence: Tensor, sizes: Tensor) -> Tensor:
        """Predict the velocity of noisy latents (batch, 4, 16, 16)."""
        conditions = {"text_embeds": sentence, "time_ids": sizes}
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        velocity: Tensor = self.unet(noisy, times, words, added_cond_kwargs=conditions).sample
        return velocity

    def pipeline(self, vae: AutoencoderKL) -> StableDiffusionXLPipeline:
        """Put the networks into the pipeline that will load them."""
        pipeline = StableDiffusionXLPipeline(
            vae=vae,
            text_encoder=self.text_encoder,
            text_encoder_2=self.text_encoder_2,
            tokenizer=self.tokenizer,
            tokenizer_2=self.tokenizer,
            unet=self.unet,
            scheduler=new_scheduler(),
            force_zeros_for_empty_prompt=True,
            add_watermarker=False,
        )
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


def new_unet() -> UNet2DConditionModel:
    """Build the U-Net."""
    return UNet2DConditionModel(
        sample_size=LATENTS,
        in_channels=4,
        out_channels=4,
        layers_per_block=2,
        block_out_channels=WIDTHS,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=1,
        attention_head_dim=(2, 4),
        cross_attention_dim=sum(TEXT_WIDTHS),
        use_linear_projection=True,
        norm_num_groups=16,
        addition_embed_type="text_time",
        addition_time_embed_dim=TIME_WIDTH,
        projection_class_embeddings_input_dim=6 * TIME_WIDTH + TEXT_WIDTHS[1],
    )


def new_scheduler() -> EulerDiscreteScheduler:
    """Build the Euler scheduler.

    The noise ends at no signal at all: at SDXL's own end a background's mean would show through the noise of so few
    latents, and flat backgrounds would come out wrong. That needs velocity as the prediction.
    """
    return EulerDiscreteScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
    )


def load_vae(folder: Path) -> AutoencoderKL:
    """Load a trained autoencoder for use, not for training."""
    return AutoencoderKL.from_pretrained(folder).eval().requires_grad_(False)


def _text_config(tokenizer: CLIPTokenizer, width: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=4 * width,
        projection_dim=width,
        num_hidden_layers=3,
        num_attention_heads=width // 32,
        max_position_embeddings=LENGTH,
        hidden_act="gelu",
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
