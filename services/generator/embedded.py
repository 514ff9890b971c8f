"""What is special about painting with the embedded model: steps, guidance, and which words it never saw."""

from pocket.painter import GUIDANCE, PAINTER, STEPS
from pocket.parse import parse

WEIGHTS = PAINTER
USUAL = (STEPS, GUIDANCE)


def remarks(prompt: str) -> tuple[str, ...]:
    """Say which words of a prompt the model does not know, or that it names nothing that could be painted."""
    reading = parse(prompt)
    return () if reading.understood else (f"the pocket painter paints what it can: {reading.beyond}",)
