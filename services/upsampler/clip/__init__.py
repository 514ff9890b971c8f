"""What SDXL's two text encoders read of a prompt, counted as they count it."""

from services.upsampler.clip.tokenizer import WINDOW, Count, Tokenizer

__all__ = ["WINDOW", "Count", "Tokenizer"]
