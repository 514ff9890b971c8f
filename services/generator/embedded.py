"""What is special about painting with the embedded model: how many steps it takes, and which words it never saw."""

from pathlib import Path

from pocket.parse import parse

WEIGHTS = Path(__file__).parents[2] / "pocket" / "weights" / "painter"
STEPS = 20


def remarks(prompt: str) -> tuple[str, ...]:
    """Say which words of a prompt the model does not know, or that it names nothing that could be painted."""
    reading = parse(prompt)
    return () if reading.understood else (f"the pocket painter paints what it can: {reading.beyond}",)
