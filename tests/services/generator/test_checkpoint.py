"""Reading checkpoints, and saying in words what can't be read."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderTiny, StableDiffusionXLPipeline
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict

from services.generator.checkpoint import Lora, apply_loras, read_model, read_refiner, read_vae
from services.generator.decoding import Decoder
from tests import tiny_sdxl


@pytest.fixture(scope="module")
def lora(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA for the tiny U-Net, in the form that diffusers writes."""
    folder = tmp_path_factory.mktemp("lora")
    pipeline = StableDiffusionXLPipeline.from_pretrained(tiny_model)
    torch.manual_seed(3)
    pipeline.unet.add_adapter(LoraConfig(r=2, lora_alpha=2, init_lora_weights=False, target_modules=["to_q", "to_v"]))
    pipeline.save_lora_weights(folder, unet_lora_layers=get_peft_model_state_dict(pipeline.unet))
    return folder


def query(pipeline: Any) -> torch.Tensor:
    return (
        next(p for name, p in pipeline.unet.named_parameters() if name.endswith("attn1.to_q.weight")).detach().clone()
    )


def test_a_lora_changes_the_weights_in_proportion_to_its_strength(tiny_model: Path, lora: Path) -> None:
    plain, half, whole = (read_model(str(tiny_model), torch.float32) for _ in range(3))
    apply_loras(half, (Lora(str(lora), 0.5),))
    apply_loras(whole, (Lora(str(lora)),))

    change = query(whole) - query(plain)

    assert change.abs().max() > 0
    torch.testing.assert_close(query(half) - query(plain), change / 2)


def test_a_fused_lora_leaves_no_adapter_behind(tiny_model: Path, lora: Path) -> None:
    pipeline = read_model(str(tiny_model), torch.float32)
    apply_loras(pipeline, (Lora(str(lora)),))

    assert not [name for name, _ in pipeline.unet.named_modules() if "lora" in name]


def test_a_small_vae_can_take_the_place_of_the_models_own(tmp_path: Path) -> None:
    AutoencoderTiny(encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4).save_pretrained(tmp_path)

    vae = read_vae(str(tmp_path), torch.float32)

    assert Decoder(vae, torch.device("cpu")).decode(torch.randn(4, 8, 8)).shape == (64, 64, 3)


def test_a_refiner_shares_what_the_model_has_already(tiny_model: Path, tmp_path: Path) -> None:
    model = read_model(str(tiny_model), torch.float32)

    refiner = read_refiner(str(tiny_sdxl.build_refiner(tmp_path)), torch.float32, model)

    assert refiner.vae is model.vae
    assert refiner.text_encoder_2 is model.text_encoder_2


def another_family(folder: Path, model: Any) -> None:
    other = folder.parent / "flux"
    other.mkdir(exist_ok=True)
    (other / "model_index.json").write_text(json.dumps({"_class_name": "FluxPipeline"}))
    read_model(str(other), torch.float32)


UNREADABLE = {
    "can't be loaded": lambda folder, model: read_model(str(folder / "nothing"), torch.float32),
    "is a FluxPipeline, not of the SDXL family": another_family,
    "name one of AutoencoderKL or AutoencoderTiny": lambda folder, model: read_vae(str(folder / "unet"), torch.float32),
    "is no SDXL refiner": lambda folder, model: read_refiner(str(folder), torch.float32, model),
    "lora can't be loaded": lambda folder, model: apply_loras(model, (Lora(str(folder / "lora")),)),
}


@pytest.mark.parametrize(("said", "read"), UNREADABLE.items())
def test_what_cannot_be_read_is_told_in_words(tiny_model: Path, said: str, read: Any) -> None:
    model = read_model(str(tiny_model), torch.float32)

    with pytest.raises(RuntimeError, match=said):
        read(tiny_model, model)
