"""Encoding prompts with SDXL's two text encoders, in chunks where they are longer than the encoders' window.

For a prompt that fits, the tensors are bitwise those of `StableDiffusionXLPipeline.encode_prompt`. Each text is encoded
alone, so that its tensors do not depend on what else is painted, and kept for the next request that uses it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import torch

from services.generator.chunking import Chunks, chunked

KEPT_TEXTS = 256


@dataclass(frozen=True)
class Encoding:
    """What the U-Net is told of one text.

    Attributes:
        hidden: (chunks * window, width) hidden states of both encoders, side by side.
        pooled: (projection,) pooled vector of the first chunk, by the second encoder.
    """

    hidden: torch.Tensor
    pooled: torch.Tensor


class TextEncoder:
    """Both tokenizers and both encoders of a pipeline."""

    def __init__(self, pipeline: Any, device: torch.device, dtype: torch.dtype) -> None:
        first, second = pipeline.tokenizer, pipeline.tokenizer_2
        both = [(first, pipeline.text_encoder), (second, pipeline.text_encoder_2)]
        self._pairs = [(tokenizer, encoder) for tokenizer, encoder in both if encoder is not None]
        self._zeros_for_empty = bool(pipeline.config.force_zeros_for_empty_prompt)
        self._device = device
        self._dtype = dtype
        self._kept: OrderedDict[tuple[str, ...], Encoding] = OrderedDict()

    @property
    def window(self) -> int:
        """Tokens that one chunk holds, its two marks included."""
        return int(self._pairs[0][0].model_max_length)

    def split(self, text: str, at_most: int) -> Chunks:
        """Split a text into chunks that fit the window."""
        return chunked(text, self._count, self.window - 2, at_most)

    def encode(self, prompt: Chunks, negative_prompt: str, chunks: int) -> tuple[Encoding, Encoding]:
        """Encode a prompt and what it is guided away from, both to the same number of chunks."""
        negative = self.split(negative_prompt, chunks).texts
        positive = self._encoded(_padded(prompt.texts, chunks))
        if not negative_prompt and self._zeros_for_empty:
            return positive, Encoding(torch.zeros_like(positive.hidden), torch.zeros_like(positive.pooled))
        return positive, self._encoded(_padded(negative, chunks))

    def _count(self, text: str) -> int:
        ids = self._pairs[0][0](text, add_special_tokens=False, truncation=False, verbose=False).input_ids
        return len(ids)

    def _encoded(self, texts: tuple[str, ...]) -> Encoding:
        kept = self._kept.get(texts)
        if kept is None:
            kept = self._kept[texts] = self._encode(texts)
            if len(self._kept) > KEPT_TEXTS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(texts)
        return kept

    @torch.inference_mode()
    def _encode(self, texts: tuple[str, ...]) -> Encoding:
        hidden, pooled = [], None
        for tokenizer, encoder in self._pairs:
            tokens = tokenizer(
                list(texts),
                padding="max_length",
                max_length=tokenizer.model_max_length,
                truncation=True,
                return_tensors="pt",
            )
            output = encoder(tokens.input_ids.to(self._device), output_hidden_states=True)
            states = output.hidden_states[-2]
            hidden.append(states.reshape(-1, states.shape[-1]))
            if output[0].ndim == 2:  # only the second encoder projects
                pooled = output[0][0]
        assert pooled is not None, "an SDXL checkpoint has a text encoder with projection"
        return Encoding(torch.cat(hidden, dim=-1).to(self._device, self._dtype), pooled.to(self._device, self._dtype))


def _padded(texts: tuple[str, ...], chunks: int) -> tuple[str, ...]:
    return (*texts, *[""] * (chunks - len(texts)))
