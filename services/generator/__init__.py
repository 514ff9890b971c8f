"""Prompts in, SDXL pictures out."""
